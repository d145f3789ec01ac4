"""Modules that students add, wherever they lie and however they are imported, are used and cost nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from autograder.core.model import Report
from tests.oddities.packing import RELU, Files, below


def saved(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


ARRAY = saved(np.ones(()))
SAME = b"def same(x):\n    return x\n"
LINEAR = "modules/linear.py"
GIVEN = b'''"""The layers."""
from .conv_classifier import ConvNet
from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy
'''
INIT = "modules/__init__.py"
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
    "beside, as a whole, as if run there": ("import tools\nsame = tools.same", {"modules/tools.py": SAME}),
    "at the top, as a whole, from a folder above": (
        "import part1_convnet.tools\nsame = part1_convnet.tools.same",
        {"tools.py": SAME},
    ),
    "as a whole, by its full name": ("import modules.tools as t\nsame = t.same", {"modules/tools.py": SAME}),
    "in a folder put on the path": (
        "import os\nimport sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'kit'))\n"
        "from tools import same",
        {"kit/tools.py": SAME},
    ),
    "in a folder put on the path, as a whole": (
        "import sys\nsys.path.append('kit/deep')\nimport tools\nsame = tools.same",
        {"kit/deep/tools.py": SAME},
    ),
    "in the package, by its own copy of __init__": (
        "from modules import same",
        {"modules/tools.py": SAME, INIT: GIVEN + b"from .tools import same\n"},
    ),
    "in the package, under another name": (
        "from modules import alike as same",
        {"modules/tools.py": SAME, INIT: GIVEN + b"from .tools import same as alike\n"},
    ),
    "in the package, as its module is called": (
        "from modules import same",
        {"modules/same.py": SAME, INIT: b"from modules.same import *\n" + GIVEN},
    ),
    "in the package, from outside of it": (
        "from . import same",
        {"kit/tools.py": SAME, INIT: b"from kit.tools import same\n" + GIVEN},
    ),
    "in the package itself, by its own copy of __init__": (
        "from modules import FACTOR\nfrom . import same as one\ndef same(x):\n    return one(x) * FACTOR",
        {INIT: b"FACTOR = 1\n" + GIVEN + SAME},
    ),
    "in an answer file, by a star of its own copy of __init__": (
        "from modules import same",
        {LINEAR: SAME, INIT: GIVEN + b"from .linear import *\n"},
    ),
    "in a copy of a given module": (
        "from .softmax_ce import same",
        {
            "modules/softmax_ce.py": b"import numpy as np\n\n\nclass SoftmaxCrossEntropy:\n    pass\n\n\n"
            + SAME
        },
    ),
    "from the top, relatively": ("from ..tools import same", {"tools.py": SAME}),
    "from the top, relatively, as a whole": ("from .. import tools\nsame = tools.same", {"tools.py": SAME}),
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
    added = {name: answers[name] + text if name in answers else text for name, text in added.items()}
    files = {**use_of(answers, statement), **added}
    report = graded(below(folder)(files) if folder else files)
    assert report.score == report.max_score, [
        verdict.message for verdict in report.verdicts if not verdict.score
    ]
    assert not report.violations
    said = " ".join(report.remarks)
    assert "Used beside the answer files" in said or "What yours adds is there as well: " in said


def test_what_else_an_answer_file_defines_is_there_where_a_small_one_stands_in(
    graded: Callable[[Files], Report], answers: Files
) -> None:
    """ConvNet is tested with layers of ours in place of the student's."""
    net = answers["modules/conv_classifier.py"]
    files = {
        **answers,
        "modules/conv_classifier.py": b"from .linear import Linear, same\n"
        + net
        + b"\n\nassert same(1) == 1\n",
        LINEAR: answers[LINEAR] + b"\n\n" + SAME,
    }
    report = graded(files)
    assert report.score == report.max_score


BY_NAME: dict[str, tuple[str, Mapping[str, bytes]]] = {
    "beside": ("import_module('modules.tools')", {"modules/tools.py": SAME}),
    "beside, relatively": ("import_module('.tools', __package__)", {"modules/tools.py": SAME}),
    "beside, relatively to a package": (
        "import_module('.tools', package='modules')",
        {"modules/tools.py": SAME},
    ),
    "at the top": ("import_module('tools')", {"tools.py": SAME}),
    "in a package": ("import_module('kit.tools')", {"kit/__init__.py": b"", "kit/tools.py": SAME}),
    "in a folder without __init__": ("import_module(name='kit.tools')", {"kit/tools.py": SAME}),
    "through another one": ("import_module('kit.tools')", {"kit/tools.py": OTHER, "kit/base.py": SAME}),
    "by the function of Python": ("__import__('kit.tools', fromlist=['same'])", {"kit/tools.py": SAME}),
    "by a name that is made": ("import_module('modules.' + 'to' + 'ols')", {"modules/tools.py": SAME}),
    "after putting a folder on the path": (
        "(sys.path.insert(0, 'kit'), import_module('tools'))[1]",
        {"kit/tools.py": SAME},
    ),
    "from its file": (
        "(spec := importlib.util.spec_from_file_location('t', Path(__file__).parent / 'tools.py'), "
        "t := importlib.util.module_from_spec(spec), spec.loader.exec_module(t))[1]",
        {"modules/tools.py": SAME},
    ),
}


