"""Known bugs are named where the replies say so, and nobody is accused of one that may not be theirs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.diagnosis import diagnose, with_diagnoses
from autograder.core.model import Case, Ending, Outcome, Reply, StudentError, TestSpec, Verdict
from autograder.core.observation import Observation

CASES = [Case("probe", {"seed": seed}) for seed in range(3)]
KEYS = ("out", "dx", "dw")
HINTS = {
    name: f"hint of {name}"
    for name in ("out-bug", "dx-bug", "both-bug", "dw-bug", "late-bug", "other-out-bug")
}


def right(case, key):
    return np.random.default_rng([case.settings["seed"], KEYS.index(key)]).normal(size=(2, 3))


def reply(case, **changed):
    """Return the right reply to `case`, with some arrays changed by a function, or left out by None."""
    arrays = {key: right(case, key) for key in KEYS}
    arrays = {key: changed[key](array) if changed.get(key) else array for key, array in arrays.items()}
    missing = [key for key in changed if changed[key] is None]
    error = StudentError("ValueError", "") if missing else None
    kept = {key: array for key, array in arrays.items() if key not in missing}
    return Reply(Ending.RAISED if missing else Ending.ANSWERED, arrays=kept, error=error)


def minus(array):
    return -array


def double(array):
    return 2 * array


def shifted(array):
    return array + 1


MUTANTS = {
    "out-bug": {"out": minus},
    "dx-bug": {"dx": double},
    "both-bug": {"out": double, "dx": minus},
    "dw-bug": {"dw": shifted},
}


def replies(changes, only=None):
    """Answer all cases with `changes`, or only the cases whose seeds are in `only`."""
    return {
        case.key: reply(case, **(changes if only is None or case.settings["seed"] in only else {}))
        for case in CASES
    }


KNOWN = {name: replies(changes) for name, changes in MUTANTS.items()}


def observed(student, *, keys=KEYS, **more):
    """Observe every key of every case; the tests are named after the keys."""
    return [
        Observation(f"Test.{key}", case, key, student[case.key], reply(case), **more)
        for case in CASES
        for key in keys
    ]


def named(student, known=KNOWN, **more):
    return [found.mutant for found in diagnose(observed(student, **more), known, HINTS)]


def test_whoever_is_right_everywhere_is_never_diagnosed():
    assert named(replies({})) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_mutant_is_named_by_its_own_replies(mutant):
    assert named(KNOWN[mutant]) == [mutant]


def test_a_diagnosis_holds_the_hint_and_the_tests_that_it_explains():
    (found,) = diagnose(observed(KNOWN["both-bug"]), KNOWN, HINTS)
    assert (found.hint, found.tests) == ("hint of both-bug", ("Test.out", "Test.dx"))


def test_two_bugs_under_different_keys_are_both_named():
    assert named(replies({"out": minus, "dw": shifted})) == ["out-bug", "dw-bug"]


def test_one_key_of_a_mutant_is_enough_where_no_other_mutant_fits_it():
    assert named(replies({"out": double, "dx": shifted})) == ["both-bug"]


def test_a_mutant_that_two_edits_could_be_is_not_named():
    known = {**KNOWN, "other-out-bug": replies({"out": double, "dw": minus})}
    assert named(replies({"out": double, "dx": shifted, "dw": double}), known) == []


def test_two_mutants_that_reply_alike_are_not_told_apart():
    assert named(KNOWN["out-bug"], {**KNOWN, "other-out-bug": KNOWN["out-bug"]}) == []


def test_the_mutant_that_explains_more_is_named():
    known = {**KNOWN, "late-bug": replies({"out": minus}, only=[2])}
    assert named(KNOWN["out-bug"], known) == ["out-bug"]
    assert named(known["late-bug"], known) == ["late-bug"]


def test_a_bug_that_the_student_has_elsewhere_under_the_same_key_silences_the_rest():
    """The last case is as the mutant's, but the first two are wrong in a way of their own."""
    late = replies({"out": minus}, only=[2])
    student = {**late, **{case.key: reply(case, out=shifted) for case in CASES[:2]}}
    assert named(student, {"late-bug": late}) == []


def test_an_unknown_bug_under_another_key_does_not_hide_a_known_one():
    assert named(replies({"out": minus, "dx": shifted})) == ["out-bug"]


@given(st.integers(0, 2**32 - 1), st.sets(st.sampled_from(KEYS), min_size=1))
def test_noise_is_never_diagnosed(seed, keys):
    rng = np.random.default_rng(seed)
    noise = {key: lambda array: array + rng.normal(size=array.shape) for key in sorted(keys)}
    assert named(replies(noise)) == []


@given(st.floats(-100, 100), st.sets(st.sampled_from(KEYS), min_size=1))
def test_constants_are_never_diagnosed(value, keys):
    """Zeros where a gradient was never filled in say nothing, though a mutant replies the same."""
    constant = replies({key: lambda array: np.full(array.shape, value) for key in sorted(keys)})
    assert named(constant, {**KNOWN, "other-out-bug": constant}) == []


