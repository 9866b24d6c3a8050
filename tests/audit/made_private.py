"""A CRM with phones and e-mails in every corner, and a search for them in a text."""

from __future__ import annotations

import re
from pathlib import Path

PHONES = tuple(f"900555{place:02d}{place + 10}" for place in range(12))
"""National numbers, which the files write in several ways."""
MAILS = tuple(f"secret.person{place}@hidden-{place}.example" for place in range(12))
WRITINGS = (
    "+7{0}{1}{2}{3}",
    "8 ({0}) {1}-{2}-{3}",
    "+7 {0} {1} {2} {3}",
    "8-{0}-{1}-{2}-{3}",
    "+7\u00a0{0}\u00a0{1}\u2011{2}\u2011{3}",
    "{0}.{1}.{2}.{3}",
)
_PLAIN = 4
_APART = re.compile(r"(?<=\d)[\s()./‐-―−-]{1,3}(?=\d)")


def readable(text: str) -> set[str]:
    """Whose phones and e-mails can be read in a text, however their signs are set apart."""
    digits, folded = _APART.sub("", text), text.casefold()
    phones = {phone for phone in PHONES if phone in digits}
    return phones | {mail for mail in MAILS if mail in folded}


def written(place: int, *, plain: bool = False) -> str:
    """A phone as somebody wrote it; `plain` as most do."""
    number = PHONES[place % len(PHONES)]
    parts = (number[:3], number[3:6], number[6:8], number[8:])
    ways = WRITINGS[:_PLAIN] if plain else WRITINGS
    return ways[place % len(ways)].format(*parts)


def write_private(folder: Path) -> list[Path]:
    """Contacts, deals, activities and answers that name people in titles, owners and notes too."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "contacts.csv": _contacts(),
        "deals.csv": _deals(),
        "activities.csv": _activities(),
        "survey.csv": _answers(),
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder / name for name in files]


def _mail(place: int) -> str:
    return MAILS[place % len(MAILS)]


def _contacts() -> list[str]:
    lines = [
        "Contact ID;Full name;Phone;Email;City;Source;Type;Owner;Consent;Created at;Last activity"
    ]
    for place in range(48):
        # Twelve people four times each: duplicates; some have a mailbox or a phone for a name.
        odd = (_mail(place), written(place), "ТЕСТ")[place % 3]
        name = odd if place % 12 == 5 else f"Иван Петров{'абвгдежзиклм'[place % 12]}"
        phone = "" if place % 9 == 0 else written(place, plain=place % 12 != 4)
        mail = "" if place % 7 == 0 else _mail(place).upper() if place % 5 == 0 else _mail(place)
        source = ("Сайт", "сайт ", f"звонок {written(place)}", f"от {_mail(place)}")[place % 4]
        lines.append(
            f"{place + 1};{name};{phone};{mail};Тверь;{source};;{_mail(place % 3)};;"
            f"2025-0{place % 9 + 1}-11;2025-09-{place % 28 + 1:02d}"
        )
    return lines


def _deals() -> list[str]:
    columns = "Deal ID;Title;Contact name;Email;Phone;Stage;Amount;Currency;Owner"
    return [f"{columns};Created at;Expected close date;Lost reason"] + [
        f"{place + 1};Заявка с {written(place)} {_mail(place)};Иван Петров;{_mail(place)};"
        f"{written(place, plain=True)};Переговоры;{1000 if place < 29 else 9000000};RUB;"
        f"{_mail(place % 4)};2025-0{place % 9 + 1}-11;2025-08-{place % 28 + 1:02d};"
        for place in range(30)
    ]


def _activities() -> list[str]:
    columns = "Тип дела;Дата и время;Срок;Дата выполнения;Ответственный"
    lines = [f"{columns};Связано с;Результат;Комментарий"]
    for place in range(200):
        owner = _mail(place % 3) if place < 190 else (written(4), _mail(3))[place % 2]
        day = f"2025-09-{place % 28 + 1:02d}"
        done = "" if place % 6 == 0 else day
        note = f"перезвонить {written(place)}, {_mail(place)}"
        lines.append(f"Звонок;{day};{day};{done};{owner};{place % 10 + 1};;{note}")
    return lines


def _answers() -> list[str]:
    lines = ["Email;Date;NPS score (0-10);Comment"]
    lines += [f"{_mail(place)};2025-09-{place + 1:02d};9;{written(place)}" for place in range(12)]
    return lines
