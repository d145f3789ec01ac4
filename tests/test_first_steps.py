"""Every command that a page tells its readers to type does what it says, in a copy of what they have."""

from __future__ import annotations

import glob
import json
import os
import pickle
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from autograder.course import load_course
from autograder.release.bundle import student_files
from autograder.release.samples import pack, read_samples

from .pages import Typed, typed_in, typed_on

ROOT = Path(__file__).resolve().parents[1]
PARTS = json.loads((ROOT / "assignment.json").read_text(encoding="utf-8"))["parts"].values()
STUDENTS = {  # pages of students, and where in the course their readers are
    "autograder/release/student_readme.md": ".",
    **{f"{part['folder']}/README.md": part["folder"] if part["kind"] == "code" else "." for part in PARTS},
    "report/README.md": ".",
}
SMALL = "--data-root CIFAR --no-checksums --num-train 64 --num-test 32 --epochs 1 --device cpu"
BUILT = "python -m report start"


pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Rule:
    """How commands of one kind are run: further arguments, the exit codes that are right, what goes before.

    With `without` the command is not run; it says what tests it instead.
    """

    pattern: str
    more: str = ""
    codes: tuple[int, ...] = (0,)
    before: str = ""
    folder: str = "."
    removes: str = ""  # what an earlier command left
    is_slow: bool = False
    without: str = ""


RULES = [
    Rule(r"python --version"),
    Rule(r"python -m venv \.venv", is_slow=True),
    Rule(r"(source|\.) .*activate", without="belongs to the shell"),
    Rule(r"pip install .*", without="goes to the web; the test of the bundle alone does it for part 1"),
    Rule(r"conda .*", without="conda is not everywhere; what environment.yaml holds has a test"),
    Rule(r"jupyter lab.*", without="waits for a browser; the notebooks have their own tests"),
    Rule(r"python -m unittest tests\.test_(relu|convolution)", folder="part1_convnet"),
    Rule(r"python -m unittest tests\.test_(linear|max_pool|conv_classifier|sgd)", folder="part1_convnet"),
    Rule(r"python -m unittest -k padding tests\.test_convolution", folder="part1_convnet"),
    Rule(r"python -m (unittest|pytest)( tests\.test_\w+)*", folder="part2_pytorch", is_slow=True),
    Rule(r"python -m labs\.\w+( .*)?", without="tests/labs runs every lab's experiment"),
    Rule(r"python train\.py.*", folder="part1_convnet", is_slow=True),
    Rule(r"python solver\.py --help", folder="part2_pytorch", is_slow=True),
    Rule(
        r"python solver\.py --config .* --resume", SMALL, folder="part2_pytorch", is_slow=True,
        before=f"python solver.py --config configs/config_mymodel.yaml {SMALL}",
    ),
    Rule(r"python solver\.py --config .*", SMALL, folder="part2_pytorch", is_slow=True),
    Rule(r"python experiments\.py.*", f"{SMALL} --betas 0.5", folder="part2_pytorch", is_slow=True),
    Rule(r"python -m theory show.*"),
    Rule(r"python -m theory (check|sheet)( --out .*)?"),
    Rule(r"python -m report start", removes="report/report.md"),
    Rule(r"python (-m|path/to/)\s?report check", codes=(1,), before=BUILT),  # what is not written yet
    Rule(r"python -m report build", codes=(0, 1), before=BUILT, is_slow=True),
    Rule(r"python collect_submission\.py( --part \w+)?"),
    Rule(r"python collect_submission\.py --check", codes=(2,)),  # no checkpoints, no report
]  # fmt: skip
STAFF_RULES = [
    Rule(r"make setup && .*", without="`make setup` alone has a test, and activating belongs to the shell"),
    Rule(r"make \w+", "-n"),
    Rule(r"python -m autograder …", without="stands for all commands"),
    Rule(r"python -m autograder audit", "--part theory", is_slow=True),
    Rule(r"python -m autograder (grade|class|package|explain) .*", is_slow=True),
    Rule(r"python -m autograder (doctor|release .*|skeleton)", is_slow=True),
]


def student_commands() -> Iterator[Typed]:
    for page, folder in STUDENTS.items():
        if (ROOT / page).is_file():
            yield from typed_on(page, (ROOT / page).read_text(encoding="utf-8"), folder=folder)
    for notebook in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        yield from typed_in(notebook)


def rule_of(typed: Typed, rules: list[Rule]) -> Rule | None:
    return next((rule for rule in rules if re.fullmatch(rule.pattern, typed.line)), None)


