"""Source that is hostile before it runs: the grader itself decodes and parses it, and must survive that."""

from __future__ import annotations

import tracemalloc

import pytest

from autograder.core.model import Outcome, Report
from tests.attacks.bench import MIB, Bench, outcomes, points

RELU = "modules/relu.py"
SECONDS, MEMORY = 12.0, 256 * MIB
MANY = 120_000

SOURCES: dict[str, bytes] = {
    **{
        f"in the encoding {name}": f"# coding: {name}\nx = 1\n".encode()
        for name in ("unheard_of", "utf-16", "zlib_codec", "rot13", "hex", "undefined", "idna")
    },
    "in an encoding that takes quadratic time": b"# coding: punycode\n" + b"-" + b"aaaab" * MANY,
    "a module with a hundred thousand dots": b"import " + b"a." * 60_000 + b"a",
    "a module with a hundred thousand dots, line by line": b"import " + b"a.\\\n" * 30_000 + b"a",
    "a module with a hundred thousand dots, from which": b"from a" + b" . a" * 30_000 + b" import b",
    "a sum of a hundred thousand": b"+".join([b"1"] * 60_000),
    "a chain of attributes": b"a" + b".a" * 60_000,
    "a chain of calls": b"a" + b"()" * 60_000,
    "a chain of comparisons": b"1<" * 60_000 + b"1",
    "a chain of names that are assigned": b"a=" * 60_000 + b"1",
    "a hundred thousand decorators": b"@a\n" * 40_000 + b"def f(): pass",
    "a chain of elifs": b"if a:\n p\n" + b"elif a:\n p\n" * 8_000,
    "parentheses": b"(" * MANY,
    "braces in braces": b"{1:" * 100 + b"a b" + b"}" * 100,
    "strings in strings": b"f'{" * 30_000,
    "negations": b"-" * MANY + b"1",
    "one long word": b"a" * MANY,
    "dots and words": b"a" * 50_000 + b"." + b"b" * 50_000,
    "a number of a hundred thousand digits": b"x = " + b"1" * MANY,
    "escapes that do not exist": b"x = '" + rb"\d" * 50_000 + b"'",
    "zero bytes": b"x = 1\0" * 100,
    "all bytes": bytes(range(256)) * 100,
    "one line of blanks": b" " * MANY + b"x = 1",
    "a megabyte of comments": b"#" * 2**20,
    "eight megabytes of lines": b"x = 1\n" * (8 * 2**20 // 6),
    # Small, and parsed in no time; compiling copies the endings 65,536 times, and adds up gigabytes of text.
    "endings in endings": b"".join(
        b" " * depth + b"try: pass\n" + b" " * depth + b"finally:\n" for depth in range(16)
    ) + b" " * 16 + b"x = 1",
    "a sum of long strings": b"x = " + b"+".join([b"'a'*4096"] * 900),
}  # fmt: skip


def graded(source: bytes, bench: Bench, file: str = RELU) -> Report:
    tracemalloc.start()
    try:
        report = bench.grade_files({file: source})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
    return report


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_it_costs_its_own_component_and_little_time(source: bytes, bench: Bench) -> None:
    report = graded(source, bench)
    assert report.problem == ""
    assert points(report) == {one.name: one.points for one in bench.part.components} | {"relu": 0}
    assert not outcomes(report, "relu") & {Outcome.BROKEN, Outcome.PASSED}
    assert report.seconds < SECONDS


def test_the_longest_name_of_a_module_that_is_parsed_does_no_harm(bench: Bench) -> None:
    report = graded(b"\n".join(b"import " + b".".join([b"a" * 90] * 99) for _ in range(12)), bench)
    assert points(report)["relu"] == 0
    assert report.seconds < SECONDS


ANSWERS_FOR_ANOTHER = b"""

import sys
importer = sys.modules["autograder.worker.student_side.importing"].Importer
usual = importer.load
source = {source!r}
def load(self, module, instead=None):
    if module != "modules.relu":
        return usual(self, module, instead)
    names = {{}}
    exec(source, names)
    return type("Module", (), names)
importer.load = load
"""


def test_a_file_that_does_not_parse_earns_nothing_whoever_answers_for_it(bench: Bench) -> None:
    relu = bench.course.solution(bench.part)[RELU].decode()
    patch = ANSWERS_FOR_ANOTHER.decode().format(source=relu).encode()
    linear = bench.course.solution(bench.part)["modules/linear.py"]
    report = bench.grade_files({"modules/linear.py": linear + patch, RELU: b"class ReLU(:\n"})
    assert points(report)["relu"] == 0
    assert outcomes(report, "relu") == {Outcome.RAISED}
