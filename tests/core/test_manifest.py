"""The manifest: our own file is sound, and every field that is wrong is named."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import CourseError
from autograder.core.manifest import RateLimit
from autograder.core.manifest_reading import override, parse_manifest
from autograder.core.violation import Severity

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@pytest.fixture
def table(project: Path) -> dict[str, Any]:
    return tomllib.loads((project / "assignment.toml").read_text(encoding="utf-8"))


def put(table: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return `table` with the entry at `path` replaced; the value None removes it."""
    changed = copy.deepcopy(table)
    target = changed
    *sections, field = path.split(".")
    for section in sections:
        target = target[section]
    if value is None:
        del target[field]
    else:
        target[field] = value
    return changed


def test_our_manifest_says_what_the_handout_says(table: dict[str, Any]) -> None:
    manifest = parse_manifest(table)
    part = manifest.part("convnet")
    assert part.points == sum(component.points for component in part.components) > 0
    assert [component.name for component in part.components] == list(table["parts"]["convnet"]["components"])
    assert {component.file for component in part.components} == set(part.answer_files)
    assert manifest.policy.prints is Severity.ZERO
    assert manifest.policy.imports is Severity.WARN


def test_a_part_inherits_limits_and_may_change_them(table: dict[str, Any]) -> None:
    part = parse_manifest(put(table, "parts.convnet.limits", {"test_seconds": 3})).part("convnet")
    assert part.limits.test_seconds == 3
    assert part.limits.part_seconds == table["limits"]["part_seconds"]


WRONG = {
    "policy.prints": (
        "maybe",
        '[policy]: expected prints to be "warn", "zero" or a number of points above 0, got \'maybe\'',
    ),
    "policy.signatures": (-1, "[policy]: expected signatures to be"),
    "policy.non_runnable": (5, '[policy]: expected non_runnable to be "warn" or "zero", got 5'),
    "policy.imports": (None, "[policy]: expected imports"),
    "limits.test_seconds": (0, "[limits]: expected test_seconds to be a number above 0, got 0"),
    "limits.memory_mib": (True, "[limits]: expected memory_mib to be a number above 0, got True"),
    "parts.pytorch.limits": (3, "expected a table [parts.pytorch.limits], got 3"),
    "intake.members": ("many", "[intake]: expected members"),
    "feedback.hidden_tests": ("never", "[feedback]: expected hidden_tests to be one of visible"),
    "feedback.hints": ("yes", "[feedback]: expected hints to be true or false, got 'yes'"),
    "feedback.leaderboard": ("on", "[feedback]: expected leaderboard to be true or false"),
    "rate_limit.submissions": (
        1.5,
        "[rate_limit]: expected submissions to be a whole number, got 1.5",
    ),
    "rate_limit.hours": (0, "[rate_limit]: expected hours to be a number above 0"),
    "assignment": ([], "expected a table [assignment]"),
    "parts.convnet.runtime": ("jax", "[parts.convnet]: expected runtime to be one of numpy"),
    "parts.convnet.answer_files": (
        [1],
        "[parts.convnet]: expected answer_files to be a list of texts, got [1]",
    ),
    "parts.convnet.title": (None, "[parts.convnet]: expected title, got None"),
    "parts.convnet.components.relu": (
        {"title": "ReLU", "file": "x"},
        "[parts.convnet.components.relu]: expected points",
    ),
    "parts.convnet": (3, "expected a table [parts.convnet]"),
    "parts.convnet.kind": ("essay", '[parts.convnet]: expected kind to be "code" or "sheet", got \'essay\''),
    "parts.convnet.probs": (["convnet"], "[parts.convnet]: no field is called probs; is probes meant?"),
    "parts.convnet.probes": ([], "[parts.convnet]: a part of code needs probes; found none"),
    "policies": ({}, "[policies] is not a known table; is policy meant?"),
    "parts.pytorch.zip": (
        "part1_convnet_submission.zip",
        "[parts.pytorch]: the zip name 'part1_convnet_submission.zip' is also that of [parts.convnet]",
    ),
    "parts.pytorch.test_set.source": ("imagenet", "[parts.pytorch]: expected test_set"),
    "parts.pytorch.weights.twolayer_checkpoint": (
        None,
        "'checkpoints/twolayernet.pth' of twolayer_checkpoint is not in answer_files, and "
        "[parts.pytorch.weights] does not mention it.",
    ),
    "parts.pytorch.partial.weighted_mean": (
        1.5,
        "[parts.pytorch.partial]: expected weighted_mean to be in [0, 1]",
    ),
    "parts.convnet.components.relu.points": (1.005, "expected relu to have points with at most two decimals"),
    "parts.convnet.components.relu.file": (
        "modules/gelu.py",
        "'modules/gelu.py' of relu is not in answer_files",
    ),
}
WRONG_DROPS = {
    "an unknown part": ({"convet": {"1.1": "why"}}, "[drop]: no part is called convet; is convnet meant?"),
    "no reason": ({"convnet": {"1.1": " "}}, 'expected convnet."1.1" to be the reason'),
    "a number": ({"convnet": {"1.1": 3}}, 'expected convnet."1.1" to be the reason'),
    "a test without a part": ({"1.1": "why"}, "[drop]: no part is called 1.1"),
    "no table": (3, "expected a table [drop], got 3"),
    "no table of a part": ({"convnet": "1.1"}, 'expected convnet."1.2" = "why", got convnet = \'1.1\''),
}
WRONG_TIERS = {
    "none": [],
    "a share above 1": [[0.5, 2.0]],
    "a negative share": [[0.5, -0.5]],
    "a value of 1": [[1.0, 1.0]],
    "per cent": [[30, 1.0]],
    "a negative value": [[-0.1, 1.0]],
    "falling values": [[0.5, 0.5], [0.4, 1.0]],
    "equal values": [[0.5, 0.5], [0.5, 1.0]],
    "falling shares": [[0.5, 1.0], [0.6, 0.5]],
    "nothing to earn": [[0.5, 0.0]],
}


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_field_is_named(table: dict[str, Any], path: str) -> None:
    value, message = WRONG[path]
    with pytest.raises(CourseError) as caught:
        parse_manifest(put(table, path, value))
    assert message in str(caught.value)
    assert str(caught.value).startswith("assignment.toml")


