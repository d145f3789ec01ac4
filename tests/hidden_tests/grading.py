"""Grade any set of answers with the real hidden tests, the answer key and a real worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.answer_key.cached_worker import CachedWorker
from autograder.answer_key.key import AnswerKey
from autograder.core.diagnosis import diagnose
from autograder.core.manifest import Part
from autograder.core.model import Diagnosis, Verdict
from autograder.course import PACKAGE, Course
from autograder.hidden_tests.collect import hidden_tests
from autograder.hidden_tests.runner import Examiner, run
from autograder.worker.grader_side.host import WorkerHost
from tests.names import called, usual_bug


@dataclass(frozen=True)
class Graded:
    """The verdicts on one set of answers, and the diagnoses of all components."""

    part: str
    verdicts: tuple[Verdict, ...]
    diagnoses: tuple[Diagnosis, ...]

    @property
    def score(self) -> float:
        """Return the points of all components that were graded."""
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def is_full(self) -> bool:
        """Tell whether there were points, and all of them were earned."""
        return self.score == round(sum(verdict.spec.max_score for verdict in self.verdicts), 6) > 0

    @property
    def lost(self) -> float:
        """Return the weights of the tests that earned nothing: in points, it is the course's to say."""
        return sum(
            test.weight
            for test in hidden_tests(self.part)
            for verdict in self.verdicts
            if verdict.spec.id == test.spec.id and verdict.score == 0
        )

    @property
    def named(self) -> list[str]:
        """Return the ids of the mutants that were named, as our tests have them."""
        return [usual_bug(diagnosis.mutant) for diagnosis in self.diagnoses]

    @property
    def problems(self) -> list[str]:
        """Return what cost points, a line each."""
        return [
            f"{verdict.spec.number} {verdict.outcome.value}: {verdict.message}"
            for verdict in self.verdicts
            if verdict.score != verdict.spec.max_score or verdict.message
        ]


Grade = Callable[..., Graded]


def grader(part: Part, course: Course, host: WorkerHost, key: AnswerKey) -> Grade:
    """Return a function that grades the solution of `part` with some of its files replaced.

    It takes path → text, the components to grade (by their names in tests/names.py; default: all), and the
    case set.
    """
    everything = [component.name for component in part.components]

    def grade(answers: Mapping[str, str], *components: str, case_set: int = 0) -> Graded:
        files = {**course.solution(part), **{path: text.encode() for path, text in answers.items()}}
        verdicts: list[Verdict] = []
        diagnoses: list[Diagnosis] = []
        with CachedWorker(host, part, (course.given(part), files), "", {}) as student:
            for component in [called(name) for name in components] or everything:
                examiner = Examiner(student.ask, key.reference, part.partial, case_set=case_set)
                verdicts += run(part, examiner, component=component)
                diagnoses += diagnose(examiner.observations, key.mutants(component), key.hints)
        return Graded(part.name, tuple(verdicts), tuple(diagnoses))

    return grade


def styles_of(part: Part) -> dict[str, tuple[Path, ...]]:
    """Return the folders with right answers in other styles than the solution's, by name; later ones win."""
    tests = Path(__file__).parent
    folder = tests / "alternatives" if part.name == "convnet" else tests / part.name / "alternatives"
    loops = PACKAGE / "solutions" / "loops" / part.folder
    names = {each.name for each in folder.iterdir()} | {"loops", "windows"}
    return {name: (loops, folder / name) if name == "loops" else (folder / name,) for name in names} | {
        "windows": (loops,)
    }


def read_answers(*folders: Path) -> dict[str, str]:
    """Return the answer files in `folders`, path to text; those of later folders win."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for folder in folders
        for path in folder.rglob("*.py")
    }
