"""Personal values as they are shown: enough to recognise one's own data, no more."""

from __future__ import annotations

import re
from collections.abc import Sequence

_EMAIL = re.compile(r"([^\s@<>\"',;:|()]+)@([^\s@<>\"',;|]+\.[^\s@<>\"',;|]+)")
_PHONE = re.compile(r"\+?\d[\d\s().‐-―−-]{8,}\d")  # any dash, as texts have them
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_HANDLE = re.compile(r"(?<![\w@])@\w{3,}|(?<=t\.me/)\w+|(?<=vk\.com/)\w+")
# A capital after one of these begins a name: who writes, who is spoken of, who is addressed.
_BEFORE_NAME = (
    "меня зовут|зовут|с уважением|моё имя|мое имя|фио|г-н|г-жа|господин|госпожа|господину"
    "|оператор|оператора|оператору|менеджер|менеджера|менеджеру|курьер|курьера|курьеру"
    "|консультант|консультанта|консультанту|специалист|специалиста|специалисту|сотрудник"
    "|сотрудница|сотрудника|продавец|продавца|девушка|мастер|преподаватель"
    "|my name is|regards|sincerely|yours|mr|mrs|ms|miss|dr|prof|agent|manager|operator|courier"
    "|consultant|instructor|thanks to|thank you"
)
_NAME = r"[A-ZА-ЯЁ][a-zа-яё]+(?:-[A-ZА-ЯЁ][a-zа-яё]+)?"
_NAMED = re.compile(rf"((?i:\b(?:{_BEFORE_NAME}))[,.:]?\s+)({_NAME}(?:\s+{_NAME}){{0,2}})")
_PATRONYMIC = re.compile(
    r"\b(?:[А-ЯЁ][а-яё]+\s+){1,2}[А-ЯЁ][а-яё]+(?:ович|евич|ьич|овна|евна|ична)(?:а|у|ем|ы|е|ой)?\b"
    r"(?:\s+[А-ЯЁ][а-яё]+)?"
)
_NAMES = frozenset({"full_name", "first_name", "last_name", "contact_name", "author", "company"})
_PHONES = frozenset({"phone", "caller", "callee"})


def mask(value: str | None, field: str | None) -> str:
    """The value of this field with its personal part hidden; None becomes an empty string.

    An e-mail keeps its first letter and domain, a phone its first and last two digits, a name the
    first letter of each word. In any other field e-mails and phones inside the text are hidden.
    """
    if value is None:
        return ""
    text = str(value).strip()
    with_email = _EMAIL.search(text) is not None
    if field in _PHONES and not with_email:
        return _phone(text)
    if field in _NAMES and not with_email:
        return " ".join(f"{word[0]}***" for word in text.split())
    hidden = _EMAIL.sub(lambda found: f"{found[1][0]}***@{found[2]}", text)
    if field in {"email", "customer_id"} and not with_email:
        return f"{text[:1]}***" if text and not _PHONE.fullmatch(text) else _phone(text)
    return _PHONE.sub(lambda found: _phone(found[0]) if _is_phone(found[0]) else found[0], hidden)


def mask_text(text: str) -> str:
    """What a person wrote, with e-mails, phones, card numbers, accounts and names hidden.

    Names are those with a patronymic, and capitals after words that names come after ("operator
    Anna", "regards, Ivan"): a name without such a sign stays.
    """
    hidden = _CARD.sub(lambda found: f"*** {found[0][-4:]}", text)
    hidden = _HANDLE.sub(lambda found: "@***" if found[0].startswith("@") else "***", hidden)
    hidden = _PATRONYMIC.sub(lambda found: mask(found[0], "full_name"), hidden)
    hidden = _NAMED.sub(lambda found: found[1] + mask(found[2], "full_name"), hidden)
    return mask(hidden, None)


def mask_line(text: str, delimiter: str | None, fields: Sequence[str | None]) -> str:
    """A line of a text with the personal cells hidden; `fields` are those of its columns.

    Of a line with another number of cells, as damaged ones have, a cell is hidden too where a
    neighbour's column is personal.
    """
    if not delimiter or delimiter not in text:
        return mask(text, None)
    cells = text.split(delimiter)
    reach = 0 if len(cells) == len(fields) else 1
    hidden = []
    for place, cell in enumerate(cells):
        near = fields[max(place - reach, 0) : place + reach + 1]
        personal = next((field for field in near if field in _NAMES | _PHONES), None)
        known = fields[place] if place < len(fields) else None
        hidden.append(mask(cell, personal or known))
    return delimiter.join(hidden)


def _is_phone(text: str) -> bool:
    """Ten to fifteen digits; a date with a time has as many, but it also has their separators."""
    digits = re.sub(r"\D", "", text)
    dated = re.match(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", text)
    return 10 <= len(digits) <= 15 and not dated


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) < 5:
        return "***" if digits else text[:1] and f"{text[0]}***"
    plus = "+" if text.startswith("+") else ""
    return f"{plus}{digits[0]} *** ** {digits[-2:]}"
