"""The answer key asks each workspace once, remembers by content, and can be loaded without the solutions."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.answer_key import builder as key_builder
from autograder.answer_key.key import AnswerKey
from autograder.answer_key.reply_store import read_replies, write_replies
from autograder.core.errors import CourseError, HarnessError
from autograder.core.model import Case, Ending, Reply, StudentError
from autograder.course import load_course
from autograder.hidden_tests.grid import grids_of
from autograder.worker.grader_side.host import WorkerHost

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")


class CountingHost:
    """A real host that counts the questions which reach its workers."""

    def __init__(self, host):
        self.host, self.asked = host, 0

    def open(self, workspace, **settings):
        worker, ask = self.host.open(workspace, **settings), None
        ask = worker.ask

        def counted(case, *, seconds):
            self.asked += 1
            return ask(case, seconds=seconds)

        worker.ask = counted
        return worker


@pytest.fixture(scope="module")
def course():
    return load_course()


@pytest.fixture(scope="module")
def part(course):
    """Part 1 with ReLU alone, which is quick to ask."""
    whole = course.manifest.part("convnet")
    return replace(whole, components=(whole.component("relu"),))


@pytest.fixture
def few(monkeypatch):
    """Keep three of ReLU's mutants, and no generated bugs."""
    monkeypatch.setattr(key_builder, "slips_of_part", lambda *arguments: ())
    chosen = [one for one in key_builder.mutants_of("convnet") if one.component == "relu"][:3]
    monkeypatch.setattr(key_builder, "mutants_of", lambda name: tuple(chosen))
    return chosen


@pytest.fixture(scope="module")
def real_host(part):
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=part.limits, unsafe=True) as host:
        yield host


@pytest.fixture
def host(real_host):
    return CountingHost(real_host)


@pytest.fixture
def key(course, part, host, few, tmp_path):
    return AnswerKey.build(course, part, host, folder=tmp_path)


def all_cases(key, part):
    return len({case for each in range(part.case_sets) for case in key.cases_of("relu", each)})


def test_it_holds_every_case_set(key, part):
    assert part.case_sets > 1
    assert all_cases(key, part) == part.case_sets * len(key.cases_of("relu"))
    for case_set in range(part.case_sets):
        cases = key.cases_of("relu", case_set)
        assert all(case in key.replies[""] for case in cases)
        assert all(case in replies for replies in key.mutants("relu").values() for case in cases)


def test_a_mutants_replies_are_kept_as_far_as_hidden_tests_look_at_them(key):
    (case_key, case), *_ = key.cases_of("relu").items()
    assert set(key.reference(case).arrays) == {"out", "x_after"}
    assert set(key.mutants("relu")["relu-takes-the-absolute-value"][case_key].arrays) == {"out"}


def test_what_a_hidden_test_looks_at_for_the_first_time_is_asked_again(
    key, host, course, part, tmp_path, monkeypatch
):
    asked, usual = host.asked, key_builder._asked

    def more(part, component, ask):
        its = usual(part, component, ask)
        return replace(its, names={case: names | {"x_after"} for case, names in its.names.items()})

    monkeypatch.setattr(key_builder, "_asked", more)
    monkeypatch.setattr(key_builder, "fingerprint", lambda course, part: "another")
    again = AnswerKey.build(course, part, host, folder=tmp_path)
    assert host.asked > asked
    for replies in again.mutants("relu").values():
        assert all("x_after" in reply.arrays for reply in replies.values() if reply.ending is Ending.ANSWERED)


def test_it_holds_the_reference_and_every_mutant(key, few):
    assert set(key.mutants("relu")) == set(key.hints) == {one.id for one in few}
    assert key.hints[few[0].id] == few[0].hint
    assert key.mutants("conv2d") == {}
    (case_key, *_) = key.cases_of("relu")
    assert key.replies[""][case_key].ending is Ending.ANSWERED
    absolute = key.mutants("relu")["relu-takes-the-absolute-value"][case_key].arrays["out"]
    assert absolute.min() > 0 and key.replies[""][case_key].arrays["out"].min() == 0


def test_nothing_is_asked_twice(key, host, course, part, tmp_path):
    asked = host.asked
    grids = sum(len(grid.cases) for grid in grids_of("convnet").values())
    assert asked == 4 * all_cases(key, part) + grids
    again = AnswerKey.build(course, part, host, folder=tmp_path)
    assert host.asked == asked
    assert list(again.cases_of("relu", 1)) == list(key.cases_of("relu", 1))


def test_only_what_changed_is_asked_again(key, few, host, course, part, tmp_path, monkeypatch):
    asked = host.asked
    changed = replace(few[0], by="out = np.abs(x) + 1")
    monkeypatch.setattr(key_builder, "mutants_of", lambda name: (changed, *few[1:]))
    monkeypatch.setattr(key_builder, "fingerprint", lambda course, part: "another")
    again = AnswerKey.build(course, part, host, folder=tmp_path)
    assert host.asked - asked == all_cases(key, part)
    (case_key, *_) = key.cases_of("relu")
    assert again.mutants("relu")[few[0].id][case_key].arrays["out"].min() > 1


