"""What counts as a success: a column, a column's value, or a column above a number, as SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.experiments.model import Direction
from crm_metrics.facts.cells import missing_sql, plain_sql
from crm_metrics.facts.connection import literal
from crm_metrics.facts.numbers import number_sql
from crm_metrics.mapping.cells.blanks import MISSING, fold
from crm_metrics.mapping.cells.date_text import looks_dated
from crm_metrics.mapping.cells.number_text import decimal_mark
from crm_metrics.mapping.cells.yes_no import NO, YES

# Fields of which less is better: what people do against us, and what they wait.
LESS_IS_BETTER = frozenset(
    (
        *("unsubscribed", "unsubscribes", "complained", "complaints", "negative"),
        *("bounced", "bounces", "bounces_hard", "bounces_soft", "followers_lost"),
        *("is_missed", "is_return", "reopens"),
        *("first_reply_time", "first_reply_business_time", "resolution_time"),
        *("wait_time", "callback_time"),
    )
)
# Headers that say the same where no field stands for the column; "not unsubscribed" says no.
_AGAINST = re.compile(
    r"(?<!not )(?<!no )(?<!не )(?:unsub|opt(?:ed)?[ _-]?out|complain|spam|bounce|refund|churn"
    r"|отпис|жалоб|спам|отток"
    # A returning client is no refund: "Возврат клиентов", "вернувшиеся".
    r"|возврат(?!\w*\s+(?:(?:ушедш|потерянн|спящ|бывш|стар|неактивн|прежн)\w*\s+)?"
    r"(?:клиент|покупател|пользовател|подписчик|гост|уч[её]б|на\s+сайт)))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Success:
    """A column by its position, and the value it must equal or the number it must exceed."""

    column: int
    kind: Literal["filled", "equals", "above"]
    value: str = ""

    @property
    def denies(self) -> bool:
        """Whether the value that counts says no: then more of it is the opposite."""
        return self.kind == "equals" and fold(self.value) in NO


def direction_of(field: str | None, header: str = "", *, denied: bool = False) -> Direction:
    """Which way is better for a column: "down" for unsubscribes, unless who did not is counted.

    Its field tells; without one, the words of its header.
    """
    against = field in LESS_IS_BETTER if field else is_against(header)
    return "down" if against and not denied else "up"


def is_against(header: str) -> bool:
    """Whether a header names what people do against us: unsubscribes, complaints, refunds."""
    return _AGAINST.search(header) is not None


def column_named(name: str, headers: Sequence[str]) -> int:
    """The position of a header, exactly or else without case and blanks.

    Raises NotFoundError("unknown_column").
    """
    if name in headers:
        return list(headers).index(name)
    folded = [fold(header) for header in headers]
    if name.strip() and fold(name) in folded:
        return folded.index(fold(name))
    raise NotFoundError("unknown_column", column=name)


def success_named(text: str, headers: Sequence[str]) -> Success:
    """Read "COL", "COL=VALUE" or "COL>NUMBER"; a header may itself hold "=" or ">".

    Raises NotFoundError("unknown_column") or InputError("bad_number").
    """
    try:
        return Success(column_named(text, headers), "filled")
    except NotFoundError:
        pass
    for place, sign in enumerate(text):
        if sign not in "=>":
            continue
        try:
            column = column_named(text[:place], headers)
        except NotFoundError:
            continue
        value = text[place + 1 :].strip()
        if sign == "=":
            return Success(column, "equals", value)
        if not _NUMBER.fullmatch(value):
            raise InputError("bad_number", text=value)
        return Success(column, "above", value.replace(",", "."))
    raise NotFoundError("unknown_column", column=re.split("[=>]", text)[0])


def better_when(text: str, headers: Sequence[str], fields: Mapping[int, str]) -> Direction:
    """Which way is better for what `text` names (see `success_named`): "down" for unsubscribes.

    `fields` are the columns' fields by position.
    """
    success = success_named(text, headers)
    header = headers[success.column]
    return direction_of(fields.get(success.column), header, denied=success.denies)


def success_sql(success: Success, header: str, shapes: Mapping[str, str]) -> str:
    """SQL that is 1, 0, or null where the cell says neither.

    `shapes` holds one cell of the column for each shape (digits read as 9). Raises
    InputError("success_needs_value") where every cell would count as a success.
    """
    source = plain_sql(f"c{success.column}", shapes.values())
    if success.kind == "equals":
        return f"CAST(lower({source}) = {literal(fold(success.value))} AS INTEGER)"
    if success.kind == "above":
        return f"CAST({number_of(success.column, shapes)} > {float(success.value)!r} AS INTEGER)"
    return _filled(source, success.column, header, shapes)


def number_of(column: int, shapes: Mapping[str, str]) -> str:
    """SQL for a column's numbers, the decimal mark read from its cells; null where none is."""
    values = list(shapes.values())
    decimal = decimal_mark(values).decimal or "."
    return number_sql(plain_sql(f"c{column}", values), values, decimal)


def amount_of(column: int, shapes: Mapping[str, str]) -> str:
    """SQL for a column's numbers, or 1 and 0 for its words of yes and no; null for others."""
    source = plain_sql(f"c{column}", shapes.values())
    return (
        f"CASE WHEN lower({source}) IN ({_list(YES)}) THEN 1"
        f" WHEN lower({source}) IN ({_list(NO)}) THEN 0"
        f" ELSE {number_of(column, shapes)} END"
    )


def _filled(source: str, column: int, header: str, shapes: Mapping[str, str]) -> str:
    """Yes and no by their words and numbers; else a filled cell says yes (a date, a name).

    Where "no" is written out, an empty cell says nothing; else it says no.
    """
    words = {fold(value): value for value in shapes.values()}
    no_written = any(word in NO for word in words)
    told = [word for word in words if word not in YES and word not in NO and word not in MISSING]
    others = [word for word in told if not _NUMBER.fullmatch(word)]
    dated = all(looks_dated(words[word]) for word in others)
    known = no_written or any(word in YES for word in words)
    if others and not dated and not known and not any(word in MISSING for word in words):
        shown = ", ".join(sorted(words[word] for word in others)[:5])
        raise InputError("success_needs_value", column=header, values=shown)
    rest = "NULL" if others and not dated and known else "1"
    empty = "NULL" if no_written else "0"
    number = number_of(column, shapes)
    return (
        f"CASE WHEN lower({source}) IN ({_list(YES)}) THEN 1"
        f" WHEN lower({source}) IN ({_list(NO)}) THEN 0"
        f" WHEN {missing_sql(source)} THEN {empty}"
        f" WHEN {number} IS NOT NULL THEN CAST({number} > 0 AS INTEGER)"
        f" ELSE {rest} END"
    )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)
