"""The audit passes on the course as it is, and fails where a test, a mutant or a skeleton is wrong."""

from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.audit import audit as auditing
from autograder.audit import costs, trials
from autograder.audit.audit import audit
from autograder.core.errors import CourseError
from autograder.core.model import Ending, Reply
from autograder.course import load_course
from autograder.grading.code import CodeGrader
from autograder.hidden_tests import examiner
from autograder.hidden_tests.case import HiddenTestCase
from autograder.worker.grader_side.host import WorkerHost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")


@pytest.fixture(scope="module")
def course():
    return load_course()


@pytest.fixture(scope="module")
def host(course):
    with WorkerHost(
        runtime="numpy", probes=["convnet"], limits=course.manifest.part("convnet").limits, unsafe=True
    ) as host:
        yield host


@pytest.fixture(scope="module")
def whole_key(course, host):
    return AnswerKey.build(course, course.manifest.part("convnet"), host)


@pytest.fixture
def small(course, whole_key):
    """Return part 1 reduced to ReLU, and its key."""
    whole = course.manifest.part("convnet")
    part = replace(whole, components=(whole.component("relu"),))
    components = dict.fromkeys(whole_key.mutants("relu"), "relu")
    return part, replace(whole_key, components=components)


def worth(part, *numbers):
    """Return the points of these hidden tests together."""
    return round(sum(test.spec.max_score for test in costs.tests_of(part) if test.spec.number in numbers), 6)


def faults(result):
    return {check.name: check.faults for check in result.checks if not check.ok}


@pytest.mark.slow
def test_the_course_as_it_is_passes(course, host, whole_key):
    result = audit(CodeGrader(course, course.manifest.part("convnet"), host, whole_key))
    assert faults(result) == {}
    assert result.ok
    assert result.score.endswith("mutation score 100%")


def test_the_tables_show_every_check_and_who_catches_whom(course, host, small):
    result = audit(CodeGrader(course, small[0], host, small[1]))
    assert faults(result) == {}
    checks, *details = result.tables("Audit")
    (relu,) = (table for table in details if "which hidden test catches" in table.title)
    (cost,) = (table for table in details if "plain configuration" in table.columns)
    assert len(checks.rows) == len(result.checks)
    numbers = [test.spec.number for test in costs.tests_of(small[0])]
    assert relu.columns == ("mutant", *numbers)
    caught = ["×" if number in ("3.4", "3.7") else "" for number in numbers]
    assert ("relu-overwrites-x", *caught) in relu.rows
    assert all("×" in row for row in relu.rows)
    assert cost.columns == ("mutant", "points", "share", "plain configuration")
    (points,) = (component.points for component in small[0].components)
    shown = {name: (lost.split(" of "), share, plain) for name, lost, share, plain in cost.rows}
    for name, failed, plain in (("relu-overwrites-x", ("3.4", "3.7"), "right"), ("relu-leaks", (), "wrong")):
        (lost, of), share, said = shown[name]
        assert (float(of), share, said) == (points, f"{float(lost) / points:.0%}", plain)
        assert not failed or float(lost) == worth(small[0], *failed)
    assert float(shown["relu-leaks"][0][0]) > points / 2
    assert len(cost.rows) == len(relu.rows)


def test_a_mutant_that_replies_as_the_reference_does_is_a_survivor(course, host, small):
    part, key = small
    key = replace(key, replies={**key.replies, "relu-leaks": key.replies[""]})
    result = audit(CodeGrader(course, part, host, key))
    assert not result.ok
    caught = 1 - 1 / len(key.components)
    assert result.score.endswith(f"mutation score {caught:.0%}")
    assert faults(result) == {
        "every mutant loses points": ("relu-leaks: passes every test of relu",),
        "every mutant is diagnosed as itself": ("relu-leaks: diagnosed as nothing",),
    }


def test_two_mutants_with_the_same_replies_are_twins_and_cannot_be_diagnosed(course, host, small):
    part, key = small
    twin = key.replies["relu-stops-the-wrong-side"]
    result = audit(CodeGrader(course, part, host, replace(key, replies={**key.replies, "relu-leaks": twin})))
    found = faults(result)
    assert found["no two mutants have the same outputs"] == ("relu-leaks and relu-stops-the-wrong-side",)
    assert len(found["every mutant is diagnosed as itself"]) == 2


def test_a_hidden_test_that_catches_nothing_is_named(course, host, small):
    part, key = small
    kept = {name: "relu" for name in key.components if "-overwrites-" not in name}
    found = faults(audit(CodeGrader(course, part, host, replace(key, components=kept))))
    assert set(found) == {"every hidden test catches a mutant"}
    assert [fault.split()[0] for fault in found["every hidden test catches a mutant"]] == ["3.4", "3.7"]


def test_a_component_with_few_plain_points_is_named(course, host, small, monkeypatch):
    part, key = small
    special = [replace(test, spec=replace(test.spec, is_plain=False)) for test in costs.tests_of(part)]
    weight = sum(test.weight for test in special)
    monkeypatch.setattr(costs, "tests_of", lambda part: special)
    found = faults(audit(CodeGrader(course, part, host, key)))
    assert found == {
        "plain tests carry half of a component's points": (
            f"relu: its plain tests have 0 of a weight of {weight:g}: mark tests with @plain, "
            "or give those that are more",
        )
    }


def test_a_bug_that_costs_much_and_leaves_the_plain_tests_right_is_named(course, host, small, monkeypatch):
    part, key = small
    monkeypatch.setattr(
        trials.Trial, "leaves_plain_right", property(lambda trial: trial.mutant == "relu-leaks")
    )
    monkeypatch.setattr(trials.Trial, "points", property(lambda trial: 4.5))
    found = faults(audit(CodeGrader(course, part, host, key)))
    (said,) = found.pop("a bug that leaves the plain configuration right costs at most half")
    assert found == {}
    told = re.fullmatch(
        r"relu-leaks: leaves the plain configuration right, and costs (\S+) of 4\.5 \(tests (.*)\)", said
    )
    assert told, said
    failed = told[2].split(", ")
    assert failed[:3] == ["3.1", "3.3", "3.6"]
    assert float(told[1]) == worth(part, *failed)


