from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autograder.core.library import OPEN
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Reply
from tests.worker.samples import ASK_RELU, RELU

Ask = Callable[..., Reply]
BROKEN = "def broken(:\n"
NETWORK = """
class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = [{"ReLU": ReLU, "Linear": Linear}[m.pop("type")](**m) for m in modules]
        self.criterion = SoftmaxCrossEntropy()
    def forward(self, x, y):
        for module in self.modules:
            x = module.forward(x)
        return self.criterion.forward(x, y)
"""
RELATIVE = "from .linear import Linear\nfrom .relu import ReLU\nfrom .softmax_ce import SoftmaxCrossEntropy\n"
STYLES = {
    "relative": RELATIVE,
    "relative star": "from .linear import *\nfrom .relu import *\nfrom .softmax_ce import *\n",
    "absolute": RELATIVE.replace("from .", "from modules."),
    "from the package": "from modules import Linear, ReLU, SoftmaxCrossEntropy\n",
    "package star": "from modules import *\n",
    "whole modules": "import modules.linear, modules.relu\nfrom modules import softmax_ce\n"
    "Linear, ReLU = modules.linear.Linear, modules.relu.ReLU\n"
    "SoftmaxCrossEntropy = softmax_ce.SoftmaxCrossEntropy\n",
    "renamed": "import modules.linear as l\nfrom . import relu as r\n"
    "from .softmax_ce import SoftmaxCrossEntropy\n"
    "Linear, ReLU = l.Linear, r.ReLU\n",
    "beside": RELATIVE.replace("from .", "from "),
    "one folder down": RELATIVE.replace("from .", "from part1_convnet.modules."),
    "inside functions": "def __getattr__(name): raise AttributeError(name)\nimport modules\n"
    "class _Late:\n    def __init__(self, name): self.name = name\n"
    "    def __call__(self, *a, **k):\n        from modules import Linear, ReLU, SoftmaxCrossEntropy\n"
    "        return locals()[self.name](*a, **k)\n"
    "Linear, ReLU, SoftmaxCrossEntropy = map(_Late, ('Linear', 'ReLU', 'SoftmaxCrossEntropy'))\n",
}
ASK_NET = Case(
    "convnet.convnet_from_dicts",
    {
        "modules": [{"type": "ReLU"}, {"type": "Linear", "in_dim": 2, "out_dim": 2}],
        "criterion": {"type": "SoftmaxCrossEntropy"},
        "backward": False,
    },
    {"x": np.array([[1.0, 2.0]]), "y": np.array([1])},
)


@pytest.mark.parametrize("style", STYLES)
def test_siblings_are_imported_in_any_style_with_stand_ins_in_their_place(
    ask: Ask, solution: dict[str, bytes], style: str
) -> None:
    reply = ask({**solution, "modules/conv_classifier.py": STYLES[style] + NETWORK}, ASK_NET)
    assert reply.ending is Ending.ANSWERED, reply.error
    assert reply.arrays["forward_order"].tolist() == [0, 1, -1]
    assert len(reply.remarks) == {"beside": 3, "one folder down": 3}.get(style, 0)


@pytest.mark.parametrize("style", ["relative", "absolute", "from the package", "relative star"])
@pytest.mark.parametrize("fault", [BROKEN, "1 / 0\n", "raise SystemExit\n", b"\xff\xfe\x00", b"x = 1\0"])
def test_a_broken_sibling_breaks_nobody_who_does_not_use_it(
    ask: Ask, solution: dict[str, bytes], style: str, fault: str | bytes
) -> None:
    imports = STYLES[style].replace("from .relu import ReLU\n", "").replace("ReLU, ", "")
    imports = imports.replace("from modules.relu import ReLU\n", "").replace("from .relu import *\n", "")
    files = {**solution, "modules/linear.py": fault, "modules/relu.py": imports + RELU}
    assert ask(files, ASK_RELU).ending is Ending.ANSWERED


