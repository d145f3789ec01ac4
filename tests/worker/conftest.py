from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from autograder.core.manifest import Limits
from autograder.core.model import Case, Reply
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ALLOWED, ASK_RELU, PROJECT

Files = Mapping[str, "str | bytes"]


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(
        test_seconds=5, part_seconds=20, memory_mib=512, processes=32, output_kib=16, file_mib=4, reply_mib=8
    )


@pytest.fixture(scope="session")
def host(limits: Limits) -> Iterator[WorkerHost]:
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[[Files], Path]:
    def lay_out(files: Files) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return lay_out


@pytest.fixture
def ask(host: WorkerHost, workspace: Callable[[Files], Path]) -> Callable[..., Reply]:
    """Open a worker on these files, ask it one case (ReLU's, if not another), close it."""

    def run(files: Files, case: Case = ASK_RELU, *, seconds: float = 5.0, **settings: object) -> Reply:
        options = {"allowed_imports": ALLOWED, **settings}
        worker = host.open(workspace(files), **options)  # type: ignore[arg-type]
        try:
            return worker.ask(case, seconds=seconds)
        finally:
            worker.close()

    return run


@pytest.fixture
def solution() -> dict[str, bytes]:
    """The given files of part 1 and the reference answers, path to content."""
    folders = (PROJECT / "part1_convnet", PROJECT / "autograder" / "solutions" / "part1_convnet")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in folders
        for package in ("modules", "optimizer")
        for path in sorted((folder / package).glob("*.py"))
    }
