"""Properties of reading: no line is lost, hostile bytes end in a plain error."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_metrics.errors import CrmMetricsError
from crm_metrics.intake import Table, read

DATA = Path(__file__).parent.parent / "data"
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
CELL = st.one_of(
    WORDS,
    st.sampled_from(["", "a;b", 'say "hi"', "two\nlines", "x,y", "'", "=1+1", "Итого", "Total"]),
)


def lines_of(text: str) -> int:
    """Physical lines, counted the plain way."""
    return text.count("\n") + (not text.endswith("\n"))


def read_bytes(folder: Path, content: bytes, name: str = "file.csv") -> list[Table]:
    path = folder / "upload"
    path.write_bytes(content)
    return read(path, name=name, workdir=folder / "work")


def assert_whole(tables: list[Table], lines: int) -> None:
    for table in tables:
        account = table.account
        assert account.lines == account.records + sum(account.set_aside.values())
        assert len(table.frame()) == account.records == table.records
        assert all(item.line <= lines for item in account.examples)
    assert sum(table.account.lines for table in tables) == lines


@QUICK
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELL, min_size=width, max_size=width), min_size=3, max_size=12
        )
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_a_written_table_comes_back_cell_by_cell(
    tmp_path: Path, rows: list[list[str]], delimiter: str
) -> None:
    # A column of dates makes it an export; without any typed column it could be prose.
    head = ["Date", *(f"Name {i}" for i in range(len(rows[0])))]
    body = [[f"2024-03-{i + 1:02d}", *row] for i, row in enumerate(rows)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([head, *body])
    (table,) = read_bytes(tmp_path, text.getvalue().encode())
    assert list(table.headers) == head
    assert table.frame().to_numpy().tolist() == body
    assert_whole([table], lines_of(text.getvalue()))


@QUICK
@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    try:
        tables = read_bytes(tmp_path, content)
    except CrmMetricsError:
        return
    assert tables


@QUICK
@given(st.text(st.sampled_from("ab1,;\t\"'\n\r #|:5.0Итого-"), max_size=300))
def test_every_line_of_a_delimited_text_is_accounted_for(tmp_path: Path, text: str) -> None:
    content = text.encode()
    try:
        tables = read_bytes(tmp_path, content)
    except CrmMetricsError:
        return
    unix = text.replace("\r\n", "\n")
    if unix.count("\r") > unix.count("\n"):
        unix = unix.replace("\r", "\n")
    assert_whole(tables, lines_of(unix))


@QUICK
@given(st.randoms(use_true_random=False), st.sampled_from(["saas_deals.csv", "bank_calls.csv"]))
def test_a_damaged_export_keeps_its_lines(tmp_path: Path, source: random.Random, name: str) -> None:
    content = bytearray(b"".join((DATA / name).read_bytes().splitlines(keepends=True)[:40]))
    for _ in range(source.randint(1, 6)):
        at = source.randrange(len(content))
        what = source.random()
        if what < 0.4:
            content.insert(at, source.choice(b"\",;\t\x00\xff'"))
        elif what < 0.7:
            del content[at]
        else:
            content[at] = source.randrange(256)
    unix = bytes(content).replace(b"\r\n", b"\n")
    try:
        tables = read_bytes(tmp_path, bytes(content))
    except CrmMetricsError:
        return
    # A lone return ends a line or is a letter, by what stands around it.
    if b"\x00" not in content and b"\r" not in unix:
        assert_whole(tables, unix.count(b"\n") + (not unix.endswith(b"\n")))


@pytest.mark.parametrize("seed", range(5))
def test_a_mutated_workbook_is_read_or_refused(
    tmp_path: Path, seed: int, workbook_bytes: bytes
) -> None:
    source = random.Random(seed)
    content = bytearray(workbook_bytes)
    for _ in range(source.randint(1, 8)):
        content[source.randrange(len(content))] = source.randrange(256)
    try:
        tables = read_bytes(tmp_path, bytes(content), "file.xlsx")
    except CrmMetricsError:
        return
    assert tables
