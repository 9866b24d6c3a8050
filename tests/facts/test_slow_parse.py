"""Random messy columns, compared with a slow parse of one cell after another."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.made import parsed

MISSING = ["", "-", "—", "n/a", "(not set)"]
JUNK = ["abc", "12 5", "итого", "#REF!"]


def slow_number(text: str, decimal: str) -> float | None:
    """Character by character: digits in threes where grouped, at most one decimal mark."""
    kept = "".join(c for c in text if c not in "₽$€% \u00a0\u202f")
    group = "," if decimal == "." else "."
    whole, _, fraction = kept.replace(group, "").partition(decimal)
    sign = -1 if whole[:1] in {"-", "−"} else 1
    digits = whole.lstrip("-−+")
    return sign * int(digits or "0") + sign * (
        int(fraction) / 10 ** len(fraction) if fraction else 0
    )


@st.composite
def written_number(draw: st.DrawFn, decimal: str) -> str:
    whole = draw(st.integers(0, 10**9))
    group = draw(st.sampled_from(["", " ", "\u00a0", "\u202f", "," if decimal == "." else "."]))
    text = f"{whole:,}".replace(",", group)
    # Two decimals settle the mark: three could be thousands.
    text += decimal + f"{draw(st.integers(0, 99)):02d}"
    text = draw(st.sampled_from(["", "-", "−"])) + text
    return draw(st.sampled_from(["{}", "{} ₽", "${}", "{}\u00a0€"])).format(text)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), decimal=st.sampled_from([".", ","]))
def test_numbers(data: st.DataObject, decimal: str):
    good = data.draw(st.lists(written_number(decimal), min_size=1, max_size=30))
    other = data.draw(st.lists(st.sampled_from(MISSING + JUNK), max_size=10))
    cells = data.draw(st.permutations(good + other))
    with tempfile.TemporaryDirectory() as folder:
        values, facts = parsed(Path(folder), list(cells), "amount", "orders")
    for cell, value in zip(cells, values, strict=True):
        if cell in MISSING + JUNK:
            assert value is None
        else:
            expected = slow_number(cell, decimal)
            assert value is not None
            assert abs(float(str(value)) - expected) < 1e-6 * max(1, abs(expected))
    failed = sum(cell in JUNK for cell in cells)
    empty = sum(cell in MISSING for cell in cells)
    filled = sum(value is not None for value in values)
    assert facts.rows == len(cells) == failed + empty + filled
    assert facts.failed == failed


DATE_FORMS = {
    "%Y-%m-%d": "ymd",
    "%d.%m.%Y": "dmy",
    "%m/%d/%Y": "mdy",
    "%d.%m.%y": "dmy",
    "%b %d, %Y": "en",
    "%Y%m%d": "ymd",
}


@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(st.integers(0, 9_000), min_size=1, max_size=30),
    form=st.sampled_from(sorted(DATE_FORMS)),
    other=st.lists(st.sampled_from(MISSING + JUNK), max_size=6),
)
def test_dates(days: list[int], form: str, other: list[str]):
    # A day above 12 settles the order.
    dates = [date(2001, 1, 25), *(date(2001, 1, 1) + timedelta(day) for day in days)]
    cells = [day.strftime(form) for day in dates] + other
    with tempfile.TemporaryDirectory() as folder:
        values, facts = parsed(Path(folder), cells, "date", "campaigns")
        rejected = pq.read_table(facts.rejects).num_rows if facts.rejects else 0
    assert values == dates + [None] * len(other)
    assert facts.failed == rejected == sum(cell in JUNK for cell in other)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_any_text_at_all_is_counted_once(cells: list[str]):
    cells = [cell.replace("\x00", "") for cell in cells]
    for field, grain in (("amount", "orders"), ("date", "orders"), ("is_return", "orders")):
        with tempfile.TemporaryDirectory() as folder:
            values, facts = parsed(Path(folder), cells, field, grain)
            recipe = next(item for item in facts.recipes if item.field == field)
            rejected = pq.read_table(facts.rejects)["text"].to_pylist() if facts.rejects else []
        assert facts.rows == len(cells)
        assert len(rejected) == recipe.failed
        assert set(rejected) <= set(cells)
        filled = sum(value is not None for value in values)
        assert filled + recipe.failed <= len(cells)
