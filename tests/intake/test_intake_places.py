"""How far cells reach, beside a slow look at the same XML with a pattern."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.intake.workbook.places import furthest


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _slowly(xml: str) -> tuple[int, int]:
    rows = map(int, re.findall(r"\sr=[\"'][A-Z]{0,3}([0-9]{1,7})[\"']", xml))
    columns = map(_column, re.findall(r"\sr=[\"']([A-Z]{1,3})[0-9]", xml))
    return max(rows, default=0), max(columns, default=0)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("", (0, 0)),
        ('r="', (0, 0)),
        ('<row r="3"><c r="A3"/></row>', (3, 1)),
        ("<c r='AB12'/>", (12, 28)),
        ('<c s="1" r="XFD1048576"><v>1</v></c>', (1_048_576, 16_384)),
        ('<row spans="1:3" r="1048576" ht="15">', (1_048_576, 0)),
        ('<row\nr="7">', (7, 0)),
        ('<c r="A99"/><c r="B100"/>', (100, 2)),
        ('<c r="ABCD1"/><c tr="Z9"/><c r=""/><x xr="55"/>', (0, 0)),
    ],
)
def test_known_places(xml: str, expected: tuple[int, int]) -> None:
    assert furthest(xml.encode()) == expected


_REFERENCE = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from([' r="', " r='", ' s="', 'r="', '\tr="', ' r = "']),
    st.text("ABXZ", max_size=4),
    st.one_of(st.integers(0, 10_000_000).map(str), st.just("")),
    st.sampled_from(['"', "'", "", " "]),
    st.sampled_from(["/><c", "=", " ", "юг"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_REFERENCE, max_size=30).map("".join))
def test_any_references_are_seen_as_by_the_pattern(xml: str) -> None:
    assert furthest(f"<c{xml}".encode()) == _slowly(f"<c{xml}")