@given(st.floats(-1, 1))
def test_rounding_of_a_mutant_s_replies_does_not_hide_it(share):
    student = replies({"out": lambda array: -array * (1 + 5e-6 * share)})
    assert named(student) == ["out-bug"]


def test_a_reply_that_is_near_a_mutant_s_but_not_equal_is_not_it():
    assert named(replies({"out": lambda array: -array * 1.001})) == []


def test_a_mutant_within_rounding_of_the_reference_accuses_nobody():
    nearly = replies({"out": lambda array: array * (1 + 5e-5)})
    assert named(nearly, {"out-bug": nearly}) == []


def test_exceptions_alone_are_no_evidence():
    raising = replies({"out": None, "dx": None})
    assert named(raising, {"out-bug": raising}) == []


def test_an_exception_goes_with_equal_numbers_elsewhere():
    raising = replies({"out": minus, "dx": None})
    assert named(raising, {"both-bug": raising}) == ["both-bug"]


def test_an_unwritten_gap_is_not_the_exception_of_a_mutant():
    raising = replies({"out": minus, "dx": None})
    student = {
        key: Reply(
            Ending.RAISED,
            {"out": given.arrays["out"], "dw": given.arrays["dw"]},
            error=StudentError("NotImplementedError", "gap"),
        )
        for key, given in raising.items()
    }
    (found,) = diagnose(observed(student), {"both-bug": raising}, HINTS)
    assert found.tests == ("Test.out",)


@pytest.mark.parametrize("ending", [Ending.TIMED_OUT, Ending.CRASHED, Ending.OVER_LIMIT])
def test_a_student_that_was_stopped_is_not_diagnosed_by_it(ending):
    stopped = {case.key: Reply(ending) for case in CASES}
    assert named(stopped, {"out-bug": replies({"out": None, "dx": None, "dw": None})}) == []


def test_a_wrong_shape_counts_as_evidence_where_the_key_is_right_elsewhere():
    empty = replies({"dx": lambda array: array[:0]}, only=[1])
    assert named(empty, {"dx-bug": empty}) == ["dx-bug"]
    everywhere = replies({"dx": lambda array: array[:0]})
    assert named(everywhere, {"dx-bug": everywhere}) == []


def test_a_wrong_shape_is_no_evidence_beside_something_unexplained():
    empty = replies({"dx": lambda array: array[:0]}, only=[1])
    student = {
        key: Reply(Ending.ANSWERED, {**given.arrays, "out": given.arrays["out"] + 1})
        for key, given in empty.items()
    }
    assert named(student, {"dx-bug": empty}) == []


def test_single_numbers_are_evidence_together():
    scalar = {
        name: {
            case.key: Reply(Ending.ANSWERED, {"loss": np.array(number)})
            for case, number in zip(CASES, numbers, strict=True)
        }
        for name, numbers in {"right": (0.5, 1.5, 2.5), "out-bug": (1.0, 3.0, 5.0)}.items()
    }
    seen = [
        Observation("Test.loss", case, "loss", scalar["out-bug"][case.key], scalar["right"][case.key])
        for case in CASES
    ]
    assert diagnose(seen, {"out-bug": scalar["out-bug"]}, HINTS) == (), "three numbers are too few"
    fourth = Case("probe", {"seed": 4})
    seen.append(
        Observation(
            "Test.loss",
            fourth,
            "loss",
            Reply(Ending.ANSWERED, {"loss": np.array(7.0)}),
            Reply(Ending.ANSWERED, {"loss": np.array(3.5)}),
        )
    )
    known = {"out-bug": {**scalar["out-bug"], fourth.key: seen[-1].student}}
    assert [found.mutant for found in diagnose(seen, known, HINTS)] == ["out-bug"]


def test_counters_in_keys_make_one_family():
    (seen, *_) = observed(replies({}))
    for key, family in {"weight_0_3": "weight", "dout_2": "dout", "x_after": "x_after", "dx": "dx"}.items():
        assert Observation("T", seen.case, key, seen.student, seen.expected).family == family


def test_a_view_hides_what_is_free():
    rows = {"view": lambda case, array: array.sum(axis=1), "view_name": "row sums"}
    turned = replies({"out": lambda array: array[:, ::-1]})
    assert named(turned, {"out-bug": turned}, **rows) == []
    assert named(KNOWN["out-bug"], KNOWN, **rows) == ["out-bug"]


def test_a_mutant_that_was_not_asked_all_cases_is_left_out():
    partial = {CASES[0].key: KNOWN["out-bug"][CASES[0].key]}
    assert named(KNOWN["out-bug"], {"out-bug": partial}) == []


def test_verdicts_get_the_ids_of_what_explains_them():
    def verdict(test):
        spec = TestSpec(test, test, "1", "conv2d", "forward", 1.0, "", ())
        return Verdict(spec, Outcome.FAILED, 0.0)

    found = diagnose(observed(replies({"out": minus, "dw": shifted})), KNOWN, HINTS)
    out, dx, dw = with_diagnoses([verdict("Test.out"), verdict("Test.dx"), verdict("Test.dw")], found)
    assert (out.diagnosis, dx.diagnosis, dw.diagnosis) == (("out-bug",), (), ("dw-bug",))
