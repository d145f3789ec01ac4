"""A sheet counts for the student who handed it in only where it answers their own questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.core.cohort import Student
from autograder.core.model import Diagnosis, Outcome, Report, TestSpec, Verdict
from autograder.core.whose import VARIANT_OF, with_identity, with_names

SPEC = TestSpec("tanh.range", "tanh", "1.1", "tanh", "", 2.0, "", ())
REPORT = Report(
    "ada", "theory", "Theory", (Verdict(SPEC, Outcome.PASSED, 2.0),),
    diagnoses=(Diagnosis("m", "h", ("tanh.range",)),), facts={VARIANT_OF: "ada"},
)  # fmt: skip
BOB = Student("Bob", login="bob")


@pytest.mark.parametrize(
    "student",
    [
        Student("A. L.", login="ada"),
        Student("A. L.", login="ADA@uni.edu"),
        Student("A. L.", email="ada@uni.edu", sid="7"),
        Student("A. L.", sid="Ada"),
        Student(" ADA "),
    ],
)
def test_any_of_a_students_ids_will_do(student: Student) -> None:
    assert with_identity(REPORT, (student,)) == REPORT
    assert with_identity(REPORT, (BOB, student)) == REPORT, "one of a group"


@pytest.mark.parametrize("student", [BOB, Student("B", email="bob@x"), Student("B", sid="8")])
def test_somebody_elses_variant_is_not_graded_and_the_staff_reads_why(student: Student) -> None:
    found = with_identity(REPORT, (student,))
    assert (found.score, found.diagnoses) == (0.0, ())
    assert f"but it was handed in by {student.name}" in found.problem and "ada" in found.problem


def test_names_alone_contradict_nothing_but_are_remarked_on() -> None:
    found = with_identity(REPORT, (Student("Bob", canvas_id="12"),))
    assert found.score == 2.0 and "is that Bob? No id is known." in found.remarks[-1]


def test_without_variants_or_students_nothing_is_checked() -> None:
    assert with_identity(replace(REPORT, facts={}), (BOB,)).score == 2.0
    assert with_identity(REPORT, ()) == REPORT


@pytest.mark.parametrize(
    ("students", "who"),
    [
        ((), ""),
        ((Student("Ada Lovelace", login="ada"),), "Ada Lovelace"),
        ((Student("", login="ada"), Student("Bo")), "ada, Bo"),
        ((Student("", sid="7"),), "7"),
    ],
)
def test_a_report_is_called_after_its_students(students: tuple[Student, ...], who: str) -> None:
    assert with_names(REPORT, students).who == who
