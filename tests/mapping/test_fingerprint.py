"""A mapping written and read again, and its fingerprint."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.errors import NotFoundError
from crm_metrics.mapping import (
    ColumnMapping,
    Mapping,
    Why,
    fingerprint,
    suggest,
)
from crm_metrics.schema import FIELDS
from crm_metrics.store.records import from_plain, to_plain
from tests.mapping.made import known_exports, of_export

_LEVELS = st.sampled_from(["sure", "likely", "ask", "none"])
_WHY = st.builds(
    Why,
    st.sampled_from(["synonym", "chosen"]),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


@st.composite
def mappings(draw):
    keys = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, min_size=2, max_size=6))
    columns = tuple(
        ColumnMapping(
            at,
            draw(st.text(max_size=8)),
            draw(st.sampled_from([key, None])),
            draw(_LEVELS),
            draw(_WHY),
            values=draw(st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2)),
            unit=draw(st.sampled_from([None, "min"])),
            date_order=draw(st.sampled_from([None, "dmy"])),
            decimal=draw(st.sampled_from([None, ","])),
        )
        for at, key in enumerate(keys)
    )
    return Mapping(
        fingerprint(item.name for item in columns),
        "orders",
        columns,
        level=draw(_LEVELS),
        why=draw(_WHY),
    )


@settings(max_examples=60, deadline=None)
@given(mappings())
def test_json_and_back_is_the_same(mapping):
    assert from_plain(Mapping, json.loads(json.dumps(to_plain(mapping)))) == mapping


def test_suggestions_survive_json(tmp_path):
    for entry in known_exports():
        mapping = suggest(of_export(tmp_path, entry))
        assert from_plain(Mapping, json.loads(json.dumps(to_plain(mapping)))) == mapping


@settings(max_examples=60, deadline=None)
@given(mappings(), st.data())
def test_a_chosen_field_has_one_column_and_others_keep_theirs(mapping, data):
    at = data.draw(st.sampled_from(range(len(mapping.columns))))
    key = data.draw(
        st.sampled_from(["amount", *(item.field for item in mapping.columns if item.field)])
    )
    changed = mapping.with_field(at, key)
    assert changed.fields[key].column == at
    assert [item.field for item in changed.columns].count(key) == 1
    for old, new in zip(mapping.columns, changed.columns, strict=True):
        if old.column != at and old.field != key:
            assert new == old
    assert changed.with_field(at, key) == changed
    assert changed.with_field(at, None).columns[at].field is None


def test_unknown_fields_and_columns_are_refused():
    mapping = Mapping("x", None, (ColumnMapping(0, "a", None, "none", Why("no_guess")),))
    with pytest.raises(NotFoundError):
        mapping.with_field(0, "no such field")
    with pytest.raises(NotFoundError):
        mapping.with_field(5, "amount")
    with pytest.raises(NotFoundError):
        mapping.with_grain("no such grain")


def test_the_fingerprint_ignores_order_and_case_only():
    one = fingerprint(["Дата", "Отчёт", "Сумма, ₽"])
    assert one == fingerprint(["сумма,\u00a0₽", "дата", "отчет "])
    assert one != fingerprint(["Дата", "Отчёт", "Сумма, $"])
    assert one != fingerprint(["Дата", "Отчёт"])
    assert fingerprint(["a", "a"]) != fingerprint(["a"])
