"""What does grading the solution of part 1 cost, beside what its own code computes?

    python benchmarks/grading.py              print the table
    python benchmarks/grading.py --write      and refresh benchmarks/grading.md

Compute is the time that the same questions take in this very process, without fork server, wall, sockets or
comparing: imports of the six answer files and the probes themselves. Grading is everything from a zip to a
report. It is measured with servers that must still be started (one `import numpy`), as `grade` does it, and
with warm ones, as in a class. The three are run in turn, so that a busy machine is busy for all of them; the
best of each counts. On a machine that others use, root may keep them out of the way: `chrt -f 10 python
benchmarks/grading.py`.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from measuring.clock import processor, run_on_one_thread

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Reply
from autograder.course import Course, load_course
from autograder.grading.code import CodeGrader
from autograder.grading.kind import kind_of
from autograder.grading.stages import Stages
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.student_side.probe_runner import ProbeRunner
from autograder.worker.wire import Frame

TABLE = Path(__file__).resolve().with_suffix(".md")
LIMIT = 1.5  # times compute and one `import numpy`
REPLY_BYTES = 64 * 2**20


@dataclass
class BareHost:
    """A host without processes: it asks the answer files here, and counts the seconds that this takes."""

    seconds: float = 0.0
    questions: int = 0

    def open(
        self,
        workspace: Path,
        *,
        allowed_imports: tuple[str, ...],
        rescue: bool,
        skip: frozenset[str],
    ) -> BareWorker:
        """Return a stand-in for a worker."""
        header = {"allowed": list(allowed_imports), "rescue": rescue, "skip": sorted(skip)}
        return BareWorker(self, workspace, header)

    def facts(self) -> Mapping[str, Any]:
        """Return nothing: no wall stands here."""
        return {}


@dataclass
class BareWorker:
    """A workspace in this process, imported at its first question."""

    host: BareHost
    workspace: Path
    header: dict[str, Any]
    runner: ProbeRunner | None = None
    alive: bool = field(default=True)

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        """Answer `case` as a worker does."""
        start = time.perf_counter()
        if self.runner is None:
            sources = {
                path.relative_to(self.workspace).as_posix(): np.frombuffer(path.read_bytes(), dtype=np.uint8)
                for path in self.workspace.rglob("*.py")
            }
            self.runner = ProbeRunner(Frame(self.header, sources), reply_bytes=REPLY_BYTES)
        sent = {"case": 1, "probe": case.probe, "settings": dict(case.settings)}
        _, arrays = self.runner.answer(Frame(sent, dict(case.arrays)))
        self.host.seconds += time.perf_counter() - start
        self.host.questions += 1
        return Reply(Ending.ANSWERED, arrays=arrays)

    def close(self) -> None:
        """Forget the workspace's modules, as the end of a process would."""
        self.alive = False
        for name in [name for name in sys.modules if name.split(".")[0] in ("modules", "optimizer")]:
            del sys.modules[name]


def solution_zip(course: Course, part: Part, folder: Path) -> Path:
    """Write the reference answers as a student's zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, source in course.solution(part).items():
            archive.writestr(path, source)
    path = folder / part.zip
    path.write_bytes(content.getvalue())
    return path


def timed(run: Callable[[], object]) -> float:
    """Return the seconds of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def import_numpy() -> None:
    """Run `python -c "import numpy"`."""
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def measure(repeats: int) -> tuple[dict[str, float], int]:
    """Return the best seconds of each row, and the number of questions."""
    course = load_course()
    part = course.manifest.part("convnet")
    rows: dict[str, list[float]] = {"numpy": [], "compute": [], "cold": [], "warm": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host,
        ExitStack() as stack,
    ):
        path = solution_zip(course, part, Path(folder))
        key = AnswerKey.build(course, part, host)

        def graded(grader: CodeGrader) -> None:
            report = grader.grade(path)
            if report.score != part.points:
                raise SystemExit(f"The solution scored {report.score:g} of {part.points:g}; see `audit`.")

        def cold() -> None:
            with (
                WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as fresh,
                closing(Stages()) as stages,
            ):
                stages.start(kind_of(part).reading)
                graded(CodeGrader(course, part, fresh, key, stages=stages))

        warm = CodeGrader(course, part, host, key, stages=stack.enter_context(closing(Stages())))
        for _ in range(repeats):
            bare = BareHost()
            graded(CodeGrader(course, part, bare, key, stages=warm.stages))
            rows["compute"].append(bare.seconds)
            rows["numpy"].append(timed(import_numpy))
            rows["cold"].append(timed(cold))
            rows["warm"].append(timed(lambda: graded(warm)))
    return {name: min(seconds) for name, seconds in rows.items()}, bare.questions


def page(seconds: Mapping[str, float], questions: int, repeats: int) -> str:
    """Return the Markdown page."""
    unit = seconds["compute"] + seconds["numpy"]
    rows = (
        ("compute: the same questions in one process", "compute"),
        ('`python -c "import numpy"`', "numpy"),
        ("grading, with a fork server to be started", "cold"),
        ("grading, with a warm fork server", "warm"),
    )
    lines = [f"| {text} | {1000 * seconds[name]:.0f} | {seconds[name] / unit:.2f} |" for text, name in rows]
    return "\n".join(
        [
            "# Grading the solution of part 1",
            "",
            f"{processor()}, one thread a process; Python {sys.version.split()[0]}, NumPy {np.__version__}; "
            f"{questions} questions; best of {repeats}.",
            "",
            f"The limit that we set is {LIMIT} times compute and one `import numpy` together.",
            "",
            "| | ms | times both |",
            "| --- | ---: | ---: |",
            *lines,
            "",
            "Made by `python benchmarks/grading.py --write`.",
            "",
        ]
    )


def main() -> None:
    """Measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--write", action="store_true", help=f"refresh {TABLE.name}")
    options = parser.parse_args()
    run_on_one_thread()
    text = page(*measure(options.repeats), options.repeats)
    print(text)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
