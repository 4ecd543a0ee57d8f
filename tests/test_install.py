"""The wheel: it holds all that the program needs, and its command runs outside the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("archive_check", "rules", "pyproject.toml", "README.md", "LICENSE")
OLDEST_SETUPTOOLS = 77


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building leaves traces beside the sources."""
    copy, built = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    command += [str(built), str(copy)]
    if int(version("setuptools").split(".")[0]) >= OLDEST_SETUPTOOLS:
        # What builds is here already: no need to fetch it again.
        command.insert(4, "--no-build-isolation")
    subprocess.run(command, check=True, timeout=120)
    (found,) = built.glob("archive_check-*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel; libraries are lent by this one."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    subprocess.run([*install, wheel], check=True, timeout=120)
    purelib = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(purelib) / "lent.pth").write_text("\n".join(sorted(lent)))
    return python


def output(*command: object, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True,
        timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.decode("utf-8")


def test_the_installed_command_knows_its_rules(python: Path, tmp_path: Path) -> None:
    place = output(
        python, "-c", "import archive_check; print(archive_check.__file__)", cwd=tmp_path
    )
    assert Path(place.strip()).is_relative_to(python.parent.parent)
    installed = json.loads(
        output(python.parent / "archive-check", "rules", "--format", "json", cwd=tmp_path)
    )
    here = json.loads(
        output(sys.executable, "-m", "archive_check", "rules", "--format", "json", cwd=tmp_path)
    )
    assert installed == here
    assert installed["schema"] == "archive-check/rules/1"
    assert "检查" in output(python, "-m", "archive_check", "--help", cwd=tmp_path)


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    from zipfile import ZipFile

    names = set(ZipFile(wheel).namelist())
    for folder, inside in (("archive_check", "archive_check"), ("rules", "archive_check/rules")):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".py", ".yaml", ".json", ".typed"}:
                assert f"{inside}/{file.relative_to(ROOT / folder).as_posix()}" in names
