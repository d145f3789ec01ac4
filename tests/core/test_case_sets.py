"""Which case set a submission meets, and the order of the test images."""

from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np

from autograder.core.case_sets import case_set_of, order_of_images

DIGESTS = [hashlib.sha256(bytes([i])).hexdigest() for i in range(200)]


def test_the_same_submission_meets_the_same_set_every_time():
    assert all(case_set_of(one, 5, b"key") == case_set_of(one, 5, b"key") for one in DIGESTS)


def test_submissions_spread_over_all_sets():
    counts = Counter(case_set_of(one, 5, b"key") for one in DIGESTS)
    assert set(counts) == set(range(5))
    assert min(counts.values()) > 20


def test_another_key_makes_other_choices():
    same = sum(case_set_of(one, 5, b"key") == case_set_of(one, 5, b"another") for one in DIGESTS)
    assert 15 < same < 75  # a fifth of 200, give or take


def test_one_set_is_met_by_all():
    assert {case_set_of(one, 1, b"key") for one in DIGESTS} == {0}


def test_the_order_of_the_images_is_a_permutation_that_the_key_decides():
    order = order_of_images(50, b"key")
    assert sorted(order.tolist()) == list(range(50))
    assert np.array_equal(order, order_of_images(50, b"key"))
    assert not np.array_equal(order, order_of_images(50, b"another"))
    assert not np.array_equal(order_of_images(50, b""), np.arange(50))
