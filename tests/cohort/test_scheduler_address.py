"""Which schedulers get the answer key: those that ask for a key, or that nobody else reaches."""

from __future__ import annotations

import pytest

from autograder.cohort.scheduler_address import require_address, require_private, who_can_connect
from autograder.core.errors import SubmissionError

NONE = ["", " ", "nonsense", "nonsense://", "tcp://", "tcp://:8786", "tcp://host", "tcp://host:port",
        "host:99999999", "inproc://1/2", "http://host:1", "tls://host", "tcp://[::1", "\x1b[2J"]  # fmt: skip


@pytest.mark.parametrize("address", NONE, ids=ascii)
def test_what_is_no_address_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(SubmissionError, match=r"expected the address of a running Dask scheduler") as found:
        require_address(address)
    assert str(found.value).isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:8786",
        "127.0.0.1:1",
        "tcp://[::1]:8786",
        "tcp://localhost:1",
        "tcp://127.9.9.9:1",
        "tls://10.0.0.1:8786",
        "tls://host:1",
        "wss://host:1",
    ],
)
def test_loopback_and_tls_are_private(address: str) -> None:
    require_address(address)
    require_private([address], insecure=False)


@pytest.mark.parametrize(
    "address",
    [
        "tcp://10.0.0.1:8786",
        "host:8786",
        "tcp://0.0.0.0:8786",
        "ws://host:1",
        "tcp://[2001:db8::1]:8786",
        "tcp://localhost.example.org:1",
        "tcp://127.0.0.1.example.org:1",
        "tcp://[::]:1",
        "tcp://127.0.0.1@host:1",
    ],
)
def test_plain_addresses_of_others_are_refused_unless_that_is_wanted(address: str) -> None:
    require_address(address)
    with pytest.raises(SubmissionError, match="anyone who can reach it can run code as you"):
        require_private(["tcp://127.0.0.1:1", address], insecure=False)
    require_private([address], insecure=True)
    assert who_can_connect(address).startswith("--insecure: anyone who can reach")
