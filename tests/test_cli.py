"""The command line: options, exit statuses, where reports go, and what never reaches a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import test_reports
from jsonschema import Draft202012Validator

from archive_check import __version__, caseinfo, cli, cli_rules, spoken
from archive_check.model import ArchiveCheckError, Report, said

PACK = """\
id: own
version: "1.0"
title: {zh: 自定, en: Own}
sources:
  law: {zh: 某法, en: Law}
"""
RULE = """\
- id: OW58.1
  title: {zh: 附件在前, en: Attachment first}
  severity: error
  cites: [{source: law, article: 58, item: 1}, {label: {zh: 通用, en: General}}]
  when: {all: [{pair: {relation: attachment, in_order: false}}]}
  message: {zh: "《{pair.first.title}》在前", en: "“{pair.first.title}” first"}
  remedy: {zh: 移到后面, en: Move it behind}
  examples:
    fail: [[{pair: {relation: attachment, in_order: %s}}]]
    pass: [[{pair: {relation: attachment, in_order: true}}], [{pair: {relation: attachment}}]]
"""


@dataclass(frozen=True)
class FakeOptions:
    as_of: date
    packs: tuple[str, ...] = ("archive", "chongqing")
    case_info: Path | None = None
    lang: str = "zh"
    jobs: int = 2
    engine: str | None = None
    ocr: str = "auto"
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    timeout: float = 60.0


@dataclass
class Pipeline:
    """Stands for the pipeline: notes what it is asked and answers with a report."""

    report: Report = field(default_factory=test_reports.sample)
    asked: list[tuple[tuple[Path, ...], FakeOptions]] = field(default_factory=list)
    raises: BaseException | None = None

    @property
    def options(self) -> FakeOptions:
        return self.asked[-1][1]

    def check(
        self,
        cases: Sequence[Path],
        options: FakeOptions,
        progress: Callable[[str], None] | None = None,
    ) -> Report:
        self.asked.append((tuple(cases), options))
        if progress:
            progress("1/2 审计\x1b[31m报告.pdf")
        if self.raises:
            raise self.raises
        return replace(self.report, lang=options.lang)  # type: ignore[arg-type]

    def classify(self, case: Path, options: FakeOptions, progress: Any = None) -> Report:
        report = self.check([case], options, progress)
        cases = tuple(replace(found, findings=(), rules=()) for found in report.cases)
        return replace(report, cases=cases)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
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


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        status = cli.run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def one_line(err: str) -> str:
    assert err.startswith("archive-check: ")
    assert err.count("\n") == 1
    return err


# Exit statuses


def verdict(report: Report, severities: Sequence[str], verdict: str) -> Report:
    findings = tuple(
        test_reports.finding("CQ58.1", severity, fingerprint=f"{severity}-finding")
        for severity in severities
    )
    (case,) = report.cases
    return replace(report, cases=(replace(case, findings=findings, verdict=verdict),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("severities", "outcome", "arguments", "status"),
    [
        ([], "compliant", [], 0),
        (["error"], "deficient", [], 1),
        (["warning"], "deficient", [], 0),
        (["warning"], "deficient", ["--fail-on", "warning"], 1),
        (["info"], "compliant", ["--fail-on", "warning"], 0),
        (["info"], "compliant", ["--fail-on", "info"], 1),
        (["error"], "deficient", ["--fail-on", "info"], 1),
        (["error", "warning", "info"], "deficient", ["--fail-on", "never"], 0),
        ([], "incomplete", [], 0),
        ([], "incomplete", ["--fail-on-unchecked"], 3),
        (["info"], "incomplete", ["--fail-on-unchecked"], 3),
        (["info"], "incomplete", ["--fail-on-unchecked", "--fail-on", "info"], 1),
        (["warning"], "deficient", ["--fail-on-unchecked"], 0),
        ([], "compliant", ["--fail-on-unchecked"], 0),
    ],
)
def test_exit_status(
    run: Run, pipeline: Pipeline, case: Path, severities: list[str], outcome: str,
    arguments: list[str], status: int,
) -> None:  # fmt: skip
    pipeline.report = verdict(pipeline.report, severities, outcome)
    assert run("check", case, *arguments)[0] == status


def test_an_error_of_the_user_is_one_line(run: Run, pipeline: Pipeline, case: Path) -> None:
    pipeline.raises = ArchiveCheckError("pack.yaml:3: broken\n\x1b[31m")
    status, out, err = run("check", case)
    assert (status, out) == (2, "")
    assert one_line(err) == "archive-check: pack.yaml:3: broken \\x1b[31m\n"


def test_an_error_that_is_a_sentence_speaks_the_language(
    run: Run, pipeline: Pipeline, case: Path
) -> None:
    pipeline.raises = ArchiveCheckError(said("caseinfo.encoding", source="info.yaml"))
    assert "不是 UTF-8" in one_line(run("check", case)[2])
    assert "not text in UTF-8" in one_line(run("check", case, "--lang", "en")[2])


@pytest.mark.parametrize("error", [OSError(5, "Input/output error", "a.pdf"), MemoryError()])
def test_a_case_that_was_not_checked_to_the_end(
    run: Run, pipeline: Pipeline, case: Path, error: Exception
) -> None:
    pipeline.raises = error
    status, out, err = run("check", case, "--lang", "en")
    assert (status, out) == (3, "")
    assert "did not come to its end" in one_line(err)


def test_our_own_mistake_shows_where_it_was(run: Run, pipeline: Pipeline, case: Path) -> None:
    pipeline.raises = KeyError("wrong \x1b[31m")
    status, out, err = run("check", case, "--lang", "en")
    assert (status, out) == (70, "")
    assert "Traceback" in err
    assert "\x1b" not in err
    assert err.splitlines()[-1].startswith("archive-check: internal error")
    assert __version__ in err


def test_an_interruption_is_no_verdict(run: Run, pipeline: Pipeline, case: Path) -> None:
    pipeline.raises = KeyboardInterrupt()
    status, out, err = run("check", case)
    assert (status, out) == (130, "")
    assert "Traceback" not in err


# Usage


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        ([], "缺少命令", "a command is missing"),
        (["check"], "缺少 CASE", "CASE... is missing"),
        (["chekc"], "是否应为 check", "did you mean check"),
        (["rules", "fact"], "是否应为 facts", "did you mean facts"),
        (["check", "c", "--fromat", "x"], "是否应为 --format", "did you mean --format"),
        (["check", "c", "--format"], "--format 的用法不对", "--format lacks its value"),
        (["check", "c", "--format", "jsn"], "是否应为 json", "did you mean json"),
        (["check", "c", "--format", "zzzz"], "可用的有：text, json", "there are: text, json"),
        (["check", "c", "--fail-on", "eror"], "是否应为 error", "did you mean error"),
        (["check", "c", "--ocr", "on"], "--ocr", "--ocr"),
        (["check", "c", "--engine", "durabel"], "是否应为 durable", "did you mean durable"),
        (["check", "c", "--as-of", "2024-02-30"], "--as-of", "such as 2024-06-30"),
        (["check", "c", "--as-of", "20240230"], "--as-of", "such as 2024-06-30"),
        (["check", "c", "--jobs", "0"], "--jobs", "at least 1"),
        (["check", "c", "--jobs", "many"], "--jobs", "at least 1"),
        (["check", "c", "--timeout", "nan"], "--timeout", "at least 1"),
        (["check", "c", "--quiet=yes"], "--quiet", "--quiet"),
        (["explain", "CQ58.1", "x"], "命令不正确", "wrong usage"),
    ],
)
def test_usage_errors_are_one_line(
    run: Run, pipeline: Pipeline, arguments: list[str], zh: str, en: str
) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        status, out, err = run(*arguments[:1], "--lang", lang, *arguments[1:])
        assert (status, out) == (2, "")
        assert words in one_line(err)
    assert pipeline.asked == []


def test_a_language_that_is_none(
    run: Run, pipeline: Pipeline, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "fr" in one_line(run("check", case, "--lang", "fr")[2])
    monkeypatch.setenv(spoken.ENVIRONMENT, "fr")
    status, _, err = run("check", case)
    assert status == 2
    assert spoken.ENVIRONMENT in one_line(err)
    assert run("check", case, "--lang", "en")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "zh"),
        (["check", "--lang", "en"], {}, "en"),
        (["--lang=en", "check"], {}, "en"),
        (["check"], {"ARCHIVE_CHECK_LANG": "en"}, "en"),
        (["check", "--lang", "zh"], {"ARCHIVE_CHECK_LANG": "en"}, "zh"),
        (["check", "--", "--lang", "en"], {}, "zh"),
    ],
)
def test_the_language(arguments: list[str], environment: dict[str, str], lang: str) -> None:
    assert spoken.language(arguments, environment) == lang


@pytest.mark.parametrize(
    "command", ["", "check", "classify", "explain", "rules", "rules facts", "rules test"]
)
def test_help_in_both_languages(run: Run, pipeline: Pipeline, command: str) -> None:
    status, english, _ = run(*command.split(), "--lang", "en", "--help")
    assert status == 0
    assert english.startswith(f"Usage: archive-check {command}".rstrip())
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", english)
    _, chinese, _ = run(*command.split(), "--help")
    assert chinese.startswith(f"用法：archive-check {command}".rstrip())
    options = set(re.findall(r"--[a-z][a-z-]*", english))
    assert options >= {"--lang", "--help"}
    assert options <= set(re.findall(r"--[a-z][a-z-]*", chinese)) | {"--case-info"}


def test_help_names_every_option_of_the_contract(run: Run, pipeline: Pipeline) -> None:
    _, shown, _ = run("check", "--help")
    for option in (
        "CASE...", "--format", "--output", "--pack", "--as-of YYYY-MM-DD", "--case-info FILE",
        "--fail-on error|warning|info|never", "--lang zh|en", "--ocr auto|off", "--jobs N",
        "--select", "--ignore", "--engine durable|reference", "--fail-on-unchecked", "--quiet",
    ):  # fmt: skip
        assert option in shown


def test_version(run: Run, pipeline: Pipeline) -> None:
    assert run("--version") == (0, f"archive-check {__version__}\n", "")


# What the pipeline is asked


def test_defaults(run: Run, pipeline: Pipeline, case: Path) -> None:
    run("check", case)
    cases, options = pipeline.asked[0]
    assert cases == (case,)
    assert options == FakeOptions(as_of=date.today())


def test_every_option_reaches_the_pipeline(
    run: Run, pipeline: Pipeline, case: Path, pack: Path, tmp_path: Path
) -> None:
    info = tmp_path / "info.yaml"
    run(
        "check", case, case, "--pack", pack, "--as-of", "2024-06-30", "--case-info", info,
        "--lang", "en", "--ocr", "off", "--jobs", "3", "--timeout", "1.5", "--engine",
        "reference", "--select", "OW", "--ignore", "ow58, OW58.1", "--quiet",
    )  # fmt: skip
    cases, options = pipeline.asked[0]
    assert cases == (case, case)
    assert options == FakeOptions(
        as_of=date(2024, 6, 30), packs=(str(pack),), case_info=info, lang="en", jobs=3,
        engine="reference", ocr="off", select=frozenset({"OW58.1"}),
        ignore=frozenset({"OW58.1"}), timeout=1.5,
    )  # fmt: skip


KNOWN = ("CQ5.1", "CQ57.1", "CQ57.11", "CQ58.1", "AR01.1")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["CQ57"], {"CQ57.1", "CQ57.11"}),
        (["CQ5"], {"CQ5.1"}),
        (["CQ57.1"], {"CQ57.1"}),
        (["cq"], {"CQ5.1", "CQ57.1", "CQ57.11", "CQ58.1"}),
        (["AR01", "CQ58.1"], {"AR01.1", "CQ58.1"}),
    ],
)
def test_prefixes_of_rules(names: list[str], expected: set[str]) -> None:
    assert cli_rules.expand(names, KNOWN) == expected


def test_a_rule_that_there_is_not(run: Run, pipeline: Pipeline, case: Path, pack: Path) -> None:
    status, _, err = run("check", case, "--pack", pack, "--select", "OW58.2", "--lang", "en")
    assert status == 2
    assert "did you mean OW58.1" in one_line(err)


# Where reports go


def test_nothing_but_the_report_on_standard_output(
    run: Run, pipeline: Pipeline, case: Path
) -> None:
    _, out, err = run("check", case, "--format", "json")
    assert Draft202012Validator(test_reports.schema()).is_valid(json.loads(out))
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
    pipeline.report = test_reports.hostile()
    for command in ("check", "classify"):
        for name in ("text", "json"):
            assert test_reports.acting(run(command, case, "--format", name)[1]) == []


def subprocess_with_pipeline(script: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, whose pipeline answers with the sample report."""
    prelude = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
        "import types, test_reports, test_cli;"
        "fake = types.ModuleType('archive_check.check'); stand_in = test_cli.Pipeline();"
        "fake.Options, fake.check = test_cli.FakeOptions, stand_in.check;"
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


