"""A generated bug is named where it fits everywhere and nothing else does; else its place, else nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.core.known_slips import SlipTable
from autograder.core.model import Case, Ending, Reply, StudentError
from autograder.core.observation import Observation
from autograder.core.sketch import NUMBERS, sketch_of
from autograder.core.slip_seen import KnownSlip, see

CASES = [Case("convnet.conv2d", {"number": number}) for number in range(8)]
KEYS = ("dx", "dw")
RIGHT = np.arange(12.0).reshape(3, 4)
PLACE, OTHER = "In `backward`, `dw`", "In `forward`"


def reply(**arrays):
    return Reply(Ending.ANSWERED, {"dx": RIGHT, "dw": RIGHT, **arrays})


def raising(kind="IndexError"):
    return Reply(Ending.RAISED, {}, error=StudentError(kind, "out of bounds"))


SLOTS = [Observation("Test.test", case, key, reply(), reply()) for case in CASES for key in KEYS]


def all_of(one):
    return {case.key: one for case in CASES}


def some(one, count):
    return {case.key: one if index < count else reply() for index, case in enumerate(CASES)}


def table(*bugs):
    """Return a table of (slip, replies)."""
    seen = [(slip, see(SLOTS, replies)) for slip, replies in bugs]
    names = list(dict.fromkeys(["", *(kind for _, its in seen for kind in its.kinds)]))
    sketches, rows = [np.zeros(NUMBERS, np.float32)], np.zeros((len(bugs), len(SLOTS)), np.int32)
    for bug, (_, its) in enumerate(seen):
        for slot, array in its.arrays.items():
            rows[bug, slot] = len(sketches)
            sketches.append(sketch_of(array))
    return SlipTable(
        slips=tuple(slip for slip, _ in seen),
        families=tuple(slot.family for slot in SLOTS),
        cases=tuple(slot.case.key for slot in SLOTS),
        tests=tuple(slot.test for slot in SLOTS),
        tolerances=tuple(slot.tolerance for slot in SLOTS),
        names=tuple(names),
        kinds=np.array([[names.index(kind) for kind in its.kinds] for _, its in seen], np.uint16),
        rows=rows,
        sketches=np.array(sketches),
    )


def told(bugs, student, families=KEYS, judged=KEYS):
    return table(*bugs).name(see(SLOTS, student), families, frozenset(judged))


HALF = KnownSlip("conv2d-half", PLACE, "dw is halved")
HALVED = (HALF, all_of(reply(dw=RIGHT / 2)))


def test_a_bug_that_fits_everywhere_is_named_with_its_place():
    (found,) = told([HALVED], all_of(reply(dw=RIGHT / 2)))
    assert (found.mutant, found.hint) == ("conv2d-half", "In `backward`, `dw`: dw is halved.")
    assert found.tests == ("Test.test",)
    assert not found.is_by_pattern


def test_rounding_does_not_hide_a_bug():
    assert told([HALVED], all_of(reply(dw=RIGHT / 2 * (1 + 3e-6))))


@pytest.mark.parametrize(
    "student",
    [all_of(reply(dw=RIGHT / 2.01)), some(reply(dw=RIGHT / 2), 7), all_of(reply(dw=RIGHT / 2, dx=-RIGHT))],
    ids=["other numbers", "right somewhere", "wrong elsewhere too"],
)
def test_a_bug_that_does_not_fit_everywhere_does_not_explain_everything(student):
    assert (
        all(found.hint == HALF.hint and found.tests for found in told([HALVED], student, families=["dx"]))
        is True
    )
    assert told([HALVED], student, families=["dx"]) == ()


def test_of_two_bugs_each_is_named_under_its_own_outputs():
    turned = (
        KnownSlip("conv2d-turned", "In `backward`, `dx`", "dx has the wrong sign"),
        all_of(reply(dx=-RIGHT)),
    )
    found = told([HALVED, turned], all_of(reply(dw=RIGHT / 2, dx=-RIGHT)))
    assert sorted(one.mutant for one in found) == ["conv2d-half", "conv2d-turned"]


def test_a_bug_that_is_wrong_where_the_student_is_right_is_not_named():
    both = (
        KnownSlip("conv2d-both", "In `backward`", "all is halved"),
        all_of(reply(dw=RIGHT / 2, dx=RIGHT / 2)),
    )
    assert told([both], all_of(reply(dw=RIGHT / 2))) == ()


def test_where_two_fit_with_other_words_only_their_place_is_told():
    twin = (replace(HALF, id="conv2d-twin", words="another story"), HALVED[1])
    (found,) = told([HALVED, twin], HALVED[1])
    assert found.is_place
    assert found.hint.startswith("In `backward`, `dw`: the outputs are those of several known bugs here")


@pytest.mark.parametrize(
    "rival",
    [replace(HALF, id="conv2d-far", place=OTHER), KnownSlip("conv2d-written", "", "", is_written=True)],
    ids=["another place", "written by hand"],
)
def test_where_a_rival_fits_as_well_nothing_is_told(rival):
    assert told([HALVED, (rival, HALVED[1])], HALVED[1]) == ()


def test_two_with_the_same_words_and_place_are_one_story():
    twin = (replace(HALF, id="conv2d-half"), HALVED[1])
    assert [found.mutant for found in told([HALVED, twin], HALVED[1])] == ["conv2d-half"]


SHORT = KnownSlip("conv2d-short", "In `backward`", "the loop goes one row too far")


def test_a_bug_that_only_raises_is_named_by_its_pattern():
    (found,) = told([(SHORT, some(raising(), 4))], some(raising(), 4))
    assert (found.mutant, found.is_by_pattern) == ("conv2d-short", True)


@pytest.mark.parametrize(
    ("bugs", "student"),
    [
        ([(SHORT, some(raising(), 4))], some(raising("ValueError"), 4)),
        ([(SHORT, some(raising(), 2))], some(raising(), 2)),
        ([(SHORT, some(raising(), 6))], some(raising(), 6)),
        ([(SHORT, some(raising(), 4)), (replace(SHORT, words="x"), some(raising(), 5))], some(raising(), 4)),
    ],
    ids=["another exception", "few fail", "few are right", "another bug differs in one case"],
)
def test_a_pattern_that_does_not_speak_against_all_others_names_nothing(bugs, student):
    assert told(bugs, student) == ()


def test_the_pattern_of_a_far_rival_is_no_matter():
    far = (replace(SHORT, words="x"), some(raising(), 6))
    assert told([(SHORT, some(raising(), 4)), far], some(raising(), 4))


def test_what_is_not_written_yet_is_left_out():
    nothing = all_of(Reply(Ending.ANSWERED, {"dw": RIGHT / 2}, {"dx": "None instead of an array"}))
    assert told([HALVED], nothing, families=["dw"], judged=["dw"])
    assert told([HALVED], nothing, families=["dw", "dx"], judged=[]) == ()


def test_a_case_that_was_not_asked_says_nothing():
    assert see(SLOTS, {CASES[0].key: reply()}) is None


def test_an_array_of_another_shape_is_a_kind_of_its_own():
    flat = (KnownSlip("conv2d-flat", PLACE, "dw is flat"), all_of(reply(dw=RIGHT.ravel())))
    assert told([HALVED, flat], flat[1])[0].mutant == "conv2d-flat"
    assert told([HALVED], flat[1]) == ()
