"""Segments on disk and in files: rules alone, written by people too, refused in words."""

from __future__ import annotations

import json

import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.metrics.segments.keeping import (
    read_segments,
    segment_called,
    segments_file,
    segments_in,
    write_segments,
)
from crm_metrics.metrics.segments.segment import (
    Rule,
    Segment,
    checked,
    with_segment,
    without_segment,
)
from crm_metrics.texts import LANGUAGES, error_text

LOYAL = Segment("Верные", (Rule("orders", "rows", "count", "at_least", ("3",)),))
ASLEEP = Segment("Asleep", (Rule("recipients", "opened", "last", "not_in_last", ("90",)),), "any")


def test_segments_are_kept_and_sent_as_they_are(tmp_path):
    assert read_segments(tmp_path) == ()
    write_segments(tmp_path, (LOYAL, ASLEEP))
    assert read_segments(tmp_path) == (LOYAL, ASLEEP)
    assert segments_in(segments_file((LOYAL, ASLEEP)), file="segments.json") == (LOYAL, ASLEEP)
    (tmp_path / "segments.json").write_text("{", encoding="utf-8")
    assert read_segments(tmp_path) == ()


def test_a_segment_may_be_written_by_hand():
    written = """
        [[segments]]
        name = "Loyal"
        [[segments.rules]]
        grain = "orders"
        field = "amount"
        measure = "sum"
        operator = "more"
        values = 1000.5
        [[segments.rules]]
        grain = "contacts"
        field = "consent"
        operator = "is"
        values = [true]
        [[segments.rules]]
        grain = "contacts"
        field = "created_at"
        measure = "first"
        operator = "after"
        values = 2026-01-31
    """
    (found,) = segments_in(written.encode(), file="mine.toml")
    assert [rule.values for rule in found.rules] == [("1000.5",), ("yes",), ("2026-01-31",)]
    assert (found.match, found.rules[1].measure) == ("all", "any")
    alone = json.dumps(
        {
            "name": "One",
            "rules": [
                {"grain": "orders", "field": "city", "operator": "is", "values": ["Tula", "Omsk"]}
            ],
        }
    )
    assert segments_in(alone.encode(), file="one.json")[0].rules[0].values == ("Tula", "Omsk")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "segment_name"),
        ({"name": "a=b"}, "segment_name"),
        ({"rules": ()}, "segment_rules"),
        ({"match": "none"}, "segment_match"),
        ({"rules": (Rule("orders", "colour", "any", "is", ("x",)),)}, "segment_field"),
        ({"rules": (Rule("shop", "city", "any", "is", ("x",)),)}, "segment_field"),
        ({"rules": (Rule("orders", "city", "sum", "is", ("x",)),)}, "segment_field"),
        ({"rules": (Rule("orders", "email", "any", "is", ("a@x.ru",)),)}, "segment_personal"),
        ({"rules": (Rule("orders", "city", "any", "more", ("x",)),)}, "segment_operator"),
        ({"rules": (Rule("orders", "city", "any", "is"),)}, "segment_value"),
        ({"rules": (Rule("orders", "rows", "count", "is", ("many",)),)}, "segment_value"),
        ({"rules": (Rule("orders", "rows", "count", "is", ("1", "2")),)}, "segment_value"),
        ({"rules": (Rule("orders", "rows", "last", "after", ("31.01.2026",)),)}, "segment_value"),
        ({"rules": (Rule("orders", "rows", "last", "in_last", ("0",)),)}, "segment_value"),
        ({"rules": (Rule("orders", "rows", "last", "is_empty", ("1",)),)}, "segment_value"),
        ({"rules": (Rule("contacts", "consent", "any", "is", ("maybe",)),)}, "segment_value"),
    ],
)  # fmt: skip
def test_what_can_be_laid_to_nobody_is_refused_in_words(change, code):
    parts = {"name": "One", "rules": LOYAL.rules, "match": "all"} | change
    with pytest.raises(CrmMetricsError) as refused:
        checked(Segment(**parts))
    assert refused.value.code == code
    for language in LANGUAGES:
        assert "{" not in error_text(refused.value, language)


def test_names_are_told_apart_and_files_of_another_shape_refused():
    kept = with_segment((LOYAL,), ASLEEP)
    renamed = with_segment(kept, Segment("Sleepers", ASLEEP.rules), instead="Asleep")
    assert [one.name for one in renamed] == ["Верные", "Sleepers"]
    assert without_segment(renamed, "Верные") == renamed[1:]
    with pytest.raises(CrmMetricsError, match="segment_taken"):
        with_segment(renamed, Segment("Верные", ASLEEP.rules), instead="Sleepers")
    assert segment_called("Asleep", kept, file="f") == ASLEEP
    assert segment_called(None, (LOYAL,), file="f") == LOYAL
    for data, code in (
        (b"[1]", "segments_file"),
        (b'{"segments": []}', "segments_file"),
        (b'{"format": 9, "segments": []}', "segments_format"),
        (b"\xff", "segments_file"),
    ):
        with pytest.raises(CrmMetricsError, match=code):
            segments_in(data, file="f")
    for name in ("Nobody", None):
        with pytest.raises(CrmMetricsError, match="no_such_segment"):
            segment_called(name, kept, file="f")