def cases(found: Iterator[Typed], rules: list[Rule]) -> list[object]:
    """Return a parameter for each command, once for each folder; a slow one is marked."""
    chosen: dict[tuple[str, str], tuple[Typed, Rule | None, str]] = {}
    for typed in found:
        rule = rule_of(typed, rules)
        folder = typed.folder or (rule.folder if rule else ".")
        chosen.setdefault((typed.line, folder), (typed, rule, folder))
    return [
        pytest.param(
            *case,
            id=f"{case[2]}: {case[0].line}",
            marks=[pytest.mark.slow] if case[1] and case[1].is_slow else [],
        )
        for case in chosen.values()
    ]


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the student bundle with every gap filled, a report, and a few images laid out as CIFAR-10."""
    root = tmp_path_factory.mktemp("handed out")
    course = load_course(ROOT)
    for name, content in student_files(course).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    shutil.copytree(
        ROOT / "autograder" / "solutions",
        root,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (root / "report").mkdir(exist_ok=True)
    (root / "report" / "report.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    write_cifar10(root / "CIFAR" / "cifar-10-batches-py")
    return root


def write_cifar10(folder: Path) -> None:
    """Write a hundred images of noise a file, in the layout of CIFAR-10."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(3)
    for name in (*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"):
        data = random.integers(0, 256, (100, 3072), dtype=np.uint8)
        batch = {"data": data, "labels": [index % 10 for index in range(100)]}
        (folder / name).write_bytes(pickle.dumps(batch))
    names = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": names}))


def run(line: str, folder: Path, cifar: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [str(cifar) if word in ("FOLDER", "CIFAR", "{DATA_ROOT}") else word for word in shlex.split(line)]
    words = [
        {"{DATA}": "procedural", "path/to/report": "report"}.get(word, word)
        for word in words
        if word != "{SMALL}"
    ]
    words = [match for word in words for match in (glob.glob(word, root_dir=folder) or [word])]
    if words[0] == "python":
        words[0] = sys.executable
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    settings = {"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        words,
        cwd=folder,
        env={**kept, **settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def check(typed: Typed, rule: Rule | None, folder: Path, cifar: Path, **environment: str) -> None:
    if rule is None:
        pytest.fail(f"{typed.page} says {typed.line!r}; say in RULES how this is tested.")
    if rule.without:
        return
    if rule.removes:
        (folder / rule.removes).unlink(missing_ok=True)
    if rule.before:
        run(rule.before, folder, cifar, **environment)
    result = run(f"{typed.line} {rule.more}", folder, cifar, **environment)
    assert result.returncode in rule.codes, f"{typed}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
    assert "Traceback" not in result.stdout + result.stderr


@pytest.mark.parametrize(("typed", "rule", "folder"), cases(student_commands(), RULES))
def test_what_students_are_told_to_type_works(
    handed_out: Path, typed: Typed, rule: Rule | None, folder: str
) -> None:
    check(typed, rule, handed_out / folder, handed_out / "CIFAR")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with submissions, from which the README's commands for instructors are run."""
    root = tmp_path_factory.mktemp("office")
    course = load_course(ROOT)
    samples = {sample.name: pack(sample) for sample in read_samples(course, course.manifest.parts[0])}
    (root / "submissions").mkdir()
    for path, name in (
        ("alice.zip", "two_bugs"),
        ("submissions/a.zip", "solution"),
        ("submissions/b.zip", "skeleton"),
    ):
        (root / path).write_bytes(samples[name])
    shutil.copy(ROOT / "autograder" / "solutions" / "theory" / "answers.yaml", root)
    return root


def readme() -> Iterator[Typed]:
    """Yield the README's commands that are on no page of students' own."""
    known = {typed.line for typed in student_commands()}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return (typed for typed in typed_on("README.md", text, folder=".") if typed.line not in known)


@pytest.mark.parametrize(("typed", "rule", "folder"), cases(readme(), [*STAFF_RULES, *RULES]))
def test_what_the_readme_says_works(
    office: Path, handed_out: Path, typed: Typed, rule: Rule | None, folder: str
) -> None:
    is_staff = rule in STAFF_RULES
    place = ROOT if typed.line.startswith("make") else office if is_staff else handed_out / folder
    check(typed, rule, place, handed_out / "CIFAR", **({"PYTHONPATH": str(ROOT)} if is_staff else {}))


def test_commands_are_found_wherever_a_page_has_them() -> None:
    page = (
        "Do `python a.py` first.\n\n   ```sh\n   cd part\n   python -m b   # so\n"
        "   cd ..\n   pip install c\n   ```\n"
        "```\npython d.py --x Y      what it does\nno command\n```\n```python\npython = 3\n```\n"
    )
    found = [(typed.line, typed.folder) for typed in typed_on("p", page, folder=".")]
    assert found == [
        ("python -m b", "part"), ("pip install c", "."), ("python d.py --x Y", "."), ("python a.py", None)
    ]  # fmt: skip
