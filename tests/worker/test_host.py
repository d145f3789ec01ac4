from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.core.errors import HarnessError
from autograder.core.manifest import Limits
from autograder.core.model import Ending
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ALLOWED, ASK_RELU, RELU

Workspace = Callable[..., Path]


def test_a_lost_fork_server_is_replaced(limits: Limits, workspace: Workspace) -> None:
    folder = workspace({"modules/relu.py": RELU})
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as host:
        worker = host.open(folder, allowed_imports=ALLOWED)
        assert worker.ask(ASK_RELU, seconds=5).ending is Ending.ANSWERED
        server = host._running()._process
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        with pytest.raises(HarnessError, match=r"The fork server of the workers is lost .*; run `doctor`"):
            worker.ask(ASK_RELU, seconds=5)
        assert host.open(folder, allowed_imports=ALLOWED).ask(ASK_RELU, seconds=5).ending is Ending.ANSWERED


def test_an_unknown_runtime_is_our_fault(limits: Limits) -> None:
    with (
        pytest.raises(HarnessError, match="No worker runs the runtime 'none'; there are numpy and torch"),
        WorkerHost(runtime="none", limits=limits),
    ):
        pass


def test_a_workspace_that_is_no_folder_is_our_fault(host: WorkerHost, tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="is not a folder"):
        host.open(tmp_path / "nothing", allowed_imports=ALLOWED)


def test_facts_name_versions_and_the_wall(host: WorkerHost) -> None:
    facts = host.facts()
    assert set(facts) == {"python", "numpy", "system", "level", "layers"}
    assert facts["level"] == host.level.letter
    assert facts["layers"] == list(host.level.layers)


def test_links_in_a_workspace_are_not_followed(
    host: WorkerHost, workspace: Workspace, tmp_path: Path
) -> None:
    folder = workspace({"modules/linear.py": ""})
    (tmp_path / "modules" / "relu.py").symlink_to(__file__)
    worker = host.open(folder, allowed_imports=ALLOWED)
    error = worker.ask(ASK_RELU, seconds=5).error
    worker.close()
    assert error is not None
    assert error.type == "ModuleNotFoundError"


def test_only_files_in_a_workspace_are_read(host: WorkerHost, workspace: Workspace, tmp_path: Path) -> None:
    folder = workspace({"modules/relu.py": RELU, "modules/folder.py/inside.txt": "no source"})
    os.mkfifo(tmp_path / "modules" / "pipe.py")  # to open it would take for ever
    worker = host.open(folder, allowed_imports=ALLOWED)
    reply = worker.ask(ASK_RELU, seconds=5)
    worker.close()
    assert reply.ending is Ending.ANSWERED


@pytest.mark.slow
def test_the_torch_runtime_trains_a_layer(limits: Limits, workspace: Workspace) -> None:
    body = """
import torch

class ReLU:
    def forward(self, x):
        self.x = torch.tensor(x, requires_grad=True)
        torch.nn.Conv2d(1, 2, 3)(torch.randn(2, 1, 8, 8)).sum().backward()
        self.out = torch.relu(self.x)
        return self.out.detach().numpy()

    def backward(self, dout):
        self.out.backward(torch.tensor(dout))
        self.dx = self.x.grad.numpy()
"""
    limits = replace(limits, memory_mib=2048)
    with WorkerHost(runtime="torch", probes=("convnet",), limits=limits, unsafe=True) as host:
        worker = host.open(workspace({"modules/relu.py": body}), allowed_imports=("torch",))
        reply = worker.ask(ASK_RELU, seconds=60)
        worker.close()
        assert "torch" in host.facts()
    assert reply.ending is Ending.ANSWERED, reply
    assert reply.arrays["dx"].tolist() == [[0.0, 4.0]]