def test_using_what_a_broken_sibling_should_define_names_its_fault(
    ask: Ask, solution: dict[str, bytes]
) -> None:
    relu = "from .linear import Linear\n" + RELU.replace("self.x = x", "self.x = Linear(1, 2).forward(x)")
    error = ask({**solution, "modules/linear.py": BROKEN, "modules/relu.py": relu}).error
    assert error is not None
    assert (error.type, error.file, error.line) == ("ImportError", "modules/relu.py", 7)
    assert error.message.startswith(
        "Linear cannot be used, for modules/linear.py could not be imported (SyntaxError in line 1: "
    )


@pytest.mark.parametrize(
    ("content", "kind", "line", "code"),
    [
        (BROKEN, "SyntaxError", 1, "def broken(:"),
        ("x = 1\n  y = 2\n", "IndentationError", 2, "y = 2"),
        ("import numpy as np\nnp.nothing\n", "AttributeError", 2, "np.nothing"),
        ("raise SystemExit(3)\n", "SystemExit", 1, "raise SystemExit(3)"),
        ("", "AttributeError", 0, ""),
    ],
)
def test_the_fault_of_a_file_is_told_with_its_line(
    ask: Ask, content: str, kind: str, line: int, code: str
) -> None:
    reply = ask({"modules/relu.py": content})
    assert reply.ending is Ending.RAISED
    assert reply.error is not None
    assert (reply.error.type, reply.error.line, reply.error.code) == (kind, line, code)


def test_a_missing_file_is_told(ask: Ask) -> None:
    error = ask({"modules/linear.py": ""}).error
    assert error is not None
    assert (error.type, error.message) == ("ModuleNotFoundError", "No module named 'modules.relu'")


def test_a_module_that_is_not_allowed_is_remarked_and_complains_when_used(ask: Ask) -> None:
    unused = "import matplotlib.pyplot as plt\nfrom torch import nn\nimport os, sys\n" + RELU
    reply = ask({"modules/relu.py": unused})
    assert reply.ending is Ending.ANSWERED
    assert [remark.split(", which")[0] for remark in reply.remarks] == [
        "modules/relu.py:1 imports matplotlib.pyplot",
        "modules/relu.py:2 imports torch",
        "modules/relu.py:3 imports os",
        "modules/relu.py:3 imports sys",
    ]
    error = ask({"modules/relu.py": unused.replace("self.x = x", "self.x = nn.ReLU()(x)")}).error
    assert error is not None
    assert (error.type, error.line) == ("ImportError", 9)
    assert error.message == "modules/relu.py:2 imports torch, which is not allowed here; remove the import."


@pytest.mark.parametrize(
    "use", ["nn()", "class A(nn): pass", "nn.x", "nn + 1", "for _ in nn: pass", "len(nn)"]
)
def test_every_use_of_a_refused_module_complains(ask: Ask, use: str) -> None:
    error = ask({"modules/relu.py": f"from torch import nn\n{use}\n"}).error
    assert error is not None
    assert (error.type, error.line) == ("ImportError", 2)


@pytest.mark.parametrize("way", ["importlib.import_module('torch')", "__import__('torch').ones(1)", "torch"])
def test_torch_cannot_be_had_in_the_numpy_part(ask: Ask, way: str) -> None:
    head = "import collections\nimportlib = collections._sys.modules['importlib']\ntorch = None\n"
    path = "collections._sys.path.append(__import__('numpy').__file__[:-18])\n"
    body = f"torch = {way}\nassert torch is not None\n"
    reply = ask({"modules/relu.py": head + path + body + RELU})
    assert reply.ending is Ending.RAISED


def test_with_rescue_what_stands_before_the_failing_line_is_used(ask: Ask) -> None:
    files = {"modules/relu.py": RELU + "\n1 / 0\nclass Late: pass\n"}
    assert ask(files).ending is Ending.RAISED
    rescued = ask(files, rescue=True)
    assert rescued.ending is Ending.ANSWERED
    assert rescued.remarks[0].startswith("modules/relu.py raised ZeroDivisionError in line 12: ")
    lost = ask({"modules/relu.py": "1 / 0\n" + RELU}, rescue=True)
    assert lost.error is not None and lost.error.type == "ZeroDivisionError"


