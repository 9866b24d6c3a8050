"""How a command's files are to be read: options that every command with files takes."""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.cli_options import with_options
from crm_metrics.cli_questions import KINDS
from crm_metrics.errors import UsageError
from crm_metrics.intake.decisions import ROLES, Decisions, PartDecisions, Role

_LINE = re.compile(r"(?:(?P<part>.*):)?(?P<number>[1-9]\d{0,8})=(?P<role>[a-z]+)")
_TAB = {"\\t", "tab"}

_OPTIONS = (
    click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD"),
    click.option(
        "--question",
        "questions",
        multiple=True,
        metavar='"COLUMN=KIND[, SCALE][, high|low]"',
        help=f"What a column of a survey was asked for: {', '.join(KINDS)}; a scale such as 1-7;"
        " the end of it that is good.",
    ),
    click.option("--grain", help="What one row is, where the suggestion is wrong."),
    click.option(
        "--export",
        "exports",
        multiple=True,
        metavar="SYSTEM: EXPORT",
        help="Which export a table is, where several fit equally well: see `rivals` of inspect.",
    ),
    click.option(
        "--template",
        "templates",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="A mapping template, applied to the tables whose headers it fits.",
    ),
    click.option(
        "--password",
        envvar="CRM_METRICS_PASSWORD",
        help="Opens locked workbooks and archives; better in the environment:"
        " CRM_METRICS_PASSWORD.",
    ),
    click.option(
        "--line",
        "lines",
        multiple=True,
        metavar="[PART:]N=ROLE",
        help=f"What line N is: {', '.join(ROLES)}. PART is a sheet or a file in an archive.",
    ),
    click.option("--encoding", help="The encoding of a text, where the guess is wrong."),
    click.option("--delimiter", help="What divides the columns of a text; \\t for a tab."),
    click.option(
        "--covers",
        type=click.DateTime(["%Y-%m-%d"]),
        nargs=2,
        metavar="FROM TO",
        help="The days that reports without dates cover: their rows count on the first.",
    ),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the options say: mapping, templates, password, decisions about lines and dialect."""

    maps: tuple[str, ...] = ()
    grain: str | None = None
    templates: tuple[Path, ...] = ()
    password: str | None = None
    lines: tuple[tuple[str | None, int, Role], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    exports: tuple[str, ...] = ()
    covers: tuple[date, date] | None = None
    questions: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether anything is settled about how lines are read."""
        return bool(self.lines or self.encoding or self.delimiter)

    def decisions(self, parts: Collection[str]) -> Decisions:
        """The decisions about a file of these parts ("" for a text that is the file itself).

        Raises UsageError("line_part") where a line's part is not given and there are several, or
        is none of them.
        """
        names = sorted(parts) or [""]
        own: dict[str, list[tuple[int, Role]]] = {name: [] for name in names}
        for part, number, role in self.lines:
            name = names[0] if part is None and len(names) == 1 else part
            if name not in own:
                raise UsageError("line_part", line=number, parts=", ".join(names))
            own[name].append((number, role))
        decided = Decisions()
        for name, lines in own.items():
            about = PartDecisions(name, self.encoding, self.delimiter, tuple(sorted(lines)))
            decided = decided.with_part(about)
        return decided


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it takes them as one argument, `reading`."""

    @with_options(_OPTIONS)
    @functools.wraps(command)
    def with_reading(**options: Any) -> Any:
        reading = Reading(
            options.pop("maps"),
            options.pop("grain"),
            options.pop("templates"),
            options.pop("password"),
            tuple(_line(text) for text in options.pop("lines")),
            _encoding(options.pop("encoding")),
            _delimiter(options.pop("delimiter")),
            options.pop("exports"),
            _covers(options.pop("covers")),
            options.pop("questions"),
        )
        return command(reading=reading, **options)

    return with_reading


def _line(text: str) -> tuple[str | None, int, Role]:
    found = _LINE.fullmatch(text)
    role = next((known for known in ROLES if found and known == found["role"]), None)
    if found is None or role is None:
        raise UsageError("line_format", option=text, roles=", ".join(ROLES))
    return found["part"], int(found["number"]), role


def _covers(days: tuple[datetime, datetime] | None) -> tuple[date, date] | None:
    if days is None:
        return None
    start, end = (day.date() for day in days)
    if start > end:
        raise UsageError("period_backwards", start=start.isoformat(), end=end.isoformat())
    return start, end


def _encoding(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UsageError("no_such_encoding", encoding=name) from None


def _delimiter(text: str | None) -> str | None:
    if text is None:
        return None
    if text.lower() in _TAB:
        return "\t"
    if len(text) != 1 or not text.isascii() or text in '"\r\n':
        raise UsageError("delimiter_format", delimiter=text)
    return text