def test_it_can_be_loaded_without_solutions_and_mutants(key, part, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "autograder.answer_key.builder", None)
    loaded = AnswerKey.load(part, tmp_path)
    assert (loaded.hints, loaded.components) == (key.hints, key.components)
    for name, replies in key.replies.items():
        for case_key, reply in replies.items():
            other = loaded.replies[name][case_key]
            assert (other.ending, set(other.arrays)) == (reply.ending, set(reply.arrays))
            assert all(np.array_equal(other.arrays[entry], reply.arrays[entry]) for entry in reply.arrays)


def test_a_case_that_it_does_not_hold_is_a_fault_that_tells_the_staff_what_to_run(key):
    with pytest.raises(
        HarnessError, match=r"no outputs for this case of convnet.relu.*python -m autograder key"
    ):
        key.reference(Case("convnet.relu", {}, {"x": np.ones(3)}))


def test_a_missing_or_damaged_key_is_refused_by_load_and_rebuilt_by_build(key, host, course, part, tmp_path):
    with pytest.raises(HarnessError, match="expected the answer key of convnet, found none"):
        AnswerKey.load(part, tmp_path / "elsewhere")
    path = tmp_path / "convnet.npz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(HarnessError, match=r"convnet\.npz: this answer key cannot be read"):
        AnswerKey.load(part, tmp_path)
    assert list(AnswerKey.build(course, part, host, folder=tmp_path).replies[""]) == list(key.replies[""])


def test_a_solution_that_fails_its_own_tests_is_a_fault_of_the_course(
    course, part, host, tmp_path, monkeypatch
):
    class Wrong:
        """The course with a ReLU that raises."""

        root = tmp_path

        def solution(self, part):
            broken = b"class ReLU:\n    def forward(self, x):\n        raise ValueError('no')\n"
            return {**course.solution(part), "modules/relu.py": broken}

        def given(self, part):
            return course.given(part)

        def solution_texts(self, part):
            return {}

        def loop_texts(self, part):
            return {}

    monkeypatch.setattr(key_builder, "mutants_of", lambda name: ())
    with pytest.raises(CourseError, match=r"TestReLU\.\w+: the solution itself does not pass"):
        AnswerKey.build(Wrong(), part, host, folder=tmp_path)


def test_a_mutant_that_never_ends_is_refused_and_not_remembered(
    course, part, host, few, tmp_path, monkeypatch
):
    endless = replace(few[0], by="while True:\n            pass")
    monkeypatch.setattr(key_builder, "mutants_of", lambda name: (endless,))
    hurried = replace(part, limits=replace(part.limits, test_seconds=0.5))
    with pytest.raises(CourseError, match=rf"{endless.id}: expected a reply .*, got timed_out"):
        AnswerKey.build(course, hurried, host, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_replies_survive_the_disk_with_every_field(tmp_path):
    arrays = {
        "float": np.linspace(0, 1, 6).reshape(2, 3),
        "same": np.linspace(0, 1, 6).reshape(2, 3),
        "scalar": np.array(2.5),
        "empty": np.zeros((2, 0)),
        "int": np.arange(3),
        "bool": np.array([True, False]),
        "small": np.float32([1.5]),
        "nan": np.array([np.nan, np.inf]),
    }
    error = StudentError("ValueError", "Grüße", "modules/relu.py", 7, "x = y")
    full = Reply(Ending.RAISED, arrays, {"dx": "None instead of an array"}, error, reason="why")
    path = tmp_path / "deep" / "replies.npz"
    write_replies(path, {"a": full, "b": Reply(Ending.TIMED_OUT, reason="10 s")}, {"fact": [1, "two"]})
    replies, facts, _ = read_replies(path)
    assert facts == {"fact": [1, "two"]}
    assert replies["b"] == Reply(Ending.TIMED_OUT, reason="10 s")
    read = replies["a"]
    assert (read.problems, read.error, read.reason) == (full.problems, error, "why")
    for name, array in arrays.items():
        assert read.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(read.arrays[name], array)
        assert not read.arrays[name].flags.writeable
    assert [entry.name for entry in path.parent.iterdir()] == ["replies.npz"], "no temporary file is left"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HarnessError, match=r"replies\.npz: the answer key cannot be written"):
        write_replies(tmp_path / "file" / "replies.npz", {}, {})


def test_loading_the_whole_key_takes_tens_of_milliseconds(tmp_path):
    rng = np.random.default_rng(0)
    replies = {
        f"{i:064x}/{i:064x}": Reply(Ending.ANSWERED, {str(k): rng.normal(size=60) for k in range(5)})
        for i in range(1500)
    }
    path = Path(tmp_path / "replies.npz")
    write_replies(path, replies, {})
    import time

    started = time.perf_counter()
    read_replies(path)
    assert time.perf_counter() - started < 0.5
