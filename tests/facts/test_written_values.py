"""Known values in a random notation come back; Python and DuckDB read a text alike."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.facts.cells import plain_sql
from crm_metrics.facts.dates import timestamp_sql
from crm_metrics.facts.deciding import Cells, Habits, decide, filled, missing_marks
from crm_metrics.facts.durations import duration_sql
from crm_metrics.facts.flags import flag_sql
from crm_metrics.facts.numbers import number_sql
from crm_metrics.mapping.cells.date_text import ZONED, day_of, normal
from crm_metrics.mapping.cells.number_text import one_number, read_number
from crm_metrics.mapping.model import ColumnMapping, Why
from crm_metrics.schema import Kind

DUCKDB = duckdb.connect()
NBSP, NARROW = "\u00a0", "\u202f"
RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def parse(cells: list[str], field: str, kind: Kind) -> list[object]:
    """The values of a column of this field, decided from all of its cells."""
    mapping = ColumnMapping(0, "Header", field, "sure", Why("chosen"))
    seen = filled({}, list(dict.fromkeys(cells)), missing_marks(kind, field))
    plan = decide(Cells(mapping, field, kind, "c", seen, lambda _: []), Habits())
    values = in_duckdb(cells, plan.expression)
    assert None not in values, (cells, values)
    return values


def in_duckdb(cells: list[str], expression: str) -> list[object]:
    connection = DUCKDB.cursor()
    connection.execute("CREATE OR REPLACE TEMP TABLE t (i INTEGER, c VARCHAR)")
    connection.execute(
        "INSERT INTO t SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [list(range(len(cells))), cells],
    )
    rows = connection.execute(f"SELECT {expression} FROM t ORDER BY i").fetchall()
    return [value for (value,) in rows]


@settings(max_examples=40, deadline=None)
@given(
    cents=st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=12),
    decimal=st.sampled_from(".,"),
    group=st.sampled_from(["", " ", NBSP, NARROW, "'", "’", "mark"]),
    minus=st.sampled_from(["-{}", "−{}", "–{}", "({})", "- {}"]),
    frame=st.sampled_from(
        ["{}", "{} ₽", "${}", "CA${}", "{} руб.", "USD {}", "{}\u00a0€", " {} ", "{} EUR", "£ {}"]
    ),
)
def test_sums(cents: list[int], decimal: str, group: str, minus: str, frame: str):
    group = {".": ",", ",": "."}[decimal] if group == "mark" else group
    cells = []
    for number in cents:
        text = f"{abs(number) // 100:,}".replace(",", group) + f"{decimal}{abs(number) % 100:02d}"
        cells.append(frame.format(minus.format(text) if number < 0 else text))
    values = parse(cells, "amount", "money")
    assert values == pytest.approx([number / 100 for number in cents], rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.integers(0, 10**12), min_size=1, max_size=12),
    group=st.sampled_from(["", " ", NBSP, ",", ".", "'"]),
    tail=st.sampled_from(["", ".0", " (12.50%)", f"{NBSP}"]),
)
def test_counts(counts: list[int], group: str, tail: str):
    tail = tail if not (tail == ".0" and group in ".,") else ""
    # One file has one decimal mark: where points group thousands, it is the comma.
    tail = tail.replace(".", ",") if group == "." else tail
    cells = [f"{count:,}".replace(",", group) + tail for count in counts]
    values = parse(cells, "opens_unique", "count")
    assert values == counts
    assert all(type(value) is int for value in values)


@settings(max_examples=25, deadline=None)
@given(
    tenths=st.lists(st.integers(0, 1000), min_size=1, max_size=12),
    frame=st.sampled_from(["{}%", "{} %", f"{{}}{NBSP}%", "%{}", "12 ({}%)"]),
    decimal=st.sampled_from(".,"),
)
def test_percents(tenths: list[int], frame: str, decimal: str):
    cells = [frame.format(f"{n // 10}{decimal}{n % 10}") for n in tenths]
    assert parse(cells, "open_rate", "rate") == pytest.approx([n / 1000 for n in tenths])


DAY_FORMS = {
    "iso": lambda day: day.isoformat(),
    "dots": lambda day: f"{day.day:02d}.{day.month:02d}.{day.year}",
    "bare dots": lambda day: f"{day.day}.{day.month}.{day.year} г.",
    "us": lambda day: f"{day.month}/{day.day}/{day.year}",
    "us short": lambda day: f"{day.month:02d}/{day.day:02d}/{day.year % 100:02d}",
    "packed": lambda day: f"{day:%Y%m%d}",
    "english": lambda day: f"{day:%B} {day.day}, {day.year}",
    "weekday": lambda day: f"{day:%a, %b} {day.day:02d}, {day.year}",
    "day-month": lambda day: f"{day.day}-{day:%b}-{day.year % 100:02d}",
    "russian": lambda day: f"{day.day} {RU[day.month - 1]} {day.year}",
    "russian short": lambda day: f"{day.day:02d} {RU[day.month - 1][:3]}. {day.year} г.",
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
    "range": lambda day: f"{day.isoformat()} - {(day + timedelta(6)).isoformat()}",
}
# A day above 12 settles the order.
SETTLER = date(2024, 3, 25)


@settings(max_examples=40, deadline=None)
@given(
    days=st.lists(st.dates(date(2001, 1, 1), date(2049, 12, 31)), min_size=1, max_size=12),
    form=st.sampled_from(sorted(DAY_FORMS)),
)
def test_days(days: list[date], form: str):
    days = [SETTLER, *days]
    cells = [DAY_FORMS[form](day) for day in days]
    assert parse(cells, "date", "date") == days


CLOCK_FORMS = {
    "plain": lambda stamp: f"{stamp:%H:%M:%S}",
    "half": lambda stamp: f"{stamp:%I:%M:%S %p}",
    "small half": lambda stamp: f"{stamp:%I:%M:%S%p}".lower(),
}
JOINTS = {"iso": " T", "dots": " ", "us": " ,", "english": " ", "russian": " "}


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(), form=st.sampled_from(sorted(JOINTS)), clock=st.sampled_from(sorted(CLOCK_FORMS))
)
def test_stamps(data: st.DataObject, form: str, clock: str):
    times = st.datetimes(datetime(2001, 1, 1), datetime(2049, 12, 31))
    stamps = [datetime(2024, 3, 25, 10, 5), *data.draw(st.lists(times, min_size=1, max_size=10))]
    stamps = [stamp.replace(microsecond=0) for stamp in stamps]
    joint = data.draw(st.sampled_from(JOINTS[form])).replace(",", ", ")
    cells = [f"{DAY_FORMS[form](at.date())}{joint}{CLOCK_FORMS[clock](at)}" for at in stamps]
    assert parse(cells, "sent_at", "timestamp") == stamps


def in_words(seconds: int, units: tuple[str, str, str, str]) -> str:
    sizes = zip((86_400, 3_600, 60, 1), units, strict=True)
    parts = []
    for size, unit in sizes:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or f"0{units[3]}"


DURATION_FORMS = {
    "clock": lambda s: f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}",
    "days and clock": lambda s: f"{s // 86400} days, {datetime.min + timedelta(0, s % 86400):%X}",
    "letters": lambda s: in_words(s, ("d", "h", "m", "s")),
    "english": lambda s: in_words(s, (" days", " hours", " minutes", " seconds")),
    "russian": lambda s: in_words(s, (" дней", " часов", " минут", " секунд")),
    "short russian": lambda s: in_words(s, (" дн.", " ч.", " мин.", " сек.")),
    "iso": lambda s: f"P{s // 86400}DT{s // 3600 % 24}H{s // 60 % 60}M{s % 60}S",
    "seconds": lambda s: f"{s} sec",
    "milliseconds": lambda s: f"{s * 1000} ms",
}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    seconds=st.lists(st.integers(0, 10**7), min_size=1, max_size=12),
    form=st.sampled_from(sorted(DURATION_FORMS)),
)
def test_durations(seconds: list[int], form: str):
    cells = [DURATION_FORMS[form](second) for second in seconds]
    assert parse(cells, "first_reply_time", "duration") == pytest.approx(seconds)


NUMBERISH = st.text("0123456789.,-−+ '()$₽%eрубтысkKM\u00a0", min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(NUMBERISH, min_size=1, max_size=20), decimal=st.sampled_from(".,"))
def test_python_and_duckdb_read_a_number_alike(cells: list[str], decimal: str):
    for share in (False, True):
        values = in_duckdb(cells, number_sql("c", cells, decimal, share=share))
        for cell, value in zip(cells, values, strict=True):
            if value is None:
                continue
            number = read_number(one_number(cell, share=share))
            assert number is not None, cell
            assert value == pytest.approx(number.value(decimal), rel=1e-9), cell


PIECES = ["12", "05", "2024", "24", "mar", "марта", "March", "г.", ":30", "10:15", " ", "-", "/",
          ".", ",", "T", "pm", "UTC", "+03:00", "Q1", "W05", "пн", "Tue", "to", "по"]  # fmt: skip
DATEISH = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join)


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(DATEISH, min_size=1, max_size=20), order=st.sampled_from(["dmy", "mdy"]))
def test_python_and_duckdb_read_a_date_alike(cells: list[str], order: str):
    stamps = in_duckdb(cells, timestamp_sql(plain_sql("c", cells, always_trim=True), cells, order))
    for cell, stamp in zip(cells, stamps, strict=True):
        day = day_of(cell, order)
        if stamp is None or day is None or re.search(ZONED, normal(cell, keep_zone=True)):
            continue
        assert stamp.date() == day, cell


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=15), min_size=1, max_size=15))
def test_no_text_is_an_error(cells: list[str]):
    """As all cells decide the SQL, each form that Python sees in them must run in DuckDB."""
    cells = [cell.replace("\x00", "") for cell in cells]
    source = plain_sql("c", cells, always_trim=True)
    for decimal in ".,":
        in_duckdb(cells, number_sql("c", cells, decimal))
        in_duckdb(cells, duration_sql(source, cells, unit=None, header="h", decimal=decimal).sql)
    in_duckdb(cells, timestamp_sql(source, cells, "dmy"))
    in_duckdb(cells, flag_sql(source, cells, field="opened")[0])
