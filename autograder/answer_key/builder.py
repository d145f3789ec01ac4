"""Build the answer key: run every case of the hidden tests on the reference and on every mutant."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.answer_key.cached_worker import CachedWorker
from autograder.answer_key.slip_programs import Asking
from autograder.answer_key.slip_store import Packer, StoredSlips
from autograder.answer_key.slip_tables import slip_tables
from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Array, Case, Ending, Outcome, Reply
from autograder.core.observation import Observation
from autograder.course import PACKAGE, Course, as_unix, probe_files, sources_of_tests
from autograder.hidden_tests.grid import grids_of
from autograder.hidden_tests.runner import Examiner, run
from autograder.mutants import Mutant, mutants_of
from autograder.mutants.slips import Slip, slips_of_part
from autograder.worker.grader_side.host import WorkerHost

KEPT = "replies, grids and slips"  # what a key holds: one that holds other things is brought up to date


@dataclass(frozen=True)
class Sources:
    """The workspaces of a key: answers and content hashes by mutant id ("": the reference), and slips."""

    mutants: tuple[Mutant, ...]
    given: Mapping[str, bytes]
    answers: Mapping[str, Mapping[str, bytes]]
    contents: Mapping[str, str]
    slips: tuple[Slip, ...]


def fingerprint(course: Course, part: Part) -> str:
    """Hash all that decides which replies the key of `part` holds: while it stays, nothing is computed."""
    generator = sorted((PACKAGE / "mutants" / "slips").glob("*.py"))
    ours = _hash_of_files((*sources_of_tests(part, "hidden_tests", "mutants"), *generator))
    loops = {f"loops/{name}": text.encode() for name, text in course.loop_texts(part).items()}
    files = {**course.solution(part), **course.given(part), **loops}
    components = ", ".join(component.name for component in part.components)
    kept = f"{KEPT} of {part.case_sets} sets of {components}"
    return _hash(files, kept, *_salt(part), ours, _hash_of_files(_tables()))


def read_sources(course: Course, part: Part) -> Sources:
    """Read solution, given code and mutants of `part`; raise CourseError if they do not fit together."""
    solution, given = course.solution(part), course.given(part)
    graded = {component.name for component in part.components}
    mutants = tuple(mutant for mutant in mutants_of(part.name) if mutant.component in graded)
    answers: dict[str, Mapping[str, bytes]] = {"": solution}
    answers |= {mutant.id: mutant.answers(solution) for mutant in mutants}
    contents = {name: _hash({**files, **given}, *_salt(part)) for name, files in answers.items()}
    files = {component.name: component.file for component in part.components}
    slips = slips_of_part(part.name, files, (course.solution_texts(part), course.loop_texts(part)))
    return Sources(mutants, given, answers, contents, slips)


def _salt(part: Part) -> tuple[str, ...]:
    return _hash_of_files(probe_files(part.probes)), np.__version__.split(".")[0]


@dataclass(frozen=True)
class Asked:
    """What the hidden tests of one component ask, all case sets together.

    Attributes: cases  by their keys, in order;
                names  key of a case → the arrays of its reply that are looked at;
                slots  for each case set, what is looked at, in order.
    """

    cases: Mapping[str, Case]
    names: Mapping[str, frozenset[str]]
    slots: tuple[tuple[Observation, ...], ...]


def compute_all(
    part: Part,
    host: WorkerHost,
    sources: Sources,
    kept: tuple[Mapping[str, Reply], Mapping[str, Any], Mapping[str, Array]],
    on_progress: Callable[[str], None],
) -> tuple[dict[str, Reply], dict[str, Any], dict[str, Array]]:
    """Compute what is not `kept` yet; return all replies in use, their facts, and tables of generated bugs.

    Of mutants' replies, which are many, only those arrays are kept that a hidden test looks at.
    Raises: CourseError if the reference does not pass its own hidden tests, or a mutant does not come to
            an end.
    """

    def worker_of(name: str, known: Mapping[str, Reply]) -> CachedWorker:
        files = (sources.given, sources.answers[name])
        return CachedWorker(host, part, files, sources.contents[name], known)

    asked: dict[str, Asked] = {}
    with worker_of("", kept[0]) as reference:
        for component in part.components:
            on_progress(f"{component.name}: reference")
            asked[component.name] = _asked(part, component.name, reference.ask)
        grids = [case for grid in grids_of(part.name).values() for case in grid.cases]
        for case in grids:
            _require_grid_answer(case, reference.ask(case))
    used = dict(reference.used)
    for mutant in sources.mutants:
        on_progress(f"{mutant.component}: {mutant.id}")
        its = asked[mutant.component]
        with worker_of(mutant.id, _still_whole(kept, its, sources.contents[mutant.id])) as worker:
            for key, case in its.cases.items():
                reply = worker.ask(case)
                _require_answer(mutant, reply)
                used[f"{sources.contents[mutant.id]}/{key}"] = _reduced(reply, its.names[key])
    before = StoredSlips(kept[1].get("slips", {}), kept[2])
    stored = _slips(part, host, sources, asked, used, before, on_progress)
    facts = {**_facts(sources, asked), "grids": [case.key for case in grids], "slips": dict(stored.facts)}
    return used, facts, dict(stored.columns)


def _slips(
    part: Part,
    host: WorkerHost,
    sources: Sources,
    asked: Mapping[str, Asked],
    used: Mapping[str, Reply],
    before: StoredSlips,
    on_progress: Callable[[str], None],
) -> StoredSlips:
    """Compute the tables of the generated bugs, taking over those that were made of the same."""
    packer = Packer()
    asking = Asking(part, host, sources.given, sources.answers[""])
    for component, slips in itertools.groupby(sources.slips, key=lambda slip: slip.component):
        programs, its = list(slips), asked[component]
        written = {
            mutant.id: {key: used[f"{sources.contents[mutant.id]}/{key}"] for key in its.cases}
            for mutant in sources.mutants
            if mutant.component == component
        }
        made_of = _hash(
            {f"{i}": slip.text.encode() for i, slip in enumerate(programs)},
            *(f"{slip.methods} {slip.words}" for slip in programs),
            *(f"{name} {sources.contents[name]}" for name in ("", *written)),
            *(_print_of(slot) for row in its.slots for slot in row),
            _hash_of_files(_tables()),
        )
        if before.facts.get(component, {}).get("made_of") == made_of:
            packer.add_stored(component, before)
            continue
        on_progress(f"{component}: {len(programs)} generated bugs")
        with np.errstate(over="ignore"):  # slips make numbers that are beyond all bounds
            tables, counts = slip_tables(asking, programs, its.slots, written)
        packer.add(component, tables, asdict(counts), made_of)
    return packer.stored()


def _print_of(slot: Observation) -> str:
    """Return all that decides what is seen of one output; of a view, the file that it is written in."""
    view = getattr(slot.view, "func", slot.view)
    file = getattr(sys.modules.get(getattr(view, "__module__", "")), "__file__", None)
    source = _hash_of_files([Path(file)]) if file else ""
    return f"{slot.test} {slot.case.key} {slot.key} {slot.tolerance} {slot.clear} {source}"


def _tables() -> Iterable[Path]:
    """Return the sources that decide how outputs are kept and told apart."""
    ours = ("answer_key/slip_tables", "core/known_slips", "core/slip_seen", "core/sketch", "core/observation")
    return (PACKAGE / f"{name}.py" for name in ours)


def _still_whole(
    kept: tuple[Mapping[str, Reply], Mapping[str, Any], Mapping[str, Array]], asked: Asked, content: str
) -> dict[str, Reply]:
    """Return the kept replies of a mutant that hold every array that is looked at now."""
    replies, facts, _ = kept
    then: Mapping[str, list[str]] = facts.get("names", {})
    names = {f"{content}/{key}": names <= set(then.get(key, ())) for key, names in asked.names.items()}
    return {name: replies[name] for name, is_whole in names.items() if is_whole and name in replies}


def _reduced(reply: Reply, names: frozenset[str]) -> Reply:
    arrays = {name: array for name, array in reply.arrays.items() if name in names}
    return replace(reply, arrays=arrays)


def _require_answer(mutant: Mutant, reply: Reply) -> None:
    """Refuse a reply that was cut off: it says more about the machine than about the bug."""
    if reply.ending not in (Ending.ANSWERED, Ending.RAISED):
        raise CourseError(
            f"mutant {mutant.id}: expected a reply or an exception, got {reply.ending.value} "
            f"{reply.reason}; run again if the machine was busy, otherwise choose an edit whose code "
            "terminates."
        )


def _require_grid_answer(case: Case, reply: Reply) -> None:
    """Refuse a case of a grid in which the reference itself fails: it would explain nothing."""
    if reply.ending is not Ending.ANSWERED:
        said = reply.error.message if reply.error else reply.reason
        raise CourseError(
            f"A grid's case of {case.probe}, {dict(case.settings)}: the solution gives no output: {said}."
        )


def _facts(sources: Sources, asked: Mapping[str, Asked]) -> dict[str, Any]:
    return {
        "contents": dict(sources.contents),
        "components": {mutant.id: mutant.component for mutant in sources.mutants},
        "hints": {mutant.id: mutant.hint for mutant in sources.mutants},
        "cases": {component: list(its.cases) for component, its in asked.items()},
        "names": {key: sorted(names) for its in asked.values() for key, names in its.names.items()},
    }


def _asked(part: Part, component: str, ask: Callable[[Case], Reply]) -> Asked:
    """Find what a component is asked by running its hidden tests with the reference as the student."""
    cases: dict[str, Case] = {}
    names: dict[str, frozenset[str]] = {}
    slots = []
    for case_set in range(part.case_sets):
        examiner = Examiner(ask, ask, case_set=case_set)
        for verdict in run(part, examiner, component=component, with_dropped=True):
            if verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED) and not verdict.spec.dropped:
                raise CourseError(
                    f"{verdict.spec.id}: the solution itself does not pass (case set {case_set}). "
                    f"{verdict.message}"
                )
        cases |= examiner.cases
        slots.append(tuple(examiner.observations))
        for seen in examiner.observations:
            names[seen.case.key] = names.get(seen.case.key, frozenset()) | {seen.key}
    return Asked(cases, names, tuple(slots))


def _hash(files: Mapping[str, bytes], *others: str) -> str:
    digest = hashlib.sha256("\n".join(others).encode())
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()


def _hash_of_files(paths: Iterable[Path]) -> str:
    return _hash({path.relative_to(PACKAGE).as_posix(): as_unix(path.read_bytes()) for path in paths})
