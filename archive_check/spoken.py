"""The command line in two languages: help, and usage errors as one line.

click speaks English and measures Chinese as if it were Latin, so that help is laid out here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar, get_args

import click

from archive_check import configuration
from archive_check.saying import ArchiveCheckError, Lang, said
from archive_check.texts import sentences, tell

LANGUAGES: tuple[Lang, ...] = get_args(Lang)
ENVIRONMENT = "ARCHIVE_CHECK_LANG"
"""The environment variable that names the language where `--lang` does not."""

DEFAULT: Lang = "zh"
_WIDEST_HELP = 100

T = TypeVar("T")
Callback = Callable[[click.Context, click.Parameter, T], T]


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Lang:
    """The language that a command line asks for, before it is parsed: help needs it at once.

    The option goes before the environment, that before the configuration. A `--lang` that is no
    language is for the parser to refuse; in the environment it raises ArchiveCheckError.
    """
    option = _stated(arguments, "--lang")
    for lang in LANGUAGES:
        if option == lang:
            return lang
    named = environment.get(ENVIRONMENT, "")
    for lang in LANGUAGES:
        if named == lang:
            return lang
    if named and option is None:
        known = ", ".join(LANGUAGES)
        raise ArchiveCheckError(said("usage.choice", what=ENVIRONMENT, given=named, known=known))
    file = _stated(arguments, "--config")
    return configuration.language(Path(file) if file else None) or DEFAULT


def _stated(arguments: Sequence[str], option: str) -> str | None:
    """The value that a command line gives an option, the last one as a parser has it."""
    stated: str | None = None
    for number, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and number + 1 < len(arguments):
            stated = arguments[number + 1]
        elif argument.startswith(f"{option}="):
            stated = argument.removeprefix(f"{option}=")
    return stated


def one_of(*known: str) -> Callback[str | tuple[str, ...] | None]:
    """A check that an option's value, or each of them, is one of these."""

    def check(
        context: click.Context, option: click.Parameter, given: str | tuple[str, ...] | None
    ) -> str | tuple[str, ...] | None:
        for value in (given,) if isinstance(given, str) else given or ():
            if value not in known:
                refuse_choice(option.opts[0], value, known)
        return given

    return check


def refuse_choice(what: str, given: str, known: Sequence[str]) -> None:
    """Raise the error that `given` is none of the `known`, with the nearest of them."""
    near = get_close_matches(given, known, n=1, cutoff=0.6)
    if near:
        raise ArchiveCheckError(said("usage.choice-near", what=what, given=given, near=near[0]))
    all_known = ", ".join(known)
    raise ArchiveCheckError(said("usage.choice", what=what, given=given, known=all_known))


def usage_line(error: click.ClickException, lang: Lang) -> str:
    """What is wrong with a command line, in one sentence."""
    if isinstance(error, click.NoSuchOption):
        near = get_close_matches(error.option_name, error.possibilities or (), n=1, cutoff=0)
        if near:
            return tell(lang, "usage.no-option-near", option=error.option_name, near=near[0])
        return tell(lang, "usage.no-option", option=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return tell(lang, "usage.missing", what=error.param.make_metavar(_context(error)))
    if isinstance(error, click.BadOptionUsage):
        return tell(lang, "usage.no-value", option=error.option_name)
    return tell(lang, "usage.wrong", why=" ".join(error.format_message().split()))


def _context(error: click.UsageError) -> click.Context:
    return error.ctx or click.Context(click.Command(None))


class _Spoken(click.Command):
    """A command whose help is laid out here; its words are texts, not docstrings."""

    def get_help(self, ctx: click.Context) -> str:
        return help_text(self, ctx)


class SpokenCommand(_Spoken):
    pass


class SpokenGroup(_Spoken, click.Group):
    command_class = SpokenCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise _no_command(ctx, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _no_command(context: click.Context, given: str, known: Sequence[str]) -> ArchiveCheckError:
    """What to say of a command that there is not: the nearest one, or all."""
    name = " ".join([*context.command_path.split()[1:], given])
    # Who gives a case alone wants it checked.
    if context.parent is None and os.path.lexists(given):
        return ArchiveCheckError(said("usage.case-alone", case=given))
    near = get_close_matches(given.lower(), known, n=1, cutoff=0.6)
    if near:
        return ArchiveCheckError(said("usage.no-command-near", given=name, near=near[0]))
    return ArchiveCheckError(said("usage.unknown-command", given=name, known=", ".join(known)))


def help_text(command: click.Command, context: click.Context) -> str:
    """The help of a command: usage, what it does, its options and commands.

    The words stand in the texts as `help.<command>` and `help.<command>.<parameter>`, or as
    `help.<parameter>` where several commands share it (`help.option.<parameter>` where a command
    has that name).
    """
    from archive_check.reports.layout import listed, wrap

    lang: Lang = context.find_root().obj or DEFAULT
    width = max(40, min(context.terminal_width or _terminal_width(), _WIDEST_HELP))
    name = context.command_path.removeprefix("archive-check").strip().replace(" ", ".")
    name = name or "archive-check"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = wrap(tell(lang, "help-usage", usage=usage), width)
    lines += ["", *wrap(tell(lang, f"help.{name}"), width)]

    def add(heading: str, rows: list[tuple[str, str]]) -> None:
        if rows:
            body = (f"  {line}".rstrip() for line in listed(rows, width - 2))
            lines.extend(["", tell(lang, heading), *body])

    described = [
        (_shown(parameter, context), _described(name, parameter, lang))
        for parameter in command.get_params(context)
    ]
    add("help-options", described)
    if isinstance(command, click.Group):
        prefix = "" if name == "archive-check" else f"{name}."
        add(
            "help-commands",
            [
                (child, tell(lang, f"help.{prefix}{child}").split("\n")[0])
                for child in command.list_commands(context)
            ],
        )
    return "\n".join(lines)


def _terminal_width() -> int:
    import shutil

    return shutil.get_terminal_size((80, 24)).columns


def _shown(parameter: click.Parameter, context: click.Context) -> str:
    if isinstance(parameter, click.Option) and not (parameter.is_flag or parameter.count):
        return f"{', '.join(parameter.opts)} {parameter.make_metavar(context)}"
    if isinstance(parameter, click.Option):
        return ", ".join([*parameter.opts, *parameter.secondary_opts])
    return parameter.make_metavar(context)


def _described(command: str, parameter: click.Parameter, lang: Lang) -> str:
    name = parameter.opts[0].lstrip("-")
    keys = (f"help.{command}.{name}", f"help.option.{name}", f"help.{name}")
    return tell(lang, next(key for key in keys if key in sentences("command")))
