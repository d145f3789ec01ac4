"""What all tests share: where the project is, and property tests that try the same examples at every run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the project's root folder."""
    return Path(__file__).resolve().parents[1]
