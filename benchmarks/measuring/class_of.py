"""A class of invented students: right answers, loops, known bugs, half-done and hostile work."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.mutants import mutants_of

LOOPS = Path("tests", "hidden_tests", "alternatives", "loops")
HOSTILE = {  # what stands at the head of a method's body, below modules/
    "hangs": "        while True:\n            pass\n",
    "exits": "        raise SystemExit\n",
    "eats memory": "        hoard = [bytearray(2**26) for _ in range(2**10)]\n",
    "recurses": "        return self.forward(x)\n",
}
SHARES = {
    "solution": 12,
    "loops": 14,
    "one bug": 40,
    "two bugs": 18,
    "half done": 7,
    "prints": 3,
    "broken": 3,
}
PART_1_ONLY = ("loops", "prints", "broken")
EVERY = 25  # one in so many is hostile: of a hundred, each kind once

Answers = dict[str, bytes]


@dataclass(frozen=True)
class Author:
    """What the invented students draw from."""

    course: Course
    part: Part
    solution: Mapping[str, bytes]
    rng: np.random.Generator

    def write(self, kind: str) -> Answers:
        """Return the answer files of one student of the given kind."""
        makers: dict[str, Callable[[], Answers]] = {
            "solution": lambda: dict(self.solution),
            "loops": self._loops,
            "one bug": lambda: self._bugs(1),
            "two bugs": lambda: self._bugs(2),
            "half done": self._half_done,
            "prints": lambda: self._changed(
                "modules/relu.py", "        self.cache", "        print(x.shape)\n"
            ),
            "broken": lambda: self._changed("optimizer/sgd.py", "class ", "def (:\n"),
        }
        return makers[kind]() if kind in makers else self._hostile(kind)

    def _loops(self) -> Answers:
        files = (self.course.root / LOOPS).rglob("*.py")
        return {path.relative_to(self.course.root / LOOPS).as_posix(): path.read_bytes() for path in files}

    def _bugs(self, count: int) -> Answers:
        """Put bugs in different files of the solution."""
        answers = dict(self.solution)
        mutants = list(mutants_of(self.part.name))
        for _ in range(count):
            mutant = mutants[self.rng.integers(len(mutants))]
            answers = mutant.answers(answers)
            mutants = [other for other in mutants if other.file != mutant.file]
        return answers

    def _half_done(self) -> Answers:
        skeleton = self.course.skeleton(self.part)
        done = self.rng.random(len(skeleton)) < 0.5
        return {
            name: self.solution[name] if ok else skeleton[name]
            for name, ok in zip(skeleton, done, strict=True)
        }

    def _hostile(self, kind: str) -> Answers:
        head = "    def forward(self, x):\n"
        return self._changed("modules/relu.py", head, head, after=HOSTILE[kind])

    def _changed(self, name: str, place: str, text: str, *, after: str = "") -> Answers:
        source = self.solution[name].decode()
        start = source.index(place)
        cut = start + len(place) if after else start
        changed = source[:cut] + (after or text) + source[cut:]
        return {**self.solution, name: changed.encode()}


def write_class(
    folder: Path, course: Course, part: Part, count: int, *, seed: int, hostile: bool = True
) -> None:
    """Write `count` zips to `folder`; the same seed makes the same class, and a longer one begins the same.

    Every tenth hands in what another one wrote; the others put their name in each file, so that no two are
    the same bytes. Hostile ones are of part 1.
    """
    folder.mkdir(parents=True)
    kinds = [kind for kind in SHARES if part.name == "convnet" or kind not in PART_1_ONLY]
    weights = np.array([SHARES[kind] for kind in kinds], dtype=float)
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        author = Author(course, part, course.solution(part), rng)
        kind = str(rng.choice(kinds, p=weights / weights.sum()))
        if hostile and number % EVERY == EVERY // 2:
            kind = list(HOSTILE)[number // EVERY % len(HOSTILE)]
        owner = number - number % 10 if number % 10 == 9 else number
        sign = f"# student {owner}\n".encode()
        with zipfile.ZipFile(folder / f"student-{number:04}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in author.write(kind).items():
                archive.writestr(zipfile.ZipInfo(name), content + sign)
