"""Python below a closed folder: workers import from it, and get nowhere else through it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from autograder.core.manifest import Limits
from autograder.core.model import Case
from autograder.course import load_course
from autograder.worker.fork_server.inherited_folders import hold_open
from autograder.worker.grader_side import server
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.grader_side.runtime import closing_folder, import_folders
from tests.worker.samples import PROJECT

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers"),
    pytest.mark.skipif(os.geteuid() != 0, reason="its own uid requires root"),
]
Reaches = Callable[[WorkerHost, str, Mapping[str, object]], list[int]]
LATE = (
    "colorsys",
    "wave",
    "tabnanny",
    "concurrent.futures",
    "numpy.fft",
    "numpy.polynomial.hermite",
    "_ctypes_test",
)
MANY = range(3, 24)  # descriptors, those of the folders held open among them


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """Return a library below a folder that is closed to others, with a module, a package and an extension."""
    with tempfile.TemporaryDirectory() as name:
        library = Path(name, "closed", "library")
        (library / "parcel").mkdir(parents=True)
        (library / "late.py").write_text("VALUE = 1\n")
        (library / "parcel" / "__init__.py").write_text("VALUE = 2\n")
        (library / "parcel" / "inside.py").write_text("VALUE = 3\n")
        for folder, mode in (
            (name, 0o755),
            (library.parent, 0o700),
            (library, 0o755),
            (library / "parcel", 0o755),
        ):
            os.chmod(folder, mode)
        yield library


@pytest.mark.parametrize(("held", "said"), [(True, "1 2 3"), (False, "")], ids=["with", "without"])
def test_another_user_imports_from_below_a_closed_folder_through_held_folders_only(
    closed: Path, held: bool, said: str
) -> None:
    script = f"""
import os, sys
sys.path[:0] = [{str(PROJECT)!r}, {str(closed)!r}]
import parcel
from autograder.worker.fork_server.inherited_folders import hold_open, redirect_imports
if {held}:
    redirect_imports(hold_open([{str(closed)!r}]))
sys.path.remove({str(PROJECT)!r})
os.setgroups([]); os.setresgid(54321, 54321, 54321); os.setresuid(54321, 54321, 54321)
import late, parcel.inside
print(late.VALUE, parcel.VALUE, parcel.inside.VALUE)
"""
    done = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == said, done.stderr
    assert ("ModuleNotFoundError" in done.stderr) is not held


def test_a_folder_that_is_closed_itself_is_not_held_and_leaves_nothing_open(closed: Path) -> None:
    before = os.listdir("/proc/self/fd")
    assert hold_open([str(closed), str(closed.parent)]) == {}
    assert hold_open([str(closed), str(closed / "nowhere")]) == {}
    assert os.listdir("/proc/self/fd") == before
    assert closing_folder(str(closed)) == closed.parent
    assert closing_folder("/usr") is None


@pytest.fixture
def closed_host(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> Iterator[WorkerHost]:
    """Return a host that takes all of Python for closed, wherever it is, and has no view."""
    monkeypatch.setattr(server, "closing_folder", lambda folder: Path("/"))
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, without=["view"]) as host:
        if "landlock" not in host.level.layers:
            pytest.skip("held folders are for machines with Landlock")
        yield host


@pytest.fixture
def reaches(tmp_path: Path) -> Reaches:
    """Return what asks a worker of a host one of the doctor's probes, and says which attempts succeeded."""

    def ask(host: WorkerHost, probe: str, settings: Mapping[str, object]) -> list[int]:
        worker = host.open(tmp_path, allowed_imports=())
        try:
            reply = worker.ask(Case(f"doctor.{probe}", dict(settings)), seconds=20)
        finally:
            worker.close()
        return [int(value) for value in reply.arrays.values()]

    return ask


def test_modules_that_nobody_loaded_before_come_through_held_folders(
    closed_host: WorkerHost, reaches: Reaches
) -> None:
    assert reaches(closed_host, "importing", {"modules": LATE}) == [1] * len(LATE)
    assert reaches(closed_host, "importing", {"modules": ["torch", "yaml"]}) == [0, 0]


def test_a_view_needs_no_held_folders(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, reaches: Reaches
) -> None:
    monkeypatch.setattr(server, "closing_folder", lambda folder: Path("/"))
    for without in ((), ("landlock",)):
        with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, without=without) as host:
            if "view" not in host.level.layers:
                pytest.skip("this machine allows no view")
            assert reaches(host, "importing", {"modules": LATE}) == [1] * len(LATE)
            paths = [f"/proc/self/fd/{number}" for number in MANY]
            assert not any(reaches(host, "looking_around", {"paths": paths}))


def test_a_held_folder_leads_to_python_and_nowhere_else(closed_host: WorkerHost, reaches: Reaches) -> None:
    (library, *_) = import_folders(())
    for target, is_reached in ((f"{library}/os.py", True), (str(PROJECT / "assignment.toml"), False)):
        assert os.path.isfile(target)
        paths = [f"/proc/self/fd/{number}/{os.path.relpath(target, library)}" for number in MANY]
        assert any(reaches(closed_host, "reading", {"paths": paths})) is is_reached


def modules_that_submissions_may_import() -> Sequence[str]:
    """List the standard library's modules among those that the manifest names."""
    allowed = {name for part in load_course().manifest.parts for name in part.allowed_imports}
    return sorted(allowed & sys.stdlib_module_names - {"__future__"})


def test_without_held_folders_whatever_the_manifest_allows_is_loaded_beforehand(
    limits: Limits, reaches: Reaches
) -> None:
    modules = modules_that_submissions_may_import()
    assert {"concurrent", "string", "threading"} <= set(modules)
    with WorkerHost(
        runtime="numpy", probes=("convnet",), limits=limits, without=["landlock", "view"]
    ) as host:
        assert reaches(host, "importing", {"modules": modules}) == [1] * len(modules)
        assert reaches(host, "importing", {"modules": ["colorsys"]}) == [0]
