"""Mistakes in rule packs: one line with file, line, what is wrong and the nearest right name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rulepacks import PACK, RULE, load, renamed, write

from archive_check.model import ArchiveCheckError

OFF = "\n  off"
WHOLE = "attachment, in_order: false}" + OFF
END = "order: false}" + OFF

REFUSED = [
    # what is replaced, by what, line of the error, the rest of it
    (
        "severity: error",
        "severity: eror",
        3,
        "severity 'eror' is not known (did you mean 'error'?)",
    ),
    ("  severity: error\n", "", 1, "a rule lacks 'severity'"),
    ("remedy:", "remedie:", 11, "a rule has no key 'remedie' (did you mean 'remedy'?)"),
    ("remedy: {zh: 改, en: Mend}", "remedy: {zh: 改}", 11, "remedy lacks its 'en' translation"),
    (
        "remedy: {zh: 改, en: Mend}",
        "remedy: {zh: 改, en: ''}",
        11,
        "remedy (en) must be a text, not ''",
    ),
    ("title: {zh: 题,", "title: {fr: Titre, zh: 题,", 2, "title has no key 'fr' (known: en, zh)"),
    (
        "- pair: {relation",
        "- pear: {relation",
        8,
        "there is no fact of kind 'pear' (did you mean 'pair'?)",
    ),
    (
        END,
        "ordr: false}" + OFF,
        8,
        "a fact of kind 'pair' has no field 'in_ordr' (did you mean 'in_order'?)",
    ),
    (END, "order: 0}" + OFF, 8, "'in_order' is a flag, not 0"),
    (WHOLE, "5}" + OFF, 8, "'relation' is a text, not 5"),
    (WHOLE, "null}" + OFF, 8, "'relation' is a text, not nothing"),
    (WHOLE, "{lt: b}}" + OFF, 8, "'lt' is not for 'relation', which is a text"),
    (WHOLE, "{nee: b}}" + OFF, 8, "there is no operator 'nee' (did you mean 'ne'?)"),
    (WHOLE, "{unknown: b}}" + OFF, 8, "there is no operator 'unknown'"),
    (WHOLE, "{in: b}}" + OFF, 8, "in must be a list"),
    (WHOLE, "{in: [a, 1]}}" + OFF, 8, "'relation' is a text, not 1"),
    (WHOLE, "{ne: a, in: [b]}}" + OFF, 8, "the condition on 'relation' must have one operator"),
    (WHOLE, "$pair.group}" + OFF, 8, "no pattern before this one is called 'pair'"),
    (
        END,
        "order: false}\n      - pair: {}" + OFF,
        9,
        "two patterns are called 'pair'; rename one by 'as'",
    ),
    (
        END,
        "order: false}\n      - material: {group: $par.group}" + OFF,
        9,
        "no pattern before this one is called 'par' (did you mean 'pair'?)",
    ),
    (
        END,
        "order: false}\n      - material: {group: $pair.groop}" + OFF,
        9,
        "a fact of kind 'pair' has no field 'groop' (did you mean 'group'?)",
    ),
    (
        END,
        "order: false}\n      - material: {group: $pair.in_order}" + OFF,
        9,
        "'group' is a text, '$pair.in_order' is none",
    ),
    (
        END,
        "order: false}\n      - material: {days: {gt: 99999999999999999}}" + OFF,
        9,
        "99999999999999999 is beyond 9007199254740992",
    ),
    (
        END,
        "order: false}\n        material: {}" + OFF,
        8,
        "a pattern is one kind of fact with its conditions, and 'as' if need be",
    ),
    (END, "order: false}\n        as: a.b" + OFF, 9, "'as' must be a word, not 'a.b'"),
    (
        END,
        "order: false}\n    none: [material: {type: {in: [a, b, c, d, e, f, g, h, i, j, k, l]}}]"
        + OFF,
        6,
        "when has more than 12 patterns (with each value of 'in')",
    ),
    ("all:\n", "any:\n", 7, "when has no key 'any' (known: all, none)"),
    (
        "needs: [in_order]",
        "needs: [order]",
        5,
        "a fact of kind 'pair' has no field 'order' (did you mean 'in_order'?)",
    ),
    ("offender: pair", "offender: pear", 9, "offender 'pear' is not known (did you mean 'pair'?)"),
    (
        "“{pair.first",
        "“{pear.first",
        10,
        "the message names {pear.first.title}; no fact is so called (did you mean 'pair'?)",
    ),
    (
        "“{pair.first.title}",
        "“{pair}",
        10,
        "the message names {pair}; no fact is so called (did you mean 'pair'?)",
    ),
    ("source: law", "source: lav", 4, "source 'lav' is not known (did you mean 'law'?)"),
    ("article: 58, item", "item", 4, "a cite needs an article or a label"),
    ("article: 58", "article: '58'", 4, "article must be a whole number from 1, not '58'"),
    ("needs: [in_order]", "yields_to: [OW58.1]", 5, "rule OW58.1 yields to itself"),
    (
        "    fail:\n      - [{pair: {relation: attachment, in_order: false}}]\n",
        "",
        12,
        "rule OW58.1 has no failing example",
    ),
    (
        "      - [{pair: {relation: attachment, in_order: true}}]\n"
        "      - [{pair: {relation: attachment}}]\n",
        "",
        12,
        "rule OW58.1 has no passing example",
    ),
    (
        "      - [{pair: {relation: attachment}}]\n",
        "      - []\n",
        17,
        "an example must hold at least 1",
    ),
    (
        "      - [{pair: {relation: attachment}}]\n",
        "      - [{pair: {relation: yes}}]\n",
        17,
        "'relation' is a text, not True",
    ),
    (
        "      - [{pair: {relation: attachment}}]\n",
        "      - [{pair: {relaton: a}}]\n",
        17,
        "a fact of kind 'pair' has no field 'relaton' (did you mean 'relation'?)",
    ),
    (
        "  offender: pair\n",
        "  offender: pair\n  offender: pair\n",
        10,
        "the key 'offender' stands twice",
    ),
    ("severity: error", "severity: {error", 4, "this is no YAML:"),
    (
        "severity: error",
        "severity: !warn error",
        3,
        "this is no YAML: could not determine a constructor",
    ),
    ("severity: error", "severity: 2024-13-01", 3, "'2024-13-01' is no value: month must be"),
    ("severity: error", "&a [*a]: 1", 3, "a key must be a word"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), REFUSED)
def test_a_mistake_is_told_with_file_line_and_the_nearest_right_name(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert RULE.count(old) == 1
    folder = write(tmp_path / "own", rules=RULE.replace(old, new))
    with pytest.raises(ArchiveCheckError) as caught:
        load(folder)
    text = str(caught.value)
    assert "\n" not in text
    told = re.fullmatch(re.escape(f"{folder}/rules.yaml:") + r"(\d+): (.+)", text)
    assert told
    assert (int(told[1]), told[2][: len(message)]) == (line, message)


PACK_REFUSED = [
    ('version: "1.10"', "version: 1.10", 2, "version must be a text, not 1.1"),
    ("title: {zh: 自定, en: Own}\n", "", 1, "a pack lacks 'title'"),
    (
        "parameters:",
        "parametres:",
        6,
        "a pack has no key 'parametres' (did you mean 'parameters'?)",
    ),
    (
        "parameters:",
        "off: [X]\nparameters:",
        1,
        "'severity' and 'off' are for a pack that 'extends'",
    ),
    ("law: {zh: 法, en: Law}", "law: {zh: 法}", 5, "the source 'law' lacks its 'en' translation"),
    ("id: own", "id: own\nextends: nowhere", 2, "'nowhere' is neither a pack that ships nor"),
    ("id: own", "id: own\nextends: .", 2, "packs extend one another in a circle"),
    (
        "id: own",
        "id: own\nextends: ../base\noff: [OW1.2]",
        3,
        "'base' has no rule 'OW1.2' (did you mean 'OW1.1'?)",
    ),
    (
        "id: own",
        "id: own\nextends: ../base\nseverity: {OW1.1: bad}",
        3,
        "severity 'bad' is not known",
    ),
    ("id: own", "id: own\nextends: ../base\nseverity: {XX: info}", 3, "'base' has no rule 'XX'"),
    (
        "parameters: {days",
        "extends: ../base\nparameters: {day",
        7,
        "no parameter is called 'day' (did you mean 'days'?)",
    ),
    (
        "parameters: {days: 60",
        "extends: ../base\nparameters: {days: x",
        7,
        "the parameter 'days' is of another type in 'base'",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), PACK_REFUSED)
def test_a_mistake_in_a_pack_file(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    write(tmp_path / "base", PACK.replace("id: own", "id: base"), rules=renamed(RULE, "OW1.1"))
    assert PACK.count(old) == 1
    folder = write(tmp_path / "own", PACK.replace(old, new))
    with pytest.raises(ArchiveCheckError) as caught:
        load(folder)
    told = re.fullmatch(re.escape(f"{folder}/pack.yaml:") + r"(\d+): (.+)", str(caught.value))
    assert told
    assert (int(told[1]), told[2][: len(message)]) == (line, message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a file of rules must be a list"),
        (b"- id: [\n", "this is no YAML: "),
        ("- 题".encode("gb18030"), "can't be read: "),
        (b"- &a [*a]\n", "nested too deep"),
        (b"- a\x00b\n", "this is no YAML: "),
        (b"- word\n", "a rule must be a mapping"),
        (b"- " + b"[" * 40 + b"]" * 40, "nested too deep"),
    ],
)
def test_a_file_that_holds_no_rules(tmp_path: Path, content: bytes, message: str) -> None:
    folder = write(tmp_path / "own")
    (tmp_path / "own" / "rules.yaml").write_bytes(content)
    with pytest.raises(ArchiveCheckError) as caught:
        load(folder)
    assert re.fullmatch(r".*/own/rules\.yaml:\d+: " + re.escape(message) + ".*", str(caught.value))
