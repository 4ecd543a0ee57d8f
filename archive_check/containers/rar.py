"""RAR files: always listed, unpacked where a program that can is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive_check.containers.limits import (
    Budget,
    ContainerError,
    Member,
    harmless,
    stored,
)
from archive_check.model import Problem, said


def unpack(path: Path, folder: Path, budget: Budget) -> Iterator[Member]:
    """The members in their order; without a program those that are compressed have a problem.

    Raises ContainerError, of kind `unsupported` for a further volume whose first lies beside it:
    from that one all are read.
    """
    import rarfile

    rarfile.HACK_TMP_DIR = str(folder)  # where it leaves copies if it finds no program
    try:
        with rarfile.RarFile(path) as container:
            if container.needs_password():
                raise ContainerError("encrypted", "reading.password")
            infos = [info for info in container.infolist() if not info.is_dir()]
            budget.claim(len(infos), sum(i.file_size for i in infos), path.stat().st_size)
            for number, info in enumerate(infos):
                name = harmless(info.filename) or str(number)
                if not info.is_file():
                    yield Member(name, "", 0, link=True)
                    continue
                try:
                    with container.open(info) as source:
                        target = folder / str(number)
                        yield stored(name, source, target, info.file_size)
                except rarfile.NeedFirstVolume:
                    raise
                except rarfile.RarCannotExec:
                    problem = Problem("unsupported", said("scan.rar-program"))
                    yield Member(name, "", info.file_size, problem)
                except rarfile.Error as error:
                    problem = Problem("damaged", said("scan.broken-member", detail=error))
                    yield Member(name, "", info.file_size, problem)
    except rarfile.PasswordRequired as error:
        raise ContainerError("encrypted", "reading.password") from error
    except rarfile.RarCannotExec as error:  # needed for a comment, before any member
        raise ContainerError("unsupported", "scan.rar-program") from error
    except rarfile.NeedFirstVolume as error:
        first = _first_volume(path)
        found = first != path and first.exists()
        raise ContainerError("unsupported" if found else "damaged", "scan.volume") from error
    except rarfile.Error as error:
        raise ContainerError("damaged", "scan.broken", detail=error) from error
    except FileNotFoundError as error:
        if not path.exists():
            raise
        raise ContainerError("damaged", "scan.volume") from error


def _first_volume(path: Path) -> Path:
    """Where the first volume should lie: `a.part1.rar` for `a.part2.rar`, `a.rar` for `a.r00`."""
    name = re.sub(r"(?i)(?<=\.part)\d+(?=\.rar$)", lambda n: "1".zfill(len(n[0])), path.name)
    return path.with_name(re.sub(r"(?i)(?<=\.r)\d\d$", "ar", name))
