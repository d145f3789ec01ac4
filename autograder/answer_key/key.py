"""The answer key: what the reference and every mutant reply to the hidden tests' cases, computed once.

    key = AnswerKey.build(course, part, host)   where the solutions are: computes what is missing
    key = AnswerKey.load(part, folder)          where they are not (Gradescope): reads what `build` wrote
    key.reference(case) -> Reply
    key.mutants("conv2d") -> {mutant id: {case key: Reply}};   key.hints[mutant id]

A reply that was kept is valid for one content: the workspace's files, the source of the probes, the case, and
NumPy's major version. Nothing but this content decides whether a worker runs again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.answer_key.reply_store import OneOfAll, read_replies, write_replies
from autograder.answer_key.slip_store import StoredSlips
from autograder.core.errors import HarnessError
from autograder.core.known_slips import SlipTable
from autograder.core.manifest import Part
from autograder.core.model import Array, Case, Reply
from autograder.core.observation import Observation
from autograder.course import Course
from autograder.hidden_tests.runner import Examiner, run

if TYPE_CHECKING:
    from autograder.worker.grader_side.host import WorkerHost

CACHE = Path(".cache") / "answer_key"  # below the project's root


@dataclass(frozen=True)
class AnswerKey:
    """The replies of one part's reference and mutants, by case key.

    Attributes: hints       mutant id → what a teacher would say;
                components  mutant id → its component.
    """

    part: Part
    hints: Mapping[str, str] = field(repr=False)
    components: Mapping[str, str] = field(repr=False)
    # By "" (the reference) or a mutant's id, then by case key.
    replies: Mapping[str, Mapping[str, Reply]] = field(repr=False)
    stored_slips: StoredSlips = field(default_factory=StoredSlips, repr=False)
    _asked: dict[tuple[str, int], Examiner] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _tables: dict[tuple[str, int], SlipTable | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def reference(self, case: Case) -> Reply:
        """Return the right reply to `case`; raise HarnessError if the key does not hold it."""
        try:
            return self.replies[""][case.key]
        except KeyError:
            raise HarnessError(
                f"The answer key of {self.part.name} has no outputs for this case of {case.probe}: the "
                "hidden tests are newer than the key. Run `python -m autograder key` where the solutions "
                "are."
            ) from None

    def cases_of(self, component: str, case_set: int = 0) -> Mapping[str, Case]:
        """Return the cases of a case set that the hidden tests of `component` run, in order, by key."""
        return self._examined(component, case_set).cases

    def slips(self, component: str, case_set: int = 0) -> SlipTable | None:
        """Return what the generated bugs of `component` output in a case set; None if there are none."""
        if (component, case_set) not in self._tables:
            slots = self._examined(component, case_set).observations
            self._tables[component, case_set] = self.stored_slips.table(component, case_set, slots)
        return self._tables[component, case_set]

    def slots(self, component: str, case_set: int = 0) -> Sequence[Observation]:
        """Return what the hidden tests of `component` look at in a case set, as the reference sees it."""
        return self._examined(component, case_set).observations

    def _examined(self, component: str, case_set: int) -> Examiner:
        if (component, case_set) not in self._asked:
            examiner = Examiner(self.reference, self.reference, case_set=case_set)
            run(self.part, examiner, component=component)
            self._asked[component, case_set] = examiner
        return self._asked[component, case_set]

    def mutants(self, component: str) -> dict[str, Mapping[str, Reply]]:
        """Return the mutants of `component`: id → case key → reply."""
        return {name: self.replies[name] for name, its in self.components.items() if its == component}

    @classmethod
    def load(cls, part: Part, folder: Path) -> AnswerKey:
        """Read the key that `build` wrote to `folder`; raise HarnessError if it is missing or damaged."""
        path = folder / f"{part.name}.npz"
        if not path.is_file():
            raise HarnessError(
                f"{path}: expected the answer key of {part.name}, found none; run `python -m autograder key`."
            )
        return cls._from_stored(part, *read_replies(path))

    @classmethod
    def is_current(cls, course: Course, part: Part) -> bool:
        """Tell whether `build` would compute nothing, so that nobody needs a host for it."""
        from autograder.answer_key.builder import fingerprint

        known = _read_or_nothing(course.root / CACHE / f"{part.name}.npz")
        return known[1].get("fingerprint") == fingerprint(course, part)

    @classmethod
    def build(
        cls,
        course: Course,
        part: Part,
        host: WorkerHost,
        *,
        folder: Path | None = None,
        on_progress: Callable[[str], None] = lambda message: None,
    ) -> AnswerKey:
        """Bring the key in `folder` (by default `.cache/answer_key` below the course) up to date and return
        it.

        Raises: CourseError if the reference does not pass its own hidden tests, or a mutant does not
        apply;
                HarnessError if the key cannot be written.
        """
        # Imported here, because it is absent where only a built key is shipped.
        from autograder.answer_key.builder import compute_all, fingerprint, read_sources

        path = (folder or course.root / CACHE) / f"{part.name}.npz"
        current = fingerprint(course, part)
        kept = _read_or_nothing(path)
        if kept[1].get("fingerprint") != current:
            kept = compute_all(part, host, read_sources(course, part), kept, on_progress)
            kept[1]["fingerprint"] = current
            write_replies(path, *kept)
        return cls._from_stored(part, *kept)

    @classmethod
    def _from_stored(
        cls, part: Part, known: Mapping[str, Reply], facts: Mapping[str, Any], tables: Mapping[str, Array]
    ) -> AnswerKey:
        try:
            contents: dict[str, str] = facts["contents"]
            components: dict[str, str] = facts["components"]
            cases: dict[str, list[str]] = facts["cases"]
            replies = {
                name: OneOfAll(known, contents[name], cases[component])
                for name, component in components.items()
            }
            asked = [*(key for its in cases.values() for key in its), *facts["grids"]]
            replies[""] = OneOfAll(known, contents[""], asked)
            return cls(part, facts["hints"], components, replies, StoredSlips(facts["slips"], tables))
        except KeyError as error:
            raise HarnessError(
                f"The answer key of {part.name} is incomplete ({error}); delete it and build it again."
            ) from error


def _read_or_nothing(path: Path) -> tuple[Mapping[str, Reply], dict[str, Any], dict[str, Array]]:
    """Return what was kept, or nothing if there is no file or a damaged one: it can be rebuilt."""
    try:
        return read_replies(path)
    except HarnessError:
        return {}, {}, {}
