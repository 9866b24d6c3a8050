"""Dates, damage, fields and categories: what each check finds in a table made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from crm_metrics.findings.audit_words import count_text
from tests.audit.made import audited, found, lines


def test_dates_that_can_not_be():
    frame = pd.DataFrame(
        {
            "deal_id": list("abcdef"),
            "created_at": [
                *("2026-06-01", "1970-01-01", "2026-08-01"),
                *("2026-06-02", None, "2026-07-01"),
            ],
            "closed_at": ["2026-06-03", None, None, "2026-05-02", "2026-06-01", None],
        }
    )
    told = audited("date_impossible", deals=frame)
    assert found(told) == {"date_impossible deals": (3, 5)}
    assert lines(told, "date_impossible") == [3, 4, 5]
    why = [example["why"] for example in told.findings[0].examples]
    assert why == ["date_of_nothing", "date_ahead", "date_backwards"]


def test_numbers_and_letters_that_a_program_spoilt():
    moscow, firm = "Москва", "ООО «Ромашка»"
    frame = pd.DataFrame(
        {
            "contact_id": ["1", "2", "3", "4", "5", "6", "7"],
            "phone": [
                *("7.9E+10", "79161234567.0", "+79161234567"),
                *("1234567890123450000", "8 (916) 123-45-67", None, "7,91612E+10"),
            ],
            "city": [
                moscow,
                moscow.encode().decode("latin-1"),
                moscow.encode().decode("cp1251", "replace"),
                moscow.encode("cp1251").decode("latin-1"),
                "São Paulo, Orléans",
                "Рио-де-Жанейро, С…, Ещё №1",
                None,
            ],
            "company": [firm, None, None, None, "Ñandú", "Nestlé", "М\N{REPLACEMENT CHARACTER}"],
        }
    )
    told = audited("id_damaged encoding_damaged", contacts=frame)
    assert found(told) == {
        "id_damaged contacts": (4, 7),
        "encoding_damaged contacts": (4, 7),
    }
    assert lines(told, "id_damaged") == [2, 3, 5, 8]
    assert lines(told, "encoding_damaged") == [3, 4, 5, 8]


def test_fields_that_nobody_fills_or_chooses():
    n = 40
    frame = pd.DataFrame(
        {
            "contact_id": [str(i) for i in range(n)],
            "company": ["Firm"] * 3 + [None] * (n - 3),
            "type": ["new"] * 35 + ["old"] * 5,
            "city": ["-"] * 38 + ["Omsk"] * 2,
            "country": ["RU"] * n,
        }
    )
    told = audited("field_unused field_default", contacts=frame)
    # Only the type can be left at a default: of the city too few are filled.
    assert found(told) == {"field_unused contacts": (2, 5), "field_default contacts": (1, 1)}
    by_check = {one.check: one.examples for one in told.findings}
    assert {row["field"] for row in by_check["field_unused"]} == {"company", "city"}
    assert by_check["field_default"] == (
        {"field": "type", "value": "new", "rows": "40", "value_share": "0.875"},
    )
    # Fields are named, and have no interval: they are all that there are.
    (chosen,) = (one for one in told.findings if one.check == "field_default")
    assert count_text(chosen, "en") == "1 of 1 field: Contact type."


def test_one_value_in_several_spellings():
    cities = ["Москва", "Москва", "г. Москва", " москва", "Орёл", "Орел", "Орел", "Санкт-Петербург"]
    frame = pd.DataFrame({"contact_id": list("12345678"), "city": cities})
    told = audited("near_duplicate_category", contacts=frame)
    assert found(told) == {"near_duplicate_category contacts:city": (3, 8)}
    shown = {row["line"]: row["suggestion"] for row in told.findings[0].examples}
    assert shown == {"4": "Москва", "5": "Москва", "6": "Орел"}


def test_days_on_which_a_source_wrote_nothing():
    first = date(2026, 4, 6)
    days = [first + timedelta(days=i) for i in range(56)]
    gaps = {date(2026, 4, 14), date(2026, 4, 24)}
    rows = [day for day in days for _ in range(12 if day.weekday() < 5 else 1) if day not in gaps]
    # Neither a holiday nor the years after a day that stands for none are gaps.
    rows = [day for day in rows if day != date(2026, 5, 1)] + [date(1970, 1, 1)] * 3
    told = audited("integration_gap", orders=pd.DataFrame({"date": rows}))
    assert found(told) == {"integration_gap orders": (2, 39)}
    assert [row["day"] for row in told.findings[0].examples] == ["2026-04-14", "2026-04-24"]
