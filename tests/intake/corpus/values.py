"""Columns of made exports: a name, the kind of its values, and how a value is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

START = datetime(2024, 1, 8, 9, 5)
RUSSIAN = (
    "весенняя",
    "распродажа",
    "новинки",
    "подборка",
    "для",
    "клиентов",
    "скидка",
    "на",
    "обувь",
    "письмо",
    "брошенная",
    "корзина",
    "возврат",
    "доставка",
    "вопрос",
    "по",
    "заказу",
    "ёлка",
    "подъезд",
    "щенок",
    "жёлтый",
    "цвет",
    "съёмка",
    "объявление",
    "чай",
)
ENGLISH = (
    "spring",
    "sale",
    "new",
    "arrivals",
    "picks",
    "for",
    "you",
    "discount",
    "on",
    "shoes",
    "welcome",
    "series",
    "abandoned",
    "cart",
    "refund",
    "delivery",
    "question",
    "about",
    "order",
    "autumn",
    "digest",
    "free",
    "trial",
    "webinar",
    "invite",
    "loyalty",
)
WESTERN = ("café", "Zoë", "naïve", "Köln", "señor", "Genève", "crème", "Ångström")
# What a value of a typed kind can look like, whatever the column; text can be anything.
_LOOKS = {
    "number": r"[<−-]?\s?[$€₽£]?\d[\d \u00a0,.]*(?:%|\s?₽|\s?руб\.)?",
    "date": r"\d{4}-\d\d-\d\d.*|\d{1,2}([./-])\d{1,2}\1\d{2,4}.*|[A-Z][a-z]+ \d\d, \d{4}.*",
    "time": r"\d{1,4}:\d\d(?::\d\d)?",
    "email": r"[^@\s]+@[^@\s]+\.[a-z]+",
    "url": r"https?://\S+",
    "phone": r"\+?[78] ?\(?\d{3}\)? ?[\d-]{7,10}",
}
_MISSING = frozenset({"", "-", "—", "n/a", "--", "(not set)"})


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is a key of the looks above or "text"; `make` gives the value of row i."""

    name: str
    kind: str
    make: Callable[[Random, int], str]
    sums: bool = False
    optional: bool = False

    def takes(self, cell: str) -> bool:
        """Whether the cell could be a value of this column."""
        if self.kind == "text":
            return True
        if cell.strip() in _MISSING:
            return self.optional
        kinds = {"number", "phone", "date"} if self.kind == "number" else {self.kind, "number"}
        kinds = kinds if self.kind in {"number", "date", "phone"} else {self.kind}
        return any(re.fullmatch(_LOOKS[kind], cell.strip()) for kind in kinds)


def day(name: str, form: str = "%Y-%m-%d", *, step: float = 1.0) -> Column:
    def make(random: Random, i: int) -> str:
        return (START + timedelta(days=i * step, minutes=random.randrange(600))).strftime(form)

    return Column(name, "date", make)


def count(name: str, low: int = 1, high: int = 9_000, *, group: str = "") -> Column:
    def make(random: Random, i: int) -> str:
        return f"{random.randint(low, high):,}".replace(",", group)

    return Column(name, "number", make, sums=True)


def amount(name: str, *, mark: str = ".", group: str = "", sign: str = "{}") -> Column:
    def make(random: Random, i: int) -> str:
        whole = f"{random.uniform(10, 90_000):,.2f}"
        return sign.format(whole.replace(",", "~").replace(".", mark).replace("~", group))

    return Column(name, "number", make, sums=True)


def percent(name: str, *, mark: str = ".", sign: str = "%", missing: str = "") -> Column:
    def make(random: Random, i: int) -> str:
        if missing and random.random() < 0.2:
            return missing
        return f"{random.uniform(0, 60):.2f}".replace(".", mark) + sign

    return Column(name, "number", make, optional=bool(missing))


def code(name: str, first: int = 100_200, step: int = 7) -> Column:
    return Column(name, "number", lambda _, i: str(first + step * i))


def clock(name: str) -> Column:
    def make(random: Random, i: int) -> str:
        return f"{random.randrange(24):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"

    return Column(name, "time", make)


def word(name: str, *choices: str) -> Column:
    return Column(name, "text", lambda random, _: random.choice(choices))


def mail(name: str = "Email") -> Column:
    hosts = ("example.com", "mail.example.org", "shop.example.ru")
    return Column(
        name, "email", lambda random, i: f"client{i}.{random.choice('abc')}@{random.choice(hosts)}"
    )


def link(name: str = "URL") -> Column:
    return Column(
        name, "url", lambda random, i: f"https://example.com/p/{i}?utm_source={random.choice('ab')}"
    )


def phone(name: str) -> Column:
    def make(random: Random, i: int) -> str:
        digits = f"{random.randrange(10**9):09d}"
        return f"+7 (9{digits[:2]}) {digits[2:5]}-{digits[5:7]}-{digits[7:]}"

    return Column(name, "phone", make)


def title(name: str, words: Sequence[str] = ENGLISH, *, extra: Sequence[str] = ()) -> Column:
    """A name of two to four words and a number, sometimes with one of `extra` in it."""

    def make(random: Random, i: int) -> str:
        found = random.sample(words, random.randint(2, 4))
        if extra and random.random() < 0.25:
            found.insert(1, random.choice(extra))
        return " ".join(found).capitalize() + f" {i + 1}"

    return Column(name, "text", make)


def blank(name: str, words: Sequence[str] = ENGLISH) -> Column:
    """A text that is mostly left empty."""
    return Column(
        name,
        "text",
        lambda random, _: random.choice(words) if random.random() < 0.3 else "",
        optional=True,
    )