# Rules


def test_explain_tells_all(run: Run, pack: Path) -> None:
    status, out, _ = run("explain", "OW58.1", "--pack", pack)
    assert status == 0
    for words in (
        "OW58.1 附件在前", "错误", "某法 第五十八条(一)", "通用", "《…》在前", "移到后面",
        '"in_order": false', '"in_order": true', "不合格示例",
    ):  # fmt: skip
        assert words in out
    assert "Law article 58(1)" in run("explain", "ow58", "--pack", pack, "--lang", "en")[1]
    status, _, err = run("explain", "OW58.2", "--pack", pack)
    assert status == 2
    assert "OW58.1" in one_line(err)


def test_rules_are_listed(run: Run, pack: Path) -> None:
    status, out, _ = run("rules", "--pack", pack)
    assert status == 0
    assert "附件在前" in out
    status, out, _ = run("rules", "--pack", pack, "--format", "json", "--lang", "en")
    assert status == 0
    assert json.loads(out)["rules"] == [
        {
            "rule": "OW58.1",
            "pack": "own",
            "severity": "error",
            "title": "Attachment first",
            "cites": ["Law article 58(1)", "General"],
            "message": "“{pair.first.title}” first",
            "remedy": "Move it behind",
        }
    ]


def test_all_shipped_rules_are_listed(run: Run) -> None:
    status, out, _ = run("rules", "--format", "json")
    assert status == 0
    assert json.loads(out)["schema"] == "archive-check/rules/1"


