"""The fork server: a clean process with everything imported and no secret, which forks workers on demand.

The host execs it before it loads any answer. It imports, and computes nothing: a parent that has run
threads of torch would leave its children hanging. It reaps and kills, as it is the parent, and root where
the host is. Its orders are those of `orders.py`.

Every grading waits until it has imported. So what is imported here keeps to what NumPy needs, and has named
tuples for its records: to make a dataclass takes six times as long.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from autograder.worker.fork_server.children import PAUSES, Children
from autograder.worker.fork_server.inherited_folders import hold_open, redirect_imports
from autograder.worker.fork_server.orders import receive_message, send_message
from autograder.worker.wall import sandbox
from autograder.worker.wall.prctl import PR_SET_CHILD_SUBREAPER, prctl

LAST_DESCRIPTOR = 2**20
PROBE_RUNNER = "autograder.worker.student_side.probe_runner"  # imports NumPy: after the check has begun
ONE_PROCESS = "autograder.worker.student_side.one_process"
LARGE_PAGES = "autograder.worker.fork_server.large_pages"  # of no use to NumPy alone
DOCSTRINGS = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars")


def main(control_descriptor: int, settings: Mapping[str, Any]) -> None:
    """Import, look at what the sandbox can be made of, tell the host, and serve until it hangs up."""
    control = socket.socket(fileno=control_descriptor)
    if sys.platform == "linux":
        prctl(PR_SET_CHILD_SUBREAPER, 1)  # whatever a worker leaves behind becomes our child
    check = sandbox.LayerCheck(
        settings["runtime"],
        sandbox.Bounds(**settings["bounds"]),
        jail=settings["jail"],
        readable=settings["readable"],
        without=settings["without"],
    )
    _leave_out_docstrings()
    import_module(ONE_PROCESS).settle()
    _import_all([PROBE_RUNNER, *settings["preload"]])
    plan = check.result()
    sys.path[:] = [path for path in sys.path if path and path not in settings["hide"]]
    closed = settings["closed"] if "uid" in plan.layers else []
    if "view" in plan.layers:
        closed = []  # they are bound there, no matter who may walk through the folders above
    held = hold_open(closed) if "landlock" in plan.layers else {}
    if held:
        redirect_imports(held)
    if "chroot" in plan.layers or (closed and not held):
        _import_all(settings["rare"])
    if settings["large_pages"]:
        import_module(LARGE_PAGES).gather()
    plan, taken = _beside_what_is_taken(plan)
    send_message(control, {"layers": plan.layers, "versions": _versions(), "resident": taken})
    gc.freeze()  # children then do not copy pages by counting references in them
    Zygote(control, plan, settings["reply_bytes"], keep=held.values()).serve()
    os._exit(0)  # at once: the host waits, and there is nothing to tidy up


class Zygote:
    """The fork server at work.

    Args: keep  descriptors that workers inherit.
    """

    def __init__(
        self, control: socket.socket, plan: sandbox.Plan, reply_bytes: int, *, keep: Iterable[int]
    ) -> None:
        self._control, self._plan, self._reply_bytes = control, plan, reply_bytes
        self._keep = tuple(keep)
        self._children = Children()

    def serve(self) -> None:
        """Follow orders until the host is gone; then end all workers."""
        while (received := self._next_order()) is not None:
            order, descriptors = received
            if order["do"] == "fork":
                self._fork(order["id"], descriptors)
            elif order["answer"]:
                send_message(self._control, self._children.end(order["id"], grace=order["grace"]))
            else:
                self._children.kill(order["id"])
            self._children.reap()
        self._children.end_all()

    def _next_order(self) -> tuple[dict[str, Any], list[int]] | None:
        """Wait for an order, and reap the dying meanwhile: a large process takes a while to be gone."""
        pause, longest = PAUSES
        while self._children.are_dying and not select.select([self._control], [], [], pause)[0]:
            self._children.reap()
            pause = min(2 * pause, longest)
        return receive_message(self._control)

    def _fork(self, worker: int, descriptors: Sequence[int]) -> None:
        uid = self._plan.choose_uid()
        server = os.getpid()
        try:
            process = os.fork()
        except OSError as error:
            sys.stderr.write(f"fork: {error}\n")  # the host sees its line cut before a hello
            process = -1
        if process == 0:
            self._become_worker(descriptors, uid, server)
        for descriptor in descriptors:
            os.close(descriptor)
        if process > 0:
            self._children.add(worker, process)

    def _become_worker(self, descriptors: Sequence[int], uid: int, server: int) -> None:
        """Turn this fresh child into a worker; never returns."""
        code = 1
        try:
            gc.enable()
            line = _arrange(descriptors)
            sandbox.enter(self._plan, uid=uid, server=server)
            _close_all_but([line.fileno(), *self._keep])
            runner = import_module(PROBE_RUNNER)
            hello = {"hello": os.getpid(), "uid": os.getuid(), "layers": self._plan.layers}
            runner.run(line, reply_bytes=self._reply_bytes, hello=hello)
            code = 0
        except BaseException as error:  # noqa: BLE001  (whatever it is, the child must not go on as a server)
            sys.__stderr__.write(f"{type(error).__name__}: {error}\n")  # type: ignore[union-attr]
            sys.__stderr__.flush()  # type: ignore[union-attr]
        finally:
            os._exit(code)


def _beside_what_is_taken(plan: sandbox.Plan) -> tuple[sandbox.Plan, int]:
    """Let the limit of memory begin above what a CUDA build of torch takes by itself.

    Returns the plan, and the resident bytes of this process that do not count either; (plan, 0) where the
    address space is what is limited.
    """
    if plan.bounds.counts_mappings or sys.platform != "linux":
        return plan, 0
    with open("/proc/self/statm") as status:
        pages = [int(entry) for entry in status.read().split()]
    resident, data = (os.sysconf("SC_PAGE_SIZE") * pages[index] for index in (1, 5))
    bounds = plan.bounds._replace(memory_mib=plan.bounds.memory_mib + data // sandbox.MIB)
    return plan._replace(bounds=bounds), resident


def _leave_out_docstrings() -> None:
    """Give NumPy empty modules for the two that hang docstrings on compiled functions: 5 ms for no reader."""
    for name in DOCSTRINGS:
        sys.modules.setdefault(name, ModuleType(name))


def _import_all(modules: Sequence[str]) -> None:
    for name in modules:
        try:
            import_module(name)
        except ImportError:
            continue  # an allowed module that this Python lacks: student code meets the same error


def _versions() -> dict[str, str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}  # `platform` takes its time to import
    for name in ("numpy", "torch"):
        if name in sys.modules:
            found[name] = str(sys.modules[name].__version__)
    return found


def _arrange(descriptors: Sequence[int]) -> socket.socket:
    """Make stdin empty, put stdout and stderr on 1 and 2, and return the line."""
    line, out, err = descriptors
    for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    return socket.socket(fileno=line)


def _close_all_but(kept: Iterable[int]) -> None:
    """Close every descriptor above stderr that is not `kept`."""
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, LAST_DESCRIPTOR)
