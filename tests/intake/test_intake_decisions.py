"""What the user settles about lines, encoding and delimiter holds; the account balances."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_metrics.errors import CrmMetricsError
from crm_metrics.intake import Table, read
from crm_metrics.intake.decisions import ROLES, Decisions, PartDecisions, Role
from tests.intake.made import rows_of

REPORT = """Отчёт по рассылкам
Кампания;Отправлено;Клики
шт;шт;шт
Весна;100;10
Лето;200;20
Итого;300;30
Сформирован 01.02.2024
"""


def decided(
    folder: Path, content: str | bytes, *lines: tuple[int, Role], part: str = "", **more: str
) -> list[Table]:
    path = folder / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    own = PartDecisions(part, lines=tuple(lines), **more)
    decisions = Decisions().with_part(own)
    return read(path, name="file.csv", workdir=folder / "work", decisions=decisions)


def assert_balanced(tables: list[Table], lines: int) -> None:
    assert sum(table.account.lines for table in tables) == lines
    for table in tables:
        assert table.records == len(table.frame())
        assert table.account.lines == table.records + sum(table.account.set_aside.values())


def test_without_decisions_the_report_reads_as_it_did(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, REPORT)
    assert [row[0] for row in rows_of(table)][-1] == "Лето"
    assert table.account.set_aside["total"] == 1
    assert_balanced([table], 7)


def test_a_total_that_is_none_becomes_a_record(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, REPORT, (6, "record"))
    assert rows_of(table)[-1] == ["Итого", "300", "30"]
    assert "total" not in table.account.set_aside
    assert_balanced([table], 7)


def test_a_record_that_is_a_total_is_set_aside(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, REPORT, (5, "total"), (6, "total"))
    assert [row[0] for row in rows_of(table)][-1] == "Весна"
    assert [item.line for item in table.account.examples if item.reason == "total"] == [5, 6]
    assert_balanced([table], 7)


def test_the_header_stands_where_the_user_says(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, "a;b\nКампания;Клики\nx;1\ny;2\n", (2, "header"))
    assert table.headers == ("Кампания", "Клики")
    assert table.how.header_lines == (2,)
    assert table.preamble == ("a b",)
    assert rows_of(table) == [["x", "1"], ["y", "2"]]
    assert_balanced([table], 4)


def test_two_lines_can_be_the_header(tmp_path: Path) -> None:
    (table,) = decided(
        tmp_path, "Имя;Оценка;\n;Май;Июнь\na;1;2\nb;3;4\n", (1, "header"), (2, "header")
    )
    assert table.how.header_lines == (1, 2)
    assert rows_of(table) == [["a", "1", "2"], ["b", "3", "4"]]
    assert_balanced([table], 4)


def test_a_header_that_is_data_leaves_names_by_position(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, "name;sum\na;1\nb;2\n", (1, "record"))
    assert table.headers == ("1", "2")
    assert rows_of(table) == [["name", "sum"], ["a", "1"], ["b", "2"]]
    assert_balanced([table], 3)


def test_a_line_above_the_header_can_be_a_record(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, REPORT, (1, "record"))
    assert ["Отчёт по рассылкам", "", ""] in rows_of(table)
    assert_balanced([table], 7)


def test_a_second_table_begins_where_its_header_is(tmp_path: Path) -> None:
    text = "day,n\n2024-01-01,1\n2024-01-02,2\ncity,n\nRiga,5\nOslo,6\n"
    tables = decided(tmp_path, text, (1, "header"), (4, "header"))
    assert [table.headers for table in tables] == [("day", "n"), ("city", "n")]
    assert [rows_of(table)[-1] for table in tables] == [["2024-01-02", "2"], ["Oslo", "6"]]
    assert_balanced(tables, 6)


def test_a_repeated_header_can_be_kept(tmp_path: Path) -> None:
    text = "day,n\n2024-01-01,1\nday,n\n2024-01-02,2\n"
    (table,) = decided(tmp_path, text, (3, "record"))
    assert rows_of(table)[1] == ["day", "n"]
    assert_balanced([table], 4)


def test_decisions_reach_beyond_the_first_block(tmp_path: Path) -> None:
    body = "".join(f"2024-01-01;имя {i};{i}\n" for i in range(200_000))
    (table,) = decided(tmp_path, f"дата;имя;n\n{body}", (190_000, "footer"))
    assert table.records == 199_999
    assert "189998" not in table.frame()["n"].tolist()[189_990:190_010]
    assert_balanced([table], 200_001)


def test_encoding_and_delimiter_can_be_settled(tmp_path: Path) -> None:
    content = "имя|a,b\nж|1,2\nя|3,4\n".encode("koi8-r")
    (table,) = decided(tmp_path, content, encoding="koi8-r", delimiter="|")
    assert table.headers == ("имя", "a,b")
    assert rows_of(table) == [["ж", "1,2"], ["я", "3,4"]]
    assert (table.how.encoding, table.how.delimiter) == ("koi8-r", "|")
    (other,) = decided(tmp_path, content, encoding="cp1251", delimiter=",")
    assert other.headers == ("ЙНС|a", "b")


def test_a_mark_of_the_encoding_is_no_part_of_the_name(tmp_path: Path) -> None:
    (table,) = decided(tmp_path, b"\xef\xbb\xbfa;b\n1;2\n3;4\n", encoding="utf-8")
    assert table.headers == ("a", "b")


def test_rows_of_a_sheet_are_settled_by_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Май"
    for row in (["Отчёт"], ["Кампания", "Клики"], ["Весна", 1], ["Итого", 1], ["Лето", 2]):
        sheet.append(row)
    other = book.create_sheet("Июнь")
    for row in (["Кампания", "Клики"], ["Осень", 1], ["Зима", 2]):
        other.append(row)
    out = io.BytesIO()
    book.save(out)
    may, june = decided(tmp_path, out.getvalue(), (3, "header"), (4, "record"), part="Май")
    assert may.headers == ("Весна", "1")
    assert rows_of(may) == [["Итого", "1"], ["Лето", "2"]]
    assert may.part == "Май"
    assert june.headers == ("Кампания", "Клики")
    assert_balanced([may], 5)
    assert_balanced([june], 3)


def test_a_role_can_be_taken_back() -> None:
    some = Decisions().with_role("", 3, "total").with_role("", 2, "header")
    assert some.of("").roles == {2: "header", 3: "total"}
    assert some.with_role("", 3, None).with_role("", 2, None) == Decisions()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(
        [
            REPORT,
            "a,b,c\n1,2,3\n\n4,5,6\nTotal,7,9\n",
            "# note\nday;n\n2024-01-01;1\n2024-01-02;2\n\ncity;n\nRiga;5\nOslo;6\n",
            '"Title:","x"\n"Sent:","5"\n"Open:","6"\n\nurl,n\nhttps://a.b,1\nhttps://c.d,2\n',
        ]
    ),
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(ROLES)), max_size=5),
)
def test_whatever_is_decided_every_line_is_accounted_for(
    tmp_path: Path, text: str, lines: list[tuple[int, Role]]
) -> None:
    try:
        tables = decided(tmp_path, text, *dict(lines).items())
    except CrmMetricsError as error:
        assert error.code in {"only_headers", "text_not_table", "empty_file"}  # noqa: PT017
        return
    assert_balanced(tables, text.count("\n"))
