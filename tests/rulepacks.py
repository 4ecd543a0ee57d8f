"""Rule packs for tests to write and to break."""

from __future__ import annotations

from pathlib import Path

from archive_check.rulebook import Rulebook, load_packs
from archive_check.rulelanguage import Vocabulary

VOCABULARY: Vocabulary = {
    "case": {"project_type": "text"},
    "material": {
        "type": "text",
        "section": "text",
        "group": "text",
        "signed": "flag",
        "days": "number",
    },
    "pair": {"relation": "text", "in_order": "flag", "group": "text"},
}

PACK = """\
id: own
version: "1.10"
title: {zh: 自定, en: Own}
sources:
  law: {zh: 法, en: Law}
parameters: {days: 60}
"""

RULE = """\
- id: OW58.1
  title: {zh: 题, en: Title}
  severity: error
  cites: [{source: law, article: 58, item: 1}]
  needs: [in_order]
  when:
    all:
      - pair: {relation: attachment, in_order: false}
  offender: pair
  message: {zh: "《{pair.first.title}》", en: "“{pair.first.title}”"}
  remedy: {zh: 改, en: Mend}
  examples:
    fail:
      - [{pair: {relation: attachment, in_order: false}}]
    pass:
      - [{pair: {relation: attachment, in_order: true}}]
      - [{pair: {relation: attachment}}]
"""


def write(folder: Path, pack: str = PACK, **files: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(pack, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return str(folder)


def load(folder: str) -> Rulebook:
    return load_packs([folder], VOCABULARY)


def renamed(rule: str, name: str, more: str = "") -> str:
    return rule.replace("OW58.1", name).replace(
        "  needs:", f"  {more}\n  needs:" if more else "  needs:"
    )