def test_a_slip_in_the_name_of_weights_is_answered_with_the_name_that_is_meant(table: dict[str, Any]) -> None:
    weights = table["parts"]["pytorch"]["weights"]
    weights["twolayer_chekpoint"] = weights.pop("twolayer_checkpoint")
    with pytest.raises(CourseError, match=r"does not mention it; is twolayer_chekpoint meant\?"):
        parse_manifest(table)


@pytest.mark.parametrize("tiers", WRONG_TIERS.values(), ids=WRONG_TIERS)
@pytest.mark.parametrize("source", ["", ".procedural"], ids=["one list", "by source"])
def test_tiers_rise_within_their_bounds(table: dict[str, Any], tiers: Any, source: str) -> None:
    path = f"parts.pytorch.weights.twolayer_checkpoint.tiers{source}"
    where = r"\[parts\.pytorch\.weights\.twolayer_checkpoint\]: expected tiers"
    with pytest.raises(CourseError, match=where):
        parse_manifest(put(table, path, tiers))


def test_a_component_is_taken_out_by_its_one_line(table: dict[str, Any]) -> None:
    for name, section in table["parts"].items():
        for component in section["components"]:
            part = parse_manifest(put(table, f"parts.{name}.components.{component}", None)).part(name)
            assert component not in [one.name for one in part.components]


@pytest.mark.parametrize(("drop", "message"), WRONG_DROPS.values(), ids=WRONG_DROPS)
def test_a_test_is_dropped_by_part_and_number_with_a_reason(
    table: dict[str, Any], drop: Any, message: str
) -> None:
    assert parse_manifest({**table, "drop": {"convnet": {"1.1": "why"}}}).part("convnet").drop == {
        "1.1": "why"
    }
    with pytest.raises(CourseError) as caught:
        parse_manifest({**table, "drop": drop})
    assert message in str(caught.value)


def test_dropped_tests_stand_in_one_table(table: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match=r'write dropped tests as convnet\."1\.2" = "why" in \[drop\]'):
        parse_manifest(put(table, "parts.convnet.drop", {"1.1": "why"}))


def test_variants_need_a_key(table: dict[str, Any]) -> None:
    varied = put(table, "parts.theory.variants", True)
    parse_manifest(varied)
    with pytest.raises(CourseError, match=r"\[parts\.theory\]: variants need a key_file"):
        parse_manifest(put(varied, "parts.theory.key_file", ""))


