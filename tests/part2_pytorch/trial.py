"""Run in a workspace of part 2: which of the wrong files on standard input do the public tests let pass?

    python trial.py < wrong.json        {"id": ["models/cnn.py", ["tests.test_cnn"], "wrong source"], ...}

All in one process, for torch takes seconds to start. Prints a JSON dict: for every id "passes", or the first
line of the first failure.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import types
import unittest


def load(file: str, source: str) -> types.ModuleType:
    """Run `source` as if it stood in `file`, beside the right files of the workspace."""
    name = file.removesuffix(".py").replace("/", ".")
    module = types.ModuleType(name)
    module.__package__ = name.rpartition(".")[0]
    exec(compile(source, file, "exec"), module.__dict__)
    return module


def verdict(file: str, tests: list[str], source: str) -> str:
    """Return "passes", or what the first failing public test says of `source`."""
    wrong = load(file, source)
    suite = unittest.TestSuite()
    for name in tests:
        module = importlib.reload(importlib.import_module(name))
        for public in ("TwoLayerNet", "VanillaCNN", "MyModel", "FocalLoss", "reweight", "Solver"):
            if hasattr(module, public) and hasattr(wrong, public):
                setattr(module, public, getattr(wrong, public))
        suite.addTest(unittest.defaultTestLoader.loadTestsFromModule(module))
    result = unittest.TextTestRunner(stream=io.StringIO(), failfast=True).run(suite)
    if result.wasSuccessful():
        return "passes"
    return (result.failures + result.errors)[0][1].strip().splitlines()[-1]


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    sys.path.insert(0, "")
    wrong = json.load(sys.stdin)
    print(json.dumps({name: verdict(*case) for name, case in wrong.items()}))
