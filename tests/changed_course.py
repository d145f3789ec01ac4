"""A copy of the project in which an instructor has changed what a course may change, to try our tests on:

    python -m tests.changed_course FOLDER
    python -m tests.changed_course FOLDER --remove PART.COMPONENT

Every component has other points and another title; in parts 1 and 2 and a lab one is renamed; parts 1 and 2
have a hidden test and a known bug more. With --remove, the manifest does without these components or theory
questions instead, and nothing else is changed: their hidden tests and bugs stay where they are.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.core.manifest import Part
from autograder.course import load_course

ROOT = Path(__file__).resolve().parents[1]
RENAMED = {  # a component, and what it is called afterwards
    "convnet": ("sgd", "momentum_sgd"),
    "pytorch": ("reweight", "class_weights"),
    "robustness": ("saliency", "grad_attention"),
}
RELU_TEST = '''"""One more question about ReLU."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import relu_case
from autograder.hidden_tests.plain import plain


class TestTallReLU(HiddenTestCase):
    """ReLU on tall arrays."""

    component = "relu"

    @plain
    @weight(1)
    @number("3.99")
    @tags("relu", "forward")
    def test_tall(self) -> None:
        """ReLU.forward: an array of one column is treated like any other."""
        self.assert_replies_match(relu_case(7001, (9, 1)), keys=["out"])
'''
RELU_BUG = """MUTANTS = (
    _relu(
        "relu-lifts-everything",
        replace="out = np.maximum(x, 0)",
        by="out = np.maximum(x, 0) + 0.5",
        hint="All entries come out too large by the same amount. ReLU adds nothing to what it lets pass.",
    ),
"""

REWEIGHT_TEST = """

class TestTwoClasses(HiddenTestCase):
    \"\"\"reweight with two classes.\"\"\"

    component = "reweight"

    @plain
    @weight(1)
    @number("4.99")
    @tags("reweight", "forward")
    def test_two(self) -> None:
        \"\"\"reweight: two classes of 40 and 10 samples.\"\"\"
        case = reweight_case((40, 10))
        self.assert_replies_match(case, keys=["weights"], tolerance=NEAR_ONE, clear=CLEAR)
"""
REWEIGHT_BUG = """MUTANTS = (
    _reweight(
        "reweight-lifts-everything",
        replace=_SCALE,
        by=_SCALE + " + 0.5",
        hint="Every weight is too large by the same amount. Nothing is added after the scaling.",
    ),
"""


def tracked(root: Path) -> list[str]:
    """Return the files of the project, new ones too."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    return [name for name in listed.stdout.decode().splitlines() if (root / name).is_file()]


def copy_project(target: Path) -> None:
    """Copy the files of the project to `target`, which becomes a repository of its own."""
    for name in tracked(ROOT):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)
    (target / ".venv").symlink_to(Path(sys.prefix))


def change(target: Path) -> None:
    """Change the course in `target`, and bring up to date what is generated of it."""
    manifest = target / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    for part in load_course(ROOT).manifest.parts:
        text = _with_other_components(text, part)
    manifest.write_text(text, encoding="utf-8")
    _add_tests_and_bugs(target)
    for part_name, (old, new) in RENAMED.items():
        _rename(target, part_name, old, new)
    _regenerate(target)


def remove(target: Path, names: Sequence[str]) -> None:
    """Take the components `names` ("part.component") out of the manifest in `target`."""
    manifest = target / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    for name in names:
        part_name, component = name.split(".")
        title = load_course(ROOT).manifest.part(part_name).component(component).title
        line = rf'^{component} +=.*"{re.escape(title)}".*\n'
        text, found = re.subn(line, "", text, flags=re.MULTILINE)
        assert found == 1, name
        text = re.sub(rf"^{component} += \{{ module = .*\n", "", text, flags=re.MULTILINE)
    manifest.write_text(text, encoding="utf-8")
    _regenerate(target)


def _add_tests_and_bugs(target: Path) -> None:
    tests, bugs = target / "autograder" / "hidden_tests", target / "autograder" / "mutants"
    (tests / "convnet" / "relu_tall.py").write_text(RELU_TEST, encoding="utf-8")
    _edit(bugs / "convnet" / "relu.py", {"MUTANTS = (\n": RELU_BUG})
    path = tests / "pytorch" / "reweight.py"
    _edit(
        path,
        {"import FactCase\n": "import FactCase\nfrom autograder.hidden_tests.case import HiddenTestCase\n"},
    )
    path.write_text(path.read_text(encoding="utf-8") + REWEIGHT_TEST, encoding="utf-8")
    _edit(bugs / "pytorch" / "reweight.py", {"MUTANTS = (\n": REWEIGHT_BUG})


def _rename(target: Path, part_name: str, old: str, new: str) -> None:
    """Rename a component wherever it is declared: manifest, hidden tests, known bugs, samples."""
    manifest = target / "assignment.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(re.sub(rf"^{old}(?= += {{ title)", new, text, flags=re.MULTILINE), encoding="utf-8")
    for folder in ("hidden_tests", "mutants"):
        for path in (target / "autograder" / folder / part_name).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            declared = rf'((?:component *= *|@tags\(|^    )"){old}(?=")'
            text = re.sub(declared, rf"\g<1>{new}", text, flags=re.MULTILINE)
            path.write_text(text.replace(f'"{old}-', f'"{new}-'), encoding="utf-8")
    for path in (target / "tests" / "golden").glob("*/case.toml"):
        _edit(path, {f'"{old}"': f'"{new}"', f'"{old}-': f'"{new}-'})


def _regenerate(target: Path) -> None:
    subprocess.run([sys.executable, "-m", "autograder", "skeleton"], cwd=target, check=True)


def _with_other_components(text: str, part: Part) -> str:
    """Return the manifest with other points and titles for `part`: none of them what they were."""
    for place, component in enumerate(part.components):
        line = next(
            line for line in text.splitlines()
            if line.startswith(f"{component.name} ") and f'"{component.title}"' in line
        )  # fmt: skip
        points = round(component.points * 1.2 + 0.25 * (place + 1), 2) if component.points else 0
        changed = line.replace(f'"{component.title}"', f'"{component.title}, changed"')
        text = text.replace(line, re.sub(r"points = [\d.]+", f"points = {points:g}", changed))
    return text


def _edit(path: Path, changes: Mapping[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--remove", action="append", default=[], metavar="PART.COMPONENT")
    arguments = parser.parse_args()
    copy_project(arguments.folder)
    if arguments.remove:
        remove(arguments.folder, arguments.remove)
    else:
        change(arguments.folder)
