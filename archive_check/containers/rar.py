"""RAR files: always listed, unpacked where a program that can is installed."""

from __future__ import annotations

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
    """The members in their order; without a program those that are compressed have a problem."""
    import rarfile

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
                except rarfile.RarCannotExec:
                    problem = Problem("unsupported", said("scan.rar-program"))
                    yield Member(name, "", info.file_size, problem)
                except rarfile.Error as error:
                    problem = Problem("damaged", said("scan.broken-member", detail=error))
                    yield Member(name, "", info.file_size, problem)
    except rarfile.PasswordRequired as error:
        raise ContainerError("encrypted", "reading.password") from error
    except rarfile.Error as error:
        raise ContainerError("damaged", "scan.broken", detail=error) from error
