"""The bundle where it will run: as root in a made-up /autograder, with half a processor and 768 MiB."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.core.manifest import Part
from autograder.course import Course, load_course
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from autograder.release.samples import read_samples
from autograder.render.gradescope import results
from autograder.render.results_file import as_text
from tests.gradescope.allowance import MEMORY, Allowance, DutyCycle, groups
from tests.gradescope.container import Container, Run, is_possible

pytestmark = pytest.mark.skipif(
    not is_possible(), reason="the made-up container takes Linux, root, unshare(1) and the right to mount"
)
SCHEMA = json.loads((Path(__file__).parents[1] / "render" / "results_schema.json").read_text())
SECRET = "ada.lovelace@university.example"
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-03-01T12:34:56.789012-08:00",
    "assignment": {
        "due_date": "2026-03-08T23:59:00.000000-08:00", "group_size": None, "group_submission": False,
        "id": 25828, "course_id": 1234, "late_due_date": None,
        "release_date": "2026-02-20T00:00:00.000000-08:00", "title": "Convolutional networks",
        "total_points": "100.0",
    },
    "submission_method": "upload",
    "users": [{"email": SECRET, "id": 1234, "name": "Ada Lovelace"}],
    "previous_submissions": [
        {"submission_time": "2026-02-28T10:00:00.000000-08:00", "score": 3.0, "autograder_error": False,
         "results": {"tests": [], "extra_data": {}}}
    ],
}  # fmt: skip
LOOP = b"while True:\n    pass\n"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def allowance() -> Iterator[Allowance]:
    """Return control groups; where they are refused, what comes nearest."""
    try:
        with groups() as made:
            yield made
    except OSError:
        yield DutyCycle()


@pytest.fixture(scope="module")
def container(allowance: Allowance, bundle_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Container:
    """Return a machine on which setup.sh has run: the environment stands already, so it meets no network."""
    made = Container(tmp_path_factory.mktemp("machine"), allowance)
    made.install(bundle_zip)
    done = made.run("/bin/bash", "/autograder/source/setup.sh", seconds=120)
    assert done.code == 0, done.output
    assert "level " in done.output
    return made


@pytest.fixture
def graded(container: Container, part: Part) -> Callable[..., tuple[Json, Run]]:
    """Return a function that hands files in, runs run_autograder, and checks whatever must always hold."""

    def do(files: Mapping[str, bytes], metadata: Mapping[str, Any] = METADATA, seconds: float = 120) -> Any:
        container.submit(files, metadata)
        done = container.run("/autograder/run_autograder", seconds=seconds)
        assert done.code == 0, done.output
        text = container.results().decode()
        table = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        jsonschema.validate(table, SCHEMA)
        assert round(sum(test["max_score"] for test in table["tests"]), 6) == part.points
        assert SECRET not in text
        left = {path.name for path in (container.root / "autograder" / "results").iterdir()}
        assert left == {"results.json"}
        return table, done

    return do


def score(table: Json, *components: str) -> float:
    found = (
        float(test["score"])
        for test in table["tests"]
        if not components or test["extra_data"]["component"] in components
    )
    return round(sum(found), 6)


def timeless(text: str) -> Json:
    table: Json = json.loads(text)
    del table["execution_time"]
    return table


def sample(project: Path, name: str) -> Mapping[str, bytes]:
    course = load_course(project)
    return next(each.files for each in read_samples(course, course.manifest.parts[0]) if each.name == name)


def test_the_machine_is_as_small_as_gradescopes(container: Container) -> None:
    code = "import time; end = time.monotonic() + 2\nwhile time.monotonic() < end: pass\n"
    code += "print(time.process_time())"
    done = container.run("/opt/autograder/bin/python", "-S", "-c", code, seconds=60)
    assert float(done.output) <= 1.3, container.allowance.name  # of 2 s; 1 and the last period


def test_the_harness_and_the_key_are_for_root_alone(container: Container) -> None:
    command = "find /autograder/source -perm /077 ! -type l; stat -c %a:%U /autograder/source"
    assert container.run("/bin/sh", "-c", command, seconds=60).output == "700:root\n"


def test_the_solution_gets_all_points_and_the_skeleton_none(graded, course: Course, part: Part) -> None:
    table, done = graded(course.solution(part))
    assert score(table) == part.points
    assert done.seconds < 60
    assert done.peak < MEMORY / 2
    assert table["extra_data"]["level"] in "ABC"
    table, done = graded(course.skeleton(part))
    assert score(table) == 0
    assert done.seconds < 60


def test_a_regrade_gives_the_same_bytes_and_so_does_the_command_line(
    graded, container: Container, course: Course, part: Part, project: Path, tmp_path: Path
) -> None:
    files = sample(project, "two_bugs")
    graded(files)
    first = container.results().decode()
    graded(files)
    assert timeless(container.results().decode()) == timeless(first)
    for name, content in files.items():
        (tmp_path / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "submission" / name).write_bytes(content)
    with open_grader(course, part, Setting(unsafe=True)) as grader:
        report = grader.grade(tmp_path / "submission")
    here, there = timeless(as_text(results(report, course.manifest.feedback))), timeless(first)
    for table in (here, there):
        table["extra_data"].pop("layers")  # of the sandbox: a container has fewer
        table["extra_data"].pop("graded_at", None)  # of the rate limit, which is Gradescope's alone
    assert here == there


def test_a_hostile_submission_wins_nothing_and_is_graded_to_the_end(graded, project: Path) -> None:
    table, _ = graded(sample(project, "hostile"))
    assert score(table) == 0
    assert {test["extra_data"]["outcome"] for test in table["tests"]} <= {"failed", "raised", "crashed"}


def test_what_reads_floods_and_fills_memory_costs_its_own_points_only(
    graded, course: Course, part: Part
) -> None:
    """No import is needed for any of it; the convolution puts whatever it can read into its error."""
    read = (
        b"said = []\n"
        b"for path in ('/autograder/submission_metadata.json', '/autograder/source/assignment.toml',\n"
        b"             '/autograder/source/.cache/answer_key/convnet.npz', '/proc/1/environ'):\n"
        b"    try:\n"
        b"        said.append(open(path, 'rb').read(200))\n"
        b"    except OSError:\n"
        b"        pass\n"
        b"raise ValueError(f'stolen: {said}')\n"
    )
    bomb = b"import numpy as np\nhoard = [np.ones((64, 1024, 1024)) for _ in range(64)]\n"
    files = {**course.solution(part), "modules/convolution.py": read, "modules/max_pool.py": bomb}
    table, _ = graded(files)
    assert score(table, "conv2d", "max_pool") == 0
    said = " ".join(test["output"] for test in table["tests"] if test["extra_data"]["component"] == "conv2d")
    assert "stolen: []" in said
    hit = ("conv2d", "max_pool")
    whole = sum(component.points for component in part.components if component.name not in hit)
    assert score(table) == round(whole, 6)


def test_a_grader_without_its_key_costs_nobody_a_point_and_tells_the_staff(
    graded, container: Container, course: Course, part: Part
) -> None:
    key = container.root / "autograder" / "source" / ".cache" / "answer_key" / "convnet.npz"
    key.rename(key.with_suffix(".gone"))
    try:
        table, done = graded(course.skeleton(part))
    finally:
        key.with_suffix(".gone").rename(key)
    assert score(table) == part.points
    assert {test["extra_data"]["outcome"] for test in table["tests"]} == {"broken"}
    assert "expected the answer key of convnet, found none" in done.output


def test_a_grader_that_is_killed_leaves_the_results_valid(
    graded, container: Container, course: Course, part: Part
) -> None:
    files = {**course.solution(part), "modules/relu.py": LOOP}
    container.submit(files, METADATA)
    done = container.run("/autograder/run_autograder", seconds=8)
    assert "killed after" in done.output
    table = json.loads(container.results())
    jsonschema.validate(table, SCHEMA)
    first = ("conv2d", "max_pool")
    assert score(table, *first) == round(sum(part.component(name).points for name in first), 6)
    assert round(sum(test["max_score"] for test in table["tests"]), 6) == part.points


@pytest.mark.slow
def test_a_submission_that_hangs_everywhere_ends_within_a_minute(graded, part: Part) -> None:
    table, done = graded(dict.fromkeys(part.answer_files, LOOP))
    assert score(table) == 0
    assert {test["extra_data"]["outcome"] for test in table["tests"]} == {"timed_out"}
    assert done.seconds < 60
