"""YAML that would build objects, grow without bound or never end: read as text, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.model import Outcome, Report
from autograder.course import load_course
from autograder.grading.sheet import SheetGrader
from tests.attacks.bench import MIB, Bench, zipped
from tests.attacks.canaries import Canaries

MEMORY = 64 * MIB
NAME = b"conv_matrix.dimensions"
LAUGH = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9)) for n in range(9)
)
TAGGED = "tags (!) are not read"
SHEETS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "a call of the system": (
        lambda mark: f'a: !!python/object/apply:os.system ["touch {mark}"]'.encode(), TAGGED
    ),
    "a call of exec": (
        lambda mark: f"a: !!python/object/apply:builtins.exec [\"open('{mark}', 'w')\"]".encode(), TAGGED
    ),
    "an object, new": (
        lambda mark: f"!!python/object/new:subprocess.Popen [[touch, {mark}]]".encode(), TAGGED
    ),
    "a module": (lambda mark: b"a: !!python/module:antigravity ''", TAGGED),
    "a name": (lambda mark: b"a: !!python/name:os.system ''", TAGGED),
    "a tag in a key": (lambda mark: b"? !!python/tuple [1, 2]\n: x", TAGGED),
    "its own tag": (lambda mark: b"%TAG ! tag:x,2000:\n---\na: !evil x", TAGGED),
    "a tag for the whole": (lambda mark: b"--- !!python/dict\na: x", TAGGED),
    "a laugh a billion times": (lambda mark: LAUGH, "anchors (&) and aliases (*) are not read"),
    "an anchor": (lambda mark: b"a: &x 1\n", "anchors (&) and aliases (*) are not read"),
    "a mapping that holds itself": (lambda mark: b"&a\na: *a\n", "anchors (&) and aliases (*) are not read"),
    "another one merged in": (lambda mark: b"<<: {a: 1}\n", "no question has this name: '<<'"),
    "lists in lists": (lambda mark: b"a: " + b"[" * 200_000, "no question has this name: 'a'"),
    "mappings in mappings": (lambda mark: b"{a: " * 100_000, "got a list or a mapping"),
    "blocks in blocks": (
        lambda mark: b"".join(b" " * n + b"a:\n" for n in range(600)), "got a list or a mapping"
    ),
    "documents without end": (lambda mark: b"---\na: 1\n" * 20_000, "expected lines such as"),
    "more bytes than a sheet has": (lambda mark: b"a: " + b"x" * 2**20, "expected at most 512 KiB"),
    "half a megabyte in a key": (lambda mark: b"x" * 500_000 + b": 1", ""),
    "half a megabyte of quotes": (lambda mark: b"a: '" + b"'" * 500_000, ""),
    "a formula of half a megabyte": (lambda mark: NAME + b": '" + b"(" * 500_000 + b"'", ""),
    "a power of a power": (lambda mark: NAME + b": 9**9**9**9**9**9", ""),
    "a product of large powers": (
        lambda mark: b"relu_network.W_1: '" + b"*".join([b"9" * 30 + b"^64"] * 3) + b"'", "is too long"
    ),
    "an exponential of a large power": (
        lambda mark: b"computational_graph.dL_dyhat: 'exp(9^64)'", ""
    ),
    "a call in a formula": (
        lambda mark: NAME + f": '__import__(\"os\").system(\"touch {mark}\")'".encode(), ""
    ),
    "the other half of the alphabet": (lambda mark: "a: x".encode("utf-16"), "read as UTF-16"),
    "bytes that are no text": (lambda mark: bytes(range(256)), ""),
    "control characters": (lambda mark: b"a: \"\x1b[2J\x00\"", ""),
    "one answer twice": (lambda mark: b"a: 1\na: 2\n", "is answered twice"),
    "no mapping": (lambda mark: b"- a\n- b\n", "expected lines such as"),
    "nothing": (lambda mark: b"", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def sheet_bench(canaries: Canaries, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return a bench that needs no wall: no code of anybody runs."""
    course = load_course()
    part = course.manifest.part("theory")
    bench = Bench(SheetGrader(course, part), canaries, tmp_path_factory.mktemp("sheets"))
    bench.in_this_process().grade(
        zipped(course.skeleton(part))
    )  # brings sympy, which is slow while memory is traced
    return bench


def told(report: Report) -> str:
    return "\n".join([report.problem, *report.remarks, *(verdict.message for verdict in report.verdicts)])


@pytest.mark.parametrize(("make", "must"), SHEETS.values(), ids=SHEETS)
def test_a_hostile_sheet_earns_nothing_and_builds_nothing(
    make: Callable[[str], bytes], must: str, sheet_bench: Bench
) -> None:
    content = make(str(sheet_bench.canaries.folder / "built"))
    report, peak = sheet_bench.traced(zipped({"answers.yaml": content}))
    assert must in told(report), told(report)
    assert report.score == 0
    assert Outcome.BROKEN not in {verdict.outcome for verdict in report.verdicts}
    assert len(report.problem) < 600
    assert peak < MEMORY


def test_hostile_configurations_are_never_read(torch_bench: Bench, tmp_path: Path) -> None:
    """Part 2's configs/ are for training: the grader has no use for them, whatever they hold."""
    files = dict(torch_bench.course.solution(torch_bench.part))
    mark = str(torch_bench.canaries.folder / "built")
    for number, (make, _) in enumerate(SHEETS.values()):
        files[f"configs/config_{number}.yaml"] = make(mark)
    report = torch_bench.grade(zipped(files))
    code = sum(one.points for one in torch_bench.part.components if one.file.endswith(".py"))
    assert report.score == pytest.approx(code), told(report)
