"""Persons that a field's value names."""

from __future__ import annotations

import re

from archive_check.model import PICTURE
from archive_check.recognise.dates import dates_in
from archive_check.recognise.fields import filled
from archive_check.recognise.numbers import clean
from archive_check.recognise.words import words

_LETTER_SPACED = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[ \u3000]+[\u4e00-\u9fff]){1,3}(?![\u4e00-\u9fff])"
)
_APART = re.compile(r"[\s。,，;；、:：]+")
_TWO_CHARACTERS = re.compile(r"[\u4e00-\u9fff]{2}")
_BESIDE_NAMES = re.compile(r"[年月日()（）\[\]]")
_DIVIDER = re.compile(r"[\s。,，;；、:：/()（）]+")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")


def names_somebody(value: str) -> bool:
    """Whether a value holds a name, beside dates, marks of seals and words of consent."""
    if PICTURE in value:
        return True
    rest = _without_dates(value)
    if not filled(rest):
        return False
    text = clean(rest)
    parts = [clean(part) for part in _APART.split(rest) if clean(part)]
    if any(not words().phrases["not_a_name"].match(part) for part in parts):
        return _TWO_CHARACTERS.search(text) is not None
    return False


def names_in(value: str) -> frozenset[str]:
    """The persons whom a field names, without their titles and the spaces within names."""
    plain = _LETTER_SPACED.sub(lambda name: clean(name[0]), _without_dates(value))
    post = words().phrases["post"]
    found = (post.sub("", part) for part in _DIVIDER.split(plain))
    return frozenset(part for part in found if _PERSON.fullmatch(part))


def names_person(value: str) -> bool:
    """Whether a value holds a person's name or the picture of one, not only words of consent."""
    if PICTURE in value:
        return True
    surname, nobody = words().phrases["surname"], words().phrases["not_a_name"]
    return any(surname.match(name) and not nobody.match(name) for name in names_in(value))


def signs(value: str) -> bool:
    """Whether words end with a name, as an opinion does that somebody signed in its own field."""
    if PICTURE in value:
        return True
    mark = words().phrases["signing_word"]
    parts = [part for part in _DIVIDER.split(_without_dates(value).strip()) if part]
    words_, *last = [part for part in parts if not mark.fullmatch(part)][-2:] or [""]
    name = "".join(last)
    return bool(words_ and _PERSON.fullmatch(name) and words().phrases["surname"].match(name))


def _without_dates(value: str) -> str:
    for found in reversed(dates_in(value)):
        value = value[: found.start] + " " + value[found.end :]
    return _BESIDE_NAMES.sub(" ", value)
