"""Where reports go: standard output, or files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive_check.saying import ArchiveCheckError, said

STANDARD_OUTPUT = "-"


def targets(
    formats: Sequence[str], outputs: Sequence[str], endings: Mapping[str, str]
) -> list[tuple[str, Path | None]]:
    """Each report asked for: its format and its file, None being standard output.

    The nth format goes to the nth output; without formats an output's ending names its own.
    Raises ArchiveCheckError where they do not pair, an ending says nothing, or two reports would
    go to one place.
    """
    if not outputs:
        outputs = [STANDARD_OUTPUT]
    if not formats:
        formats = [_by_ending(output, endings) for output in outputs]
    if len(formats) != len(outputs):
        numbers = {"formats": len(formats), "outputs": len(outputs)}
        raise ArchiveCheckError(said("output.pairs", **numbers))
    places = [None if output == STANDARD_OUTPUT else Path(output) for output in outputs]
    seen = [os.path.realpath(place) if place else None for place in places]
    for number, place in enumerate(seen):
        if place in seen[:number]:
            raise ArchiveCheckError(said("output.twice", option="--output", path=outputs[number]))
    return list(zip(formats, places, strict=True))


def refuse_unfit(
    option: str, output: Path, cases: Sequence[Path], others: Sequence[Path] = ()
) -> None:
    """Raise ArchiveCheckError where a report must not or can't be written.

    Cases are never written to, whether by way of links or not; `others` are files that are read.
    """
    target = Path(os.path.realpath(output))
    if target.is_dir():
        raise ArchiveCheckError(said("output.folder", option=option, path=output))
    if not target.parent.is_dir():
        raise ArchiveCheckError(
            said("output.no-folder", option=option, path=output, folder=output.parent)
        )
    if target.exists() and not target.is_file():
        if not os.access(target, os.W_OK):
            raise ArchiveCheckError(said("output.no-access", option=option, path=output))
    elif not os.access(target.parent, os.W_OK | os.X_OK):
        # A file is replaced, not written to: what counts is what its folder allows.
        raise ArchiveCheckError(
            said("output.locked-folder", option=option, path=output, folder=output.parent)
        )
    for case in cases:
        if any(_same(place, case) for place in (target, *target.parents)):
            raise ArchiveCheckError(said("output.in-case", path=output, case=case))
    for other in others:
        if _same(target, other):
            raise ArchiveCheckError(said("output.is-input", path=output))


def refuse_other(output: Path, data: bytes) -> None:
    """Raise ArchiveCheckError where a file holds something else, which somebody may have written
    by hand."""
    if output.is_file() and output.read_bytes() not in (b"", data):
        raise ArchiveCheckError(said("output.kept", path=output))


def write_file(output: Path, data: bytes) -> None:
    """Write a file so that it is never seen half written. Raises OSError."""
    target = Path(os.path.realpath(output))
    if target.exists() and not target.is_file():
        # A device or a pipe can't be replaced, only written to.
        target.write_bytes(data)
        return
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_standard_output(data: bytes) -> None:
    """Write to standard output; a reader that went away is no error. Raises OSError else."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        quiet_standard_output()


def quiet_standard_output() -> None:
    """Let nothing more be written to a closed pipe, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _by_ending(output: str, endings: Mapping[str, str]) -> str:
    if output == STANDARD_OUTPUT:
        return "text"
    name = Path(output).name.lower()
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending):
            return endings[ending]
    raise ArchiveCheckError(
        said("output.ending", option="--output", path=output, known=" ".join(endings))
    )


def _same(first: Path, second: Path) -> bool:
    try:
        return os.path.samefile(first, second)  # noqa: PTH121 - either may not exist
    except OSError:
        return first == Path(os.path.realpath(second))


def _mode(target: Path) -> int:
    """The permissions of the file replaced, else those of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
