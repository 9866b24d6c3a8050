from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_metrics.findings.safe_text import safe_text
from tests.findings.made import HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_a_would_be_formula_is_led_by_an_apostrophe(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "5-6", "Email", " =1", "—", "'=1", "\u22125"])
def test_other_text_stays_as_it_is(text):
    assert safe_text(text) == text


def test_a_formula_behind_a_forbidden_character_is_found():
    assert safe_text("\x00=1+1") == "'=1+1"


@given(st.text())
def test_no_text_begins_as_a_formula(text):
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_text_is_cut_at_what_a_cell_holds():
    assert len(safe_text("=" * 40_000)) == 32_767
