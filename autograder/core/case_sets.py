"""Which case set a submission gets, and the order of the test images: both depend on the course's key.

Without the key nobody can tell beforehand; with it, the same submission always gets the same.
"""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from autograder.core.model import Array


def case_set_of(digest: str, case_sets: int, key: bytes) -> int:
    """Return the number, in [0, `case_sets`), of the set that the submission with this `digest` meets.

        first 8 bytes of HMAC-SHA256(key, "case set " + digest), modulo `case_sets`

    >>> {case_set_of(digest, 2, b"secret") for digest in "abcdefgh"} == {0, 1}
    True
    """
    return _number(key, f"case set {digest}") % case_sets


def order_of_images(count: int, key: bytes) -> Array:
    """Return a permutation of `count` test images that is the same for every submission of a course."""
    return np.random.default_rng(_number(key, "test images")).permutation(count)


def _number(key: bytes, purpose: str) -> int:
    return int.from_bytes(hmac.digest(key, purpose.encode(), hashlib.sha256)[:8], "big")