@pytest.mark.parametrize(("call", "added"), BY_NAME.values(), ids=BY_NAME)
def test_they_are_used_where_their_name_is_a_text(
    call: str, added: Files, graded: Callable[[Files], Report], answers: Files
) -> None:
    head = (
        "import importlib.util\nimport sys\nfrom importlib import import_module\nfrom pathlib import Path\n"
    )
    report = graded({**use_of(answers, f"{head}same = {call}.same"), **added})
    assert report.score == report.max_score, [
        verdict.message for verdict in report.verdicts if not verdict.score
    ]
    assert any("Used beside the answer files" in remark for remark in report.remarks)


def test_where_a_name_cannot_be_known_the_remark_says_what_that_costs(
    graded: Callable[[Files], Report], answers: Files
) -> None:
    statement = "import importlib\nsame = importlib.import_module('kit.' + 'tools').same"
    report = graded({**use_of(answers, statement), "kit/tools.py": SAME})
    assert report.score < report.max_score
    assert {v.spec.component for v in report.verdicts if v.score < v.spec.max_score} == {"relu"}
    (remark,) = [each for each in report.remarks if "shows only when it runs" in each]
    assert remark.startswith("modules/relu.py:2 imports a module")
    assert "only those in modules/ and optimizer/ and those that are imported by name are there" in remark


def test_a_copy_of_a_given_package_takes_no_place(graded: Callable[[Files], Report], answers: Files) -> None:
    """ReLU and the loss of the copy are different; the given package says what these names mean."""
    wrong = b"class ReLU:\n    pass\n\n\nclass SoftmaxCrossEntropy:\n    pass\n"
    copy = b"from .wrong import ReLU, SoftmaxCrossEntropy, softmax_ce, relu\n"
    net = answers["modules/conv_classifier.py"].decode()
    start = "from modules import Conv2D, Linear, MaxPooling, ReLU, SoftmaxCrossEntropy, relu\n"
    net = f"{start}assert relu.ReLU is ReLU\n{net[net.index('LAYERS =') :]}"
    files = {**answers, "modules/conv_classifier.py": net.encode(), "modules/wrong.py": wrong, INIT: copy}
    report = graded(files)
    assert report.score == report.max_score


DATA: dict[str, tuple[str, Mapping[str, bytes]]] = {
    "text": ("float((Path(__file__).parent / 'one.txt').read_text())", {"modules/one.txt": b"1"}),
    "JSON": ("json.load(open('modules/one.json'))['one']", {"modules/one.json": b'{"one": 1}'}),
    "JSON by its full path": (
        "json.loads((Path(__file__).resolve().parent / 'one.json').read_bytes())['one']",
        {"modules/one.json": b'{"one": 1}'},
    ),
    "an array": ("np.load(os.path.join(os.path.dirname(__file__), 'one.npy'))", {"modules/one.npy": ARRAY}),
    "an array by a name that is made": (
        'np.load(f\'{os.path.dirname(os.path.abspath(__file__))}/{"o" + "ne"}.npy\')',
        {"modules/one.npy": ARRAY},
    ),
    "a table": ("np.loadtxt('modules/one.csv', delimiter=',').sum()", {"modules/one.csv": b"0.25,0.75\n"}),
    "a table with gaps": ("np.genfromtxt('modules/one.csv').max()", {"modules/one.csv": b"1\n"}),
    "lines by the path from above": (
        "float(open('part1_convnet/modules/one.txt').readline())",
        {"modules/one.txt": b"1\n2\n"},
    ),
    "lines": ("float(next(iter(open('modules/data/one.txt'))))", {"modules/data/one.txt": b"1\n2\n"}),
    "if it is there": ("float(os.path.exists('modules/one.txt'))", {"modules/one.txt": b""}),
    "if it is a file": ("float(Path('modules/one.txt').is_file())", {"modules/one.txt": b""}),
}


@pytest.mark.parametrize(("value", "added"), DATA.values(), ids=DATA)
@pytest.mark.parametrize("folder", ["", "hw1/part1_convnet"])
def test_data_beside_them_is_read(
    value: str, added: Files, folder: str, graded: Callable[[Files], Report], answers: Files
) -> None:
    head = f"import json\nimport os\nfrom pathlib import Path\nimport numpy as np\nONE = {value}\n"
    files = {**use_of(answers, f"{head}def same(x):\n    return ONE * x"), **added}
    report = graded(below(folder)(files) if folder else files)
    assert report.score == report.max_score, [
        verdict.message for verdict in report.verdicts if not verdict.score
    ]
    assert f"Your code can read these files while it is graded: {next(iter(added))}." in report.remarks


def test_what_is_called_as_a_copy_and_is_used_is_not_said_to_be_ignored(
    graded: Callable[[Files], Report], answers: Files
) -> None:
    report = graded({**use_of(answers, "from .relu_copy import same"), "modules/relu_copy.py": SAME})
    assert report.score == report.max_score
    assert report.remarks == ("Used beside the answer files: modules/relu_copy.py.",)


@pytest.mark.parametrize(
    "name", ["numpy.py", "torch.py", "random.py", "autograder/worker/wire.py", "os/x.py"]
)
def test_they_never_take_the_place_of_what_others_stand_on(
    name: str, graded: Callable[[Files], Report], answers: Files
) -> None:
    module = name.removesuffix(".py").replace("/", ".")
    guarded = f"try:\n    import {module}\nexcept ImportError:\n    pass\n"
    report = graded({**answers, RELU: guarded.encode() + answers[RELU], name: b"raise SystemExit\n"})
    assert report.score == report.max_score
