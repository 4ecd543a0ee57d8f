"""Read every file and recognise what it tells by itself, both in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive_check import readers
from archive_check.cache import Cache
from archive_check.model import Problem, SourceFile
from archive_check.recognise import Alone, alone
from archive_check.workers import SECONDS, run


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is given: a file, and where what was read of it is kept."""

    source: SourceFile
    cache: Cache | None


def understand_all(
    sources: Sequence[SourceFile],
    jobs: int,
    *,
    seconds: float = SECONDS,
    cache: Cache | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Alone]:
    """Every document of the sources, recognised by itself, in the order of the sources.

    A file that passes a limit, or on which its reader breaks down, is one with a problem.
    """
    found: dict[int, tuple[Alone, ...]] = {}
    tasks = [Task(source, cache) for source in sources]
    for index, result in run(understand, tasks, jobs, seconds=seconds):
        if isinstance(result, Problem):
            result = (alone(readers.unread(sources[index], result)),)
        found[index] = result
        if progress is not None:
            progress(result[0].document.path)
    return [one for index in range(len(sources)) for one in found[index]]


def understand(task: Task) -> tuple[Alone, ...]:
    """One file and the documents inside it, read and recognised each by itself."""
    return tuple(alone(document) for document in readers.read(task.source, task.cache))
