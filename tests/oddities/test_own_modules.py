"""Modules that students add, wherever they lie and however they are imported, are used and cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from autograder.core.model import Report
from tests.oddities.packing import RELU, Files, below

SAME = b"def same(x):\n    return x\n"
OTHER = b"from .base import same\n"
# What modules/relu.py imports `same` by, and the files that are added.
LAYOUTS: dict[str, tuple[str, Mapping[str, bytes]]] = {
    "beside the answer file": ("from .tools import same", {"modules/tools.py": SAME}),
    "beside, as if run there": ("from tools import same", {"modules/tools.py": SAME}),
    "beside, absolutely": ("from modules.tools import same", {"modules/tools.py": SAME}),
    "at the top": ("from tools import same", {"tools.py": SAME}),
    "at the top, as a whole": ("import tools\nsame = tools.same", {"tools.py": SAME}),
    "at the top, everything": ("from tools import *", {"tools.py": SAME}),
    "at the top, from a folder above": ("from part1_convnet.tools import same", {"tools.py": SAME}),
    "in the other collected folder": ("from optimizer.tools import same", {"optimizer/tools.py": SAME}),
    "in a package": ("from kit.tools import same", {"kit/__init__.py": b"", "kit/tools.py": SAME}),
    "in a folder without __init__": ("from kit.tools import same", {"kit/tools.py": SAME}),
    "in the package itself": ("from kit import same", {"kit/__init__.py": SAME}),
    "in a package that re-exports": (
        "from kit import same",
        {"kit/__init__.py": b"from .tools import same\n", "kit/tools.py": SAME},
    ),
    "in a package that re-exports everything": (
        "from kit import same",
        {"kit/__init__.py": b"from .tools import *\n", "kit/tools.py": SAME},
    ),
    "in a package that re-exports absolutely": (
        "from kit import same",
        {"kit/__init__.py": b"from kit.tools import same\n", "kit/tools.py": SAME},
    ),
    "in a package that computes": (
        "import kit\nsame = kit.KINDS['same']",
        {"kit/__init__.py": b"from .tools import same\nKINDS = {'same': same}\n", "kit/tools.py": SAME},
    ),
    "in a package of packages": (
        "from kit.deep.tools import same",
        {"kit/__init__.py": b"", "kit/deep/__init__.py": b"", "kit/deep/tools.py": SAME},
    ),
    "in a package below the answer file's": (
        "from .kit.tools import same",
        {"modules/kit/__init__.py": b"", "modules/kit/tools.py": SAME},
    ),
    "two folders up": (
        "from modules.kit.inner import same",
        {"modules/kit/inner.py": b"from ..base import same\n", "modules/base.py": SAME},
    ),
    "through another one": ("from kit.tools import same", {"kit/tools.py": OTHER, "kit/base.py": SAME}),
    "through one at the top": (
        "from tools import same",
        {"tools.py": b"import base\nsame = base.same\n", "base.py": SAME},
    ),
    "in a circle": (
        "from a import same",
        {"a.py": b"import b\n" + SAME, "b.py": b"import a\n"},
    ),
    "inside a function": ("def same(x):\n    from tools import same\n    return same(x)", {"tools.py": SAME}),
    "under a condition": (
        "try:\n    from .tools import same\nexcept ImportError:\n    from tools import same",
        {"tools.py": SAME},
    ),
}


def use_of(files: Files, statement: str) -> Files:
    """Return the answers with a ReLU that imports and uses `same`."""
    text = files[RELU].decode()
    used = text.replace("        return out\n", "        return same(out)\n")
    assert used != text
    return {**files, RELU: f"{statement}\n{used}".encode()}


@pytest.mark.parametrize(("statement", "added"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("folder", ["", "hw1/part1_convnet"])
def test_they_are_used(
    statement: str, added: Files, folder: str, graded: Callable[[Files], Report], answers: Files
) -> None:
    files = {**use_of(answers, statement), **added}
    report = graded(below(folder)(files) if folder else files)
    assert report.score == 100, [verdict.message for verdict in report.verdicts if not verdict.score]
    assert not report.violations
    assert any("Used beside the answer files" in remark for remark in report.remarks)


@pytest.mark.parametrize(
    "name", ["numpy.py", "torch.py", "random.py", "autograder/worker/wire.py", "os/x.py"]
)
def test_they_never_take_the_place_of_what_others_stand_on(
    name: str, graded: Callable[[Files], Report], answers: Files
) -> None:
    module = name.removesuffix(".py").replace("/", ".")
    guarded = f"try:\n    import {module}\nexcept ImportError:\n    pass\n"
    report = graded({**answers, RELU: guarded.encode() + answers[RELU], name: b"raise SystemExit\n"})
    assert report.score == 100
