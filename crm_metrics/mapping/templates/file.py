"""A template as a file that a person can read, and back, whatever the file holds."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date
from typing import Any, Final, TypeGuard, get_args

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.table import Layout
from crm_metrics.mapping.model import (
    ANSWERS,
    SURVEY,
    DateOrder,
    Decimal,
    Polarity,
    Question,
    SurveyType,
)
from crm_metrics.mapping.templates.template import (
    MOST_WORDS,
    Doubt,
    Template,
    TemplateColumn,
    plain_name,
)
from crm_metrics.schema import GRAINS, fields_of, is_personal

KIND: Final = "crm-metrics mapping template"
VERSION: Final = 2
WITHOUT_QUESTIONS: Final = 1
"""The version of a template without questions of a survey, which earlier programs read too."""
LARGEST: Final = 5 * 1024 * 1024
_MOST_COLUMNS: Final = 2_000
_LONGEST: Final = 40_000
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_UNITS: Final = ("s", "min", "h", "d", "fraction", "points")
_KEYS: Final = frozenset(
    (
        *("kind", "version", "name", "created", "grain", "system", "export", "layout", "sheet"),
        *("confirmed", "constants", "columns"),
    )
)
_COLUMN_KEYS: Final = frozenset(
    (
        *("header", "field", "looks", "unit", "date_order", "decimal", "currency", "doubt"),
        *("values", "unknown_words", "question"),
    )
)
_QUESTION_KEYS: Final = frozenset({"text", *SURVEY})
_HIGHEST: Final = 1_000


def to_json(template: Template) -> bytes:
    """The template as JSON in UTF-8: equal templates give equal bytes."""
    content: dict[str, Any] = {
        "kind": KIND,
        "version": VERSION if _asks(template) else WITHOUT_QUESTIONS,
        "name": template.name,
        "created": template.created.isoformat(),
        "grain": template.grain,
        "system": template.system,
        "export": template.export,
        "layout": template.layout,
        "sheet": template.sheet,
        "confirmed": template.confirmed,
        "constants": dict(sorted(template.constants.items())),
        "columns": [_plain(column) for column in template.columns],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def from_json(data: bytes, *, file: str = "", unnamed: bool = False) -> Template:
    """The template in a file called `file`; only with `unnamed` may it be one without a name.

    Raises LimitError("template_too_large"), InputError("template_not_ours") for any other file,
    InputError("template_newer") for one of a later version of the program, and
    InputError("template_damaged") with the place that is wrong: an unknown grain or field, a field
    of two columns, a value of another type.
    """
    if len(data) > LARGEST:
        raise LimitError("template_too_large", file=file, limit_mb=LARGEST // 1024**2)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("template_not_ours", file=file) from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise InputError("template_not_ours", file=file)
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise InputError("template_newer", file=file)
    try:
        return _template(content, unnamed=unnamed)
    except _Wrong as wrong:
        place = " → ".join(wrong.place) or "version"
        raise InputError("template_damaged", file=file, place=place[:200]) from None


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    """What is wrong, by the keys that lead there."""

    def __init__(self, *place: str) -> None:
        super().__init__(*place)
        self.place = place


def _plain(column: TemplateColumn) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "header": column.header,
        "field": column.field,
        "looks": column.kind,
        "unit": column.unit,
        "date_order": column.date_order,
        "decimal": column.decimal,
        "currency": column.currency,
        "doubt": column.doubt,
        "values": dict(sorted(column.values.items())),
        "unknown_words": sorted(column.unknown),
        "question": _plain_question(column.question),
    }
    return {key: part for key, part in parts.items() if part or key in {"header", "field"}}


def _asks(template: Template) -> bool:
    fields = [column.field for column in template.columns if column.field]
    return len(fields) > len(set(fields)) or any(one.question for one in template.columns)


def _plain_question(question: Question | None) -> dict[str, Any]:
    if question is None:
        return {}
    parts = {key: getattr(question, key) for key in sorted(_QUESTION_KEYS)}
    return {key: part for key, part in parts.items() if part not in (None, "")}


def _template(content: dict[str, Any], *, unnamed: bool) -> Template:
    if content.get("version") not in (WITHOUT_QUESTIONS, VERSION):
        raise _Wrong("version")
    _only(content, _KEYS)
    grain = _text(content, "grain")
    if grain not in GRAINS:
        raise _Wrong("grain", grain)
    allowed = frozenset(fields_of(grain))
    columns = content.get("columns")
    if not isinstance(columns, list) or not 0 < len(columns) <= _MOST_COLUMNS:
        raise _Wrong("columns")
    made = tuple(_numbered(entry, place, allowed) for place, entry in enumerate(columns, start=1))
    given = [column.field for column in made if column.field]
    several = ANSWERS if grain == "surveys" and "question" not in given else ()
    for field in given:
        if given.count(field) > 1 and field not in several:
            raise _Wrong("columns", "field", field)
    name = _text(content, "name", "")
    if not (name or unnamed):
        raise _Wrong("name")
    return Template(
        name=_name(name),
        created=_day(content),
        grain=grain,
        columns=made,
        system=_text_or_none(content, "system"),
        export=_text_or_none(content, "export"),
        layout=_one_of(content, "layout", get_args(Layout), "table"),
        sheet=_text(content, "sheet", ""),
        constants=_constants(content, allowed),
        confirmed=_flag(content, "confirmed"),
    )


def _numbered(entry: Any, place: int, allowed: Collection[str]) -> TemplateColumn:
    try:
        return _column(entry, allowed)
    except _Wrong as wrong:
        raise _Wrong("columns", str(place), *wrong.place) from None


def _column(entry: Any, allowed: Collection[str]) -> TemplateColumn:
    if not isinstance(entry, dict):
        raise _Wrong
    _only(entry, _COLUMN_KEYS)
    field = _text_or_none(entry, "field")
    if field is not None and field not in allowed:
        raise _Wrong("field", field)
    values = _words(entry, "values")
    unknown = _texts(entry, "unknown_words")
    if is_personal(field) and (values or unknown):
        raise _Wrong("values")
    return TemplateColumn(
        header=_text(entry, "header"),
        field=field,
        kind=_text(entry, "looks", ""),
        values=values,
        unknown=unknown,
        unit=_one_of(entry, "unit", _UNITS),
        date_order=_one_of(entry, "date_order", get_args(DateOrder)),
        decimal=_one_of(entry, "decimal", get_args(Decimal)),
        currency=_text_or_none(entry, "currency"),
        doubt=_one_of(entry, "doubt", get_args(Doubt)),
        question=_question(entry),
    )


def _question(entry: dict[str, Any]) -> Question | None:
    told = entry.get("question")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise _Wrong("question")
    _only(told, _QUESTION_KEYS)
    return Question(
        text=_text(told, "text", ""),
        survey_type=_one_of(told, "survey_type", get_args(SurveyType)),
        scale_min=_number_or_none(told, "scale_min"),
        scale_max=_number_or_none(told, "scale_max"),
        polarity=_one_of(told, "polarity", get_args(Polarity)),
    )


def _number_or_none(entry: dict[str, Any], key: str) -> float | None:
    number = entry.get(key)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise _Wrong(key)
    if not abs(number) <= _HIGHEST:
        raise _Wrong(key)
    return float(number)


def _only(entry: dict[str, Any], known: Collection[str]) -> None:
    for key in entry:
        if key not in known:
            raise _Wrong(key if _is_text(key) else "?")


def _name(text: str) -> str:
    try:
        return plain_name(text) if text else ""
    except InputError:
        raise _Wrong("name") from None


def _day(content: dict[str, Any]) -> date:
    try:
        return date.fromisoformat(_text(content, "created"))
    except ValueError:
        raise _Wrong("created") from None


def _constants(content: dict[str, Any], allowed: Collection[str]) -> dict[str, str]:
    constants = _words(content, "constants")
    for key in constants:
        if key not in allowed or is_personal(key):
            raise _Wrong("constants", key)
    return constants


def _words(entry: dict[str, Any], key: str) -> dict[str, str]:
    words = entry.get(key, {})
    if not isinstance(words, dict) or len(words) > MOST_WORDS:
        raise _Wrong(key)
    for raw, word in words.items():
        if not _is_text(word) or not _is_text(raw):
            raise _Wrong(key)
    return words


def _texts(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    texts = entry.get(key, [])
    if not isinstance(texts, list) or len(texts) > MOST_WORDS or not all(map(_is_text, texts)):
        raise _Wrong(key)
    return tuple(texts)


def _is_text(value: Any) -> TypeGuard[str]:
    # JSON can hold halves of letters, which no file and no page can show.
    return isinstance(value, str) and len(value) <= _LONGEST and not _HALF.search(value)


def _text(entry: dict[str, Any], key: str, otherwise: str | None = None) -> str:
    text = entry.get(key, otherwise)
    if not _is_text(text):
        raise _Wrong(key)
    return text


def _text_or_none(entry: dict[str, Any], key: str) -> str | None:
    return None if entry.get(key) is None else _text(entry, key)


def _one_of(entry: dict[str, Any], key: str, known: Collection[str], otherwise: Any = None) -> Any:
    text = entry.get(key, otherwise)
    if text != otherwise and (not isinstance(text, str) or text not in known):
        raise _Wrong(key)
    return text


def _flag(entry: dict[str, Any], key: str) -> bool:
    flag = entry.get(key, True)
    if not isinstance(flag, bool):
        raise _Wrong(key)
    return flag
