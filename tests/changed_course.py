"""A copy of the project in which an instructor has changed what a course may change, to try our tests on:

    python -m tests.changed_course FOLDER

Every component has other points and another title, one is renamed, one hidden test and one known bug are new.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from autograder.core.manifest import Part
from autograder.course import load_course

ROOT = Path(__file__).resolve().parents[1]
OLD, NEW = "saliency", "grad_attention"  # a component, and what it is called afterwards
OF_OLD = ("autograder/hidden_tests/robustness", "autograder/mutants/robustness")
NEW_TEST = '''"""One more question about ReLU."""

from __future__ import annotations

from gradescope_utils.autograder_utils.decorators import number, tags, weight

from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.convnet.cases import relu_case


class TestTallReLU(HiddenTestCase):
    """ReLU on tall arrays."""

    component = "relu"

    @weight(1)
    @number("3.99")
    @tags("relu", "forward")
    def test_tall(self) -> None:
        """ReLU.forward: an array of one column is treated like any other."""
        self.assert_replies_match(relu_case(7001, (9, 1)), keys=["out"])
'''
NEW_BUG = """MUTANTS = (
    _relu(
        "relu-lifts-everything",
        replace="out = np.maximum(x, 0)",
        by="out = np.maximum(x, 0) + 0.5",
        hint="All entries come out too large by the same amount. ReLU adds nothing to what it lets pass.",
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
    manifest.write_text(re.sub(rf"^{OLD}(?= +=)", NEW, text, flags=re.MULTILINE), encoding="utf-8")
    for folder in OF_OLD:
        for path in (target / folder).rglob("*.py"):
            _edit(
                path,
                {
                    f'"{OLD}"': f'"{NEW}"',
                    f'"{OLD}-': f'"{NEW}-',
                    f'manners_case("{NEW}"': f'manners_case("{OLD}"',
                },
            )
    (target / "autograder/hidden_tests/convnet/relu_tall.py").write_text(NEW_TEST, encoding="utf-8")
    _edit(target / "autograder/mutants/convnet/relu.py", {"MUTANTS = (\n": NEW_BUG})
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
    folder = Path(sys.argv[1])
    copy_project(folder)
    change(folder)
