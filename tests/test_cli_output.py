"""Where reports go, what never reaches a terminal, and what `classify` gives."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import report_samples
from cli_pipeline import Pipeline, Run, one_line
from jsonschema import Draft202012Validator

from archive_check import caseinfo

pytest_plugins = ("cli_fixtures",)

# Where reports go


def test_nothing_but_the_report_on_standard_output(
    run: Run, pipeline: Pipeline, case: Path
) -> None:
    _, out, err = run("check", case, "--format", "json")
    assert Draft202012Validator(report_samples.schema()).is_valid(json.loads(out))
    assert err == ""
    status, text, _ = run("check", case)
    assert status == 1
    assert text.startswith("审计档案检查报告")


def test_outputs_follow_formats_or_endings(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / name for name in ("a.dat", "b.TXT", "c.json"))
    status, out, _ = run(
        "check", case, "--format", "json", "--output", first,
        "--format", "text", "--output", "-",
    )  # fmt: skip
    assert status == 1
    assert out.startswith("审计档案检查报告")
    assert json.loads(first.read_text("utf-8"))["schema"] == "archive-check/report/1"
    status, out, _ = run("check", case, "--output", second, "--output", third)
    assert out == ""
    assert second.read_text("utf-8").startswith("审计档案检查报告")
    assert third.read_bytes() == first.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.dat", "b.TXT", "c.json", "case"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "{tmp}/a.dat"], "does not tell the format"),
        (["--format", "json", "--format", "text"], "2 --format and 1 --output"),
        (["--format", "json", "--output", "{tmp}/a", "--output", "{tmp}/b"], "1 --format and 2"),
        (["--output", "{tmp}/a.json", "--output", "{tmp}/./a.json"], "twice"),
        (["--output", "{tmp}/none/a.json"], "does not exist"),
        (["--format", "json", "--output", "{tmp}"], "is a folder"),
        (["--output", "{case}/a.json"], "never written to"),
        (["--output", "{case}/sub/../a.json"], "never written to"),
        (["--output", "{tmp}/link/a.json"], "never written to"),
        (["--output", "{tmp}/to-a.txt"], "never written to"),
        (["--case-info", "{tmp}/i.json", "--output", "{tmp}/i.json"], "read by this very command"),
    ],
)
def test_outputs_that_are_refused_before_the_work(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (case / "sub").mkdir()
    (tmp_path / "link").symlink_to(case)
    (tmp_path / "to-a.txt").symlink_to(case / "a.txt")
    filled = [argument.format(tmp=tmp_path, case=case) for argument in arguments]
    status, _, err = run("check", case, "--lang", "en", *filled)
    assert status == 2
    assert words in one_line(err)
    assert pipeline.asked == []
    assert (case / "a.txt").read_text() == "a"


def test_a_case_file_is_not_overwritten(run: Run, pipeline: Pipeline, tmp_path: Path) -> None:
    archive = tmp_path / "case.zip"
    archive.write_bytes(b"PK")
    assert run("check", archive, "--format", "json", "--output", archive)[0] == 2
    assert archive.read_bytes() == b"PK"


def test_a_file_is_replaced_whole_and_keeps_its_permissions(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    run("check", case, "--output", link)
    assert link.is_symlink()
    assert json.loads(target.read_text("utf-8"))["cases"]
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_report_that_cannot_be_written_is_not_silent(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = run("check", case, "--output", target)
    assert status == 3
    assert "No space left" in one_line(err)
    assert target.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_devices_are_written_to(run: Run, pipeline: Pipeline, case: Path) -> None:
    assert run("check", case, "--format", "json", "--output", "/dev/null")[0] == 1
    assert run("check", case, "--format", "json", "--output", "/dev/full")[0] == 3
    assert Path("/dev/null").is_char_device()


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch, name: str) -> io.BytesIO:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, name, Terminal(raw, "utf-8"))
    return raw


def test_colour_and_width_on_a_terminal(
    run: Run, pipeline: Pipeline, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = on_terminal(monkeypatch, "stdout")
    run("check", case)
    assert b"\x1b[1;31m" in shown.getvalue()
    assert "=" * 80 + "\n" in shown.getvalue().decode()
    monkeypatch.setenv("NO_COLOR", "1")
    shown = on_terminal(monkeypatch, "stdout")
    run("check", case)
    assert b"\x1b" not in shown.getvalue()


def test_progress_stands_on_a_terminal_alone_and_is_harmless(
    run: Run, pipeline: Pipeline, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("check", case)[2] == ""
    for arguments, expected in (([], True), (["--quiet"], False)):
        shown = on_terminal(monkeypatch, "stderr")
        run("check", case, *arguments)
        sys.stderr.flush()
        assert ("审计\\x1b[31m报告.pdf" in shown.getvalue().decode()) is expected
        assert b"\x1b" not in shown.getvalue()


def test_hostile_documents_do_not_reach_the_terminal(
    run: Run, pipeline: Pipeline, case: Path
) -> None:
    pipeline.report = report_samples.hostile()
    for command in ("check", "classify"):
        for name in ("text", "json"):
            assert report_samples.acting(run(command, case, "--format", name)[1]) == []


def subprocess_with_pipeline(script: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, whose pipeline answers with the sample report."""
    prelude = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
        "import types, cli_pipeline;"
        "fake = types.ModuleType('archive_check.check'); stand_in = cli_pipeline.Pipeline();"
        "fake.Options, fake.check = cli_pipeline.FakeOptions, stand_in.check;"
        "sys.modules['archive_check.check'] = fake;"
        "from archive_check.cli import main;"
    )
    return subprocess.run([sys.executable, "-c", prelude + script], timeout=60, **options)


