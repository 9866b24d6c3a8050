"""The template's file: readable, the same bytes each time, and refused where it is not right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from crm_metrics.errors import InputError
from crm_metrics.mapping.templates.file import LARGEST, from_json, to_json
from crm_metrics.mapping.templates.template import Template, TemplateColumn
from crm_metrics.texts import LANGUAGES, error_text

TEMPLATE = Template(
    name="Отчёт <b>за месяц</b> & Ко",
    created=date(2026, 11, 3),
    grain="deals",
    columns=(
        TemplateColumn("Дата", "date", "date", date_order="dmy"),
        TemplateColumn("Стадия", "stage", "text", {"оплачено": "won", "отказ": "lost"}, ("?",)),
        TemplateColumn("<script>", None, "text"),
        TemplateColumn("Сумма", "amount", "number", decimal=",", currency="RUB", doubt="likely"),
    ),
    system="amoCRM",
    export="Сделки",
    sheet="Лист 1",
    constants={"channel": "phone"},
    confirmed=False,
)


def content(**changes):
    return {**json.loads(to_json(TEMPLATE)), **changes}


def column(**changes):
    first, *rest = content()["columns"]
    return content(columns=[{**first, **changes}, *rest])


def refused(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        from_json(data, file="t.json")
    for lang in LANGUAGES:
        sentence = error_text(caught.value, lang)
        assert "t.json" in sentence
        assert len(sentence) < 500
    return caught.value


def test_a_template_comes_back_as_it_was():
    data = to_json(TEMPLATE)
    assert from_json(data) == TEMPLATE
    assert to_json(from_json(data)) == data
    shuffled = dict(reversed(content().items()))
    assert to_json(from_json(json.dumps(shuffled).encode("utf-16"))) == data
    # A person can read it: one key a line, letters as letters, the header beside its field.
    lines = data.decode().splitlines()
    assert '      "header": "Дата",' in lines
    assert lines[1:4] == [
        '  "kind": "crm-metrics mapping template",',
        '  "version": 1,',
        '  "name": "Отчёт <b>за месяц</b> & Ко",',
    ]


def test_a_mapping_without_a_name_is_no_file_to_import():
    data = to_json(replace(TEMPLATE, name=""))
    assert from_json(data, unnamed=True).name == ""
    assert refused(data).code == "template_damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"Date;Sent\n2026-10-03;7\n",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]",
        b"null",
        b'{"kind": "something else", "version": 1}',
        b'{"kind": ["crm-metrics mapping template"]}',
    ],
)
def test_any_other_file_is_not_ours(data):
    assert refused(data).code == "template_not_ours"


def test_too_large_and_newer_files_are_told_apart():
    assert refused(b" " * (LARGEST + 1)).code == "template_too_large"
    assert refused(json.dumps(content(version=3)).encode()).code == "template_newer"
    assert refused(json.dumps(content(version="x")).encode()).code == "template_damaged"


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (content(grain="nonsense"), "grain → nonsense"),
        (content(grain=["deals"]), "grain"),
        (content(columns=[]), "columns"),
        (content(columns={"Дата": "date"}), "columns"),
        (content(columns=[{"header": "x"}] * 2001), "columns"),
        (content(columns=["Дата"]), "columns → 1"),
        (content(created="yesterday"), "created"),
        (content(name="\u200b \x00"), "name"),
        (content(name=7), "name"),
        (content(layout="spiral"), "layout"),
        (content(confirmed="yes"), "confirmed"),
        (content(constants={"nothing": "x"}), "constants → nothing"),
        (content(constants={"channel": {"a": 1}}), "constants"),
        (content(constants={"email": "a@example.com"}), "constants → email"),
        (content(extra=1), "extra"),
        (column(field="opens_unique"), "columns → 1 → field → opens_unique"),
        (column(field="__class__"), "columns → 1 → field → __class__"),
        (column(field="amount"), "columns → field → amount"),
        (column(header=None), "columns → 1 → header"),
        (column(header="\ud800"), "columns → 1 → header"),
        (column(header="x" * 50_000), "columns → 1 → header"),
        (column(unit="light years"), "columns → 1 → unit"),
        (column(date_order="ydm"), "columns → 1 → date_order"),
        (column(decimal=["."]), "columns → 1 → decimal"),
        (column(values=["x"]), "columns → 1 → values"),
        (column(values={"x": 1}), "columns → 1 → values"),
        (column(values={str(n): "x" for n in range(401)}), "columns → 1 → values"),
        (column(field="email", values={"a@example.com": "x"}), "columns → 1 → values"),
        (column(unknown_words="x"), "columns → 1 → unknown_words"),
        (column(unknown_words=[1]), "columns → 1 → unknown_words"),
        (column(doubt="sure"), "columns → 1 → doubt"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(made, place):
    error = refused(json.dumps(made).encode())
    assert (error.code, error.params["place"]) == ("template_damaged", place)
