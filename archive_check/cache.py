"""What was read of a file, kept in the user's cache folder so that nothing is read twice.

One SQLite file that any number of runs and workers may use at once. It never fails a run: what
can't be had is read again, what can't be kept is not, a damaged file is thrown away.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

LIMIT = 2**30
"""Bytes that a run leaves behind at most."""
_LARGEST = 32 * 2**20
"""Bytes of one value, compressed."""
_WAIT = 5.0
"""Seconds to wait for another run that is writing."""
_SCHEMA = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)
"""
_TRIM = """
DELETE FROM kept WHERE key IN (
  SELECT key FROM (
    SELECT key, SUM(length(value)) OVER (ORDER BY used DESC, key) AS total FROM kept
  ) WHERE total > ?
)
"""


class CacheError(Exception):
    """The cache can't be used; the message tells why."""


@dataclass(frozen=True, slots=True)
class Info:
    """What a cache holds; sizes are bytes."""

    path: Path
    entries: int
    size: int
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Cache:
    """The cache as one run uses it: small, and sent to workers as it is.

    `run` counts the runs, so that it can be told what was not used for long without a clock.
    """

    path: Path
    version: str
    run: int

    def get(self, key: str) -> bytes | None:
        """The value kept under a key by this version of the program, or None."""
        named = f"{self.version} {key}"
        connection = _connection(self.path)
        if connection is None:
            return None
        try:
            found = connection.execute("SELECT value, used FROM kept WHERE key = ?", (named,))
            row = found.fetchone()
            if row is None:
                return None
            if row[1] < self.run:
                connection.execute("UPDATE kept SET used = ? WHERE key = ?", (self.run, named))
            return zlib.decompress(row[0])
        except zlib.error:
            return None
        except sqlite3.Error as error:
            _give_up(self.path, error)
            return None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, where that can be done."""
        packed = zlib.compress(value, 1)
        connection = _connection(self.path)
        if connection is None or len(packed) > _LARGEST:
            return
        row = (f"{self.version} {key}", packed, self.run)
        try:
            connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", row)
        except sqlite3.Error as error:
            _give_up(self.path, error)


def folder() -> Path:
    """Where the cache lies: the system's folder for such things. Raises CacheError."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "archive-check"
    try:
        home = Path.home()
    except RuntimeError as error:
        raise CacheError(str(error)) from error
    inside = {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(sys.platform, ".cache")
    return home / inside / "archive-check"


def opened(place: Path | None = None, limit: int = LIMIT) -> Cache:
    """The cache for one run, made or mended where need be. Raises CacheError."""
    path = (place or folder()) / "read.sqlite"
    try:
        _make_private(path)
        if before := _open.pop(path, None):
            before.close()
        connection = _open[path] = _usable(path)
        _trim(connection, limit)
        (last,) = connection.execute("SELECT max(used) FROM kept").fetchone()
    except (OSError, sqlite3.Error) as error:
        # Without the whole message: that of the system repeats the path.
        raise CacheError(getattr(error, "strerror", None) or str(error)) from error
    return Cache(path, _version(), (last or 0) + 1)


def closed(cache: Cache, limit: int = LIMIT) -> None:
    """End a run: what was not used for longest goes where there is too much."""
    connection = _connection(cache.path)
    if connection is None:
        return
    try:
        _trim(connection, limit)
        connection.close()
        del _open[cache.path]
    except sqlite3.Error as error:
        _give_up(cache.path, error)


def clear(place: Path | None = None) -> Info:
    """Remove everything; returns what was there. Raises OSError, CacheError."""
    held = info(place)
    _remove(held.path)
    return held


def info(place: Path | None = None) -> Info:
    """What the cache holds. Raises CacheError where there may be one that can't be read."""
    path = (place or folder()) / "read.sqlite"
    files = [file for file in _files(path) if file.exists()]
    if not files:
        return Info(path, 0, 0)
    entries = 0
    try:
        connection = sqlite3.connect(path, timeout=_WAIT)
        (entries,) = connection.execute("SELECT count(*) FROM kept").fetchone()
        connection.close()
    except sqlite3.DatabaseError:
        pass  # damaged: there are files, but nothing in them that could be used
    return Info(path, entries, sum(file.stat().st_size for file in files))


_open: dict[Path, sqlite3.Connection | None] = {}
"""This process's connections; None where it has given up."""


def _connection(path: Path) -> sqlite3.Connection | None:
    if path not in _open:
        try:
            _open[path] = _usable(path)
        except (OSError, sqlite3.Error):
            _open[path] = None
    return _open[path]


def _give_up(path: Path, error: sqlite3.Error) -> None:
    """No more of it in this process; what is damaged is also thrown away, for the next one."""
    connection, _open[path] = _open.get(path), None
    if connection is not None:
        connection.close()
    if _damaged(error):
        _remove(path)


def _damaged(error: sqlite3.Error) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError
    )


def _make_private(path: Path) -> None:
    """Only the user may look into the folder and the file: cases can be secret."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.parent.stat()
    if sys.platform != "win32":
        if status.st_uid != os.getuid():
            raise PermissionError(0, f"{path.parent}: st_uid {status.st_uid}")
        if status.st_mode & 0o077:
            path.parent.chmod(0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _usable(path: Path) -> sqlite3.Connection:
    """A connection; a file that is damaged or of another version is made anew."""
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if not _damaged(error):
            raise
    _remove(path)
    return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema not in (0, _SCHEMA):
            raise sqlite3.DatabaseError(f"version {schema}")
        if schema == 0:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        # However much one run reads, the file stays within bounds until it is trimmed.
        connection.execute(f"PRAGMA max_page_count = {2 * LIMIT // size}")
        connection.execute(_TABLE)
        if schema == 0:
            connection.execute(f"PRAGMA user_version = {_SCHEMA}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _trim(connection: sqlite3.Connection, limit: int) -> None:
    """Where the file is too large, down to a part of the limit, so that it is not done each run."""
    sizes = ("PRAGMA page_count", "PRAGMA page_size")
    pages, size = (connection.execute(pragma).fetchone()[0] for pragma in sizes)
    if pages * size > limit:
        connection.execute(_TRIM, (limit * 3 // 4,))
        connection.execute("PRAGMA incremental_vacuum").fetchall()


def _files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))


def _remove(path: Path) -> None:
    for file in _files(path):
        file.unlink(missing_ok=True)


def _version() -> str:
    """What the values depend on beside the files: this program and the libraries that it uses."""
    from importlib import metadata, resources

    digest = hashlib.sha256()
    package = resources.files(__package__)
    for place in (package, package / "ocr", package / "readers"):
        for source in sorted(place.iterdir(), key=lambda item: item.name):
            if source.name.endswith(".py"):
                digest.update(source.read_bytes())
    for needed in metadata.requires("archive-check") or ():
        name = needed.replace(">", " ").replace("=", " ").replace(";", " ").split()[0]
        try:
            digest.update(f"{name} {metadata.version(name)}\n".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{name} -\n".encode())
    return digest.hexdigest()[:16]
