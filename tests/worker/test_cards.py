"""Code that asks for a graphics card, in whatever words, computes the same on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending
from autograder.worker.grader_side.host import WorkerHost

MODEL = """
import io
import torch
from torch import nn

class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.scores = nn.Linear(6, 4)

    def forward(self, x):
        m = self
        {line}
        return self.scores(x.mean((2, 3)))
"""
WEIGHT, BIAS = np.arange(24.0).reshape(4, 6) / 24, np.ones(4)
IMAGES = np.random.default_rng(0).normal(size=(2, 6, 3, 5))
ASK = Case("pytorch.vanilla_cnn", {}, {"x": IMAGES, "weight_0": WEIGHT, "bias_0": BIAS})
CHECKPOINT = "b = io.BytesIO(); torch.save({'a': torch.ones(2)}, b); b.seek(0); "
TIMING = "s = torch.cuda.Event(enable_timing=True); s.record(); torch.cuda.synchronize(); s.elapsed_time(s)"
SCALER = "g = torch.amp.GradScaler('cuda'); x = g.scale(x)"
LINES = (
    # tensors that are moved
    "x = x.cuda()",
    "x = x.cuda(0)",
    "x = x.cuda(device='cuda:0', non_blocking=True)",
    "x = x.to('cuda')",
    "x = x.to('cuda:1', non_blocking=True)",
    "x = x.to(device='cuda')",
    "x = x.to(0)",
    "x = x.to(device=0)",
    "x = x.to(torch.device('cuda'))",
    "x = x.to(torch.device('cuda', 0))",
    "x = x.to(torch.device(type='cuda', index=0))",
    "x = x.to(torch.device(0))",
    "x = x.to('cuda', torch.float32)",
    "x = x.to('mps')",
    "x = x.to('xpu')",
    "x = x.pin_memory().cuda()",
    "gpu = 0; x = x.to(gpu)",
    "x = x.type(torch.cuda.FloatTensor)",
    "x = x.type('torch.cuda.FloatTensor')",
    "x = x.type_as(torch.cuda.FloatTensor([1.0]))",
    # tensors that are made
    "x = x * torch.cuda.FloatTensor([1.0])",
    "torch.cuda.LongTensor(3, 2)",
    "x = x * torch.ones(1, device='cuda')",
    "x = x * torch.ones(1, device=torch.device('cuda:0'))",
    "x = x * torch.ones(1, device=0)",
    "x = x + torch.zeros_like(x, device='cuda')",
    "x = x * torch.tensor([1.0], device='cuda')",
    "x = x + x.new_zeros(1, device='cuda')",
    "x = x + torch.zeros(1, pin_memory=True)",
    "x = x + 0 * torch.randn(1, device='cuda', generator=torch.Generator('cuda'))",
    "torch.Generator(device='cuda').manual_seed(3)",
    "torch.set_default_device('cuda'); x = x * torch.ones(1)",
    "torch.set_default_device(0); x = x * torch.ones(1)",
    "torch.set_default_tensor_type(torch.cuda.FloatTensor); x = x * torch.ones(1)",
    "torch.set_default_tensor_type('torch.cuda.FloatTensor'); x = x * torch.ones(1)",
    "exec('with torch.device(\"cuda\"): torch.ones(1)')",
    f"{CHECKPOINT}torch.load(b, map_location='cuda')",
    f"{CHECKPOINT}torch.load(b, map_location=torch.device('cuda:0'))",
    f"{CHECKPOINT}torch.load(b, map_location={{'cpu': 'cuda:0'}})",
    f"{CHECKPOINT}torch.load(b, map_location=lambda storage, place: storage.cuda())",
    # models
    "self.cuda()",
    "self.cuda(0)",
    "self.to('cuda')",
    "self.to(0)",
    "self.to(device=torch.device('cuda'))",
    "self.type(torch.cuda.FloatTensor)",
    "nn.Linear(2, 2, device='cuda')",
    "nn.DataParallel(nn.Identity(), device_ids=[0]).cuda()(x)",
    "nn.CrossEntropyLoss(weight=torch.ones(3).cuda()).cuda()(torch.ones(1, 3), torch.tensor([1]).cuda())",
    "self.compile()",
    "torch.compile(nn.Identity())(x)",
    # torch.cuda itself
    "torch.cuda.synchronize()",
    "torch.cuda.empty_cache()",
    "torch.cuda.manual_seed(0); torch.cuda.manual_seed_all(0); torch.cuda.initial_seed()",
    "torch.cuda.set_device(0); torch.cuda.set_device('cuda:0'); torch.cuda.current_device()",
    "torch.cuda.get_device_name(0); torch.cuda.get_device_properties('cuda').total_memory",
    "torch.cuda.get_device_capability(); torch.cuda.mem_get_info(); torch.cuda.memory_summary()",
    "torch.cuda.reset_peak_memory_stats(); torch.cuda.max_memory_allocated()",
    "torch.cuda.set_rng_state(torch.cuda.get_rng_state())",
    "exec('with torch.cuda.device(0): x.cuda()')",
    "exec('with torch.cuda.stream(torch.cuda.Stream()): x.cuda()')",
    "torch.cuda.current_stream().wait_stream(torch.cuda.Stream())",
    TIMING,
    "torch.backends.cudnn.benchmark = True; torch.backends.cudnn.deterministic = True",
    "torch.use_deterministic_algorithms(True)",
    "torch.accelerator.synchronize(); torch.mps.empty_cache()",
    "torch.get_device_module().synchronize()",
    # precision
    SCALER.replace("x = g.scale(x)", "g.scale(x)"),
    "c = torch.autocast('cuda'); c.__enter__()",
    "c = torch.autocast(device_type='cuda', dtype=torch.float16); c.__enter__()",
    "c = torch.autocast(torch.device('cuda').type, dtype=torch.bfloat16); c.__enter__()",
    "c = torch.cuda.amp.autocast(); c.__enter__()",
)


@pytest.fixture(scope="module")
def torch_host() -> Iterator[WorkerHost]:
    limits = Limits(
        test_seconds=20, part_seconds=60, memory_mib=512, processes=64, output_kib=16, file_mib=4, reply_mib=8
    )
    with WorkerHost(runtime="torch", probes=("pytorch",), limits=limits, unsafe=True) as running:
        yield running


@pytest.mark.parametrize("line", LINES)
def test_it_computes_the_same(line: str, torch_host: WorkerHost, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "cnn.py").write_text(MODEL.format(line=line))
    worker = torch_host.open(tmp_path, allowed_imports=("torch", "io", "models"))
    try:
        reply = worker.ask(ASK, seconds=20)
    finally:
        worker.close()
    assert reply.ending is Ending.ANSWERED, reply.error
    assert reply.arrays["out"].dtype == np.float32
    expected = IMAGES.mean((2, 3)) @ WEIGHT.T + BIAS
    np.testing.assert_allclose(reply.arrays["out"], expected, rtol=1e-5, atol=1e-5)
