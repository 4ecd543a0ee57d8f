"""`archive-check.toml`: where it is found, what goes before what, what is refused, `config`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cli_pipeline import Pipeline, Run, one_line

from archive_check import caseinfo, configuration, spoken
from archive_check.check import Options, check
from archive_check.model import ArchiveCheckError
from archive_check.reports import FORMATS
from archive_check.texts import say

pytest_plugins = ("cli_fixtures",)

FULL = """\
packs = ["archive"]
formats = ["json", "html"]
outputs = ["-", "out/report.html"]
fail-on = "warning"
fail-on-unchecked = true
register = "auditors.csv"
baseline = "old.json"
select = ["CQ57", "CQ58.1"]
ignore = ["AR01.8"]
engine = "reference"
ocr = "off"
jobs = 3
timeout = 2.5
cache = false
quiet = true
lang = "en"
[severity]
CQ57.3 = "info"
"CQ58" = "warning"
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a configuration into the current folder, which is a fresh one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def put(text: str, name: str = configuration.FILE_NAME) -> Path:
        path = folder / name
        path.write_text(text, "utf-8")
        return path

    return put


# Reading


def test_every_key_is_understood(write: Any) -> None:
    path = write(FULL)
    found = configuration.load(None, FORMATS)
    assert found.path == path
    assert set(found.values) == set(configuration.KEYS)
    assert found.values["severity"] == {"CQ57.3": "info", "CQ58": "warning"}
    assert found.values["outputs"] == ("-", str(path.parent / "out/report.html"))
    assert found.values["baseline"] == str(path.parent / "old.json")
    assert found.values["jobs"] == 3


def test_the_nearest_file_is_found(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert configuration.load(None, FORMATS) == configuration.Configuration()
    top = write("jobs = 2")
    deep = top.parent / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert configuration.load(None, FORMATS).path == top
    (deep.parent / configuration.FILE_NAME).write_text("jobs = 3")
    assert configuration.load(None, FORMATS).values == {"jobs": 3}


def test_packs_in_folders_are_found_beside_the_file(write: Any) -> None:
    path = write('packs = ["chongqing", "./own", "/srv/packs/x"]')
    assert configuration.load(None, FORMATS).values["packs"] == (
        "chongqing", str(path.parent / "own"), "/srv/packs/x"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fail_on = 'error'", ["fail_on", "did you mean fail-on"]),
        ("pack = ['archive']", ["did you mean packs"]),
        ("zzzz = 1", ["unknown key zzzz", "there are: packs"]),
        ("fail-on = 'eror'", ["fail-on", "did you mean error"]),
        ("fail-on = 3", ["fail-on", "there are: error"]),
        ("formats = 'json'", ["formats", "list"]),
        ("formats = ['jsn']", ["formats", "did you mean json"]),
        ("packs = []", ["packs", "at least one"]),
        ("packs = [1]", ["packs", "list"]),
        ("jobs = 0", ["jobs", "at least 1"]),
        ("jobs = true", ["jobs", "at least 1"]),
        ("jobs = 1.5", ["jobs", "at least 1"]),
        ("timeout = nan", ["timeout", "at least 1"]),
        ("quiet = 'yes'", ["quiet", "true or false"]),
        ("lang = 'fr'", ["lang", "zh, en"]),
        ("baseline = 1", ["baseline", "text"]),
        ("severity = 'info'", ["severity", "section"]),
        ("[severity]\nCQ57.1 = 'eror'", ["severity.CQ57.1", "did you mean error"]),
        ("jobs = x", ["no valid TOML", "line 1"]),
        ("jobs = 1\njobs = 2", ["no valid TOML"]),
        ("[" * 5_000, ["no valid TOML"]),
    ],
)
def test_a_mistake_is_named_with_file_and_key(write: Any, text: str, words: list[str]) -> None:
    write(text)
    with pytest.raises(ArchiveCheckError) as caught:
        configuration.load(None, FORMATS)
    line = say("en", caught.value.args[0])
    for word in [configuration.FILE_NAME, *words]:
        assert word in line
    assert "\n" not in line
    assert "\n" not in say("zh", caught.value.args[0])


def test_a_mistake_ends_the_command_with_2(
    run: Run, pipeline: Pipeline, case: Path, write: Any, tmp_path: Path
) -> None:
    write("jobs = 0\nlang = 'en'")
    for command in (["check", case], ["classify", case], ["config"]):
        status, out, err = run(*command)
        assert (status, out) == (2, "")
        assert "must be a number" in one_line(err)
    assert run("check", "--help")[0] == 0
    assert run("rules", "--format", "json")[0] == 0
    write("\xff = ")
    assert run("check", case)[0] == 2
    status, _, err = run("check", case, "--config", tmp_path / "none.toml")
    assert status == 2
    assert "none.toml" in one_line(err)
    assert pipeline.asked == []


# What goes before what


