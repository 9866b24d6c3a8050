"""A small CRM as files, with defects of known number, as it is on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

MARCH, OCTOBER = date(2026, 3, 31), date(2026, 10, 5)
PEOPLE = 80


def contacts(today: date, *, missing: int, more: int = 0, more_missing: int = 0) -> str:
    """Contacts as CSV: `missing` of the first 80 and `more_missing` of `more` lack a phone."""
    lines = ["Contact ID;Full name;Phone;Email;City;Source;Created at;Last activity"]
    for place in range(PEOPLE + more):
        own = place - PEOPLE
        lacks = place < missing if own < 0 else own < more_missing
        phone = "" if lacks else f"+7900{1234567 + place}"
        created = (
            date(2025, 6, 1) + timedelta(days=place) if own < 0 else MARCH + timedelta(own + 1)
        )
        last = today - timedelta(days=place % 28)
        lines.append(
            f"{place + 1};Иван Петров{place};{phone};person{place}@mail.example;Тверь;Сайт;"
            f"{created.isoformat()};{last.isoformat()}"
        )
    return "\n".join(lines) + "\n"


def deals(today: date, *, overdue: int) -> str:
    """Deals as CSV: 40 open ones of 1 000 RUB each, `overdue` of which were to be closed before."""
    lines = ["Deal ID;Title;Stage;Amount;Currency;Owner;Created at;Expected close date;Lost reason"]
    for place in range(40):
        due = today + timedelta(days=-5 if place < overdue else 20)
        created = today - timedelta(days=place)
        lines.append(
            f"{place + 1};Сделка {place + 1};Переговоры;1000;RUB;Анна Орлова;"
            f"{created.isoformat()};{due.isoformat()};"
        )
    return "\n".join(lines) + "\n"


def write_crm(folder: Path, today: date, **defects: int) -> list[Path]:
    """The files of a day in a folder; `overdue` is of deals, other defects of contacts."""
    folder.mkdir(parents=True, exist_ok=True)
    overdue = defects.pop("overdue", 10)
    files = {
        "contacts.csv": contacts(today, **defects),
        "deals.csv": deals(today, overdue=overdue),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]
