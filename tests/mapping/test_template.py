"""Templates: kept by header, applied to the next month's file, said where it differs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_metrics.mapping import completed, suggest
from crm_metrics.mapping.look import look
from crm_metrics.mapping.templates.applying import doubtful_needs, lost_needs
from crm_metrics.mapping.templates.drift import fit, shared
from crm_metrics.mapping.templates.template import Template, TemplateColumn, template_of
from tests.mapping.made import EXPORTS, known_exports, made_table, of_export, other_exports

DAY = date(2026, 11, 3)
HEADERS = ["Wann", "Aktion", "Raus", "Gelesen", "Umsatz", "Notiz"]
FIELDS = {0: "date", 1: "campaign_name", 2: "sent", 3: "opens_unique", 4: "revenue"}
ROWS = [
    ["03.10.2026", "Herbst", "1200", "300", "99,50", "a"],
    ["21.10.2026", "Laub", "1100", "310", "12,25", "b"],
]


def monthly(tmp_path, *, name="Monthly report", headers=None, rows=None, grain="campaigns"):
    """A template of an unknown file in German, each column answered by hand."""
    table = made_table(tmp_path, headers or HEADERS, rows or ROWS)
    mapping = suggest(table, grain=grain)
    for column in mapping.columns:
        mapping = mapping.with_field(column.column, FIELDS.get(column.column))
    mapping = completed(table, mapping)
    return template_of(mapping, created=DAY, name=name, table=table, seen=look(table))


def later(tmp_path, headers=None, rows=None, template=None, **more):
    table = made_table(tmp_path, headers or HEADERS, rows or ROWS, **more)
    return suggest(table, templates=[template or monthly(tmp_path)])


def why_of(mapping, name):
    item = next(item for item in mapping.columns if item.name == name)
    return item.field, item.level, item.why.code


def plain(*headers: str) -> Template:
    columns = tuple(TemplateColumn(header) for header in headers)
    return Template("t", DAY, "campaigns", columns)


WORDS = st.lists(
    st.text("abcdefghijklmnop", min_size=4, max_size=9), min_size=1, max_size=12, unique=True
)


@settings(max_examples=30, deadline=None)
@given(WORDS, st.randoms(use_true_random=False), st.integers(0, 5))
def test_order_case_and_spaces_change_nothing_and_new_columns_are_counted(words, chance, more):
    template = plain(*words)
    headers = [chance.choice([f" {w.upper()} ", w.capitalize(), f"{w}:"]) for w in words]
    added = [f"Extra {number} zz" for number in range(more)]
    mixed = [*headers, *added]
    chance.shuffle(mixed)
    drift = fit(template, mixed)
    assert drift.exact == (more == 0)
    assert [mixed[at] for at in drift.new] == [name for name in mixed if name in added]
    assert (drift.missing, drift.renamed) == ((), ())
    for place, at in drift.same:
        assert words[place] == mixed[at].strip(" :").lower()


@pytest.mark.parametrize(
    ("before", "now", "renamed"),
    [
        ("Opens", "Opened", True),
        ("Sent emails", "Emails sent", True),
        ("Письма", "Письмо", True),
        ("Revenue, USD", "Revenue, EUR", True),
        ("Duration (min)", "Duration (s)", True),
        ("Revenue 2025", "Revenue 2026", True),
        ("Unique opens", "Total opens", False),
        ("Hard bounces", "Soft bounces", False),
        ("Sent", "Delivered", False),
        ("Open rate", "Open", False),
    ],
)
def test_a_header_that_may_be_the_missing_one(before, now, renamed):
    drift = fit(plain("Date", before), ["Date", now])
    assert bool(drift.renamed) is renamed
    assert not drift.exact


def test_the_next_month_asks_nothing(tmp_path):
    rows = [["01.11.2026", "Nebel", "900", "210", "1,05", "c"]]
    mapping = later(tmp_path, rows=rows)
    assert {item.column: item.field for item in mapping.columns if item.field} == FIELDS
    assert {item.level for item in mapping.columns} == {"sure"}
    assert (mapping.level, mapping.why.code) == ("sure", "template")
    # What this month's cells alone do not tell: the first of November, a comma for decimals.
    assert mapping.fields["date"].date_order == "dmy"
    assert mapping.fields["revenue"].decimal == ","


def test_new_columns_are_asked_and_missing_ones_said(tmp_path):
    headers = ["Neu", "Bounces", "Wann", "Aktion", "Raus", "Umsatz", "Notiz"]
    rows = [["x", "7", "05.11.2026", "Nebel", "900", "10,05", "c"]]
    mapping = later(tmp_path, headers, rows)
    assert why_of(mapping, "Neu") == (None, "ask", "template_new")
    assert why_of(mapping, "Bounces") == ("bounces", "ask", "template_new")
    assert [item.name for item in mapping.columns if item.level != "sure"] == ["Neu", "Bounces"]
    assert mapping.applied.new == ("Neu", "Bounces")
    assert mapping.applied.missing == ("Gelesen",)
    assert mapping.applied.lost == (("Gelesen", "opens_unique"),)
    assert mapping.why.params == {
        "name": "Monthly report", "saved": "2026-11-03", "new": "2", "missing": "1", "renamed": "0",
    }  # fmt: skip


def test_values_of_another_kind_are_asked_with_what_they_are(tmp_path):
    mapping = later(tmp_path, rows=[["01.11.2026", "Nebel", "viele", "210", "1,05", "c"]])
    assert why_of(mapping, "Raus") == ("sent", "ask", "template_differs")
    assert mapping.fields["sent"].why.params == {"kind": "text"}
    assert doubtful_needs(mapping) == ()
    alone = monthly(tmp_path, headers=HEADERS[:3], rows=[row[:3] for row in ROWS])
    rows = [["01.11.2026", "Nebel", "viele"]]
    assert doubtful_needs(later(tmp_path, HEADERS[:3], rows, alone)) == ("Raus",)


def test_values_that_looked_odd_when_confirmed_ask_nothing_again(tmp_path):
    odd = [["03.10.2026", "Herbst", "1200 Stück", "300", "99,50", "a"]]
    template = monthly(tmp_path, rows=odd)
    assert template.columns[2].kind == "text"
    assert later(tmp_path, rows=odd, template=template).level == "sure"


def test_another_form_of_dates_or_decimals_is_taken_from_the_cells_and_asked(tmp_path):
    rows = [["11/23/2026", "Nebel", "900", "210", "1234.05", "c"]]
    mapping = later(tmp_path, rows=rows)
    assert why_of(mapping, "Wann") == ("date", "ask", "template_date_order")
    assert mapping.fields["date"].date_order == "mdy"
    assert why_of(mapping, "Umsatz") == ("revenue", "ask", "template_decimal")
    assert mapping.fields["revenue"].decimal == "."
    rows = [["2026-11-23", "Nebel", "900", "210", "1,05", "c"]]
    assert later(tmp_path, rows=rows).level == "sure"


def test_fractions_above_one_are_asked(tmp_path):
    headers = ["Tag", "Raus", "Quote"]
    table = made_table(tmp_path, headers, [["03.10.2026", "100", "0,25"]])
    mapping = suggest(table, grain="campaigns")
    for column, field in enumerate(("date", "sent", "open_rate")):
        mapping = mapping.with_field(column, field)
    mapping = completed(table, mapping.with_format(2, unit="fraction"))
    template = template_of(mapping, created=DAY, name="Rates", table=table)
    assert later(tmp_path, headers, [["04.11.2026", "100", "0,31"]], template).level == "sure"
    now = later(tmp_path, headers, [["04.11.2026", "100", "31,5"]], template)
    assert why_of(now, "Quote") == ("open_rate", "ask", "template_unit")
    assert now.fields["open_rate"].unit is None


def test_another_currency_is_asked_and_not_carried_over(tmp_path):
    euros = [["03.10.2026", "Herbst", "1200", "300", "€99,50", "a"]]
    template = monthly(tmp_path, rows=euros)
    assert template.constants["currency"] == "EUR"
    same = later(tmp_path, rows=euros, template=template)
    assert (same.level, same.constants["currency"]) == ("sure", "EUR")
    dollars = [["03.11.2026", "Herbst", "1200", "300", "$99,50", "a"]]
    mapping = later(tmp_path, rows=dollars, template=template)
    assert why_of(mapping, "Umsatz") == ("revenue", "ask", "template_currency")
    assert mapping.constants["currency"] == "USD"


def test_a_new_word_of_a_stage_is_asked(tmp_path):
    headers = ["Nr", "Zustand", "Betrag"]
    first = made_table(
        tmp_path, headers, [["1", "Ja", "10"], ["2", "Nein", "5"], ["3", "neu", "1"]]
    )
    mapping = suggest(first).with_grain("deals")
    for column, field in enumerate(("deal_id", "stage", "amount")):
        mapping = mapping.with_field(column, field)
    stage = mapping.fields["stage"]
    stage.values.update({"ja": "won", "nein": "lost", "neu": "open"})
    template = template_of(mapping, created=DAY, name="Deals", table=first)
    rows = [["4", "JA", "10"], ["5", "Geprüft", "7"], ["6", "Won", "7"]]
    found = later(tmp_path, headers, rows, template).fields["stage"]
    assert (found.level, found.why.code, found.why.params) == (
        "ask",
        "template_stages",
        {"words": "geprüft"},
    )
    assert found.values == {
        "ja": "won", "nein": "lost", "neu": "open", "geprüft": "open", "won": "won",
    }  # fmt: skip
    assert later(tmp_path, headers, rows[:1], template).level == "sure"


def test_a_new_word_is_asked_where_it_would_make_a_number_wrong(tmp_path):
    headers = ["Nr", "Wann", "Richtung"]
    rows = [["1", "03.10.2026 10:00", "herein"], ["2", "03.10.2026 11:00", "hausintern"]]
    first = made_table(tmp_path, headers, rows)
    mapping = suggest(first).with_grain("calls")
    for column, field in enumerate(("call_id", "started_at", "direction")):
        mapping = mapping.with_field(column, field)
    mapping.fields["direction"].values["herein"] = "in"
    template = template_of(mapping, created=DAY, name="Calls", table=first, seen=look(first))
    # What the user left without a meaning is left so.
    assert template.columns[2].unknown == ("hausintern",)
    assert later(tmp_path, headers, rows, template).level == "sure"
    rows.append(["3", "04.11.2026 10:00", "hinaus"])
    found = later(tmp_path, headers, rows, template).fields["direction"]
    assert (found.level, found.why.code) == ("ask", "template_words")
    assert found.why.params == {"words": "hinaus"}
    assert found.values == {"herein": "in"}


def test_a_renamed_column_is_asked_and_named(tmp_path):
    headers = ["Wann", "Aktion", "Rauss", "Opened", "Umsatz", "Notiz"]
    mapping = later(tmp_path, headers)
    assert why_of(mapping, "Rauss") == ("sent", "ask", "template_renamed")
    # By its words a usual name of the field that went missing.
    assert why_of(mapping, "Opened") == ("opens_unique", "ask", "template_renamed")
    assert mapping.applied.renamed == (("Raus", "Rauss"), ("Gelesen", "Opened"))
    assert (mapping.applied.missing, mapping.applied.new) == ((), ())


def test_a_template_is_not_applied_without_what_its_rows_need(tmp_path):
    template = monthly(tmp_path, headers=HEADERS[:3], rows=[row[:3] for row in ROWS])
    mapping = later(tmp_path, ["Wann", "Aktion"], [["03.11.2026", "Nebel"]], template)
    assert mapping.applied is None
    assert (mapping.level, mapping.why.code) == ("ask", "template_lacks")
    assert mapping.why.params == {"name": "Monthly report", "columns": "Raus"}


def test_the_file_of_another_export_is_left_alone(tmp_path):
    headers = ["Wann", "Aktion", "Farbe", "Form", "Gewicht", "Höhe"]
    mapping = later(tmp_path, headers, [["03.11.2026", "x", "rot", "rund", "7", "8"]])
    assert mapping.applied is None
    mapping = later(tmp_path, layout="key_value")
    assert mapping.applied is None


def test_a_table_without_a_header_must_look_the_same(tmp_path):
    numbers = [str(number + 1) for number in range(6)]
    template = monthly(tmp_path, headers=numbers)
    mapping = later(tmp_path, numbers, template=template)
    assert {item.level for item in mapping.columns if item.field} == {"likely"}
    assert mapping.fields["sent"].why.code == "template_place"
    other = [["Nebel", "03.11.2026", "900", "210", "1,05", "c"]]
    assert later(tmp_path, numbers, other, template).applied is None
    assert later(tmp_path, numbers[:5], [row[:5] for row in ROWS], template).applied is None


def test_of_several_the_nearest_then_the_later_one_is_applied(tmp_path):
    table = made_table(tmp_path, HEADERS, ROWS)
    near = monthly(tmp_path, name="Near")
    far = monthly(tmp_path, name="Far", headers=[*HEADERS[:4], "X", "Y"])
    assert suggest(table, templates=[near, far]).applied.name == "Near"
    unnamed = monthly(tmp_path, name="")
    assert suggest(table, templates=[near, unnamed]).applied.name == ""
    assert suggest(table, templates=[unnamed, near]).applied.name == "Near"


def test_where_the_nearest_lacks_what_is_needed_another_may_have_it(tmp_path):
    headers = [*HEADERS[:2], "Post", *HEADERS[3:]]
    needs_raus = monthly(tmp_path, name="Raus")
    columns = [
        replace(c, field=None) if c.field == "opens_unique" else c for c in needs_raus.columns
    ]
    needs_raus = replace(needs_raus, columns=tuple(columns))
    other = monthly(tmp_path, name="Gelesen")
    assert suggest(made_table(tmp_path, headers, ROWS), templates=[needs_raus]).applied is None
    mapping = suggest(made_table(tmp_path, headers, ROWS), templates=[other, needs_raus])
    assert mapping.applied.name == "Gelesen"


def test_two_named_templates_that_disagree_are_asked(tmp_path):
    table = made_table(tmp_path, HEADERS, ROWS)
    one, same = monthly(tmp_path, name="One"), monthly(tmp_path, name="Same")
    assert suggest(table, templates=[one, same]).level == "sure"
    other = template_of(
        suggest(table, templates=[one]).with_field(2, "delivered"), created=DAY, name="Other"
    )
    mapping = suggest(table, templates=[one, other])
    assert (mapping.level, mapping.why.code) == ("ask", "template_tie")
    assert mapping.why.params == {"first": "Other", "second": "One"}
    assert [item.name for item in mapping.columns if item.level == "ask"] == ["Raus"]
    assert why_of(mapping, "Raus") == ("delivered", "ask", "template_disagrees")


def test_a_guess_that_nobody_answered_stays_a_guess(tmp_path):
    headers = ["Date", "Campaign", "Emails sent", "Opens", "Foo"]
    rows = [["2026-10-03", "a", "1200", "300", "x"], ["2026-10-04", "b", "1300", "320", "y"]]
    table = made_table(tmp_path, headers, rows)
    mapping = suggest(table)
    levels = {item.name: item.level for item in mapping.columns if item.field}
    assert "likely" in levels.values()
    template = template_of(mapping, created=DAY, name="As guessed", table=table)
    again = suggest(table, templates=[template])
    assert {item.name: item.level for item in again.columns if item.field} == levels


def test_no_template_of_the_catalogue_applies_itself_to_another_export():
    """Three chats' exports have the very same headers: nothing tells those apart."""
    exports = [entry for entry in EXPORTS if len(entry["headers"]) > 1]
    templates = [plain(*entry["headers"]) for entry in exports]
    compared = 0
    for template, mine in zip(templates, exports, strict=True):
        for entry in exports:
            variants = [entry["headers"], *entry["header_variants"].values()]
            found = [shared(template, headers) for headers in variants]
            if any(part.exact for part in found):
                continue
            compared += 1
            # Exports of one vendor may, where their rows are the same.
            fits = any(part.most for part in found)
            rows = [(each["system"], each["facts_grain"]) for each in (mine, entry)]
            assert not fits or rows[0] == rows[1], (mine["export"], entry["export"])
    assert compared > 4000