def test_the_file_states_defaults_and_options_go_before_it(
    run: Run, pipeline: Pipeline, case: Path, write: Any
) -> None:
    write('packs = ["archive"]\njobs = 3\ntimeout = 2.5\nocr = "off"\nengine = "reference"')
    run("check", case)
    options = pipeline.options
    assert (options.packs, options.jobs, options.timeout) == (("archive",), 3, 2.5)
    assert (options.ocr, options.engine) == ("off", "reference")
    run("check", case, "--pack", "chongqing", "--jobs", "1", "--timeout", "9", "--ocr", "auto",
        "--engine", "durable")  # fmt: skip
    options = pipeline.options
    assert (options.packs, options.jobs, options.timeout) == (("chongqing",), 1, 9.0)
    assert (options.ocr, options.engine) == ("auto", "durable")
    run("classify", case)
    assert pipeline.options.jobs == 3


def test_a_file_named_goes_in_place_of_the_one_found(
    run: Run, pipeline: Pipeline, case: Path, write: Any, tmp_path: Path
) -> None:
    write("jobs = 3")
    other = tmp_path / "other.toml"
    other.write_text("timeout = 5")
    run("check", case, "--config", other)
    assert (pipeline.options.jobs, pipeline.options.timeout) == (2, 5.0)
    run("check", case, "--config", os.devnull)
    assert (pipeline.options.jobs, pipeline.options.timeout) == (2, 60.0)


@pytest.mark.parametrize(
    ("file", "arguments", "status"),
    [
        ("fail-on = 'never'", [], 0),
        ("fail-on = 'never'", ["--fail-on", "error"], 1),
        ("", [], 1),
    ],
)
def test_the_exit_status(
    run: Run, pipeline: Pipeline, case: Path, write: Any, file: str, arguments: list[str],
    status: int,
) -> None:  # fmt: skip
    write(file)
    assert run("check", case, *arguments)[0] == status


def test_flags_can_be_taken_back(run: Run, pipeline: Pipeline, case: Path, write: Any) -> None:
    from dataclasses import replace

    (whole,) = pipeline.report.cases
    pipeline.report = replace(
        pipeline.report, cases=(replace(whole, findings=(), verdict="incomplete"),)
    )
    write("fail-on-unchecked = true")
    assert run("check", case)[0] == 3
    assert run("check", case, "--no-fail-on-unchecked")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "file", "lang"),
    [
        ([], "", "en", "en"),
        ([], "zh", "en", "zh"),
        (["--lang", "en"], "zh", "zh", "en"),
        ([], "", None, "zh"),
        ([], "", "fr", "zh"),
    ],
)
def test_the_language(
    write: Any, arguments: list[str], environment: str, file: str | None, lang: str
) -> None:
    if file:
        write(f'lang = "{file}"')
    assert spoken.language(arguments, {spoken.ENVIRONMENT: environment}) == lang


def test_the_language_of_a_file_that_is_named(write: Any) -> None:
    path = write('lang = "en"', "other.toml")
    assert spoken.language(["check", f"--config={path}"], {}) == "en"


def test_formats_and_outputs_of_the_file_stand_back_together(
    run: Run, pipeline: Pipeline, case: Path, write: Any
) -> None:
    folder = write('formats = ["json", "csv"]\noutputs = ["-", "a.csv"]').parent
    status, out, _ = run("check", case)
    assert status == 1
    assert json.loads(out)["schema"] == "archive-check/report/1"
    assert (folder / "a.csv").stat().st_size > 100
    _, out, _ = run("check", case, "--format", "text")
    assert out.startswith("审计档案检查报告")
    _, out, _ = run("check", case, "--output", "b.md")
    assert out == ""
    assert (folder / "b.md").read_text("utf-8").startswith("# ")
    assert run("classify", case)[1].startswith("案卷")


def test_a_baseline_of_the_file(run: Run, pipeline: Pipeline, case: Path, write: Any) -> None:
    folder = write('baseline = "old.json"').parent
    (folder / "old.json").write_bytes(FORMATS["json"](pipeline.report))
    status, out, _ = run("check", case, "--format", "json")
    assert (status, json.loads(out)["cases"][0]["findings"]) == (0, [])


# Severities


@pytest.mark.parametrize(
    ("file", "arguments", "expected"),
    [
        ('"CQ58.1" = "info"', [], {"CQ58.1": "info"}),
        ('CQ58.1 = "info"', [], {"CQ58.1": "info"}),
        ('CQ58.1 = "info"', ["--severity", "CQ58.1=error"], {"CQ58.1": "error"}),
        ('"CQ58.1" = "info"', ["--severity", "CQ58.2=info"], {"CQ58.1": "info", "CQ58.2": "info"}),
        ('"OW58.1" = "info"', [], {"OW58.1": "info"}),
    ],
)
def test_severities_add_up(
    run: Run, pipeline: Pipeline, case: Path, pack: Path, write: Any, file: str,
    arguments: list[str], expected: dict[str, str],
) -> None:  # fmt: skip
    write(f"[severity]\n{file}")
    status, _, err = run("check", case, "--pack", pack, *arguments)
    assert (status, err) == (1, "")
    assert pipeline.options.severity == expected


