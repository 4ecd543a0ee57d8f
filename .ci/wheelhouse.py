"""Collect what an offline install needs: `wheelhouse.py FOLDER [PLATFORM PYTHON_VERSION]`.

Without a platform: for machines like this one. With one (as pip names it: `win_amd64`,
`manylinux2014_x86_64`, ...): what that platform needs, which pip alone would judge by this one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
EXTRA = "ocr"
"""What recognises the text of scans goes along."""
SYSTEMS: Mapping[str, tuple[str, str, str]] = {
    "win": ("win32", "Windows", "nt"),
    "macosx": ("darwin", "Darwin", "posix"),
    "manylinux": ("linux", "Linux", "posix"),
}
"""How markers name the system of a platform: sys_platform, platform_system, os_name."""


def main(arguments: list[str]) -> None:
    """Fill the folder; ends the program where pip fails or the platform is unknown."""
    folder, target = Path(arguments[0]), [part for part in arguments[1:] if part]
    folder.mkdir(parents=True, exist_ok=True)
    if not target:
        _pip("wheel", "--wheel-dir", folder, f"{ROOT}[{EXTRA}]")
    else:
        platform, version = target
        _pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
        _collect(folder, platform, version)
    print(f"{len(list(folder.glob('*.whl')))} wheels in {folder}")


def _collect(folder: Path, platform: str, version: str) -> None:
    environment = _environment(platform, version)
    choice = ["--only-binary=:all:", "--platform", platform, "--python-version", version]
    wanted = ["archive-check"]
    done: set[str] = set()
    while wanted:
        name = wanted.pop()
        extra = EXTRA if name == "archive-check" else ""
        for needed in _needs(folder, name, {**environment, "extra": extra}):
            if canonicalize_name(needed.name) not in done:
                done.add(canonicalize_name(needed.name))
                line = f"{needed.name}{needed.specifier}"
                _pip("download", "--no-deps", "--dest", folder, *choice, line)
                wanted.append(needed.name)


def _needs(folder: Path, name: str, environment: Mapping[str, str]) -> Iterator[Requirement]:
    """What the wheel of this name asks for in an environment."""
    for wheel in folder.glob("*.whl"):
        if canonicalize_name(wheel.name.partition("-")[0]) == canonicalize_name(name):
            with ZipFile(wheel) as package:
                path = next(n for n in package.namelist() if n.endswith(".dist-info/METADATA"))
                metadata = Parser().parsestr(package.read(path).decode("utf-8"))
            for line in metadata.get_all("Requires-Dist", []):
                needed = Requirement(line)
                if needed.marker is None or needed.marker.evaluate(dict(environment)):
                    yield needed
            return


def _environment(platform: str, version: str) -> Mapping[str, str]:
    for start, (sys_platform, platform_system, os_name) in SYSTEMS.items():
        if platform.startswith(start):
            return {
                "sys_platform": sys_platform,
                "platform_system": platform_system,
                "os_name": os_name,
                "python_version": version,
                "python_full_version": f"{version}.0",
            }
    sys.exit(f"unknown platform {platform!r}; it begins with one of: {', '.join(SYSTEMS)}")


def _pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*command, *map(str, arguments)], check=False).returncode:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
