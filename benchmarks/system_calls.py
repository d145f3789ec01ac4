"""Which system calls does honest work make in the sandbox? `worker/wall/calls.py` was written by this.

    python benchmarks/system_calls.py numpy        print them; takes root and strace
    python benchmarks/system_calls.py torch

Every golden sample of the runtime's part but the hostile one is graded, and one submission that does what
honest files do beside their answer (`measuring/usual_things.py`). strace follows the fork server; what a
worker calls counts from the moment at which its filter holds. Refused calls are listed by themselves.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from measuring.usual_things import SOURCE

from autograder.answer_key.key import AnswerKey
from autograder.course import load_course
from autograder.grading.code import CodeGrader
from autograder.release.samples import Sample, pack, read_samples
from autograder.worker.grader_side.host import WorkerHost

PARTS = {"numpy": "convnet", "torch": "pytorch"}
FILES = {"numpy": "modules/relu.py", "torch": "models/twolayer.py"}
CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
RESULT = re.compile(r"\)\s*= (-?\d+|0x[0-9a-f]+|\?)(?: (E\w+))?")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)")
FILTERED = "PR_SET_SECCOMP"


def calls_of(lines: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each call was made behind the filter, and how often it was refused there."""
    behind: set[str] = set()
    made, refused = Counter[str](), Counter[str]()
    for line in lines:
        resumed = RESUMED.match(line)
        found = resumed or CALL.match(line)
        if not found:
            continue
        process, call, rest = found.groups()
        if process in behind:
            made[call] += not resumed
            result = RESULT.search(rest)
            if result and result[2] in ("EPERM", "ENOSYS"):
                refused[f"{call}({rest.split(')')[0][:60]})"] += 1
            if result and call.startswith("clone") and result[1].isdigit():
                behind.add(result[1])
        elif call == "prctl" and FILTERED in rest:
            behind.add(process)
    return made, refused


def trace(runtime: str, answers: Mapping[str, bytes], out: Path) -> None:
    """Grade the golden samples and `answers` with a fork server that strace follows; write to `out`."""
    course = load_course()
    part = course.manifest.part(PARTS[runtime])
    samples = [sample for sample in read_samples(course, part) if "hostile" not in sample.name]
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host:
        key = AnswerKey.build(course, part, host)
    with (
        tempfile.TemporaryDirectory() as name,
        ExitStack() as stack,
        WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host,
    ):
        host.facts()
        server = host._server._process.pid  # type: ignore[union-attr]
        follow = ["strace", "-f", "-qq", "-o", str(out), "-p", str(server)]
        stack.enter_context(subprocess.Popen(follow))  # ends with the fork server, and is waited for then
        time.sleep(1)  # until it is attached
        for submission in _submissions(Path(name), samples, answers):
            CodeGrader(course, part, host, key).grade(submission)


def _submissions(folder: Path, samples: Iterable[Sample], answers: Mapping[str, bytes]) -> Iterator[Path]:
    """Lay out `answers` as a folder and `samples` as zips; yield their paths."""
    for name, content in answers.items():
        path = folder / "usual" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    yield folder / "usual"
    for sample in samples:
        path = folder / f"{sample.name}.zip"
        path.write_bytes(pack(sample))
        yield path


def main() -> None:
    """Trace one runtime and print its calls, the most frequent first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("runtime", choices=PARTS)
    parser.add_argument("--keep", type=Path, help="where strace's own output goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = options.keep or Path(folder, "trace")
        course = load_course()
        solution = course.solution(course.manifest.part(PARTS[options.runtime]))
        where = FILES[options.runtime]
        answers = {**solution, where: solution[where] + SOURCE.encode()}
        trace(options.runtime, answers, out)
        made, refused = calls_of(out.read_text(errors="replace").splitlines())
    print("\n".join(f"{count:8} {call}" for call, count in made.most_common()))
    print("refused:", *(f"{count:8} {call}" for call, count in refused.most_common()), sep="\n")


if __name__ == "__main__":
    main()