def test_a_prefix_means_all_of_an_article(
    run: Run, pipeline: Pipeline, case: Path, write: Any
) -> None:
    write('[severity]\nCQ58 = "info"')
    run("check", case, "--severity", "CQ58.1=warning")
    levels = pipeline.options.severity
    assert levels["CQ58.1"] == "warning"
    assert levels["CQ58.2"] == "info"
    assert not any(rule.startswith("CQ57") for rule in levels)


@pytest.mark.parametrize("given", ["CQ58.1", "CQ58.1=", "=info", "CQ58.1=fatal"])
def test_a_severity_that_is_none(
    run: Run, pipeline: Pipeline, case: Path, write: Any, given: str
) -> None:
    status, _, err = run("check", case, "--severity", given, "--lang", "en")
    assert status == 2
    assert "RULE=LEVEL" in one_line(err)


def test_a_severity_for_a_rule_that_there_is_not(
    run: Run, pipeline: Pipeline, case: Path, write: Any
) -> None:
    write('[severity]\n"CQ85.1" = "info"')
    status, _, err = run("check", case, "--lang", "en")
    assert status == 2
    assert "CQ85.1" in one_line(err)


def test_the_pipeline_judges_with_them(tmp_path: Path) -> None:
    from datetime import date

    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "Thumbs.db").write_bytes(b"x")

    def level(**levels: Any) -> tuple[str, ...]:
        options = Options(as_of=date(2024, 6, 30), packs=("archive",), jobs=1, severity=levels)
        (case,) = check([folder], options).cases
        rules = {rule.severity for rule in case.rules if rule.rule == "AR01.8"}
        found = {finding.severity for finding in case.findings if finding.rule == "AR01.8"}
        assert rules == found
        return tuple(found)

    assert level() == ("info",)
    assert level(**{"AR01.8": "error"}) == ("error",)


# The command


def shown(run: Run, *arguments: object) -> dict[str, Any]:
    status, out, _ = run("config", "--format", "json", *arguments)
    assert status == 0
    settings: dict[str, Any] = json.loads(out)["settings"]
    return settings


def test_config_tells_where_each_setting_comes_from(
    run: Run, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(spoken.ENVIRONMENT, raising=False)
    assert {setting["source"] for setting in shown(run).values()} == {"default"}
    path = str(write(FULL))
    found = shown(run)
    assert {setting["source"] for setting in found.values()} == {path}
    assert found["severity.CQ57.3"] == {"value": "info", "source": path}
    found = shown(run, "--jobs", "5", "--severity", "CQ57.1=info", "--lang", "zh")
    assert found["jobs"] == {"value": 5, "source": "command line"}
    assert found["severity.CQ57.1"]["source"] == "command line"
    assert found["lang"] == {"value": "zh", "source": "command line"}
    assert found["fail-on"] == {"value": "warning", "source": path}
    monkeypatch.setenv(spoken.ENVIRONMENT, "zh")
    assert shown(run)["lang"] == {"value": "zh", "source": spoken.ENVIRONMENT}


def test_config_shows_what_is_built_in(run: Run, write: Any) -> None:
    found = {name: setting["value"] for name, setting in shown(run).items()}
    assert found["packs"] == ["archive", "chongqing"]
    assert (found["formats"], found["outputs"]) == (["text"], ["-"])
    assert (found["fail-on"], found["fail-on-unchecked"]) == ("error", False)
    assert (found["jobs"], found["timeout"]) == (os.cpu_count(), 60.0)
    assert found["engine"] in {"durable", "reference"}
    assert found["baseline"] is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_config_as_text(run: Run, write: Any, lang: str) -> None:
    status, out, _ = run("config", "--lang", lang)
    assert status == 0
    assert {"zh": "没有", "en": "none"}[lang] in out.splitlines()[0]
    path = write('packs = ["./\\u007f包"]\nfail-on = "warning"')
    _, out, _ = run("config", "--lang", lang)
    assert path.name in out.replace("\n", "")
    assert {"zh": "默认值", "en": "built in"}[lang] in out
    assert "\x7f" not in out
    for key in configuration.KEYS:
        assert key in out or key == "severity"


# The documentation

DOCS = Path(__file__).parent.parent / "docs"


def example(page: str, language: str) -> str:
    (block, *_) = re.findall(
        rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL
    )
    return str(block)


@pytest.mark.parametrize("page", ["configuration.md", "configuration.zh-CN.md"])
def test_the_documented_example_holds_every_key(write: Any, page: str) -> None:
    write(example(page, "toml"))
    assert set(configuration.load(None, FORMATS).values) == set(configuration.KEYS)


@pytest.mark.parametrize("page", ["usage.md", "usage.zh-CN.md"])
def test_the_documented_acceptances_are_understood(page: str) -> None:
    info = caseinfo.parse(example(page, "yaml").encode(), "info.yaml", ())
    assert len(info.accepted) == 3
