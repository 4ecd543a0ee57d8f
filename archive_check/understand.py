"""Read every file, recognise the pages that are pictures, and what each document tells by itself.

All of it happens in worker processes: first every file, then every page that shows a picture in
place of text, then the documents to which those pages belong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from archive_check import ocr, readers
from archive_check.cache import Cache
from archive_check.model import Document, Problem, SourceFile
from archive_check.recognise import Alone, alone, split
from archive_check.recognise.words import OwnTitles, learn, own_titles
from archive_check.workers import SECONDS, run

Progress = Callable[[str], None]
T = TypeVar("T")
R = TypeVar("R")


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
    pictures: bool = True,
    whole: Collection[str] = (),
    progress: Progress | None = None,
) -> list[Alone]:
    """Every document of the sources, recognised by itself, in the order of the sources.

    A file that passes a limit, or on which its reader breaks down, is one with a problem.
    Without `pictures`, or where what recognises them is not installed, pages that are pictures
    are only looked at, and stay unread. A file that holds several materials becomes its parts,
    unless it is in `whole`.
    """
    found: dict[int, tuple[Alone, ...]] = {}
    # The largest first: the last to be read keeps all but one of the workers waiting.
    order = sorted(range(len(sources)), key=lambda index: -sources[index].size)
    tasks = [Task(sources[index], cache) for index in order]
    for number, result in run(_knowing(understand), tasks, jobs, seconds=seconds):
        index = order[number]
        if isinstance(result, Problem):
            result = (alone(readers.unread(sources[index], result)),)
        found[index] = result
        if progress is not None:
            progress(result[0].document.path)
    read = [(sources[index], one) for index in range(len(sources)) for one in found[index]]
    looked = [
        task for source, one in read for task in ocr.page_tasks(source, one.document, pictures)
    ]
    pages = _pages(looked, jobs, partial(ocr.read_page, cache=cache), seconds, progress)
    whole_files = _with_pages([one for _, one in read], pages, jobs, seconds)
    return _in_parts(whole_files, whole, jobs, seconds)


def _in_parts(
    read: Sequence[Alone], whole: Collection[str], jobs: int, seconds: float
) -> list[Alone]:
    """The same documents, those that hold several materials as their parts."""
    parts = split(read, whole)
    documents = [part for path in parts for part in parts[path]]
    again: dict[str, list[Alone]] = {}
    for part, one in zip(documents, _again(documents, jobs, seconds), strict=True):
        again.setdefault(str(part.part_of), []).append(one)
    return [
        found
        for one in read
        for found in again.get(one.document.path, [_with_first_part(one, again)])
    ]


def _with_first_part(one: Alone, parts: Mapping[str, Sequence[Alone]]) -> Alone:
    """What travels in a file that became parts goes with the first of them."""
    outer = parts.get(one.document.outer or "")
    if not outer:
        return one
    return replace(one, document=replace(one.document, outer=outer[0].document.path))


def _knowing(function: Callable[[T], R]) -> Callable[[T], R]:
    """The function as workers call it: with the bureau's own titles, as this process knows them."""
    return partial(_with_titles, own_titles(), function)


def _with_titles(titles: OwnTitles, function: Callable[[T], R], item: T) -> R:
    learn(titles)
    return function(item)


def understand(task: Task) -> tuple[Alone, ...]:
    """One file and the documents inside it, read and recognised each by itself."""
    return tuple(alone(document) for document in readers.read(task.source, task.cache))


def _pages(
    tasks: Sequence[ocr.PageTask],
    jobs: int,
    read_page: Callable[[ocr.PageTask], ocr.PageText | Problem],
    seconds: float,
    progress: Progress | None,
) -> Mapping[str, Mapping[int, ocr.PageText | Problem]]:
    """What is seen of each document's pages."""
    pages: dict[str, dict[int, ocr.PageText | Problem]] = {}
    limit = max(seconds, ocr.SECONDS)
    for index, page in run(read_page, tasks, jobs, seconds=limit, memory=ocr.MEMORY, batch=1):
        task = tasks[index]
        pages.setdefault(task.path, {})[task.page] = page
        if progress is not None:
            progress(f"{task.path}#page={task.page}")
    return pages


def _with_pages(
    read: Sequence[Alone],
    pages: Mapping[str, Mapping[int, ocr.PageText | Problem]],
    jobs: int,
    seconds: float,
) -> list[Alone]:
    """The same documents, those with pages that were pictures anew with what those say."""
    changed = {
        number: ocr.with_pages(one.document, pages[one.document.path])
        for number, one in enumerate(read)
        if one.document.path in pages
    }
    again = _again(list(changed.values()), jobs, seconds)
    renewed = dict(zip(changed, again, strict=True))
    return [renewed.get(number, one) for number, one in enumerate(read)]


def _again(documents: Sequence[Document], jobs: int, seconds: float) -> list[Alone]:
    found: dict[int, Alone] = {}
    for index, result in run(_knowing(alone), documents, jobs, seconds=seconds):
        if isinstance(result, Problem):
            result = alone(replace(documents[index], lines=(), tables=(), problem=result))
        found[index] = result
    return [found[index] for index in range(len(documents))]
