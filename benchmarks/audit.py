"""The audit of 1,000,000 contacts: what is wrong with their values, and who is there twice.

    python -m benchmarks.audit [--rows 1000000] [--runs 1] [--folder F]

`values` are all checks of names, phones and e-mails; pandas asks phonenumbers and email-validator
of every cell, as one would write it by hand. `duplicates` are those by mailbox, phone and name
(ours alone). Every way is a process of its own, and both must give the same numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.made import made
from benchmarks.measuring import compare, report
from crm_metrics.store import Dataset

WAYS = {"values": ("ours", "pandas"), "duplicates": ("ours",)}
TODAY = date(2026, 6, 30)
Answer = list[tuple[str, int]]
_SPOILT = """
  SELECT row_number() OVER ()::INTEGER + 1 AS __line, created_at::DATE AS date,
    * EXCLUDE (lang, first, last, middle) REPLACE (
      CASE WHEN hash(phone) % 100 = 0 THEN left(phone, -1)
        WHEN hash(phone) % 3 = 0 THEN replace(phone, '+7', '8') ELSE phone END AS phone,
      CASE WHEN hash(email) % 100 = 1 THEN replace(email, '@', '') ELSE email END AS email)
  FROM read_parquet('{people}')
"""


def main() -> None:
    """Run the ways of each step in turn, print the least times, the highest peaks and ratios."""
    compare("benchmarks.audit", __doc__, WAYS, contacts, rows=1_000_000, runs=1)


def contacts(folder: Path, rows: int) -> Dataset:
    """So many made-up contacts with some phones and e-mails spoilt, made unless they are there."""
    people = folder / f"people_{rows}.parquet"
    if not people.exists():
        from tests.audit.made_people import people as made_people

        made_people(rows, 5).to_parquet(people)
    select = _SPOILT.format(people=people)
    return made(folder, "contacts", rows, select, first=date(2024, 1, 1), days=800)


def _ours(step: str, folder: Path, rows: int) -> Callable[[], Answer]:
    from crm_metrics.audit import Settings, audit, catalogue
    from crm_metrics.audit.catalogue import duplicates, emails, names, phones
    from crm_metrics.store import Engine

    engine = Engine([contacts(folder, rows)])
    parts = (names, phones, emails) if step == "values" else (duplicates,)
    keys = {check.key for part in parts for check in part.CHECKS}

    def work() -> Answer:
        told = audit(
            engine,
            Settings(today=TODAY),
            checks=[one for one in catalogue() if one.key in keys],
        )
        counts = {one.check: one.count for one in told.findings}
        shown = ("phone_invalid", "email_invalid") if step == "values" else sorted(counts)
        return [(key, counts.get(key, 0)) for key in shown]

    return work


def _pandas(_: str, folder: Path, rows: int) -> Callable[[], Answer]:
    import pandas as pd
    import phonenumbers
    from email_validator import EmailNotValidError, validate_email

    path = contacts(folder, rows).facts.path

    def no_phone(text: str, country: str) -> bool:
        try:
            number = phonenumbers.parse(text, "RU" if country == "Россия" else "US")
        except phonenumbers.NumberParseException:
            return True
        return not phonenumbers.is_valid_number(number)

    def no_email(text: str) -> bool:
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            return True
        return False

    def work() -> Answer:
        rows = pd.read_parquet(path)
        bad = [no_phone(*one) for one in zip(rows.phone, rows.country, strict=True)]
        return [("phone_invalid", sum(bad)), ("email_invalid", int(rows.email.map(no_email).sum()))]

    return work


if __name__ == "__main__":
    if "--way" in sys.argv:
        way, rows, folder = sys.argv[sys.argv.index("--way") + 1 :][:3]
        name, step = way.split(":")
        make = {"ours": _ours, "pandas": _pandas}[name]
        report(make(step, Path(folder), int(rows)), modules=["pandas", "phonenumbers"])
    else:
        main()
