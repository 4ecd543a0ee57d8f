"""The project holds together: packages, dependencies, both engines."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from archive_check import texts
from archive_check.check import Options, check
from archive_check.reports import json_report

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DEMO = ROOT / "fixtures" / "cases" / "deficient-demo"
WINDOWS_ONLY = {"python-magic-bin"}
"""Stands in for python-magic under the same name of import."""
RUN_BY_OTHERS = {"onnxruntime"}
"""rapidocr runs on it, and leaves the choice to whoever installs."""
NEW = {"tomllib", "compression"}
"""Modules of the standard library that the oldest Python lacks; others stand in there."""
NOT_EVERYWHERE = {"durable_rules_engine": "durable-rules", "backports": "backports-zstd"}
"""Imports of libraries that not every machine has: nothing installed tells whose they are."""


def names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


def imported(*folders: str) -> set[str]:
    """The distributions that the modules of some folders import, however deep inside."""
    found: set[str] = set()
    for folder in folders:
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found.update(alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    own = {path.stem for path in (ROOT / "tests").glob("*.py")} | {
        path.name for path in ROOT.iterdir()
    }
    known: Mapping[str, Any] = packages_distributions()
    return {
        NOT_EVERYWHERE.get(name) or re.sub(r"[_.]", "-", known.get(name, [name])[0]).lower()
        for name in found - own - sys.stdlib_module_names - NEW
    }


def test_every_package_is_packed() -> None:
    packages = {
        ".".join(module.parent.relative_to(ROOT).parts)
        for module in (ROOT / "archive_check").rglob("__init__.py")
    }
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == packages | {"archive_check.rules"}


def test_what_the_program_imports_is_what_it_depends_on() -> None:
    project = PYPROJECT["project"]
    declared = names((*project["dependencies"], *project["optional-dependencies"]["ocr"]))
    assert imported("archive_check") == declared - WINDOWS_ONLY - RUN_BY_OTHERS


def test_what_the_tests_import_is_declared() -> None:
    project = PYPROJECT["project"]
    declared = names((*project["dependencies"], *project["optional-dependencies"]["dev"]))
    assert imported("tests", "fixtures", "bench", "docs") <= declared


def test_modules_are_short_enough_to_be_read() -> None:
    lengths = {
        str(module.relative_to(ROOT)): len(module.read_text("utf-8").splitlines())
        for folder in ("archive_check", "fixtures", "bench", "docs")
        for module in (ROOT / folder).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > 420} == {}


@pytest.mark.skipif(
    sys.platform != "linux" or sys.version_info >= (3, 13),
    reason="durable-rules can't be installed here",
)
def test_durable_rules_is_there_where_it_can_be() -> None:
    """Tests that need it are skipped without it: nothing else would tell."""
    assert find_spec("durable_rules_engine") is not None


def judged(engine: str) -> dict[str, Any]:
    report = check([DEMO], Options(as_of=date(2024, 6, 30), engine=engine))  # type: ignore[arg-type]
    content: dict[str, Any] = json.loads(json_report.render(report))
    assert content["tool"].pop("engine") == engine
    return content


def test_both_engines_judge_a_case_alike() -> None:
    pytest.importorskip("durable_rules_engine", reason="durable-rules can't be installed here")
    durable, reference = judged("durable"), judged("reference")
    assert durable["cases"][0]["findings"]
    assert durable == reference


def test_rules_hold_where_durable_rules_is_not_installed() -> None:
    """The tests of rules once more, in a process where it can't be imported."""
    run = (
        "import sys; sys.modules['durable_rules_engine'] = None\n"
        "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    )
    parts = ("test_engine.py", "test_rulebook.py", "test_rule_mistakes.py")
    command = [sys.executable, "-c", run, "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, *(str(ROOT / "tests" / name) for name in parts)],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_every_sentence_stands_once_and_in_both_languages() -> None:
    keys = [key for file in texts.FILES for key in texts.sentences(file)]
    assert len(keys) == len(set(keys)) > 0
    languages = [set(said) for file in texts.FILES for said in texts.sentences(file).values()]
    assert all(said == {"zh", "en"} for said in languages)