def test_a_skipped_file_is_not_run(ask: Ask) -> None:
    error = ask({"modules/relu.py": "while True: pass\n"}, skip=frozenset({"modules/relu.py"})).error
    assert error is not None
    assert (error.type, error.file) == ("ImportError", "modules/relu.py")
    assert error.message == "left out: importing it did not finish before"


def test_circular_imports_work_as_in_python(ask: Ask) -> None:
    files = {
        "modules/relu.py": "from . import linear\n" + RELU,
        "modules/linear.py": "import modules.relu\nfrom modules import relu\n",
    }
    assert ask(files).ending is Ending.ANSWERED


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + RELU.encode(),
        RELU.replace("\n", "\r\n").encode(),
        RELU.replace("    ", "\t").encode(),
        "# -*- coding: latin-1 -*-\n# \xe9\xe8\n".encode("latin-1") + RELU.encode(),
        RELU.encode() + b"\nif __name__ == '__main__':\n    1 / 0\n",
        b"from __future__ import annotations\nfrom dataclasses import dataclass\n"
        b"@dataclass\nclass A:\n    x: int\n" + RELU.encode(),
        b"import warnings\nwarnings.warn('careful')\n" + RELU.encode(),
        b"import numpy as np\nnp.random.seed(3)\nnp.seterr(all='raise')\n" + RELU.encode(),
    ],
    ids=["BOM", "CRLF", "tabs", "latin-1", "main block", "dataclass", "warning", "seed"],
)
def test_honest_oddities_are_no_fault(ask: Ask, content: bytes) -> None:
    reply = ask({"modules/relu.py": content})
    assert reply.ending is Ending.ANSWERED, reply.error
    assert reply.arrays["out"].tolist() == [[0.0, 2.0]]


def test_stale_bytecode_is_ignored(ask: Ask) -> None:
    import py_compile
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "relu.py")
        source.write_text("1 / 0\n")
        py_compile.compile(str(source), cfile=f"{name}/relu.pyc")
        bytecode = Path(name, "relu.pyc").read_bytes()
    files = {"modules/relu.py": RELU, "modules/relu.pyc": bytecode}
    files |= {f"modules/__pycache__/relu.cpython-3{minor}.pyc": bytecode for minor in range(10, 14)}
    assert ask(files).ending is Ending.ANSWERED


def test_a_shadowed_library_is_not_taken(ask: Ask) -> None:
    files = {
        "modules/numpy.py": "1 / 0\n",
        "modules/math.py": "1 / 0\n",
        "modules/relu.py": "import math\n" + RELU,
    }
    assert ask(files).ending is Ending.ANSWERED


def test_a_rescued_file_hands_placeholders_to_its_siblings(ask: Ask, solution: dict[str, bytes]) -> None:
    files = {**solution, "modules/linear.py": "1 / 0\nclass Linear: pass\n"}
    files["modules/relu.py"] = (
        "from .linear import Linear\nfrom modules import Linear as L\n" + RELU
    ).encode()
    assert ask(files, rescue=True).ending is Ending.ANSWERED
    files["modules/relu.py"] += b"\nLinear()\n"
    lost = ask({**files, "modules/relu.py": b"from .linear import Linear\nLinear()\n" + RELU.encode()})
    assert lost.error is not None
    assert "ZeroDivisionError" in (lost.error.type, *lost.error.message.replace("(", " ").split())


STANDARD = (
    "logging",
    "pprint",
    "traceback",
    "datetime",
    "timeit",
    "inspect",
    "unittest",
    "tempfile",
    "pickle",
    "csv",
)


