"""Facts as a whole: what a row gets, what is derived, what is refused, what is set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.facts import build
from crm_metrics.facts.connection import locked
from crm_metrics.mapping import completed
from tests.facts.made import made_mapping, made_table, parsed, values_of


def test_a_row_always_has_date_channel_platform_currency(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["1"], "Note": ["a"]})
    facts = build(table, made_mapping(table, "campaigns", {"Sent": "sent"}))
    schema = pq.read_schema(facts.path)
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert types == {
        "__line": "int64",
        "sent": "int64",
        "c1": "string",
        "channel": "string",
        "platform": "string",
        "currency": "string",
        "date": "date32[day]",
    }
    assert facts.dimensions == {"c1": "Note"}
    assert facts.fields == ("sent",)
    assert facts.period is None
    assert facts.derived == ()


def test_a_report_without_dates_stands_on_the_first_day_that_it_covers(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["1", "2"]})
    mapping = made_mapping(table, "campaigns", {"Sent": "sent"})
    assert mapping.is_undated_report
    facts = build(table, mapping.covering(date(2026, 3, 1), date(2026, 3, 31)))
    assert values_of(facts, "date") == [date(2026, 3, 1)] * 2
    assert facts.period == (date(2026, 3, 1), date(2026, 3, 31))
    assert "period_end" not in pq.read_schema(facts.path).names
    spent = made_mapping(table, "spend", {"Sent": "cost"}).covering(
        date(2026, 3, 1), date(2026, 3, 31)
    )
    assert values_of(build(table, spent), "period_end") == [date(2026, 3, 31)] * 2
    dated = made_table(tmp_path / "dated", {"Sent": ["1"], "Day": ["2026-03-05"]})
    assert not made_mapping(dated, "campaigns", {"Sent": "sent", "Day": "date"}).is_undated_report


def test_lines_stay_with_their_rows(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": [str(i) for i in range(5_000)]})
    facts = build(table, made_mapping(table, "campaigns", {"Sent": "sent"}))
    rows = pq.read_table(facts.path).sort_by("__line")
    assert facts.rows == table.records == 5_000
    assert rows["__line"].to_pylist() == list(range(2, 5_002))
    assert rows["sent"].to_pylist() == list(range(5_000))


def test_channel_is_the_column_then_the_constant_then_the_grain(tmp_path: Path):
    table = made_table(tmp_path, {"Канал": ["СМС", "", "Fax"], "Reach": ["1", "2", "3"]})
    fields = {"Канал": "channel", "Reach": "reach"}
    words = {"channel": {"values": {"смс": "sms"}}}
    plain = build(table, made_mapping(table, "posts", fields, **words))
    assert values_of(plain, "channel") == ["sms", "social", "Fax"]
    constant = made_mapping(table, "posts", fields, constants={"channel": "email"}, **words)
    assert values_of(build(table, constant), "channel") == ["sms", "email", "Fax"]
    alone = made_mapping(table, "posts", {"Reach": "reach"}, constants={"channel": "email"})
    facts = build(table, alone)
    assert values_of(facts, "channel") == ["email"] * 3
    assert "channel" in facts.derived


def test_constants_become_typed_columns(tmp_path: Path):
    constants = {"survey_type": "nps", "scale_min": "0", "scale_max": "10", "currency": "RUB"}
    table = made_table(tmp_path, {"Score": ["9"]})
    facts = build(table, made_mapping(table, "surveys", {"Score": "score"}, constants=constants))
    assert {key: values_of(facts, key) for key in constants} == {
        "survey_type": ["nps"],
        "scale_min": [0.0],
        "scale_max": [10.0],
        "currency": ["RUB"],
    }
    assert set(facts.derived) == set(constants)


def test_value_words_are_applied_and_no_value_words_empty_the_cell(tmp_path: Path):
    words = {"good": "1", "bad": "0", "offered": ""}
    values, facts = parsed(tmp_path, ["Good", "Bad", "Offered"], "score", "surveys", values=words)
    assert values == [1.0, 0.0, None]
    assert facts.failed == 0


def test_status_follows_from_the_stage(tmp_path: Path):
    words = {"успешно": "won", "отказ": "lost", "в работе": "open"}
    cells = ["Успешно", "отказ ", "В работе", "Новая"]
    values, facts = parsed(tmp_path, cells, "stage", "deals", values=words)
    assert values == ["Успешно", "отказ", "В работе", "Новая"]
    assert values_of(facts, "status") == ["won", "lost", "open", None]
    assert "status" in facts.derived


def test_a_status_column_beats_the_stage(tmp_path: Path):
    _, facts = parsed(
        tmp_path,
        ["a"],
        "stage",
        "deals",
        beside={"S": ["lost"]},
        fields={"S": "status"},
        values={"a": "won"},
    )
    assert values_of(facts, "status") == ["lost"]


def test_reply_and_resolution_times_follow_from_stamps(tmp_path: Path):
    stamps = {
        "Created": ["2024-03-05 10:00", "2024-03-05 10:00", "2024-03-05 10:00"],
        "First": ["2024-03-05 10:05", "", "2024-03-05 09:00"],
        "Closed": ["2024-03-06 10:00", "2024-03-05 10:00:30", ""],
    }
    table = made_table(tmp_path, stamps)
    fields = {"Created": "created_at", "First": "first_reply_at", "Closed": "closed_at"}
    facts = build(table, made_mapping(table, "conversations", fields))
    assert values_of(facts, "first_reply_time") == [300.0, None, None]
    assert values_of(facts, "resolution_time") == [86400.0, 30.0, None]
    assert set(facts.derived) == {"first_reply_time", "resolution_time"}
    assert [(issue.code, issue.count) for issue in facts.issues] == [("derived", 2)]


def test_stamps_fill_the_gaps_of_a_duration_column(tmp_path: Path):
    columns = {
        "Created": ["2024-03-05 10:00", "2024-03-05 10:00"],
        "First": ["2024-03-05 10:05", "2024-03-05 10:06"],
        "Reply": ["", "0:07:00"],
    }
    table = made_table(tmp_path, columns)
    fields = {"Created": "created_at", "First": "first_reply_at", "Reply": "first_reply_time"}
    facts = build(table, made_mapping(table, "conversations", fields))
    assert values_of(facts, "first_reply_time") == [300.0, 420.0]


def test_delivered_follows_from_sent_and_bounces(tmp_path: Path):
    columns = {
        "Sent": ["100", "50", "", "5"],
        "Hard": ["3", "0", "1", "9"],
        "Soft": ["2", "", "1", "0"],
    }
    table = made_table(tmp_path, columns)
    fields = {"Sent": "sent", "Hard": "bounces_hard", "Soft": "bounces_soft"}
    facts = build(table, made_mapping(table, "campaigns", fields))
    assert values_of(facts, "bounces") == [5, None, 2, 9]
    assert values_of(facts, "delivered") == [95, None, None, None]
    assert facts.derived == ("bounces", "delivered")


def test_what_happened_to_a_recipient_follows_from_times_and_status(tmp_path: Path):
    table = made_table(
        tmp_path,
        {"Id": ["1", "2", "3"], "Opened": ["2024-03-05 10:00", "", ""], "Bounce": ["", "", "hard"]},
    )
    fields = {"Id": "message_id", "Opened": "opened_at", "Bounce": "bounce_type"}
    facts = build(table, made_mapping(table, "recipients", fields))
    assert values_of(facts, "opened") == [True, False, False]
    assert values_of(facts, "bounced") == [False, False, True]
    assert values_of(facts, "delivered") == [True, True, False]
    table = made_table(tmp_path / "s", {"Id": ["1", "2", "3"], "S": ["clicked", "Sent", "opened"]})
    facts = build(table, made_mapping(table, "recipients", {"Id": "message_id", "S": "status"}))
    assert values_of(facts, "clicked") == [True, False, False]
    assert values_of(facts, "opened") == [True, False, True]


def test_a_field_has_one_source(tmp_path: Path):
    table = made_table(tmp_path, {"A": ["1"], "B": ["2"]})
    facts = build(table, made_mapping(table, "campaigns", {"A": "sent", "B": "sent"}))
    assert values_of(facts, "sent") == [1]
    assert facts.dimensions == {"c1": "B"}


def test_rejects_keep_line_column_name_and_text(tmp_path: Path):
    nasty = "x'); DROP TABLE facts; --"
    table = made_table(tmp_path, {nasty: ["1", "bad", nasty], "Day": ["?", "01.02.2024", "1"]})
    facts = build(table, made_mapping(table, "campaigns", {nasty: "sent", "Day": "date"}))
    assert facts.rejects is not None
    assert pq.read_table(facts.rejects).to_pylist() == [
        {"line": 3, "column": 0, "name": nasty, "text": "bad"},
        {"line": 4, "column": 0, "name": nasty, "text": nasty},
        {"line": 2, "column": 1, "name": "Day", "text": "?"},
        {"line": 4, "column": 1, "name": "Day", "text": "1"},
    ]
    assert facts.failed == 4
    assert [recipe.failed for recipe in facts.recipes] == [2, 2]


def test_shown_forms_are_five_and_hide_people(tmp_path: Path):
    cells = ["anna@example.com"] * 3 + ["+7 912 345-67-89"] * 2 + list("abcdef") + ["1"]
    _, facts = parsed(tmp_path, cells, "sent", "campaigns")
    forms = facts.recipes[0].failed_forms
    assert forms[:2] == (("a***@example.com", 3), ("+7 *** ** 89", 2))
    assert len(forms) == 5
    assert facts.recipes[0].failed == 11


@pytest.mark.parametrize("word", ["it's", "a\\", '"', "$1", "');--"])
def test_value_words_and_constants_never_reach_sql(tmp_path: Path, word: str):
    table = made_table(tmp_path, {"Stage": [word, "b"]})
    mapping = made_mapping(
        table,
        "deals",
        {"Stage": "stage"},
        constants={"platform": word},
        stage={"values": {word.lower(): "won"}},
    )
    facts = build(table, mapping)
    assert values_of(facts, "status") == ["won", None]
    assert values_of(facts, "platform") == [word, word]


def test_a_folder_with_a_quote_in_its_name(tmp_path: Path):
    table = made_table(tmp_path / "it's", {"Sent": ["1"]})
    facts = build(table, made_mapping(table, "campaigns", {"Sent": "sent"}))
    assert values_of(facts, "sent") == [1]


def test_an_empty_table_gives_empty_facts(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": [], "Day": []})
    facts = build(table, made_mapping(table, "campaigns", {"Sent": "sent", "Day": "date"}))
    assert facts.rows == 0
    assert facts.period is None
    assert facts.rejects is None


def test_hundreds_of_columns_fit(tmp_path: Path):
    table = made_table(tmp_path, {f"h{i}": [f"a{i}", "-"] for i in range(400)})
    facts = build(table, made_mapping(table, "contacts", {"h0": "full_name"}))
    assert len(facts.dimensions) == 399
    assert values_of(facts, "c399") == ["a399", None]


def test_without_a_grain_nothing_is_built(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["1"]})
    with pytest.raises(InputError) as caught:
        build(table, made_mapping(table, None, {}))
    assert caught.value.code == "grain_missing"


def test_without_a_required_field_nothing_is_built(tmp_path: Path):
    table = made_table(tmp_path, {"Mail": ["a@example.com"]})
    with pytest.raises(InputError) as caught:
        build(table, made_mapping(table, "recipients", {"Mail": "email"}))
    assert caught.value.code == "required_missing"
    (group,) = caught.value.params["needs"]
    assert "opened" in group.split("|")


def test_an_unknown_field_is_refused(tmp_path: Path):
    table = made_table(tmp_path, {"A": ["1"], "B": ["2"]})
    mapping = made_mapping(table, "campaigns", {"A": "sent", "B": "no_such_field"})
    with pytest.raises(NotFoundError):
        build(table, mapping)


def test_out_names_the_file(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["x"], "Day": ["2024-01-01"]})
    mapping = made_mapping(table, "campaigns", {"Sent": "sent", "Day": "date"})
    out = tmp_path / "deep" / "facts-1.parquet"
    facts = build(table, mapping, out=out)
    assert facts.path == out
    assert facts.rejects == tmp_path / "deep" / "facts-1.rejects.parquet"
    assert facts.period == (date(2024, 1, 1), date(2024, 1, 1))
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "facts-1.parquet",
        "facts-1.rejects.parquet",
    ]


def test_a_mapping_that_forgets_a_column_keeps_it_as_a_dimension(tmp_path: Path):
    table = made_table(tmp_path, {"Sent": ["1"], "Day": ["2024-01-01 10:00"]})
    mapping = made_mapping(table, "campaigns", {"Sent": "sent"})
    facts = build(table, replace(mapping, columns=mapping.columns[:1]))
    assert facts.dimensions == {"c1": "Day"}


def test_the_connection_reaches_nothing_else(tmp_path: Path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.csv").write_text("a\n1\n")
    with locked(inside) as connection:
        connection.execute(f"COPY (SELECT 1) TO '{inside}/x.parquet'")
        for statement in (
            f"SELECT * FROM read_csv('{outside}/secret.csv')",
            f"COPY (SELECT 1) TO '{outside}/x.parquet'",
            "INSTALL httpfs",
            "SET memory_limit = '8GB'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(Exception, match=r"disabled|locked|Cannot|failed"):
                connection.execute(statement)


def test_timestamps_of_utc_and_of_nowhere_stay_apart_from_the_machine_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TZ", "Asia/Vladivostok")
    values, _ = parsed(tmp_path, ["2024-03-05T23:30:00Z"], "sent_at", "campaigns")
    assert values == [datetime(2024, 3, 5, 23, 30)]


def test_ids_that_excel_rounded_are_kept_as_text_and_told(tmp_path: Path):
    cells = {"Id": ["1.22158E+17", "00123", "79001234567"], "Sum": ["1.5E+12", "2", "3"]}
    table = made_table(tmp_path, cells)
    facts = build(table, made_mapping(table, "orders", {"Id": "order_id", "Sum": "amount"}))
    assert values_of(facts, "order_id") == ["1.22158E+17", "00123", "79001234567"]
    assert values_of(facts, "amount") == [1.5e12, 2.0, 3.0]
    assert [(issue.code, issue.examples) for issue in facts.issues] == [("ids_rounded", ("Id",))]


def test_stages_keep_their_names_beside_a_status_and_tell_what_it_does_not(tmp_path: Path):
    stages = ["Переговоры", "Успешно", "Отказ", "Успешно"]
    table = made_table(tmp_path, {"A": stages, "B": ["В работе", "", "active", "Проиграна"]})
    mapping = made_mapping(table, "deals", {"A": "stage", "B": "status"}, values={})
    facts = build(table, completed(table, mapping))
    assert values_of(facts, "stage") == stages
    assert values_of(facts, "status") == ["open", "won", "lost", "lost"]
    assert "status" not in facts.derived
