"""What a student's copy of a given package adds is exported; what the given one says stays."""

from __future__ import annotations

import pytest

from autograder.intake.additions import MOST, additions

OURS = b'"""Layers."""\n\nfrom .relu import ReLU\n\n__all__ = ["ReLU"]\n'
KNOWN = ("modules/__init__.py", "modules/relu.py", "modules/softmax_ce.py", "optimizer/sgd.py")
TOOLS = {"modules/tools.py": b"import math\n\ndef a(): pass\nclass B: pass\n_c = d, e = 1, 2\n"}


def added(theirs: bytes, own: dict[str, bytes] | None = None):
    return additions("modules/__init__.py", theirs, OURS, TOOLS if own is None else own, KNOWN)


EXPORTS = {
    "a name": (b"from .tools import a", "from .tools import a as a"),
    "another name": (b"from .tools import a as z", "from .tools import a as z"),
    "by the full name": (b"from modules.tools import a", "from .tools import a as a"),
    "from deeper": (b"from .kit.tools import a", "from .kit.tools import a as a"),
    "beside ours": (b"from .relu import ReLU, helper", "from .relu import helper as helper"),
}


@pytest.mark.parametrize(("theirs", "line"), EXPORTS.values(), ids=EXPORTS)
def test_names_from_beside_are_exported_directly(theirs: bytes, line: str) -> None:
    found = added(OURS + theirs)
    assert (found.lines.decode(), dict(found.modules)) == (f"\n{line}\n", {})


def test_a_star_exports_what_it_would() -> None:
    assert set(added(b"from .tools import *\n").names) == {"math", "a", "B", "d", "e"}


def test_what_the_copy_defines_itself_comes_out_of_the_rest_of_it() -> None:
    found = added(
        OURS + b"import numpy as np\nfrom .tools import a\nEPS = 1e-8\ndef f():\n    return a(EPS)\n"
    )
    assert found.names == ("np", "a", "EPS", "f")
    (rest,) = found.modules.values()
    assert b"from .relu import ReLU" not in rest  # which may be what asks for EPS
    assert b"from .tools import a\nEPS = 1e-8" in rest
    assert rest.count(b"\n") == OURS.count(b"\n") + 5  # so lines keep their numbers


TAKEN = {
    "a name of ours": b"from .tools import a as ReLU\n",
    "a name of ours, defined": b"class ReLU: pass\n",
    "an answer file": b"from .tools import a as relu\n",
    "a given file": b"from .tools import a as softmax_ce\n",
    "the list of names": b"__all__ = ['everything']\n",
    "nothing": b"from . import tools\n",
    "no source": b"def broken(:\n",
    "more than anybody writes": "".join(f"a{n} = 1\n" for n in range(MOST + 1)).encode(),
}


@pytest.mark.parametrize("theirs", TAKEN.values(), ids=TAKEN)
def test_nothing_takes_the_place_of_what_is_given(theirs: bytes) -> None:
    found = added(theirs)
    assert (found.lines, found.names, dict(found.modules), found.in_words()) == (b"", (), {}, "")


def test_what_a_copy_of_a_given_module_defines_beyond_it_is_looked_up_in_the_copy() -> None:
    theirs = b"import math\n\nclass Loss: pass\n\ndef helper(): return math.pi\n"
    found = additions("modules/loss.py", theirs, b"import math\n\nclass Loss: pass\n", {}, KNOWN)
    assert found.names == ("helper",)
    assert dict(found.modules) == {"modules/_your_loss.py": theirs}
    compile(found.lines, "loss.py", "exec")
    assert not additions("modules/loss.py", b"class Loss: pass\n", theirs, {}, KNOWN).names