@pytest.mark.parametrize(
    "module", (*STANDARD, "importlib.util", "queue", "gc", "multiprocessing", "urllib.parse")
)
def test_modules_of_python_that_no_list_names_are_there(ask: Ask, part: Part, module: str) -> None:
    files = {"modules/relu.py": f"import {module} as used\nassert used.__name__ == '{module}'\n{RELU}"}
    reply = ask(files, allowed_imports=part.worker_imports)
    assert reply.ending is Ending.ANSWERED, reply.error
    assert not reply.remarks


@pytest.mark.parametrize("module", ["tkinter", "ctypes", "_socket", "_ctypes", "torch", "scipy"])
def test_modules_that_are_closed_are_refused_when_they_are_used(ask: Ask, part: Part, module: str) -> None:
    files = {"modules/relu.py": f"import {module}\n{RELU}"}
    reply = ask(files, allowed_imports=part.worker_imports)
    assert reply.ending is Ending.ANSWERED
    assert reply.remarks == (f"modules/relu.py:1 imports {module}, which is not allowed here.",)


def test_a_module_that_this_python_lacks_is_refused_when_it_is_used(ask: Ask) -> None:
    reply = ask(
        {"modules/relu.py": f"import numpy.no_such_part\nimport nowhere\n{RELU}"},
        allowed_imports=("numpy", "nowhere"),
    )
    assert reply.ending is Ending.ANSWERED
    assert [remark.split(":1 ")[-1] for remark in reply.remarks][:1] == [
        "imports numpy.no_such_part, which is not there."
    ]


PREPARED = {
    "ImportError": "try:\n    import numba\nexcept ImportError:\n    numba = None\n",
    "its subclass": "try:\n    from numba import njit\nexcept ModuleNotFoundError:\n    numba = None\n",
    "several": "try:\n    import numba\nexcept (ImportError, OSError):\n    numba = None\n",
    "everything": "try:\n    import numba\nexcept:\n    numba = None\n",
    "under a condition": "try:\n    if True:\n        import numba\nexcept Exception:\n    numba = None\n",
    "suppressed": "import contextlib as c\nnumba = None\nwith c.suppress(ImportError):\n    import numba\n",
}


@pytest.mark.parametrize("lines", PREPARED.values(), ids=PREPARED)
def test_a_file_that_is_prepared_to_do_without_a_module_does_without(ask: Ask, lines: str) -> None:
    files = {"modules/relu.py": f"{lines}assert numba is None\n{RELU}"}
    reply = ask(files, allowed_imports=("numpy", "contextlib"))
    assert reply.ending is Ending.ANSWERED, reply.error


STOPS = (
    "breakpoint()",
    "breakpoint(header='here')",
    "import pdb; pdb.set_trace()",
    "from pdb import set_trace; set_trace()",
    "__import__('pdb').set_trace()",
    "import ipdb; ipdb.set_trace()",
    "from IPython import embed; embed()",
    "import IPython; IPython.embed()",
    "from IPython.core.debugger import set_trace; set_trace()",
    "import code; code.interact(local=locals())",
    "import pudb; pudb.set_trace()",
)


@pytest.mark.parametrize("stop", STOPS)
def test_a_forgotten_stop_is_passed_over_and_said(ask: Ask, part: Part, stop: str) -> None:
    source = RELU.replace("        self.x = x\n", f"        self.x = x\n        {stop}\n")
    reply = ask({"modules/relu.py": source}, allowed_imports=part.worker_imports)
    assert reply.ending is Ending.ANSWERED, reply.error
    assert reply.remarks == ("modules/relu.py:7 stops for a debugger; it was ignored. Remove it.",)


def test_anything_else_of_a_debugger_is_refused_in_words(ask: Ask) -> None:
    error = ask({"modules/relu.py": f"import pdb\npdb.post_mortem()\n{RELU}"}).error
    assert error is not None
    assert (error.type, error.line) == ("ImportError", 2)
    assert error.message == "modules/relu.py:1 imports pdb, which is not allowed here; remove the import."


# What Python's own import system finds, and what `open` does


