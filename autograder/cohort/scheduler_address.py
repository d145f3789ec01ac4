"""The address of a Dask scheduler: what is one, and who can connect to what listens there.

Dask runs whatever a client sends. So the answer key goes only to a scheduler that nobody else can reach: one
that asks for a key (TLS), or one on this machine's own loopback address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from autograder.core.errors import SubmissionError
from autograder.core.student_text import shown

PRIVATE, PLAIN = ("tls", "wss"), ("tcp", "ws")
EXAMPLE = "such as tls://host:8786 or tcp://127.0.0.1:8786"


def require_address(address: str) -> None:
    """Refuse what is no address of a scheduler, in one sentence; raise SubmissionError."""
    if not address.strip():
        raise SubmissionError(f"--scheduler: expected the address of a running Dask scheduler, {EXAMPLE}.")
    protocol, host, port = _parts(address)
    if protocol not in (*PRIVATE, *PLAIN) or not host or port is None:
        raise SubmissionError(
            f"--scheduler {shown(address)}: expected the address of a running Dask scheduler, {EXAMPLE}."
        )


def require_private(addresses: Iterable[str], *, insecure: bool) -> None:
    """Refuse plain addresses of other machines, unless `insecure`; raise SubmissionError."""
    for address in addresses:
        if not insecure and not is_encrypted(address) and not is_on_loopback(address):
            raise SubmissionError(
                f"--scheduler: {shown(address)} is plain: anyone who can reach it can run code as you and "
                "read the answer key; use tls:// (docs/class.md says how), or accept the risk with "
                "--insecure."
            )


def who_can_connect(address: str) -> str:
    """Say in one sentence who can use the scheduler at `address` beside us."""
    if is_encrypted(address):
        return f"Only processes that have the key can connect to {address}."
    if is_on_loopback(address):
        return f"Every user of this machine can connect to {address}."
    return f"--insecure: anyone who can reach {address} can run code as you and read the answer key."


def is_encrypted(address: str) -> bool:
    """Tell whether both sides of a connection to `address` prove who they are."""
    return _parts(address)[0] in PRIVATE


def is_on_loopback(address: str) -> bool:
    """Tell whether nobody but this machine reaches `address`; a name other than localhost may mean anything.

    >>> (
    ...     is_on_loopback("tcp://[::1]:8786"),
    ...     is_on_loopback("127.0.0.1:1"),
    ...     is_on_loopback("tcp://0.0.0.0:8786"),
    ... )
    (True, True, False)
    """
    host = _parts(address)[1]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> tuple[str, str, int | None]:
    """Return protocol, host and port; Dask takes an address without a protocol for tcp."""
    full = address.strip() if "://" in address else f"tcp://{address.strip()}"
    try:
        parts = urlsplit(full)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:  # a port that is not a number
        return "", "", None
