"""JSON: lines of events, documents of services and messengers, and what is damaged in them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake import LINE, Table
from crm_metrics.intake.objects import gathering, walking
from crm_metrics.intake.text import blocks
from tests.intake.made import issues_of, read_all, read_one, rows_of


def lines_of(table: Table) -> list[int]:
    return pq.read_table(table.path, columns=[LINE]).column(0).to_pylist()


SES_OPEN = (
    '{"eventType":"Open","mail":{"timestamp":"2024-03-01T10:15:30.000Z","messageId":"0100abc",'
    '"destination":["anna@example.com"],"commonHeaders":{"subject":"Hello, \\"Anna\\""},'
    '"tags":{"ses:configuration-set":["default"]}},"open":{"timestamp":"2024-03-01T11:02:00.000Z"}}'
)
SES_BOUNCE = (
    '{"eventType":"Bounce","mail":{"timestamp":"2024-03-01T10:15:31.000Z","messageId":"0100abd",'
    '"destination":["bob@example.com","eve@example.com"]},"bounce":{"bounceType":"Permanent",'
    '"bouncedRecipients":[{"emailAddress":"bob@example.com","status":"5.1.1"}]}}'
)


def test_events_a_line_become_columns_with_dots(tmp_path: Path) -> None:
    table = read_one(tmp_path, f"{SES_OPEN}\r\n\r\n{SES_BOUNCE}\r\n", "events.log")
    assert table.how.container == "jsonl"
    assert table.headers == (
        "eventType",
        "mail.timestamp",
        "mail.messageId",
        "mail.destination",
        "mail.commonHeaders.subject",
        "mail.tags.ses:configuration-set",
        "open.timestamp",
        "bounce.bounceType",
        "bounce.bouncedRecipients",
    )
    first, second = rows_of(table)
    assert first[3:5] == ["anna@example.com", 'Hello, "Anna"']
    assert second[3] == "bob@example.com, eve@example.com"
    assert json.loads(second[8]) == [{"emailAddress": "bob@example.com", "status": "5.1.1"}]
    assert lines_of(table) == [1, 3]
    assert table.account.lines == 3
    assert table.account.set_aside == {"blank": 1}


def test_events_with_no_line_end_between_them(tmp_path: Path) -> None:
    """Amazon's delivery streams put one object behind the other."""
    table = read_one(tmp_path, SES_OPEN + SES_BOUNCE)
    assert table.how.container == "json"
    assert [row[0] for row in rows_of(table)] == ["Open", "Bounce"]


def test_a_bad_line_is_set_aside_and_shown(tmp_path: Path) -> None:
    text = '{"id":1}\n{"id":2\n{"id":3} {"id":4}\nnull\n{"id":5}\n{"id":6},\n'
    table = read_one(tmp_path, text)
    assert rows_of(table) == [["1"], ["5"], ["6"]]
    assert issues_of(table) == {"json_lines_broken": 3}
    assert table.account.set_aside == {"other": 3}
    assert [(item.line, item.text) for item in table.account.examples] == [
        (2, '{"id":2'),
        (3, '{"id":3} {"id":4}'),
        (4, "null"),
    ]


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    written = ["12345678901234567890", "1.10", "-0", "1E+5", "1e400", "0.1000000000000000055"]
    text = "\n".join(f'{{"n":{n},"list":[{n},{n}],"deep":[{{"n":{n}}}]}}' for n in written)
    table = read_one(tmp_path, text)
    for row, number in zip(rows_of(table), written, strict=True):
        assert row == [number, f"{number}, {number}", f'[{{"n": {number}}}]']


def test_values_of_every_kind(tmp_path: Path) -> None:
    text = (
        '[{"a":null,"b":true,"c":false,"d":[],"e":{},"f":["x",null,1],"g":["a, b","c"],'
        '"h":"\\ud83d\\ude00 \\ud800","i":"a\\u0000b","j":[[1,2],[3]]}]'
    )
    table = read_one(tmp_path, text)
    assert table.headers == tuple("abcdefghij")
    assert rows_of(table) == [
        ["", "true", "false", "", "", "x, , 1", '["a, b", "c"]', "😀 \ufffd", "ab", "[[1, 2], [3]]"]
    ]


def test_half_characters_stand_nowhere(tmp_path: Path) -> None:
    """JSON can escape what no file can hold: in names, in values beside, in rows."""
    bad = '"x\\ud800\\u0000y"'
    text = f'{{"m":{bad},{bad}:[{{{bad}:{bad},{bad}:1}}],"rows":[["a",{bad}],["1",{bad}]]}}'
    first, second = read_all(tmp_path, text)
    assert first.headers == ("x\ufffdy", "x\ufffdy (2)")
    assert first.preamble == ("m: x\ufffdy",)
    assert first.account.examples[0].text == "m: x\ufffdy"
    assert "x\ufffdy" in [*second.headers, *rows_of(second)[0]]