def test_importlib_finds_the_workspace_and_takes_the_same_modules(ask: Ask) -> None:
    relu = (
        "import importlib.util, pickle, sys\nfrom . import tools\n"
        "assert importlib.import_module('modules.tools') is tools is sys.modules['modules.tools']\n"
        "assert importlib.import_module('.tools', __package__) is tools\n"
        "assert importlib.util.find_spec('modules.nothing') is None\n"
        "assert pickle.loads(pickle.dumps(tools.Point)) is tools.Point\n"
    )
    files = {"modules/tools.py": "class Point: pass\n", "modules/relu.py": relu + RELU}
    assert ask(files, allowed_imports=[*OPEN, "numpy"]).error is None


def test_a_module_elsewhere_never_stands_for_one_that_is_there(ask: Ask) -> None:
    relu = (
        "import importlib, sys\nsys.path.append('modules')\n"
        "for name in ('autograder.worker.probes.nothing', 'numpy.nothing', 'json.nothing'):\n"
        "    try:\n        importlib.import_module(name)\n"
        "    except ModuleNotFoundError:\n        continue\n"
        "    raise AssertionError(name)\n"
        "importlib.import_module('kit.nothing')\n"
    )
    tops = ("autograder/worker/probes", "numpy", "json", "kit")
    files = {f"modules/{top}/nothing.py": "x = 1\n" for top in tops}
    assert ask({**files, "modules/relu.py": relu + RELU}, allowed_imports=[*OPEN, "numpy"]).error is None


def test_folders_of_the_workspace_can_be_looked_through(ask: Ask) -> None:
    relu = (
        "import glob, os\nfrom pathlib import Path\n"
        "here = Path(__file__).resolve().parent\n"
        "assert glob.glob('modules/*.txt') == ['modules/a.txt']\n"
        "assert [path.name for path in here.glob('*.txt')] == ['a.txt']\n"
        "assert sorted(path.name for path in here.rglob('*.txt')) == ['a.txt', 'b.txt']\n"
        "assert [names for _, _, names in os.walk(here / 'deep')] == [['b.txt']]\n"
        "assert {entry.name for entry in os.scandir('modules') if entry.is_dir()} == {'deep'}\n"
        "assert 'modules' in os.listdir('.')\n"
        "assert not glob.glob('elsewhere/*')\n"
    )
    files = {"modules/a.txt": "", "modules/deep/b.txt": "", "modules/relu.py": relu + RELU}
    assert ask(files, allowed_imports=[*OPEN, "numpy"]).error is None


def test_importlib_fails_as_statements_do(ask: Ask) -> None:
    relu = "import importlib\nimportlib.import_module('modules.broken')\n"
    error = ask(
        {"modules/broken.py": BROKEN, "modules/relu.py": relu + RELU}, allowed_imports=[*OPEN, "numpy"]
    ).error
    assert error is not None
    assert (error.type, error.file) == ("SyntaxError", "modules/broken.py")


def test_files_of_the_workspace_can_be_read_and_not_written(ask: Ask) -> None:
    relu = (
        "import os\nfrom pathlib import Path\n"
        "here = Path(__file__).parent / 'a.txt'\n"
        "assert open('modules/a.txt').read() == here.read_text() == 'one\\n'\n"
        "assert open(here, 'rb').read() == here.read_bytes() == b'one\\n'\n"
        "assert here.exists() and os.path.getsize('/modules/a.txt') == 4 and here.parent.is_dir()\n"
        "assert not os.path.exists('modules/b.txt')\n"
        "for mode in ('w', 'a', 'r+', 'x'):\n"
        "    try:\n        open(here, mode)\n    except OSError:\n        continue\n"
        "    raise AssertionError(mode)\n"
        "try:\n    open('modules/b.txt')\nexcept OSError as error:\n    assert 'b.txt' in str(error)\n"
    )
    assert (
        ask(
            {"modules/a.txt": "one\n", "modules/relu.py": relu + RELU}, allowed_imports=[*OPEN, "numpy"]
        ).error
        is None
    )
