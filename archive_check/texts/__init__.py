"""Sentences in both languages: `say` turns what the pipeline said into words.

Each YAML file beside this one maps a key to `{zh: ..., en: ...}`; arguments stand in braces. A key
stands in one file only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from archive_check.saying import Lang, Said

FILES = sorted(file.stem for file in Path(__file__).parent.glob("*.yaml"))
"""The files by name; that of the command line is the first."""


def say(lang: Lang, sentence: Said | str) -> str:
    """The sentence in a language. Raises KeyError where the key or an argument is missing."""
    if isinstance(sentence, str):
        return sentence
    told = {name: say(lang, value) for name, value in sentence.args}
    return _languages(sentence.key)[lang].format_map(told)


def tell(lang: Lang, key: str, **args: object) -> str:
    """Shorthand for a sentence that is said at once."""
    return _languages(key)[lang].format_map(args)


def known(key: str) -> bool:
    """Whether there is a sentence of this key."""
    return any(key in sentences(file) for file in FILES)


def format_named(media_type: str) -> str | Said:
    """What people call a format; its media type where they have no name for it."""
    key = f"format.{media_type}"
    return Said(key) if key in sentences("formats") else media_type


@cache
def sentences(file: str) -> Mapping[str, Mapping[Lang, str]]:
    """The sentences of one file."""
    import yaml

    source = Path(__file__).with_name(f"{file}.yaml").read_text("utf-8")
    found: dict[str, Mapping[Lang, str]] = yaml.load(source, yaml.CSafeLoader)
    return found


def _languages(key: str) -> Mapping[Lang, str]:
    # File after file, as wanted: help needs the first alone.
    for file in FILES:
        if key in sentences(file):
            return sentences(file)[key]
    raise KeyError(key)
