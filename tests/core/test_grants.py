"""One purse of late days for all parts, and what is told of whom."""

from __future__ import annotations

from autograder.core.allowance import NOTHING
from autograder.core.cohort import Student
from autograder.core.grants import Grants, Spent
from autograder.core.people import People, Person

ADA, BO = Person("Ada", login="ada", late_days=5), Person("Bo", login="bo")
IN_PART_1 = [(Person("Ada", login="ada"), 2), (Person("Bo", login="bo"), 1), (Person("Cy", login="cy"), 0)]


def days(grants: Grants, *logins: str) -> int | None:
    return grants.to([Student(login.title(), login=login) for login in logins]).late_days


def test_what_earlier_parts_used_is_gone_from_the_purse() -> None:
    grants = Grants(People([ADA, BO]), 3, Spent([*IN_PART_1, (Person("Ada", login="ada"), 1)]))
    assert days(grants, "ada") == 2  # of her own 5
    assert days(grants, "bo") == 2  # of the manifest's 3
    assert days(grants, "cy") == days(grants, "nobody knows") == 3
    assert days(grants, "ada", "bo") == 2  # a group: the fewest
    assert days(Grants(People([BO]), 1, Spent([(BO, 4)])), "bo") == 0


def test_without_earlier_parts_the_manifest_decides() -> None:
    assert days(Grants(People([ADA, BO]), 3), "bo") is None
    assert days(Grants(People([ADA, BO]), 3), "ada") == 5
    assert Grants().to([Student("Ada")]) == NOTHING


def test_a_submission_without_students_belongs_to_whom_it_is_called_by() -> None:
    grants = Grants(People([ADA]), 3, Spent(IN_PART_1))
    assert grants.to((), "ada").late_days == 3
    assert grants.to((), "eve") == NOTHING


def test_only_who_is_granted_something_is_told() -> None:
    grants = Grants(People([BO, Person("Eve", login="eve", extension_hours=4)]), 3, Spent(IN_PART_1))
    told = {person.who: (person.late_days, person.extension_hours) for person in grants.worth_telling()}
    assert told == {"Bo": (2, 0.0), "Eve": (3, 4.0), "Ada": (1, 0.0)}  # and not Cy, who has the usual 3
