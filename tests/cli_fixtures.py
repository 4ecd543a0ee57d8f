"""Fixtures for tests of the command line: a fake pipeline, a case, a pack, a way to run."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from cli_pipeline import PACK, RULE, FakeOptions, Pipeline, Run

from archive_check import cli, spoken


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    fake = ModuleType("archive_check.check")
    stand_in = Pipeline()
    fake.Options = FakeOptions  # type: ignore[attr-defined]
    fake.check = stand_in.check  # type: ignore[attr-defined]
    fake.classify = stand_in.classify  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "archive_check.check", fake)
    monkeypatch.delenv(spoken.ENVIRONMENT, raising=False)
    return stand_in


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "58.yaml").write_text(RULE % "false", "utf-8")
    return folder


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call
