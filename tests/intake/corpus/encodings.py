"""Files whose encoding must be found: few to many rows, few to many letters beyond ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.intake.corpus.values import ENGLISH, RUSSIAN

RUSSIAN_ENCODINGS = (
    *("utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866"),
    *("utf-16", "utf-16-le", "utf-16-be", "utf-32"),
)
WESTERN_ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be")
_ROWS = (5, 30, 200, 1000)
_SHARES = (0.05, 0.2, 0.5, 1.0)
_ACCENTED = (
    *("Zürich", "señora", "café", "Übergrößen", "déjà vu", "Mañana", "Malmö", "crème brûlée"),
    *("Ångström", "façade", "œuvre", "São Paulo", "naïve", "Jürgen", "Noël", "piñata"),
)
_NAMES = ("Иванов Пётр", "Щукина Юлия", "ООО «Эхо»", "Фёдоров Илья", "Объёмная доставка")


def encoded_files() -> Iterator[tuple[str, str, bytes]]:
    """Every file: the encoding, its text, its bytes. A row in `share` of them has such letters."""
    for rows in _ROWS:
        for share in _SHARES:
            for encodings, words in (
                (RUSSIAN_ENCODINGS, (*RUSSIAN, *_NAMES)),
                (WESTERN_ENCODINGS, _ACCENTED),
            ):
                for encoding in encodings:
                    random = Random(f"{encoding} {rows} {share} {len(words)}")
                    text = _text(random, rows, share, words)
                    yield encoding, text, encoded(text, encoding)


def encoded(text: str, encoding: str) -> bytes:
    """The text's bytes; those of « and » are in no encoding of DOS or KOI8."""
    if encoding in {"koi8-r", "cp866"}:
        text = text.replace("«", '"').replace("»", '"')
    return text.encode(encoding)


def _text(random: Random, rows: int, share: float, words: tuple[str, ...]) -> str:
    """A table of a date, a name, a note and a number; the header is of the same language."""
    russian = words[0] in RUSSIAN
    header = "Дата;Клиент;Примечание;Сумма" if russian and share >= 0.2 else "date;name;note;sum"
    lines = [header]
    special = {*random.sample(range(rows), max(1, round(share * rows)))}
    for i in range(rows):
        chosen = words if i in special else ENGLISH
        name = random.choice(chosen)
        note = " ".join(random.choice(chosen) for _ in range(random.randint(1, 4)))
        lines.append(
            f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d};{name};{note};{random.randrange(9999)}"
        )
    return "\n".join(lines) + "\n"
