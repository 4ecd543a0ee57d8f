"""What a pack may say in a line in place of a rule: materials that a case must hold, and what its
bureau calls materials.

    materials: {audit-bulletin: [内审快报]}
    required: [{id: MY57.1, type: audit-bulletin, severity: warning}]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from archive_check.marked import LANGS, Marked, nearest, read_list, read_map, read_text, refuse
from archive_check.model import Lang
from archive_check.rulelanguage import Rule, Vocabulary, read_rule
from archive_check.texts import tell

SHARED = "chongqing"
"""The pack whose materials all packs go by."""


@cache
def type_names() -> Mapping[str, Mapping[Lang, str]]:
    """The names of all types of material."""
    import yaml

    table = files("archive_check.rules") / SHARED / "materials.yaml"
    rows = yaml.load(table.read_text("utf-8"), yaml.CSafeLoader)["types"]
    return {kind: row["name"] for kind, row in rows.items()}


def read_titles(at: Marked) -> Mapping[str, tuple[str, ...]]:
    """What a bureau calls materials, by type."""
    found = read_map(at, "materials", optional=None)
    return {
        _type(value, kind): tuple(
            read_text(title, "a title") for title in read_list(value, f"the titles of {kind!r}", 1)
        )
        for kind, value in found.items()
    }


def read_required(
    at: Marked, pack: str, label: Mapping[Lang, str], vocabulary: Vocabulary
) -> Sequence[Rule]:
    """The rules that ask for materials, each as if it were written out."""
    rules = []
    for item in read_list(at, "required", 1):
        keys = read_map(item, "a required material", ("id", "type", "severity"), ("title",))
        kind = _type(keys["type"], read_text(keys["type"], "type"))
        name = type_names()[kind]
        written = {
            "title": _said("rule.material-missing", name),
            "cites": [{"label": dict(label)}],
            "applies": {"all": [{"presence": {"type": kind, "delivers": ""}}]},
            "needs": ["present"],
            "when": {"all": [_presence(kind, False)]},
            "offender": "case",
            "message": _said("rule.material-missing", name),
            "remedy": _said("rule.material-remedy", name),
            "examples": {"fail": [[_presence(kind, False)]], "pass": [[_presence(kind, True)]]},
        }
        rule = {key: _marked(value, item) for key, value in written.items()}
        rule |= {key: value for key, value in keys.items() if key != "type"}
        rules.append(read_rule(Marked(rule, item.file, item.line), pack, {}, vocabulary))
    return rules


def _said(key: str, name: Mapping[Lang, str]) -> dict[str, str]:
    return {lang: tell(lang, key, name=name[lang]) for lang in LANGS}


def _type(at: Marked, kind: str) -> str:
    if kind not in type_names():
        refuse(at, f"there is no material of type {kind!r}{nearest(kind, type_names())}")
    return kind


def _presence(kind: str, present: bool) -> dict[str, Any]:
    return {"presence": {"type": kind, "delivers": "", "present": present}}


def _marked(value: Any, at: Marked) -> Marked:
    if isinstance(value, dict):
        value = {key: _marked(inner, at) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [_marked(inner, at) for inner in value]
    return Marked(value, at.file, at.line)