def test_facts_are_listed(run: Run) -> None:
    status, out, _ = run("rules", "facts", "--format", "json")
    assert status == 0
    assert json.loads(out)["pair"]["in_order"] == "flag"
    assert re.search(r"pair +in_order +是或否", run("rules", "facts")[1])


def test_examples_prove_a_pack(run: Run, pack: Path) -> None:
    status, out, _ = run("rules", "test", pack)
    assert status == 0
    assert out == "1 条规则的 3 个示例全部符合\n"
    (pack / "58.yaml").write_text(RULE % "true", "utf-8")
    status, out, _ = run("rules", "test", pack, "--engine", "reference", "--lang", "en")
    assert status == 1
    assert "OW58.1" in out
    assert "1 of 3 examples" in out
    (pack / "58.yaml").write_text(RULE, "utf-8")
    status, _, err = run("rules", "test", pack)
    assert status == 2
    one_line(err)


def test_numerals_of_provisions() -> None:
    from archive_check.reports.words import _numeral

    expected = {1: "一", 10: "十", 11: "十一", 20: "二十", 58: "五十八", 99: "九十九", 100: "100"}
    assert {number: _numeral(number, "zh") for number in expected} == expected
    assert _numeral(58, "en") == "58"


# Start-up


@pytest.mark.skipif(os.name == "nt", reason="the times of children are not known")
def test_help_is_there_at_once() -> None:
    def seconds(*arguments: str) -> float:
        """Processor time, which other work on the machine hardly changes."""
        spent = []
        for _ in range(5):
            before = os.times()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            after = os.times()
            spent.append(sum(after[2:4]) - sum(before[2:4]))
        return min(spent)

    assert seconds("-m", "archive_check", "--help") - seconds("-c", "pass") < 0.2


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from archive_check.cli import run; run(['--help']);"
        "print(sorted(set(sys.modules) & {'pandas', 'numpy', 'lxml', 'openpyxl', 'jinja2',"
        " 'archive_check.check', 'archive_check.rulebook'}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"