def test_an_old_name_is_still_read_with_a_note(table: dict[str, Any]) -> None:
    old = put(table, "parts.pytorch.test_set.images", None)
    old["parts"]["pytorch"]["test_set"]["pictures"] = 123
    manifest = parse_manifest(old)
    test_set = manifest.part("pytorch").test_set
    assert test_set is not None and test_set.images == 123
    assert manifest.notes == ("assignment.toml, [parts.pytorch.test_set]: pictures is called images now.",)
    assert parse_manifest(table).notes == ()
    for setting in ("parts.pytorch.test_set.pictures=7", "parts.pytorch.test_set.images=7"):
        test_set = parse_manifest(override(table, setting)).part("pytorch").test_set
        assert test_set is not None and test_set.images == 7


def test_a_star_sets_a_field_of_every_part_that_has_it(table: dict[str, Any]) -> None:
    manifest = parse_manifest(override(table, "parts.*.test_set.images=9"))
    assert {part.test_set.images for part in manifest.parts if part.test_set} == {9}


def test_a_leaderboard_never_tells_points_that_are_hidden(table: dict[str, Any]) -> None:
    shown = put(table, "feedback.leaderboard", True)
    assert parse_manifest(shown).feedback.leaderboard
    with pytest.raises(CourseError, match="a leaderboard shows everybody's points"):
        parse_manifest(put(shown, "feedback.hidden_tests", "after_due_date"))


def test_a_rate_limit_of_no_submissions_is_none(table: dict[str, Any]) -> None:
    assert parse_manifest(put(table, "rate_limit.submissions", 0)).rate_limit is None
    assert parse_manifest(put(table, "rate_limit", {"submissions": 3, "hours": 12})).rate_limit == RateLimit(
        3, 12
    )
    assert parse_manifest({name: table[name] for name in table if name != "rate_limit"}).rate_limit is None


def test_unknown_parts_and_components_are_answered_with_the_known_ones(table: dict[str, Any]) -> None:
    manifest = parse_manifest(table)
    with pytest.raises(CourseError, match="no part 'three'; there are convnet"):
        manifest.part("three")
    with pytest.raises(CourseError, match="there is not a component 'conv3d', only conv2d"):
        manifest.part("convnet").component("conv3d")


@pytest.mark.parametrize(
    ("setting", "path", "value"),
    [
        ("policy.prints=warn", ("policy", "prints"), "warn"),
        ("limits.test_seconds=2.5", ("limits", "test_seconds"), 2.5),
        ("limits.test_seconds = 3", ("limits", "test_seconds"), 3),
        ("feedback.hints=false", ("feedback", "hints"), False),
        ("parts.convnet.title=a=b", ("parts", "convnet", "title"), "a=b"),
    ],
)
def test_one_value_can_be_set_for_one_run(
    table: dict[str, Any], setting: str, path: tuple[str, ...], value: Any
) -> None:
    before = copy.deepcopy(table)
    changed: Any = override(table, setting)
    assert table == before
    parse_manifest(changed)
    for step in path:
        changed = changed[step]
    assert changed == value
    assert type(changed) is type(value)


@pytest.mark.parametrize(
    "setting",
    ["", "policy", "policy.prints", "policy.print=warn", "=x", "nothing.at.all=1", "feedback.hints=maybe",
     "limits.test_seconds=soon", "parts.convnet.answer_files=x", "policy=warn"],
)  # fmt: skip
def test_a_setting_that_does_not_fit_is_refused(table: dict[str, Any], setting: str) -> None:
    with pytest.raises(CourseError) as caught:
        override(table, setting)
    assert str(caught.value).startswith(f"--set {setting}")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bundle_url", "course.zip"),
        ("bundle_url", 'https://example.org/"quoted".zip'),
        ("bundle_url", 7),
        ("colab", "owner/repository"),
        ("colab", "https://github.com/owner/repository/blob/main"),
    ],
)
def test_where_colab_gets_the_course_is_an_address(table: dict[str, Any], field: str, value: Any) -> None:
    with pytest.raises(CourseError, match=rf"\[assignment\]: expected {field} to be"):
        parse_manifest(put(table, f"assignment.{field}", value))


def test_without_addresses_for_colab_there_are_none(table: dict[str, Any]) -> None:
    bare = put(put(table, "assignment.bundle_url", None), "assignment.colab", None)
    assert (parse_manifest(bare).bundle_url, parse_manifest(bare).colab) == ("", "")
    filled = parse_manifest(put(table, "assignment.colab", "owner/my-course/blob/main"))
    assert filled.colab == "owner/my-course/blob/main"