def test_a_reader_that_went_away_is_quiet(case: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    for script in (f"main(['check', {str(case)!r}])", "main(['--help'])"):
        done = subprocess_with_pipeline(script, stdout=writing, stderr=subprocess.PIPE)
        assert done.stderr == b""
        assert done.returncode in (0, 1)
    os.close(writing)


def test_standard_output_is_utf_8_whatever_the_locale(case: Path) -> None:
    done = subprocess_with_pipeline(
        f"main(['check', {str(case)!r}])",
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
    )
    assert done.returncode == 1
    assert "审计档案检查报告" in done.stdout.decode("utf-8")


# classify


def test_classify_shows_why_and_no_verdict(run: Run, pipeline: Pipeline, case: Path) -> None:
    status, out, _ = run("classify", case, case)
    assert status == 0
    assert "文件名含“审计报告”" in out
    assert "结论：" not in out
    status, out, _ = run("classify", case, "--format", "json")
    assert len(json.loads(out)["cases"][0]["materials"]) == 3


def test_what_was_recognised_comes_back_as_case_information(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path
) -> None:
    target = tmp_path / "info.yaml"
    assert run("classify", case, "--write-case-info", target)[0] == 0
    types = {row.type for row in pipeline.report.cases[0].materials}
    info = caseinfo.load(target, types)
    assert info.values["unit"] == "某单位"
    assert len(info.materials) == 3
    assert target.read_text("utf-8").startswith("# 案卷信息")
    inside = case / "archive-check.yaml"
    assert run("classify", case, "--write-case-info", inside)[0] == 2
    assert not inside.exists()
    assert run("classify", case, case, "--write-case-info", target)[0] == 2


def test_case_information_that_was_corrected_is_not_written_over(
    run: Run, pipeline: Pipeline, case: Path, tmp_path: Path
) -> None:
    target = tmp_path / "case.yaml"
    for _ in range(2):
        assert run("classify", case, "--write-case-info", target)[0] == 0
    target.write_text(target.read_text("utf-8") + "# corrected\n", "utf-8")
    status, _, err = run("classify", case, "--write-case-info", target)
    assert status == 2
    assert one_line(err)
    assert target.read_text("utf-8").endswith("# corrected\n")
