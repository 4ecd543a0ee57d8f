"""The command `cache`, and the cache that a check uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_check import options, spoken
from archive_check.reports.words import flat
from archive_check.saying import ArchiveCheckError, Lang, said
from archive_check.texts import tell

if TYPE_CHECKING:
    from archive_check.cache import Cache, Info


@contextmanager
def in_use(wanted: bool, cases: Sequence[Path], lang: Lang) -> Iterator[Cache | None]:
    """The cache for a run; none where it is not wanted, can't be used or would lie in a case."""
    from archive_check import cache as kept

    found = _opened(cases, lang) if wanted else None
    try:
        yield found
    finally:
        if found is not None:
            kept.closed(found)


def _opened(cases: Sequence[Path], lang: Lang) -> Cache | None:
    from archive_check import cache as kept

    try:
        place = kept.folder().resolve()
        if any(place.is_relative_to(case.resolve()) for case in cases):
            return None
        return kept.opened(place)
    except (kept.CacheError, OSError) as error:
        line = tell(lang, "cache.unusable", why=str(error))
        click.echo(f"archive-check: {flat(line)}", err=True)
        return None


@click.group(cls=spoken.SpokenGroup)
def cache() -> None:
    pass


@cache.command()
@options.choice("--format", "text", "json", default="text")
@options.lang
@click.pass_context
def info(context: click.Context, format: str) -> None:
    from archive_check import cache as kept

    lang: Lang = context.find_root().obj
    found = _held(kept.info)
    if format == "json":
        told = {
            "path": str(found.path),
            "entries": found.entries,
            "bytes": found.size,
            "limit": found.limit,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_told(lang, "cache.info", found))


@cache.command()
@options.lang
@click.pass_context
def clear(context: click.Context) -> None:
    from archive_check import cache as kept

    lang: Lang = context.find_root().obj
    click.echo(_told(lang, "cache.cleared", _held(kept.clear)))


def _held(act: Callable[[], Info]) -> Info:
    from archive_check.cache import CacheError

    try:
        return act()
    except CacheError as error:
        raise ArchiveCheckError(said("cache.unusable", why=error)) from error


def _told(lang: Lang, key: str, found: Info) -> str:
    size, limit = (f"{number / 2**20:.1f}" for number in (found.size, found.limit))
    path = flat(str(found.path))
    return tell(lang, key, path=path, entries=found.entries, size=size, limit=limit)