@pytest.mark.parametrize(
    ("exact", "several"), [(True, True), (False, False)], ids=["every test asks for shapes", "none does"]
)
def test_an_output_whose_shape_costs_several_tests_or_none_is_named(
    course, host, small, monkeypatch, exact, several
):
    ask = HiddenTestCase.assert_replies_match
    monkeypatch.setattr(
        HiddenTestCase,
        "assert_replies_match",
        lambda *args, **kwargs: ask(*args, **{**kwargs, "exact_shape": exact}),
    )
    found = faults(audit(CodeGrader(course, small[0], host, small[1])))
    said = found["right numbers in another shape cost one test"]
    costs_of = {
        fault.split()[1]: re.search(r"costs (.*); ask for its exact_shape in one", fault)[1] for fault in said
    }
    assert {"out", "dx"} <= set(costs_of)
    assert all(("," in cost) == several and (cost == "no test") != several for cost in costs_of.values())


def test_other_points_need_no_other_weights(course, host, small):
    part, key = small
    part = replace(part, components=(replace(part.components[0], points=7.0),))
    assert faults(audit(CodeGrader(course, part, host, key))) == {}


def test_a_bug_that_only_a_dropped_test_catches_is_listed_and_no_fault(course, host, small):
    part, key = small
    tables = audit(CodeGrader(course, part, host, key)).tables("Audit")
    (table,) = (table for table in tables if "which hidden test catches" in table.title)
    caught = {
        row[0]: [number for number, mark in zip(table.columns, row, strict=True) if mark == "×"]
        for row in table.rows
    }
    alone = {bug: numbers[0] for bug, numbers in caught.items() if len(numbers) == 1}
    assert alone, "no bug of ReLU is caught by one test alone: take another component"
    bug, number = next(iter(alone.items()))
    result = audit(CodeGrader(course, replace(part, drop={number: "It was unfair."}), host, key))
    assert faults(result) == {}
    (dropped,) = (table for table in result.tables("Audit") if table.title == "Dropped tests")
    ((test, reason, bugs),) = dropped.rows
    assert (test.split()[0], reason) == (number, "It was unfair.")
    assert bug in bugs.split(", ")


def test_a_component_with_points_and_without_tests_is_refused(course, host, small):
    part, key = small
    gelu = replace(part.components[0], name="gelu")
    with pytest.raises(CourseError, match=r"gelu has .* points, but no hidden test .*is relu meant"):
        audit(CodeGrader(course, replace(part, components=(gelu,)), host, key))


def test_a_key_that_contradicts_the_solution_is_found_by_asking_it_afresh(course, host, small):
    part, key = small
    wrong = {
        case: Reply(Ending.ANSWERED, {n: 2 * a for n, a in reply.arrays.items()})
        for case, reply in key.replies[""].items()
    }
    found = faults(audit(CodeGrader(course, part, host, replace(key, replies={**key.replies, "": wrong}))))
    numbers = {test.spec.number for test in costs.tests_of(part)}
    assert {fault.split()[0] for fault in found["the solution gets full marks"]} == numbers


def test_a_mutant_that_one_case_set_does_not_catch_is_named_with_the_set(course, host, small):
    part, key = small
    missed = {case: key.replies[""][case] for case in key.cases_of("relu", 3)}
    leaks = {**key.replies["relu-leaks"], **missed}
    result = audit(CodeGrader(course, part, host, replace(key, replies={**key.replies, "relu-leaks": leaks})))
    assert faults(result) == {
        "every mutant loses points": ("relu-leaks: passes every test of relu (in case set 3 of 5)",),
        "every mutant is diagnosed as itself": ("relu-leaks: diagnosed as nothing (in case set 3 of 5)",),
    }
    assert result.score.endswith(f"mutation score {1 - 1 / len(key.components):.0%}")


def test_case_sets_that_share_a_case_are_refused(course, host, small, monkeypatch):
    part, key = small
    monkeypatch.setattr(examiner, "in_case_set", lambda case, case_set: case)
    found = faults(audit(CodeGrader(course, part, host, replace(key))))
    assert set(found) == {"no two case sets share a case"}
    said = found["no two case sets share a case"][0]
    assert re.match(r"relu: \d+ cases are the same in several sets", said), said


class Altered:
    """The course with other skeletons, or at another root."""

    def __init__(self, course, **changes):
        self.course, self.changes = course, changes

    def __getattr__(self, name):
        return self.changes.get(name) or getattr(self.course, name)


def test_a_skeleton_that_holds_an_answer_is_found(course, host, small):
    part, key = small
    leaky = Altered(course, skeleton=lambda part: course.solution(part))
    found = faults(audit(CodeGrader(leaky, part, host, key)))
    assert set(found) == {"the skeleton gets exactly 0"}
    assert found["the skeleton gets exactly 0"][0] == (
        f"3.1 TestReLU.test_forward: passed, {worth(part, '3.1'):g} points"
    )


def test_a_stale_skeleton_is_found(course, host, small, monkeypatch):
    part, key = small
    monkeypatch.setattr(auditing.generated, "check", lambda root, files: ("part1_convnet/modules/relu.py",))
    found = faults(audit(CodeGrader(course, part, host, key)))
    assert found == {
        "the students' skeletons are current": (
            "part1_convnet/modules/relu.py: run `python -m autograder skeleton`",
        )
    }
