from __future__ import annotations

import itertools

import pytest

from autograder.worker.wall.level import LAYERS, level_of


@pytest.mark.parametrize(
    ("layers", "hidden", "letter"),
    [
        (LAYERS, False, "A"),
        (("uid", "seccomp", "landlock"), False, "A"),
        (("uid", "seccomp", "chroot"), False, "B"),
        (("uid", "seccomp"), True, "B"),
        (("uid", "seccomp"), False, "D"),
        (("seccomp", "landlock"), False, "C"),
        (("uid", "landlock"), False, "D"),
        (("seccomp",), True, "D"),
        ((), False, "D"),
    ],
)
def test_layers_add_up_to_a_letter(layers: tuple[str, ...], hidden: bool, letter: str) -> None:
    assert level_of(layers, answers_are_hidden=hidden).letter == letter


def test_another_layer_never_lowers_the_level() -> None:
    for count in range(len(LAYERS)):
        for layers in itertools.combinations(LAYERS, count):
            for more in set(LAYERS) - set(layers):
                assert level_of([*layers, more]).letter <= level_of(layers).letter


def test_layers_are_listed_outermost_first_and_strangers_left_out() -> None:
    assert level_of(["seccomp", "uid", "moat", "process"]).layers == ("process", "uid", "seccomp")
