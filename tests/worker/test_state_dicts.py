"""The weights that fit a model are found in what people save; what does not fit is said."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
import torch

from autograder.worker.probes.state_dicts import weights_for

PLAIN = {"first.weight": torch.arange(6.0).reshape(2, 3), "norm.num_batches_tracked": torch.tensor(3)}


def saved(thing: object) -> bytes:
    stream = io.BytesIO()
    torch.save(thing, stream)
    return stream.getvalue()


def under(prefix: str, state: Mapping[str, torch.Tensor] = PLAIN) -> dict[str, torch.Tensor]:
    return {prefix + name: entry for name, entry in state.items()}


@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "_orig_mod.module.", "model.net."])
def test_a_prefix_that_all_names_have_is_taken_off(prefix: str) -> None:
    found = weights_for(PLAIN, saved(under(prefix)), "Net")
    assert found.stripped == bool(prefix)
    torch.testing.assert_close(dict(found.state), PLAIN)


def test_a_model_whose_own_layer_is_called_module_keeps_its_names() -> None:
    own = under("module.")
    for content in (saved(own), saved(under("module.", own))):
        found = weights_for(own, content, "Net")
        torch.testing.assert_close(dict(found.state), own)
    assert not weights_for(own, saved(own), "Net").stripped


def test_counters_do_not_count_and_stay_those_of_the_model() -> None:
    counted = {"first.weight": PLAIN["first.weight"], "first.total_ops": torch.zeros(1)}
    found = weights_for(PLAIN, saved(counted), "Net")
    assert found.state["norm.num_batches_tracked"] == 3
    assert "first.total_ops" not in found.state


def test_of_two_state_dicts_under_odd_names_none_is_chosen() -> None:
    with pytest.raises(ValueError, match="holds a dict instead of a dict of tensors"):
        weights_for(PLAIN, saved({"student": PLAIN, "teacher": PLAIN}), "Net")


def test_names_that_do_not_fit_are_said_without_the_prefix() -> None:
    other = under("module.", {**PLAIN, "second.weight": torch.zeros(2)})
    with pytest.raises(ValueError, match=r"it has also second\.weight\. Train and save"):
        weights_for(PLAIN, saved(other), "Net")
