"""Build the answer key: run every case of the hidden tests on the reference and on every mutant."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.answer_key.cached_worker import CachedWorker
from autograder.answer_key.case_store import case_arrays, case_settings
from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Outcome, Reply
from autograder.course import PACKAGE, Course, as_unix, probe_files, sources_of_tests
from autograder.hidden_tests.grid import grids_of
from autograder.hidden_tests.runner import Examiner, run
from autograder.mutants import Mutant, mutants_of
from autograder.worker.grader_side.host import WorkerHost

KEPT = "replies, cases and grids"  # what a key holds: an older one, with less, is brought up to date


@dataclass(frozen=True)
class Sources:
    """The workspaces of a key: answers and their content hashes by mutant id, "" being the reference."""

    mutants: tuple[Mutant, ...]
    given: Mapping[str, bytes]
    answers: Mapping[str, Mapping[str, bytes]]
    contents: Mapping[str, str]


def fingerprint(course: Course, part: Part) -> str:
    """Hash all that decides which replies the key of `part` holds: while it stays, nothing is computed."""
    ours = _hash_of_files(sources_of_tests(part, "hidden_tests", "mutants"))
    return _hash({**course.solution(part), **course.given(part)}, KEPT, *_salt(part), ours)


def read_sources(course: Course, part: Part) -> Sources:
    """Read solution, given code and mutants of `part`; raise CourseError where they do not fit together."""
    solution, given, mutants = course.solution(part), course.given(part), mutants_of(part.name)
    answers: dict[str, Mapping[str, bytes]] = {"": solution}
    answers |= {mutant.id: mutant.answers(solution) for mutant in mutants}
    contents = {name: _hash({**files, **given}, *_salt(part)) for name, files in answers.items()}
    return Sources(mutants, given, answers, contents)


def _salt(part: Part) -> tuple[str, ...]:
    return _hash_of_files(probe_files(part.probes)), np.__version__.split(".")[0]


def compute_all(
    part: Part,
    host: WorkerHost,
    sources: Sources,
    known: Mapping[str, Reply],
    on_progress: Callable[[str], None],
) -> tuple[dict[str, Reply], dict[str, Any]]:
    """Compute whatever is not `known` yet; return all replies in use, and the facts that say whose they are.

    Raises: CourseError where the reference does not pass its own hidden tests, or a mutant does not come to
            an end.
    """

    def worker_of(name: str) -> CachedWorker:
        files = (sources.given, sources.answers[name])
        return CachedWorker(host, part, files, sources.contents[name], known)

    cases: dict[str, dict[str, Case]] = {}
    with worker_of("") as reference:
        for component in part.components:
            on_progress(f"{component.name}: reference")
            cases[component.name] = _cases(part, component.name, reference.ask)
        grids = [case for grid in grids_of(part.name).values() for case in grid.cases]
        for case in grids:
            _require_grid_answer(case, reference.ask(case))
    every = {key: case for its in cases.values() for key, case in its.items()}
    used = {**reference.used, **case_arrays(every)}
    for mutant in sources.mutants:
        on_progress(f"{mutant.component}: {mutant.id}")
        with worker_of(mutant.id) as worker:
            for case in cases[part.component(mutant.component).name].values():
                _require_answer(mutant, worker.ask(case))
        used |= worker.used
    facts = {"settings": case_settings(every), "grids": [case.key for case in grids]}
    return used, {**_facts(sources, cases), **facts}


def _require_answer(mutant: Mutant, reply: Reply) -> None:
    """Refuse a reply that was cut off: it says more about the machine than about the bug."""
    if reply.ending not in (Ending.ANSWERED, Ending.RAISED):
        raise CourseError(
            f"mutant {mutant.id}: expected a reply or an exception, got {reply.ending.value} {reply.reason}; "
            "run again if the machine was busy, otherwise choose an edit that comes to an end."
        )


def _require_grid_answer(case: Case, reply: Reply) -> None:
    """Refuse a case of a grid in which the reference itself fails: it would explain nothing."""
    if reply.ending is not Ending.ANSWERED:
        said = reply.error.message if reply.error else reply.reason
        raise CourseError(
            f"A grid's case of {case.probe}, {dict(case.settings)}: the solution gives no answer: {said}."
        )


def _facts(sources: Sources, cases: Mapping[str, Mapping[str, Case]]) -> dict[str, Any]:
    return {
        "contents": dict(sources.contents),
        "components": {mutant.id: mutant.component for mutant in sources.mutants},
        "hints": {mutant.id: mutant.hint for mutant in sources.mutants},
        "cases": {component: list(its) for component, its in cases.items()},
    }


def _cases(part: Part, component: str, ask: Callable[[Case], Reply]) -> dict[str, Case]:
    """Find the cases of a component by running its hidden tests with the reference as the student."""
    examiner = Examiner(ask, ask)
    for verdict in run(part.name, examiner, component=component):
        if verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            raise CourseError(f"{verdict.spec.id}: the solution itself does not pass. {verdict.message}")
    return examiner.cases


def _hash(files: Mapping[str, bytes], *others: str) -> str:
    digest = hashlib.sha256("\n".join(others).encode())
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.hexdigest()


def _hash_of_files(paths: Iterable[Path]) -> str:
    return _hash({path.relative_to(PACKAGE).as_posix(): as_unix(path.read_bytes()) for path in paths})
