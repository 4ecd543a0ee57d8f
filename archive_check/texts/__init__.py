"""Sentences in both languages: `say` turns what the pipeline said into words.

Each YAML file beside this one maps a key to `{zh: ..., en: ...}`; arguments stand in braces.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from archive_check.saying import Lang, Said


@cache
def catalogue() -> Mapping[str, Mapping[Lang, str]]:
    """All sentences; a key that stands in two files is our bug and raises ValueError."""
    import yaml

    found: dict[str, Mapping[Lang, str]] = {}
    for source in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if not source.name.endswith(".yaml"):
            continue
        for key, languages in yaml.load(source.read_text("utf-8"), yaml.CSafeLoader).items():
            if key in found:
                raise ValueError(f"{source.name}: the text {key!r} stands twice")
            found[key] = languages
    return found


def say(lang: Lang, sentence: Said | str) -> str:
    """The sentence in a language. Raises KeyError where the key or an argument is missing."""
    if isinstance(sentence, str):
        return sentence
    told = {name: say(lang, value) for name, value in sentence.args}
    return catalogue()[sentence.key][lang].format_map(told)


def tell(lang: Lang, key: str, **args: object) -> str:
    """Shorthand for a sentence that is said at once."""
    return catalogue()[key][lang].format_map(args)