def test_a_key_that_stands_twice_keeps_both_values(tmp_path: Path) -> None:
    table = read_one(tmp_path, '[{"a":1,"a":2,"b":{"c":3},"b.c":4},{"a":5}]')
    assert table.headers == ("a", "a (2)", "b.c", "b.c (2)")
    assert rows_of(table) == [["1", "2", "3", "4"], ["5", "", "", ""]]
    assert issues_of(table) == {"duplicate_keys": 2}


def test_the_values_around_an_array_are_its_preamble(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "data": [{"id": "1", "likes": 10}, {"id": "2", "likes": 7, "shares": 1}],
            "paging": {"cursors": {"before": "QVF", "after": "ZZ"}},
            "period": "2024-03",
        },
        indent=2,
    )
    table = read_one(tmp_path, text, "insights.json")
    assert table.name == "insights"
    assert rows_of(table) == [["1", "10", ""], ["2", "7", "1"]]
    assert table.preamble == (
        "paging.cursors.before: QVF",
        "paging.cursors.after: ZZ",
        "period: 2024-03",
    )
    assert table.account.lines == 5
    assert table.account.set_aside == {"preamble": 3}


def test_every_array_of_objects_is_a_table(tmp_path: Path) -> None:
    text = (
        '{"participants":[{"name":"Ann"},{"name":"Shop"}],'
        '"messages":[{"sender_name":"Ann","timestamp_ms":1709287200000,"content":"Hi"}],'
        '"title":"Ann"}'
    )
    first, second = read_all(tmp_path, text, "message_1.json")
    assert (first.name, first.headers) == ("participants", ("name",))
    assert (second.name, second.headers[1]) == ("messages", "timestamp_ms")
    assert rows_of(second) == [["Ann", "1709287200000", "Hi"]]
    assert issues_of(first) == {"second_table": 2}
    assert first.account.lines + second.account.lines == 4


def test_a_telegram_chat(tmp_path: Path) -> None:
    text = """{
 "name": "Лавка",
 "type": "personal_chat",
 "id": 4000000001,
 "messages": [
  {"id": 1, "type": "service", "date": "2024-03-01T10:00:00", "actor": "Анна",
   "action": "phone_call", "text": "", "text_entities": []},
  {"id": 2, "type": "message", "date": "2024-03-01T10:01:00", "from": "Анна",
   "text": ["Где мой ", {"type": "bold", "text": "заказ"}, "? См. ",
            {"type": "text_link", "text": "тут", "href": "https://example.com"}],
   "text_entities": [{"type": "plain", "text": "Где мой "}]}
 ]
}
"""
    table = read_one(tmp_path, text, "result.json")
    assert table.headers[:4] == ("id", "type", "date", "actor")
    row = dict(zip(table.headers, rows_of(table)[1], strict=True))
    assert (row["from"], row["text"]) == ("Анна", "Где мой заказ? См. тут")
    assert table.preamble[0] == "name: Лавка"


def test_all_telegram_chats_are_one_table(tmp_path: Path) -> None:
    chats = [
        {"name": name, "type": "personal_chat", "id": i, "messages": [{"id": 1, "text": name * 2}]}
        for i, name in enumerate(["Anna", "Boris"])
    ]
    table = read_one(tmp_path, json.dumps({"about": "…", "chats": {"list": chats}}))
    assert table.headers == ("chat.name", "chat.type", "chat.id", "id", "text")
    assert [row[0] for row in rows_of(table)] == ["Anna", "Boris"]


def test_rows_of_cells_with_their_header(tmp_path: Path) -> None:
    table = read_one(tmp_path, '[["Date","Clicks"],["2024-03-01",5],["2024-03-02",8]]')
    assert table.headers == ("Date", "Clicks")
    assert rows_of(table) == [["2024-03-01", "5"], ["2024-03-02", "8"]]
    text = '{"report":{"columns":["Date","Clicks"],"rows":[["2024-03-01",5],["2024-03-02",8]]}}'
    assert read_one(tmp_path, text).headers == ("Date", "Clicks")


