"""Work in processes that may hang, crash or eat memory without stopping the run.

Each task has a limit of time and memory. A worker that passes it or dies loses exactly the task
it was at; another takes its place and the run goes on.
"""

from __future__ import annotations

import contextlib
import functools
import io
import multiprocessing
import operator
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import types
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from archive_check.model import Problem, said

LOADED = "archive_check.loaded"
"""The module with all that workers need."""
SECONDS = 60.0
"""Time that one task may take."""
MEMORY = 2 * 2**30
"""Bytes of address space that a worker may take, where the system can limit it."""
_BATCH = 8
"""Tasks sent at once, so that small ones do not wait for the parent."""
_OFTEN = 0.05
"""Seconds after which a worker sends what it has done, though more is waiting."""
_STARTING = 60.0
"""Seconds that a worker may take to start; its first task's time counts from then."""
_MEMORY_REFUSED = (-9, -int(signal.SIGABRT))
"""How processes end that get no more memory: Linux kills them, libraries in C abort."""
_STARVED = 10
"""How many times its time a task may take on a machine that is busy with other things."""
_NONE = -1
"""In place of a task's index, where a worker has not begun with any."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    at: Any
    """The index of the task that it is at, in memory that it shares."""
    deadline: float
    last: float = 0.0
    """When its task ends at the latest, though it had to wait for a processor."""
    used: float = 0.0
    """Seconds of a processor that it had used when its task began."""
    started: bool = False
    dead: bool = False
    tasks: deque[int] = field(default_factory=deque)


def run(
    function: Callable[[T], R],
    items: Sequence[T],
    jobs: int,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    batch: int = _BATCH,
) -> Iterator[tuple[int, R | Problem]]:
    """Calls a module's function on each item in worker processes, in whatever order they end.

    Items are sent to a worker up to `batch` at once: many where they are quickly done.

    Yields the item's index with the result, or with a Problem: `limit` for time and memory,
    `damaged` where the process died or the function raised. Raises RuntimeError where worker
    processes can't be started at all, for which no item is to blame.
    """
    waiting = deque(range(len(items)))
    jobs = min(max(1, jobs), len(items))
    batch = max(1, min(batch, len(items) // (4 * jobs))) if jobs else 0
    workers: list[_Worker] = []
    try:
        for _ in range(jobs):
            workers.append(_start(function, memory))
        while waiting or any(worker.tasks for worker in workers):
            for worker in workers:
                if waiting and len(worker.tasks) < batch:
                    _send(worker, waiting, items, batch, seconds)
            for worker, ready in _due([worker for worker in workers if worker.tasks]):
                done = _answers(worker, seconds) if ready else _ended(worker, seconds)
                for index, _ in done:
                    worker.tasks.remove(index)
                if worker.dead:
                    waiting.extendleft(reversed(worker.tasks))
                    worker.pipe.close()
                    workers[workers.index(worker)] = _start(function, memory)
                yield from done
    finally:
        for worker in workers:
            worker.pipe.close()
            worker.process.kill()
        for worker in workers:
            worker.process.join()


def prepare() -> None:
    """Begin to load what workers will need, while the caller goes on with something else.

    Where workers are forked from a server, it loads that once for all of them. Only the first
    call of a process has an influence.
    """
    if sys.platform != "win32":
        from multiprocessing import forkserver

        multiprocessing.get_context("forkserver").set_forkserver_preload([LOADED])
        with _in_an_empty_folder(), _uninterrupted():
            forkserver.ensure_running()


def _start(function: Callable[[Any], Any], memory: int) -> _Worker:
    # Plain fork would copy whatever threads and locks the calling program has.
    if sys.platform == "win32":
        context = multiprocessing.get_context("spawn")
    else:
        context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    at = context.RawValue("q", _NONE)
    arguments = (theirs, at, function, memory, _current_folder())
    process = context.Process(target=_serve, args=arguments, daemon=True)
    with _no_main(), _in_an_empty_folder():
        process.start()
    theirs.close()
    return _Worker(process, ours, at, time.monotonic() + _STARTING)


@contextlib.contextmanager
def _in_an_empty_folder() -> Iterator[None]:
    """Keeps a new interpreter from importing what lies in the current folder.

    That is where it looks first, and the folder may be a case that holds a `yaml.py`.
    """
    here = _current_folder()
    os.chdir(_empty_folder().name)
    try:
        yield
    finally:
        if here is not None:
            os.chdir(here)


def _current_folder() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109 (workers are handed it as it is)
    except OSError:  # it is gone
        return None


@lru_cache(maxsize=1)
def _empty_folder() -> tempfile.TemporaryDirectory[str]:
    """An empty folder that lasts as long as the program, since workers stay in it."""
    return tempfile.TemporaryDirectory(prefix="archive-check-", ignore_cleanup_errors=True)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keeps a new process from hearing Ctrl-C, which only the calling program answers."""
    if threading.current_thread() is not threading.main_thread():
        yield  # nothing but the main thread may say what becomes of signals
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Keeps a new process from running the calling program's main script once more.

    Workers need nothing of it, and a script without a guard would start workers without end.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _send(
    worker: _Worker, waiting: deque[int], items: Sequence[Any], batch: int, seconds: float
) -> None:
    chosen = [waiting.popleft() for _ in range(min(batch, len(waiting)))]
    idle = not worker.tasks
    worker.tasks.extend(chosen)
    try:
        worker.pipe.send([(index, items[index]) for index in chosen])
    except OSError:
        return  # it has died; receiving will say so
    if idle:
        _begin(worker, seconds)


