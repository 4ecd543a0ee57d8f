"""Pipelines, hooks and shells: what the documentation shows works, and terminals alone get more."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from cli_pipeline import Pipeline, Run, one_line

from archive_check import cli

pytest_plugins = ("cli_fixtures",)

ROOT = Path(__file__).parent.parent
PAGES = ("docs/ci.md", "docs/ci.zh-CN.md")
COMMAND = [sys.executable, "-m", "archive_check"]


def parsed(words: list[str]) -> click.Context:
    """A command line as the command itself understands it; raises where it does not."""
    name, *arguments = words
    command = cli.commands.commands[name]
    return command.make_context(name, arguments, parent=click.Context(cli.commands))


def scripts(document: Any) -> Iterator[str]:
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key in ("run", "script"):
                yield from value if isinstance(value, list) else [value]
            else:
                yield from scripts(value)
    elif isinstance(document, list):
        for value in document:
            yield from scripts(value)


# What the documentation and the hook say


def test_the_hook_is_a_command_that_there_is(run: Run, pipeline: Pipeline, case: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert hook["language"] == "python"
    # Changed files are no cases.
    assert hook["pass_filenames"] is False
    program, *words = shlex.split(hook["entry"])
    assert program == "archive-check"
    assert run(*words, case, "--fail-on", "warning")[0] == 1
    assert run(*words, case, "--fail-on", "never")[0] == 0
    assert run(*words)[0] == 2


@pytest.mark.parametrize("page", PAGES)
def test_the_documented_workflows_are_understood(page: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    lines = [
        line
        for block in blocks
        for script in (*scripts(yaml.safe_load(block)), *re.findall(r"^ +- (archive.*)", block))
        for line in script.replace("\\\n", " ").splitlines()
        if line.startswith("archive-check")
    ]
    assert len(lines) >= 3
    for line in lines:
        with parsed(shlex.split(line)[1:]) as context:
            assert context.params


def test_both_languages_show_the_same_examples() -> None:
    def blocks(page: str) -> list[str]:
        return re.findall(r"```\w+\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)

    assert blocks(PAGES[0]) == blocks(PAGES[1])


# Completion


def completed(*words: str) -> list[str]:
    environment = {
        **os.environ, "_ARCHIVE_CHECK_COMPLETE": "bash_complete",
        "COMP_WORDS": shlex.join(["archive-check", *words]), "COMP_CWORD": str(len(words)),
    }  # fmt: skip
    # The name of the program is what completion is asked for.
    script = "import sys; sys.argv = ['archive-check']; from archive_check.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.decode().split()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["di"], ["diff"]),
        (["check", "--format", "js"], ["json"]),
        (["check", "--fail-on", "w"], ["warning"]),
        (["check", "--lang", ""], ["zh", "en"]),
        (["rules", "fa"], ["facts"]),
        (["check", "--base"], ["--baseline"]),
    ],
)
def test_shells_complete(words: list[str], offered: list[str]) -> None:
    assert completed(*words) == offered


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_documented_line_sets_bash_up(tmp_path: Path) -> None:
    (line,) = re.findall(
        r"^(eval.*bash_source.*?\))\"", (ROOT / PAGES[0]).read_text(), re.MULTILINE
    )
    program = tmp_path / "archive-check"
    program.write_text(
        f"#!{sys.executable}\nimport sys; sys.argv[0] = 'archive-check'\n"
        "from archive_check.cli import main\nmain()\n"
    )
    program.chmod(0o755)
    script = f'{line}"; complete -p archive-check'
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert "_archive_check_completion" in done.stdout


# Terminals


def on_a_terminal(case: Path, *arguments: str, **environment: str) -> tuple[bytes, bytes]:
    """What a check writes where standard output is a pipe and standard error a terminal, or both
    are terminals where `out=terminal` is among the words of the environment."""
    import pty

    both = environment.pop("out", "") == "terminal"
    reading, terminal = pty.openpty()
    command = [*COMMAND, "check", str(case), "--as-of", "2024-06-30", "--jobs", "1", *arguments]
    own = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen(
        command,
        stdout=terminal if both else subprocess.PIPE,
        stderr=terminal,
        env={**own, "TERM": "xterm", **environment},
    )
    os.close(terminal)
    shown, piped = b"", process.stdout.read() if process.stdout else b""
    while True:
        try:
            part = os.read(reading, 65_536)
        except OSError:  # Linux says so where the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(reading)
    process.wait(60)
    return piped, shown


needs_terminals = pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals")


@needs_terminals
def test_progress_is_for_terminals_and_never_in_the_report(case: Path) -> None:
    piped, shown = on_a_terminal(case)
    assert "审计档案检查报告" in piped.decode()
    assert b"a.txt" in shown
    assert b"\x1b" not in piped + shown
    assert on_a_terminal(case, "--quiet") == (piped, b"")


@needs_terminals
def test_nothing_but_the_report_without_a_terminal(case: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "check", str(case), "--as-of", "2024-06-30"], capture_output=True, timeout=60
    )
    assert done.stderr == b""
    assert done.stdout == on_a_terminal(case)[0]


@needs_terminals
@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    case: Path, environment: dict[str, str], coloured: bool
) -> None:
    _, shown = on_a_terminal(case, "--quiet", out="terminal", **environment)
    assert "审计档案检查报告" in shown.decode()
    assert (b"\x1b[1;3" in shown) is coloured


def test_quiet_does_not_hide_errors(run: Run, pipeline: Pipeline, case: Path) -> None:
    status, _, err = run("check", case, "--quiet", "--format", "nothing")
    assert status == 2
    assert "nothing" in one_line(err)
