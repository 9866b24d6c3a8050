"""Options that commands share, and how a JSON document is printed."""

from __future__ import annotations

import json
import locale
import math
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from crm_metrics.errors import InputError, UsageError
from crm_metrics.texts import LANGUAGES, language_of

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
FILE = click.argument("file", type=click.Path(path_type=Path))
FROM = click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]))
TO = click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]))
# Where tables can be named instead: one of both has to be.
ANY_FILES = click.argument("files", nargs=-1, type=click.Path(path_type=Path))
BACKEND = click.option(
    "--backend",
    envvar="CRM_METRICS_BACKEND",
    metavar="URL|TOML",
    help="The data base that --table names tables of; see docs/scale.md.",
)
TABLES = click.option(
    "--table", "tables", multiple=True, help="A table whose rows stay in the data base."
)
ALPHA = click.option(
    "--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05
)
LANG = click.option("--lang", type=click.Choice(LANGUAGES), default=None)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def with_options(options: Sequence[Any]) -> Callable[[Any], Any]:
    """A decorator that gives a command these options, listed in their order."""

    def given(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return given


def language(chosen: str | None) -> str:
    """The language chosen, else the system's."""
    return chosen or language_of(locale.getlocale()[0])


def language_asked(arguments: Sequence[str]) -> str | None:
    """The value of --lang among arguments that may be wrong otherwise."""
    for place, argument in enumerate(arguments):
        name, sign, value = argument.partition("=")
        if name == "--lang":
            found = value if sign else (*arguments[place + 1 :], "")[0]
            return found if found in LANGUAGES else None
    return None


def names_in(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The names of a list with commas, each once; a known name may itself hold commas."""
    parts = text.split(",")
    names: list[str] = []
    start = 0
    while start < len(parts):
        ends = range(len(parts), start, -1)
        whole = (end for end in ends if ",".join(parts[start:end]).strip() in known)
        end = next(whole, start + 1)
        names.append(",".join(parts[start:end]).strip())
        start = end
    return tuple(dict.fromkeys(name for name in names if name))


def period(start: datetime | None, end: datetime | None) -> tuple[date | None, date | None]:
    """The first and the last day, None where open; raises UsageError("period_backwards")."""
    first, last = start.date() if start else None, end.date() if end else None
    if first and last and first > last:
        raise UsageError("period_backwards", start=first.isoformat(), end=last.isoformat())
    return first, last


def split_weights(text: str | None) -> tuple[float, ...] | None:
    """A planned split as weights: "50:50" -> (50, 50); raises UsageError("split_format")."""
    if text is None:
        return None
    try:
        parts = tuple(float(part) for part in text.replace("/", ":").split(":"))
    except ValueError:
        raise UsageError("split_format", split=text) from None
    if len(parts) < 2 or not math.isfinite(sum(parts)) or min(parts) < 0 or sum(parts) <= 0:
        raise UsageError("split_format", split=text)
    return parts


def written(out: Path, data: bytes) -> None:
    """Write a file; raises InputError("cannot_write")."""
    try:
        out.write_bytes(data)
    except OSError:
        raise InputError("cannot_write", file=out.name) from None


def content_of(file: Path, unread: str = "no_such_file") -> bytes:
    """A small file's bytes; raises InputError(`unread`) where there are none to read."""
    try:
        return file.read_bytes()
    except OSError:
        raise InputError(unread, file=file.name) from None


def print_json(document: dict[str, Any]) -> None:
    """Print a document; whole floats as integers, an undefined number as null."""
    click.echo(json.dumps(_plain(document), ensure_ascii=False, indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