def _due(busy: list[_Worker]) -> Iterator[tuple[_Worker, bool]]:
    """Waits until a worker has answered or its time is up; gives those workers, and whether they
    have answered."""
    pause = min(worker.deadline for worker in busy) - time.monotonic()
    ready = wait([worker.pipe for worker in busy], max(0.0, pause))
    now = time.monotonic()
    for worker in busy:
        if worker.pipe in ready or worker.deadline <= now:
            yield worker, worker.pipe in ready


def _ended(worker: _Worker, seconds: float) -> list[tuple[int, Any]]:
    """What becomes of the task of a worker whose time is up: the worker is ended, unless it had
    to wait for a processor."""
    if not worker.started:
        raise RuntimeError("a worker process did not start in time")
    state, used = _processor(worker)
    left = seconds - (used - worker.used)
    if state == "R" and left > 0.1 * seconds and time.monotonic() < worker.last:
        worker.deadline = time.monotonic() + left
        return []
    worker.process.kill()
    return _lost(worker, Problem("limit", said("reading.time", seconds=f"{seconds:g}")))


def _answers(worker: _Worker, seconds: float) -> list[tuple[int, Any]]:
    """What a worker has done; nothing where it only says that it has started."""
    try:
        done: list[tuple[int, Any]] = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        code = worker.process.exitcode or 0
        if not worker.started:
            raise RuntimeError(f"a worker process could not start (exit {code})") from None
        if code in _MEMORY_REFUSED:
            return _lost(worker, Problem("limit", said("reading.memory")))
        return _lost(worker, Problem("damaged", said("reading.crashed", detail=f"exit {code}")))
    worker.started = True
    _begin(worker, seconds)
    return done


def _begin(worker: _Worker, seconds: float) -> None:
    """Let the time of a worker's next task count from now, or from when it will have started."""
    now = time.monotonic()
    worker.deadline = now + seconds if worker.started else max(worker.deadline, now + seconds)
    worker.last = now + _STARVED * seconds
    worker.used = _processor(worker)[1]


def _processor(worker: _Worker) -> tuple[str, float]:
    """What a worker is at (R: it runs, or would if a processor were free), and the seconds of a
    processor that it has used. Only Linux tells."""
    try:
        told = Path(f"/proc/{worker.process.pid}/stat").read_bytes()
    except OSError:
        return "", 0.0
    state, *numbers = told.rpartition(b")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return state.decode(), (int(numbers[10]) + int(numbers[11])) / ticks


def _lost(worker: _Worker, problem: Problem) -> list[tuple[int, Any]]:
    """The task that a dead worker was at. What it had done and not yet sent is done again."""
    worker.process.join()
    worker.dead = True
    at = worker.at.value if worker.at.value in worker.tasks else worker.tasks[0]
    return [(at, problem)]


def _serve(
    pipe: Connection,
    at: Any,
    function: Callable[[Any], Any],
    memory: int,
    folder: str | None,
) -> None:
    """A worker's life: tasks in, results out, until the parent closes the pipe."""
    if folder is not None:
        os.chdir(folder)  # paths may be relative to it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    warnings.simplefilter("ignore")
    _limit_memory(memory)
    try:
        pipe.send([])
        _silence()
        while True:
            _work(pipe, at, function, pipe.recv())
    except (EOFError, OSError):
        return


def _work(
    pipe: Connection, at: Any, function: Callable[[Any], Any], tasks: Sequence[tuple[int, Any]]
) -> None:
    done: list[tuple[int, Any]] = []
    began = time.monotonic()
    for index, item in tasks:
        at.value = index
        done.append((index, _attempt(function, item)))
        if time.monotonic() - began > _OFTEN:
            pipe.send_bytes(_packed(done))
            done, began = [], time.monotonic()
    if done:
        pipe.send_bytes(_packed(done))


class _Pickler(pickle.Pickler):
    """Packs dataclasses as calls with their values: packed as their state, they take four times
    as long to unpack, and of these most results are made."""

    def reducer_override(self, value: Any) -> Any:
        kind: Any = type(value)
        values = _values_of(kind)
        return NotImplemented if values is None else (kind, values(value))


@functools.cache
def _values_of(kind: Any) -> Callable[[object], tuple[Any, ...]] | None:
    """What gives the values of a dataclass in the order in which a call takes them."""
    if not is_dataclass(kind) or any(not f.init or f.kw_only for f in fields(kind)):
        return None
    names = [f.name for f in fields(kind)]
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name) for name in names)
    return operator.attrgetter(*names)


def _packed(result: object) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(result)
    return buffer.getvalue()


def _attempt(function: Callable[[Any], Any], item: Any) -> Any:
    try:
        return function(item)
    except MemoryError:
        return Problem("limit", said("reading.memory"))
    except Exception as error:  # noqa: BLE001 (one file must never end the run)
        detail = f"{type(error).__name__}: {error}"
        return Problem("damaged", said("reading.crashed", detail=detail[:200]))


def _silence() -> None:
    """Drops what libraries in C and Rust write on the terminal about a file: it is a Problem."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 (no path of this system)
        os.dup2(nowhere.fileno(), 2)


def _limit_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        memory = min(memory, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit but refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
