"""A pool beyond this machine: a Dask cluster, one submission per task.

What all tasks need (the course's settings and hashes, the answer key) is sent once, as a plugin that every
worker process of the cluster starts with, whether it is there already or joins later. Each of them grades one
submission at a time; on which machine Dask runs them is Dask's own affair.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from distributed import Client, Security, WorkerPlugin, as_completed, get_worker
from distributed.comm.core import connect

from autograder.cohort.fingerprints import part_fingerprint
from autograder.cohort.jobs import Failure, Graded, Job, Order, grade_job
from autograder.cohort.scheduler_address import (
    is_encrypted,
    require_address,
    require_private,
    who_can_connect,
)
from autograder.core.errors import AutograderError, HarnessError, SubmissionError
from autograder.course import load_course
from autograder.grading.grader import Grader
from autograder.grading.neighbours import forget

CONNECT_SECONDS = 8
RETRIES = 3
AHEAD = (
    3  # submissions sent for each thread of the cluster: none waits for the next, none holds a whole class
)
LEAST_AHEAD = 8


@dataclass
class GraderPlugin(WorkerPlugin):
    """What a worker process of the cluster is given once: from it, it opens its own grader.

    Attributes: fingerprint  of what grades here; a checkout there that has another one does not grade.
    """

    name: str
    order: Order
    key: bytes
    fingerprint: str

    def setup(self, worker: Any) -> None:
        """Be called by Dask in each of its worker processes; the grader starts with the first task."""
        self._lock = threading.Lock()
        self._resources = ExitStack()
        self._grader: Grader | None = None

    def teardown(self, worker: Any) -> None:
        """Be called by Dask at the end: stop the grader with all its processes."""
        with self._lock:
            self._resources.close()
        forget(self._machine)

    def grade(self, job: Job) -> Graded | Failure:
        """Grade one job, one at a time; where the grader cannot be started, say so for all."""
        with self._lock:
            try:
                self._grader = self._grader or self._start()
            except AutograderError as error:
                return Failure(str(error), is_general=True)
            return grade_job(self._grader, job)

    @property
    def _machine(self) -> Path:
        """Return the file that all processes of the cluster on this machine share."""
        return Path(tempfile.gettempdir(), f"{self.name}.lock")

    def _start(self) -> Grader:
        """Open a grader on this machine's own checkout, with the key that was sent."""
        course = replace(self.order.course, root=load_course().root)
        with tempfile.TemporaryDirectory(prefix="autograder-key-") as keys:  # the grader reads it at once
            order = replace(self.order, course=course, keys=Path(keys), machine=self._machine)
            if self.key:
                (order.keys / f"{order.part.name}.npz").write_bytes(self.key)
            if part_fingerprint(course, order.part, order.keys) != self.fingerprint:
                raise HarnessError(
                    f"{course.root}, on a machine of the cluster, has a different version of the course: "
                    "bring both to the same commit and restart the cluster's workers."
                )
            return self._resources.enter_context(order.open_grader())


def grade_on_worker(plugin: str, job: Job) -> Graded | Failure:
    """Be the task: grade `job` by the plugin of the process that this runs in."""
    return cast(GraderPlugin, get_worker().plugins[plugin]).grade(job)


def is_known() -> bool:
    """Be run where this project should be: it comes there by its name."""
    return True


async def _try_to_connect(address: str) -> None:
    """Connect and hang up; raise what a Client would, which would then leave a broken one behind.

    Raises OSError, TimeoutError, ValueError or ImportError; SubmissionError if settings are missing.
    """
    settings: Any = Security()
    if is_encrypted(address) and not (settings.tls_ca_file and settings.tls_client_cert):
        raise SubmissionError(
            f"--scheduler {address}: expected Dask's settings for TLS (a ca-file, a certificate and a key), "
            "found none; docs/class.md says how to make them."
        )
    comm = await connect(address, timeout=CONNECT_SECONDS, **settings.get_connection_args("client"))
    await comm.close()