def test_one_object_is_one_record(tmp_path: Path) -> None:
    table = read_one(tmp_path, '{"campaign":"Spring","stats":{"sent":100,"opens":20}}')
    assert table.headers == ("campaign", "stats.sent", "stats.opens")
    assert rows_of(table) == [["Spring", "100", "20"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("form", ["lines", "document"])
def test_encodings(tmp_path: Path, encoding: str, form: str) -> None:
    records = ['{"имя":"Кампания весенняя","клики":5}', '{"имя":"Скидка на обувь","клики":8}']
    text = "\n".join(records) if form == "lines" else "[" + ",".join(records) + "]"
    table = read_one(tmp_path, text, encoding=encoding)
    assert table.headers == ("имя", "клики")
    assert rows_of(table) == [["Кампания весенняя", "5"], ["Скидка на обувь", "8"]]


def test_a_damaged_record_costs_no_other(tmp_path: Path) -> None:
    good = [f'{{"id":{i},"tags":[{{"t":1}},{{"t":2}}],"name":"n{i}"}}' for i in range(6)]
    good[2] = '{"id":2,"tags":[{"t":1},{"t":2}],"name":"n2}'
    good[4] = '{"id":4,"tags":[{"t":1,{"t":2}],"name":"n4"}'
    table = read_one(tmp_path, "[" + ",\n".join(good) + "]")
    assert [row[0] for row in rows_of(table)] == ["0", "1", "3", "5"]
    assert issues_of(table) == {"json_broken": 2}
    assert table.account.set_aside == {"other": 2}
    assert [item.line for item in table.account.examples] == [3, 5]


def test_a_cut_document_keeps_what_came_before_and_says_so(tmp_path: Path) -> None:
    text = '{"data":[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"na'
    table = read_one(tmp_path, text)
    assert [row[0] for row in rows_of(table)] == ["1", "2"]
    assert issues_of(table) == {"json_broken": 1}
    assert table.account.examples[-1].text == '{"id":3,"na'
    whole_items = read_one(tmp_path, '[{"id":1},{"id":2}')
    assert (whole_items.account.lines, issues_of(whole_items)) == (2, {"json_broken": 1})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": ', "json_broken"),
        ('[{"a":' + "[" * 100_000 + "]" * 100_000 + "}]", "json_broken"),
        ('{"a":1\n{"a":2\n', "json_broken"),
        ("[]", "empty_file"),
        ("{}", "empty_file"),
        ('{"data": []}', "empty_file"),
        ('["a","b"]', "text_not_table"),
    ],
)
def test_what_holds_no_record_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, text)
    assert caught.value.code == code


def test_too_many_keys_and_too_long_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LimitError) as caught:
        read_all(tmp_path, "\n".join(f'{{"k{i}":1}}' for i in range(2_001)))
    assert caught.value.code == "too_many_columns"
    monkeypatch.setattr(walking, "MAX_LINE_BYTES", 1_000)
    monkeypatch.setattr(blocks, "_READ_BYTES", 500)
    with pytest.raises(LimitError) as caught:
        read_all(tmp_path, '[{"a":1},{"a":"' + "x" * 3_000 + '"}]')
    assert caught.value.code == "item_too_long"


def test_an_inner_object_with_very_many_keys_is_one_column(tmp_path: Path) -> None:
    days = {f"day {i}": i for i in range(300)}
    table = read_one(tmp_path, json.dumps([{"id": 1, "views": days}]))
    assert table.headers == ("id", "views")
    assert json.loads(rows_of(table)[0][1]) == days


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_records_do_not_depend_on_where_the_reads_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(blocks, "_READ_BYTES", chunk)
    monkeypatch.setattr(walking, "_KEPT", chunk)
    records = [{"id": i, "name": f'имя {i} \\ "', "n": [1.5, -2], "x": None} for i in range(20)]
    text = json.dumps({"meta": {"n": 120.50}, "items": records}, ensure_ascii=chunk == 7, indent=1)
    table = read_one(tmp_path, text)
    assert rows_of(table) == [[str(r["id"]), str(r["name"]), "1.5, -2", ""] for r in records]
    assert table.preamble == ("meta.n: 120.5",)


def test_columns_that_come_late_are_empty_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_BATCH_ROWS", 3)
    records = [{"id": i, **({f"k{i // 4}": i} if i % 4 == 0 else {})} for i in range(20)]
    table = read_one(tmp_path, "\n".join(map(json.dumps, records)))
    assert table.headers == ("id", "k0", "k1", "k2", "k3", "k4")
    expected = [[str(r.get(name, "")) for name in table.headers] for r in records]
    assert rows_of(table) == expected
    assert lines_of(table) == list(range(1, 21))
    assert [p.name for p in (tmp_path / "work").iterdir()] == [table.path.name]
