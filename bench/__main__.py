"""Measure a check of 1,000 files against reading them, and `--help` against an empty program."""

from __future__ import annotations

import cProfile
import io
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from archive_check.check import Options, check
from bench.bare import FONT_FOLDERS, read_bare, read_whole
from bench.case import write_case

FILES = 1000
ROUNDS = 7
MOST = 1.3
"""How many times the bare reading a check may take."""
HELP_MOST = 0.2
"""Seconds that `--help` may take longer than an empty program."""
JOBS = os.cpu_count() or 1
PROFILED = 25
"""Functions of the profile that are shown."""


def main() -> int:
    """Print the figures; 1 where one of them is more than it may be."""
    with tempfile.TemporaryDirectory(prefix="archive-check-bench-") as folder:
        case = Path(folder, "case")
        print(f"writing a case of {FILES} files ...", file=sys.stderr)
        write_case(case, FILES)
        ratio = _compare(case)
        if "--profile" in sys.argv[1:]:
            _profile(case)
    late = _help()
    return int(ratio > MOST or late > HELP_MOST)


def _compare(case: Path) -> float:
    paths = sorted(path for path in case.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in paths) / 2**20
    steps = (
        partial(read_bare, paths, JOBS),
        partial(read_whole, paths, JOBS),
        partial(_check, case),
    )
    for step in reversed(steps):
        step()  # the first to read would wait for the disk, and workers for their libraries
    rounds = [[_seconds(step) for step in steps] for _ in range(ROUNDS)]
    bare_time, read_time, whole_time = (median(times) for times in zip(*rounds, strict=True))
    print(f"files           {len(paths)} ({size:.1f} MiB), {JOBS} workers, median of {ROUNDS}")
    print(f"fonts           {_fonts():6d}     (opened for text whose PDF leaves its fonts out)")
    print(f"hash and text   {bare_time:6.2f} s")
    print(f"reading         {read_time:6.2f} s   (tables, places on the page, signatures, ...)")
    print(f"check           {whole_time:6.2f} s")
    ratio: float = whole_time / bare_time
    print(f"ratio           {ratio:6.2f}   (at most {MOST})")
    return ratio


def _check(case: Path) -> None:
    check([case], Options(as_of=date(2024, 6, 30), jobs=JOBS))


def _fonts() -> int:
    """Fonts of this machine: the more, the longer text without fonts of its own takes to read."""
    kinds = (".ttf", ".ttc", ".otf", ".pfb")
    return sum(path.suffix in kinds for folder in FONT_FOLDERS for path in folder.rglob("*"))


def _help() -> float:
    empty = _median_run("-c", "pass")
    with_help = _median_run("-m", "archive_check", "--help")
    print(f"--help          {with_help - empty:6.2f} s longer than an empty program", end="")
    print(f" (at most {HELP_MOST})")
    return with_help - empty


def _median_run(*arguments: str) -> float:
    command = [sys.executable, *arguments]
    return median(_seconds(partial(_run, command)) for _ in range(5))


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _profile(case: Path) -> None:
    """Where the time of this process goes; what the workers do shows as waiting."""
    profile = cProfile.Profile()
    profile.runcall(_check, case)
    shown = io.StringIO()
    pstats.Stats(profile, stream=shown).sort_stats("cumulative").print_stats(PROFILED)
    print(shown.getvalue())


if __name__ == "__main__":
    sys.exit(main())
