"""Dates, damage, fields and categories: what each check finds in a table made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crm_metrics.audit import Settings, check_of
from crm_metrics.audit.ground import Ground
from crm_metrics.audit.listing import listed
from crm_metrics.findings.audit_words import count_text
from tests.audit.made import TODAY, audited, engine, found, lines


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


def damaged(ids: list[str]) -> list[str]:
    """The numbers of these that are told to be damaged; each stands once."""
    frame = pd.DataFrame({"order_id": ids, "created_at": "2026-05-01"})
    ground = Ground(engine(orders=frame), Settings(today=TODAY))
    rows = listed(ground, check_of("id_damaged", "orders"), "orders")
    return rows.order_by("__line").to_pyarrow()["order_id"].to_pylist()


def test_zeros_that_led_a_number_are_lost():
    full = [f"{one:06d}" for one in range(8_000, 12_000, 20)]
    spoilt = [one.lstrip("0") for one in full[:25]]
    assert damaged([*spoilt, *full[25:]]) == spoilt
    # None has as many zeros as the first would, and the others are no such numbers.
    assert damaged([*spoilt, *full[25:], "17", "8a20", "0", "K-1"]) == spoilt


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param([str(one) for one in range(1, 1200)], id="counted from one"),
        pytest.param([str(one) for one in range(9_900, 11_000)], id="counted on"),
        pytest.param(
            [str(one) for one in (*range(90_000, 90_040), *range(200_000, 200_400))],
            id="two counts",
        ),
        pytest.param([f"{one:0{6 + one % 2}d}" for one in range(9_000, 9_400)], id="of two widths"),
        pytest.param([f"{one:06d}" for one in range(1, 1200)], id="filled up with zeros"),
        pytest.param(
            [*(f"{one:06d}" for one in range(99_997, 100_300)), *("777", "99950")], id="few zeros"
        ),
    ],
)
def test_shorter_numbers_that_lost_no_zeros(ids: list[str]):
    assert damaged(ids) == []


def test_digits_after_the_fifteenth_are_lost_where_more_are_zeros_than_chance_gives():
    random = np.random.default_rng(3)
    for length, chance in ((16, 0.1), (17, 0.01), (19, 0.0001)):
        ids = [str(one) for one in random.integers(10 ** (length - 1), 9 * 10 ** (length - 1), 600)]
        rounded = [one for one in ids if set(one[15:]) == {"0"}]
        assert len(rounded) <= 600 * chance * 1.5
        # Of sixteen digits every tenth ends in a zero, of nineteen one in ten thousand.
        assert damaged(ids) == []
        spoilt = [one[:15].ljust(length, "0") for one in ids[:400]]
        told = damaged([*spoilt, *ids[400:]])
        assert set(told) - set(spoilt) <= set(rounded)
        assert told[:400] == spoilt


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


def test_a_source_that_falls_silent_while_others_write_is_told():
    days = pd.date_range("2026-03-02", "2026-06-29", freq="B")
    days = days.difference(pd.to_datetime(["2026-05-01", "2026-06-12"]))
    silent = pd.to_datetime(["2026-06-10", "2026-06-11"])
    nobody = pd.Timestamp("2026-06-17")
    rows = [(kind, day) for day in days for kind in ("call", "email", "note") for _ in range(12)]
    acts = pd.DataFrame(rows, columns=["activity_type", "ts"]).assign(owner="Ann")
    acts = acts[~((acts.activity_type == "call") & acts.ts.isin(silent)) & (acts.ts != nobody)]
    acts = acts[~((acts.activity_type == "note") & (acts.ts == days[-2]))]
    told = audited("integration_gap", activities=acts)
    asked = len(days)
    assert found(told) == {
        "integration_gap activities": (1, asked),
        "integration_gap activities:activity_type": (2, 2 * (asked - 1)),
    }
    of_calls = next(one for one in told.findings if one.part == "activity_type").examples
    assert [(one["activity_type"], one["day"]) for one in of_calls] == [
        ("call", "2026-06-10"),
        ("call", "2026-06-11"),
    ]
