"""Fuzz readers one after another: `python -m fuzz [SECONDS [READER...]]`, ten minutes each.

A crash ends with its traceback and leaves its input in `.venv/fuzz/`; mend it and keep the bytes
in `tests/test_fuzzed.py`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from archive_check.workers import SECONDS

WORK = Path(".venv/fuzz")
MEGABYTES = 2048
"""Memory of one run; more is a crash."""
_INSTRUMENTED = 3
"""How many times longer a reader takes that is watched."""


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one reader in this process until the time is up. Does not return."""
    import atheris

    with atheris.instrument_imports(include=["archive_check", "olefile", "striprtf"]):
        from fuzz.targets import TARGETS, once

    target = TARGETS[name]
    corpus = WORK / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    with tempfile.TemporaryDirectory() as folder:
        options = [
            f"-max_total_time={seconds}",
            f"-rss_limit_mb={MEGABYTES}",
            f"-timeout={_INSTRUMENTED * SECONDS:.0f}",
            f"-artifact_prefix={WORK}/{name}-",
            "-print_final_stats=1",
        ]
        atheris.Setup(
            [sys.argv[0], *options, str(corpus)],
            lambda data: once(target, data, Path(folder)),
        )
        atheris.Fuzz()


def main() -> int:
    """Each reader in a process of its own, since libFuzzer ends the one it runs in."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    if sys.argv[2:3] == ["--one"]:
        fuzz(sys.argv[3], seconds)
        return 0
    from fuzz.targets import TARGETS

    failed = []
    for name in sys.argv[2:] or TARGETS:
        print(f"fuzz {name}", flush=True)
        command = [sys.executable, "-m", "fuzz", str(seconds), "--one", name]
        if subprocess.run(command).returncode:
            failed.append(name)
    print(f"crashed: {', '.join(failed)}" if failed else "no crash")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
