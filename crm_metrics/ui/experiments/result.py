"""Which result of a data set is compared: its kind, and the columns that hold it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from crm_metrics.experiments import Question
from crm_metrics.experiments.question import ANSWERS
from crm_metrics.experiments.rows import PERSON_FIELDS
from crm_metrics.facts import mask
from crm_metrics.mapping.cells.date_text import looks_dated
from crm_metrics.schema import is_personal
from crm_metrics.texts import t
from crm_metrics.ui.experiments.columns import Columns, column_of, unnamed_answers, values_of
from crm_metrics.ui.experiments.numbers import number
from crm_metrics.ui.filters import one_of, one_or_none

# What a test is decided on, most telling first: clicks before conversions, which are so few that
# most tests of a message can't be decided on them; opens last, since machines open mail too.
_SUCCESSES = (
    "clicked",
    "converted",
    "attended",
    "is_answered",
    "lead",
    "clicks_total",
    "delivered",
    "unsubscribed",
    "complained",
    "opened",
)
_AMOUNTS = ("revenue", "amount", "margin", "score", "clicks_total", "quantity")
_TOTALS = (
    *("clicks_unique", "conversions", "orders", "leads", "opens_unique", "clicks", "unsubscribes"),
)
_BASES = ("delivered", "sent", "reach", "users", "visits", "sessions", "impressions")
_SENT = ("sent_at", "delivered_at", "created_at")
_ANSWERS = (
    *("replied_at", "first_reply_at", "responded_at"),
    *("clicked_at", "opened_at", "converted_at"),
)
_DECISIVE = ("clicked", "converted", "attended", "lead", "clicks_total")
_MONEY = ("revenue", "amount", "margin", "score")
_REPLIES = ("replied_at", "first_reply_at", "responded_at")
# What each kind of result asks for: a question's part, the choice's name, the fields that lead.
_PARTS = {
    "share": (("success", "success", _SUCCESSES),),
    "amount": (("value", "value", _AMOUNTS),),
    "within": (("sent", "sent", _SENT), ("answered", "answered", _ANSWERS)),
    "totals": (("success", "events", _TOTALS), ("trials", "trials", _BASES)),
    "ratio": (
        ("numerator", "numerator", ("clicks_total", *_AMOUNTS)),
        ("denominator", "denominator", ("opens_total", "orders", "quantity")),
    ),
}
SENT_WORDS = re.compile(r"sent|send|отправ|послан", re.IGNORECASE)
_COUNT = r"^(?!.*(rate|share|%|доля|процент)).*"
# Headers of columns that no field stands for in this kind of file.
_WORDS = {
    "sent": SENT_WORDS,
    "trials": re.compile(
        _COUNT + r"(recipient|people|users|visitor|member|sent|deliver|получател|люд|участник"
        r"|пользовател|посетител|отправ|достав)",
        re.IGNORECASE,
    ),
    "events": re.compile(
        _COUNT + r"(click|conver|purchas|order|lead|клик|переход|перешл|конверс|покуп|заказ|заяв)",
        re.IGNORECASE,
    ),
    "before": re.compile(r"before|pre|prior|last|до_|до |прошл|раньше", re.IGNORECASE),
    "answered": re.compile(r"repl|answer|respon|ответ", re.IGNORECASE),
    "success": re.compile(
        _COUNT + r"(click|conver|purchas|bought|клик|переш[её]л|конвер|купил|заказал)",
        re.IGNORECASE,
    ),
    "value": re.compile(
        r"revenue|amount|spen[dt]|score|rating|выруч|сумм|доход|оценк|балл|потрач", re.IGNORECASE
    ),
    "numerator": re.compile(_COUNT + r"(click|revenue|клик|выруч)", re.IGNORECASE),
    "denominator": re.compile(_COUNT + r"(open|order|session|откры|заказ|визит)", re.IGNORECASE),
}


def kinds(columns: Columns, variant: str | None) -> tuple[str, ...]:
    """The kinds of results, the likeliest first: totals where a row is a mailing or a version.

    An answer in time leads where the time of sending and of a reply are all that is known.
    """
    usual: tuple[str, ...] = ("share", "amount", "within", "totals", "ratio")
    if _timed(columns):
        usual = ("within", *(kind for kind in usual if kind != "within"))
    if variant is None:
        return usual
    known = columns.fields()
    counted = all(any(key in known for key in keys) for keys in (_TOTALS, _BASES))
    people = any(key in known for key in PERSON_FIELDS)
    # A version of one row has no row for each person: nothing else can be counted.
    alone = max(values_of(columns.dataset, column_of(variant)).values()) == 1
    if not alone and (people or not counted):
        return usual
    return ("totals", *(kind for kind in usual if kind != "totals"))


def _timed(columns: Columns) -> bool:
    """Whether there are times of sending and of a reply, and no column that tells a success."""
    if columns.named(_DECISIVE, _WORDS["success"]) or columns.named(_MONEY, _WORDS["value"]):
        return False
    sent, replied = columns.named(_SENT, SENT_WORDS), columns.named(_REPLIES, _WORDS["answered"])
    return any(_dated(columns, i) and _dated(columns, j) for i in sent for j in replied if i != j)


def _dated(columns: Columns, column: int) -> bool:
    cells = values_of(columns.dataset, column)
    return bool(cells) and all(map(looks_dated, cells))


def question_of(columns: Columns, kind: str, taken: list[int], language: str) -> Question | None:
    """Ask for the columns that this kind of result needs; `taken` grows by them.

    None while one is open: what neither a field nor a header names is not guessed.
    """

    def ask(name: str, first: Sequence[str]) -> str | None:
        head = [i for i in columns.named(first, _WORDS.get(name)) if i not in taken]
        if not head and name == "success":
            head = _only_answer(columns, taken)
        options = columns.ordered(head, taken)
        option = column_asked(name, columns, options, language, known=bool(head))
        if option is None:
            return None
        taken.append(column_of(option))
        return columns.header(option)

    hours = None
    if kind == "within":
        hours = number("within", language, (0.01, 10_000.0), 24.0, 1.0)
    named = {part: ask(name, first) for part, name, first in _PARTS[kind]}
    return None if None in named.values() else Question(**named, within=hours)


def column_asked(
    name: str, columns: Columns, options: Sequence[str], language: str, *, known: bool
) -> str | None:
    """Ask for a column: the first unless another is chosen; none at first where none is `known`."""
    label, meaning = t(f"experiments.{name}", language), t(f"experiments.{name}_help", language)
    if known:
        return one_of(name, label, options, columns.header, language=language, meaning=meaning)
    return one_or_none(
        name,
        label,
        options,
        columns.header,
        language=language,
        placeholder=t("experiments.variant_choose", language),
        meaning=meaning,
    )


def _only_answer(columns: Columns, taken: Sequence[int]) -> list[int]:
    """The one column of yes and no that no field stands for; none where there are several."""
    headers = columns.dataset.table.headers
    places = [headers.index(header) for header in unnamed_answers(columns.dataset)]
    free = [place for place in places if place not in taken]
    return free if len(free) == 1 else []


def before(columns: Columns, taken: list[int], language: str) -> str | None:
    """Ask for what people did before the test, which no answer to it can be; none at first."""
    fields = columns.fields()
    after = {column for key, column in fields.items() if key in ANSWERS or is_personal(key)}
    option = one_or_none(
        "before",
        t("experiments.before", language),
        columns.ordered(columns.named((), _WORDS["before"]), [*taken, *after]),
        columns.header,
        language=language,
        placeholder=t("experiments.before_none", language),
        meaning=t("experiments.before_help", language),
    )
    if option is None:
        return None
    taken.append(column_of(option))
    return columns.header(option)


def success_value(columns: Columns, header: str, language: str) -> str | None:
    """Ask which cell counts as a success; nothing is guessed.

    The address has a digest of the cell in place of its text, which may be somebody's.
    """
    column = columns.dataset.table.headers.index(header)
    field = next(item.field for item in columns.dataset.mapping.columns if item.column == column)
    values = {_coded(columns, column, value): value for value in values_of(columns.dataset, column)}
    chosen = one_or_none(
        "success_value",
        t("experiments.success_value", language),
        list(values),
        lambda code: mask(values[code], field),
        language=language,
        placeholder=t("experiments.success_value_open", language),
    )
    return None if chosen is None else values[chosen]


def _coded(columns: Columns, column: int, value: str) -> str:
    """A cell's value as an option that no other column has."""
    digest = hashlib.sha256(f"{columns.dataset.id}\n{value}".encode()).hexdigest()[:10]
    return f"{columns.option(column)}-{digest}"
