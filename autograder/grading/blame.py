"""Whose fault it is when a case could not be asked: ours, or that of the code that was to be asked.

A fault of ours costs nobody a point. So whoever can bring one on would earn what is not earned. One is
believed only where our own worker, which runs no student code, cannot be asked in the same place either.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from autograder.core.errors import HarnessError, UnconfirmedFault, WallError
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace

PROOF_SECONDS = 30.0
ONLY_THIS_ONE = "Tried again, it failed again; without this submission's code it worked."
ANY_CASE = Case("doctor.reading", {"paths": []})


def judged(fault: HarnessError, host: WorkerHost, part: Part, case: Case = ANY_CASE) -> HarnessError:
    """Return `fault` where our own worker cannot be asked `case` either, else an UnconfirmedFault.

    Raises WallError where no code must be run here at all.
    """
    if isinstance(fault, UnconfirmedFault) or not can_be_asked(case, host, part):
        return fault
    return UnconfirmedFault(f"{fault} {ONLY_THIS_ONE}")


def can_be_asked(
    case: Case, host: WorkerHost, part: Part, given: Mapping[str, bytes] | None = None
) -> bool:
    """Tell whether a fresh worker with nothing but `given` code replies to `case`, in whatever way."""
    try:
        with (
            workspace(given or {}, {}) as folder,
            closing(host.open(folder, allowed_imports=part.worker_imports)) as worker,
        ):
            reply = worker.ask(case, seconds=PROOF_SECONDS)
    except WallError:
        raise
    except HarnessError:
        return False
    return reply.ending in (Ending.ANSWERED, Ending.RAISED)
