"""Generated bugs are asked once: what changes nothing is dropped, what is the same is one, mutants win."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.answer_key import builder as key_builder
from autograder.answer_key.key import AnswerKey
from autograder.answer_key.slip_tables import _Group, _Index
from autograder.core.known_slips import Seen
from autograder.course import load_course
from autograder.mutants.slips import Slip
from autograder.worker.grader_side.host import WorkerHost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")
RIGHT = """
class ReLU:
    def forward(self, x):
        self.x = x.copy()
        return x * (x > 0)

    def backward(self, dout):
        self.dx = dout * (self.x > 0)
"""
BACKWARD = "dout * (self.x > 0)"


def slip(words, by, old=BACKWARD, methods=("backward",)):
    assert old in RIGHT
    return Slip("relu", "modules/relu.py", RIGHT.replace(old, by), methods, words)


SLIPS = (
    slip("nothing changes", "dout * (self.x >= 1e-300)"),
    slip("dx is tripled", "3 * dout * (self.x > 0)"),
    slip("dx is three times too large", "dout * (self.x > 0) * 3"),
    slip("the mask is one too high", "dout * (self.x > 1)"),
    slip("all passes", "dout"),
    slip("it always raises", "nothing", "x * (x > 0)", ("forward",)),
)
HANGS = slip("it hangs", "[0 for _ in iter(int, 1)]", "x * (x > 0)", ("forward",))


@pytest.fixture(scope="module")
def course():
    return load_course()


@pytest.fixture(scope="module")
def part(course):
    whole = course.manifest.part("convnet")
    return replace(whole, components=(whole.component("relu"),))


@pytest.fixture(scope="module")
def host(part):
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture
def build(course, part, host, tmp_path, monkeypatch):
    """Return a function that builds the key with these slips, and notes what it works on."""
    chosen = [one for one in key_builder.mutants_of("convnet") if one.id == "relu-lets-every-gradient-pass"]
    monkeypatch.setattr(key_builder, "mutants_of", lambda name: tuple(chosen))

    def built(slips):
        said = []
        monkeypatch.setattr(key_builder, "slips_of_part", lambda *arguments: slips)
        monkeypatch.setattr(key_builder, "fingerprint", lambda course, part: str(len(said)) + repr(slips))
        return AnswerKey.build(course, part, host, folder=tmp_path, on_progress=said.append), said

    return built


def test_what_becomes_of_slips_is_counted(build):
    key, _ = build((*SLIPS, HANGS))
    assert key.stored_slips.counts("relu") == {
        "made": 7, "equal_to_the_solution": 1, "raise_always": 1, "too_slow": 1, "equal_to_another": 1,
        "equal_to_a_written": 1, "kept": 2,
    }  # fmt: skip


def test_the_kept_ones_are_in_every_case_set_with_their_words(build, part):
    key, _ = build(SLIPS)
    for case_set in range(part.case_sets):
        table = key.slips("relu", case_set)
        hints = {one.hint for one in table.slips if not one.is_written}
        assert hints == {
            "In `backward`, `dx`: dx is tripled, or dx is three times too large.",
            "In `backward`, `dx`: the mask is one too high.",
        }
        written = next(bug for bug, one in enumerate(table.slips) if one.is_written)
        assert table.slips[written].id == "relu-lets-every-gradient-pass"


def test_a_loaded_key_holds_the_same(build, tmp_path, part):
    key, _ = build(SLIPS)
    loaded = AnswerKey.load(part, tmp_path)
    for case_set in range(part.case_sets):
        mine, theirs = key.slips("relu", case_set), loaded.slips("relu", case_set)
        assert (mine.slips, mine.names) == (theirs.slips, theirs.names)
        assert (mine.kinds == theirs.kinds).all()
        assert (mine.sketches == theirs.sketches).all()


def test_what_was_made_of_the_same_is_not_asked_again(build):
    _, said = build(SLIPS[1:4])
    assert any("generated bugs" in line for line in said)
    key, said = build((*SLIPS[1:4],))
    assert not any("generated bugs" in line for line in said)
    assert key.stored_slips.counts("relu")["kept"] == 2


def test_other_slips_are_asked(build):
    build(SLIPS[1:4])
    key, said = build(SLIPS[1:2])
    assert any("generated bugs" in line for line in said)
    assert key.stored_slips.counts("relu")["kept"] == 1


def test_a_component_without_slips_has_no_table(build):
    key, _ = build(())
    assert key.slips("relu") is None


def test_outputs_beyond_float32_are_equal_to_nothing_and_no_reason_to_stop():
    index = _Index([SimpleNamespace(tolerance=1e-6)])
    huge, small = (Seen(("array",), np.array([[number, 1.0]]), {}) for number in (np.inf, 2.0))
    index.add(_Group(None, huge))
    assert index.find(huge) is None
    assert index.find(small) is None
    index.add(_Group(None, small))
    assert index.find(small) is index.groups[1]
