"""The command line: exit statuses, usage, languages, what the pipeline is asked, start-up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
import report_samples
from cli_pipeline import FakeOptions, Pipeline, Run, one_line
from jsonschema import Draft202012Validator

from archive_check import __version__, cli_rules, spoken
from archive_check.model import ArchiveCheckError, Report, said

pytest_plugins = ("cli_fixtures",)

# Exit statuses


def verdict(report: Report, severities: Sequence[str], verdict: str) -> Report:
    findings = tuple(
        report_samples.finding("CQ58.1", severity, fingerprint=f"{severity}-finding")
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
        (["chek"], "没有命令 chek，是否应为 check？", "no command chek, did you mean check?"),
        (["Check"], "是否应为 check", "did you mean check"),
        (["zzzz"], "可用的命令有：cache, check", "the commands are: cache, check"),
        (["/"], "archive-check check /", "archive-check check /"),
        (["rules", "fact"], "没有命令 rules fact，是否应为 facts", "did you mean facts"),
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
    "command",
    ["", "check", "classify", "config", "diff", "explain", "rules", "rules facts", "rules test"],
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
    assert options.cache is not None


def test_every_option_reaches_the_pipeline(
    run: Run, pipeline: Pipeline, case: Path, pack: Path, tmp_path: Path
) -> None:
    info = tmp_path / "info.yaml"
    run(
        "check", case, case, "--pack", pack, "--as-of", "2024-06-30", "--case-info", info,
        "--lang", "en", "--ocr", "off", "--jobs", "3", "--timeout", "1.5", "--engine",
        "reference", "--select", "OW", "--ignore", "ow58, OW58.1", "--quiet", "--no-cache",
    )  # fmt: skip
    cases, options = pipeline.asked[0]
    assert cases == (case, case)
    assert options == FakeOptions(
        as_of=date(2024, 6, 30), packs=(str(pack),), case_info=info, lang="en", jobs=3,
        engine="reference", ocr="off", select=frozenset({"OW58.1"}),
        ignore=frozenset({"OW58.1"}), timeout=1.5,
    )  # fmt: skip
    assert options.cache is None


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


# Start-up


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from archive_check.cli import run; run(['--help']);"
        "print(sorted(set(sys.modules) & {'pandas', 'numpy', 'lxml', 'openpyxl', 'jinja2',"
        " 'tabulate', 'wcwidth', 'sqlite3', 'hashlib', 'archive_check.cache',"
        " 'archive_check.check', 'archive_check.model', 'archive_check.rulebook'}),"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"


# The pipeline itself


def test_the_stand_in_takes_what_the_pipeline_takes() -> None:
    from archive_check.check import Options

    def defaults(options: type) -> dict[str, object]:
        return {field.name: field.default for field in fields(options)} | {"jobs": ...}

    assert defaults(FakeOptions) == defaults(Options)


def test_a_case_is_checked_from_folder_to_report(run: Run, case: Path) -> None:
    status, out, _ = run("check", case, "--as-of", "2024-06-30", "--format", "json", "--quiet")
    assert status in {0, 1}
    assert Draft202012Validator(report_samples.schema()).is_valid(json.loads(out))
    assert [path.name for path in case.iterdir()] == ["a.txt"]
