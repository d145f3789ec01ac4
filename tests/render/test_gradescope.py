"""results.json: always whole, always valid, always the same sum of points."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.core.manifest import Feedback
from autograder.core.model import Outcome, Report
from autograder.render.gradescope import results
from autograder.render.results_file import ResultsFile, as_text

SCHEMA = json.loads((Path(__file__).parent / "results_schema.json").read_text())
OPEN = Feedback(hidden_tests="visible", hints=True, leaderboard=True)
KINDS = ("report", "zeroed", "unreadable")


def refuse_constant(name: str) -> None:
    pytest.fail(f"{name} is not JSON")


def written(path: Path) -> dict[str, Any]:
    return written_text(path.read_bytes().decode("utf-8"))


def written_text(text: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(text, parse_constant=refuse_constant)
    jsonschema.validate(table, SCHEMA)
    return table


def opened(report: Report) -> Report:
    """Return `report` with the visibility of its tests left to the manifest."""
    verdicts = (replace(each, spec=replace(each.spec, visibility="")) for each in report.verdicts)
    return replace(report, verdicts=tuple(verdicts))


@pytest.fixture(params=KINDS)
def any_report(request: pytest.FixtureRequest) -> Report:
    return request.getfixturevalue(request.param)


def test_every_report_fits_the_contract_with_the_same_sum(
    any_report: Report, feedback: Feedback, tmp_path: Path
) -> None:
    with ResultsFile(tmp_path / "deep" / "results.json", feedback) as file:
        file.note(any_report)
    table = written(file.path)
    assert sum(test["max_score"] for test in table["tests"]) == 10.0
    assert math.isclose(sum(test["score"] for test in table["tests"]), any_report.score)
    assert all(test["score"] <= test["max_score"] for test in table["tests"])
    assert "score" not in table  # the tests carry it


def test_each_test_says_what_happened_to_which_component(report: Report, feedback: Feedback) -> None:
    tests = results(report, feedback)["tests"]
    assert [test["extra_data"]["outcome"] for test in tests] == [
        "passed", "failed", "raised", "broken", "timed_out", "crashed",
    ]  # fmt: skip
    assert [test["status"] for test in tests] == ["passed", "failed", "failed", "passed", "failed", "failed"]
    assert tests[1]["extra_data"] == {"outcome": "failed", "diagnosis": ["relu-abs"], "component": "relu"}
    assert tests[1]["tags"] == ["relu", "forward"]
    assert [test["visibility"] for test in tests] == ["after_due_date"] * 5 + ["hidden"]


def test_what_an_answer_on_paper_misses_is_called_a_misconception(
    on_paper: Report, feedback: Feedback
) -> None:
    output = results(on_paper, feedback)["tests"][1]["output"]
    assert "exactly what a known misconception leads to: relu-abs" in output and "bug" not in output


def test_a_named_bug_comes_with_its_hint_unless_the_course_says_no(
    report: Report, feedback: Feedback
) -> None:
    output = results(report, feedback)["tests"][1]["output"]
    assert "relu-abs" in output
    assert "Hint: Look at the sign once more." in output
    silent = results(report, replace(feedback, hints=False))["tests"][1]["output"]
    assert "relu-abs" not in silent  # its name is a hint
    assert "Look at the sign" not in silent


def test_a_broken_rule_takes_all_points_and_says_what_it_would_have_been(
    zeroed: Report,
) -> None:
    table = results(opened(zeroed), OPEN)
    assert {test["score"] for test in table["tests"]} == {0.0}
    assert {test["status"] for test in table["tests"]} == {"failed"}
    assert table["tests"][0]["extra_data"]["outcome"] == "passed"
    assert "Worth 2 points; a broken rule (see above): 0 are left." in table["tests"][0]["output"]
    first, *_ = table["output"].splitlines()
    assert first == "Part 1: 0 of 10 points; without the broken rule below it would have been 3.5."
    assert table["output"].index("Rule broken: relu.py:3 prints.") < table["output"].index(
        "Warning: relu.py:1"
    )
    assert table["extra_data"]["score_before_policies"] == 3.5


def test_points_and_the_leaderboard_wait_until_every_test_is_visible(
    report: Report, feedback: Feedback
) -> None:
    table = results(opened(report), OPEN)
    assert table["output"].startswith("Part 1: 3.5 of 10 points.")
    assert table["leaderboard"] == [{"name": "Points", "value": 3.5, "order": "desc"}]
    for hidden in (results(report, OPEN), results(opened(report), replace(OPEN, hidden_tests="hidden"))):
        assert hidden["output"].startswith("Part 1.\n")
        assert "points" not in hidden["output"]
        assert "leaderboard" not in hidden
    assert "leaderboard" not in results(opened(report), replace(OPEN, leaderboard=False))


def test_why_nothing_was_graded_stands_at_the_top(unreadable: Report, feedback: Feedback) -> None:
    table = results(unreadable, feedback)
    assert "ada.zip is empty (0 bytes)." in table["output"]
    assert {test["extra_data"]["outcome"] for test in table["tests"]} == {"skipped"}
    assert {test["status"] for test in table["tests"]} == {"failed"}


def test_facts_become_extra_data_in_clean_json(report: Report, feedback: Feedback) -> None:
    facts = {"level": "A", "nan": float("nan"), "path": Path("x"), "nested": {"a": [1, None, True, "\ud800"]}}
    extra = results(replace(report, facts=facts), feedback)["extra_data"]
    assert extra["nan"] == "nan"
    assert extra["nested"] == {"a": [1, None, True, "�"]}
    json.dumps(extra, allow_nan=False).encode("utf-8")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=()), max_size=50),
    score=st.floats(),
    outcome=st.sampled_from(Outcome),
)
def test_no_text_and_no_score_makes_the_file_invalid(
    report: Report, text: str, score: float, outcome: Outcome
) -> None:
    verdict = replace(report.verdicts[0], message=text, score=score, outcome=outcome)
    hostile = replace(report, verdicts=(verdict, *report.verdicts[1:]), remarks=(text,), facts={text: text})
    table = written_text(as_text(results(opened(hostile), OPEN)))
    assert 0 <= table["tests"][0]["score"] <= 2.0
    assert sum(test["max_score"] for test in table["tests"]) == 10.0


def test_the_same_report_gives_the_same_bytes_times_aside(report: Report, feedback: Feedback) -> None:
    slower = replace(
        report, seconds=9.0, verdicts=tuple(replace(verdict, seconds=7.0) for verdict in report.verdicts)
    )
    one, two = results(report, feedback), results(slower, feedback)
    assert (one.pop("execution_time"), two.pop("execution_time")) == (1.25, 9.0)
    assert json.dumps(one) == json.dumps(two)


def test_a_hint_is_given_once_and_referred_to_afterwards(report: Report, feedback: Feedback) -> None:
    again = replace(report.verdicts[2], diagnosis=("relu-abs",))
    hidden = replace(again, spec=replace(again.spec, id="Test.9", number="9.9", visibility="hidden"))
    several = replace(report, verdicts=(*report.verdicts[:2], again, hidden, *report.verdicts[3:]))
    outputs = [test["output"] for test in results(several, feedback)["tests"]]
    first = report.verdicts[1].spec.number
    assert ["Hint: Look at the sign once more." in output for output in outputs[:4]] == [
        False,
        True,
        False,
        True,
    ]
    assert f"known bug: relu-abs.\nIts hint is at {first}." in outputs[2]