def test_a_file_that_lost_three_of_ten_headers_and_has_three_new_ones_still_fits():
    for entry in EXPORTS:
        headers = entry["headers"]
        if len(headers) >= 8:
            kept = headers[: -round(0.3 * len(headers))]
            assert shared(plain(*headers), [*kept, "Qqq 1", "Qqq 2", "Qqq 3"]).most, entry["export"]


def test_each_vendors_own_template_maps_its_next_file(tmp_path):
    """As confirmed, whatever the order; two columns more are asked and nothing else is."""
    applied = 0
    for entry in known_exports() + other_exports():
        table = of_export(tmp_path, entry)
        mapping = suggest(table)
        if mapping.grain is None or not entry["rows"] or len(table.headers) < 7:
            continue  # two columns more are more than a third of it
        for item in mapping.columns:
            mapping = mapping.with_field(item.column, item.field)
        template = template_of(mapping, created=DAY, table=table, seen=look(table))
        places = list(range(len(table.headers)))[::-1]
        headers = [*(entry["headers"][at] for at in places), "Qqq 1", "Qqq 2"]
        rows = [[*(row[at] for at in places), "x", "y"] for row in entry["rows"]]
        again = suggest(of_export(tmp_path, entry, headers, rows), templates=[template])
        if again.applied is None:
            # What recognition now takes for another export keeps the vendor's own meaning.
            assert again.system not in {None, mapping.system}, entry["export"]
            continue
        fields = {item.name: item.field for item in mapping.columns if item.field}
        found = {item.name: item.field for item in again.columns if item.field}
        assert found == fields, entry["export"]
        applied += 1
        asked = [item.name for item in again.columns if item.level == "ask"]
        assert asked == ["Qqq 1", "Qqq 2"], entry["export"]
        assert lost_needs(again) == ()
    assert applied > 50


def test_no_person_and_no_sample_gets_into_a_template(tmp_path):
    headers = ["E-mail", "Имя", "Канал", "Stage"]
    rows = [
        ["anna@example.com", "Анна", "Вконтакте", "Won"],
        ["ivan@example.com", "Иван", "boris@example.com", "+7 912 345-67-89"],
    ]
    table = made_table(tmp_path, headers, rows)
    mapping = suggest(table).with_grain("deals").with_field(0, "email").with_field(1, "full_name")
    mapping = mapping.with_field(2, "channel").with_field(3, "stage")
    for item in mapping.columns:
        item.values.update({row[item.column].lower(): "open" for row in rows})
    template = template_of(mapping, created=DAY, name="x", table=table, seen=look(table))
    assert [sorted(column.values) for column in template.columns] == [
        [],
        [],
        ["вконтакте"],
        ["won"],
    ]
    assert "anna" not in json.dumps([str(column) for column in template.columns]).lower()