class ClusterPool:
    """Grade jobs on the Dask cluster whose scheduler is at `address`, such as tls://login-node:8786.

    `on_note` is told what the person who waits should know; `insecure` accepts plain connections to others.
    Raises SubmissionError, from `with`, where there is no scheduler, others could use it, or its workers
    cannot load this project.
    """

    def __init__(
        self,
        order: Order,
        *,
        address: str,
        insecure: bool = False,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        require_address(address)
        require_private([address], insecure=insecure)
        self._order, self._address, self._on_note = order, address, on_note
        self._insecure = insecure
        self._name = f"autograder-{uuid.uuid4().hex}"
        self._client: Any = None

    def __enter__(self) -> ClusterPool:
        try:
            asyncio.run(_try_to_connect(self._address))
            self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError, ImportError) as error:
            raise SubmissionError(
                f"--scheduler {self._address}: expected the address of a running Dask scheduler; it cannot "
                f"be reached ({_named(error)})."
            ) from error
        self._require_private()
        try:
            self._client.run_on_scheduler(is_known)  # it unpacks what its workers get, and needs our modules
            self._client.register_plugin(self._plugin(), name=self._name)
        except Exception as error:  # it is whatever happened on a machine of the cluster
            self._client.close()
            raise SubmissionError(
                f"--scheduler {self._address}: this cluster cannot grade ({_named(error)}); start its "
                "scheduler and its workers in this project's environment, with the project on PYTHONPATH."
            ) from error
        if not self.threads():
            self._on_note("The cluster has no workers yet; grading begins when the first one joins.")
        return self

    def _require_private(self) -> None:
        """Look at what listens before anything is sent: a tunnel may hide where the scheduler really is."""
        try:
            listening = [self._client.scheduler_info()["address"], *self.threads()]
            require_private(listening, insecure=self._insecure)
        except BaseException:
            self._client.close()
            raise
        self._on_note(who_can_connect(listening[0]))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._name)
            self._client.close()

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        """Yield each job with its outcome as it ends; a task whose machine dies is run on another one.

        Raises HarnessError if the scheduler is lost.
        """
        running = {future.key: (future, job) for future, job in self._submit(jobs, self._ahead())}
        futures = [future for future, _ in running.values()]
        ended = as_completed(futures, loop=self._client.loop)
        for future in ended:
            _, job = running.pop(future.key)
            yield job, self._outcome(future)
            for more, new in self._submit(jobs, self._ahead() - len(running)):
                running[more.key] = (more, new)
                ended.add(more)

    def threads(self) -> dict[str, int]:
        """Return how many threads each worker process of the cluster has, by its address.

        Raises HarnessError if the scheduler is lost.
        """
        try:
            return dict(self._client.nthreads())
        except (OSError, TimeoutError, AttributeError) as error:
            raise self._lost() from error

    def _lost(self) -> HarnessError:
        return HarnessError(f"The scheduler {self._address} is lost; run the same command again to continue.")

    def _submit(self, jobs: Iterator[Job], count: int) -> Iterator[tuple[Any, Job]]:
        for job in islice(jobs, max(0, count)):
            key = f"{self._name}-{job.folder}"
            yield (
                self._client.submit(grade_on_worker, self._name, job, key=key, retries=RETRIES, pure=False),
                job,
            )

    def _ahead(self) -> int:
        return max(LEAST_AHEAD, AHEAD * sum(self.threads().values()))

    def _outcome(self, future: Any) -> Graded | Failure:
        if future.status == "finished":
            result: Graded | Failure = future.result()
            return result
        if future.status in ("cancelled", "lost"):
            raise self._lost()
        error = future.exception()
        return Failure(f"On the cluster: {_named(error)}")

    def _plugin(self) -> Any:
        order = self._order
        path = order.keys / f"{order.part.name}.npz"
        key = path.read_bytes() if path.is_file() else b""  # a sheet of answers is checked without one
        return GraderPlugin(self._name, order, key, part_fingerprint(order.course, order.part, order.keys))


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
