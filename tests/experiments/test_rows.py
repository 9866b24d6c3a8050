"""Arms read from a table against sums made row by row."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import (
    Question,
    analyse,
    better_when,
    trial_from_table,
    value_counts,
    variant_columns,
)
from crm_metrics.experiments.control import guessed_control
from crm_metrics.experiments.gates import plausibility
from crm_metrics.intake.table import LINE, Account, HowRead, Table


@pytest.fixture
def made(tmp_path: Path):
    def make(headers: str, *rows: str) -> Table:
        cells = [row.split("|") for row in rows]
        columns = {
            f"c{i}": pa.array([row[i] for row in cells], pa.string())
            for i in range(len(headers.split("|")))
        }
        columns[LINE] = pa.array(range(2, len(cells) + 2), pa.int64())
        path = tmp_path / "it's a table.parquet"
        pq.write_table(pa.table(columns), path)
        account = Account(len(cells) + 1, len(cells), {"header": 1})
        return Table(
            "t",
            path,
            tuple(headers.split("|")),
            "table",
            HowRead("csv"),
            account,
            "t.csv",
            "0" * 64,
        )

    return make


def arms_from_table(table, *, variant, unit=None, control=None, **columns):
    """The setup and the arms of one metric."""
    question = Question(**columns)
    return trial_from_table(table, question, variant=variant, unit=unit, control=control)[:2]


def sizes(arms):
    return [(arm.name, arm.n, arm.successes) for arm in arms]


@pytest.mark.parametrize(
    ("cells", "successes"),
    [
        ("yes no yes no", 2),
        ("да нет да нет", 2),
        ("1 0 1 1", 3),
        ("TRUE FALSE true false", 2),
        ("0 3 1 0", 2),
        ("0 2,5 0 0", 1),
        ("2026-01-05 _ 2026-01-06 _", 2),
        ("05.01.2026 _ _ _", 1),
        ("shop _ null cart", 2),
        ("x _ _ x", 2),
        ("0 2026-01-05 0 2026-01-06", 2),
    ],
)
def test_what_counts_as_a_success(made, cells, successes):
    rows = [f"{arm}|{cell.strip('_')}" for arm in "AB" for cell in cells.split()]
    setup, arms = arms_from_table(made("v|result", *rows), variant="v", success="result")
    assert sizes(arms) == [("A", 4, successes), ("B", 4, successes)]
    assert (setup.shape, setup.metric, setup.control) == ("proportion", "result", "A")
    assert setup.unread == 0


def test_values_and_numbers_as_successes(made):
    table = made("v|stage|score", *("A|Won|9", "A|lost|8,5", "B|won|10", "B|open|", "B|lost|3"))
    won = arms_from_table(table, variant="v", success="stage=WON")
    assert sizes(won[1]) == [("A", 2, 1), ("B", 3, 1)]
    assert won[0].metric == "stage = WON"
    above, arms = arms_from_table(table, variant="v", success="score>8.5")
    assert sizes(arms) == [("A", 2, 1), ("B", 2, 1)]
    assert above.unread == 1


def test_a_header_may_hold_the_signs(made):
    table = made("v|a=b|c>1", *("A|yes|5", "A|no|1", "B|yes|7", "B|no|0"))
    assert sizes(arms_from_table(table, variant="v", success="a=b")[1])[0] == ("A", 2, 1)
    assert sizes(arms_from_table(table, variant="v", success="a=b=yes")[1])[0] == ("A", 2, 1)
    assert sizes(arms_from_table(table, variant="v", success="c>1>4")[1])[0] == ("A", 2, 1)


def test_blank_beside_a_written_no_is_left_out_and_counted(made):
    table = made("v|ok", *("A|yes", "A|no", "A|", "A|maybe", "B|yes", "B|no"))
    setup, arms = arms_from_table(table, variant="v", success="ok")
    assert sizes(arms) == [("A", 2, 1), ("B", 2, 1)]
    assert setup.unread == 2


def test_a_version_without_one_readable_value_is_named_with_its_rows(made):
    rows = ("A|10", "A|0", "B|5", "B|", "C|", "C|n/a", "C|")
    setup, arms = arms_from_table(made("v|rub", *rows), variant="v", value="rub")
    assert [arm.name for arm in arms] == ["A", "B"]
    assert (setup.unread, setup.unread_arms) == (1, (("C", 3),))
    gate = next(gate for gate in analyse(setup, arms).gates if gate.detail == "arm_unread")
    assert (gate.status, gate.params) == ("warn", {"arm": "C", "count": 3})
    with pytest.raises(CrmMetricsError) as caught:
        arms_from_table(made("v|rub", *rows[:2], *rows[4:]), variant="v", value="rub")
    assert caught.value.code == "arm_unread"
    assert caught.value.params == {"arm": "C", "count": 3, "column": "rub"}


def test_a_column_where_all_is_success_asks_for_the_value(made):
    table = made("v|stage", *("A|won", "A|lost", "B|won", "B|lost"))
    with pytest.raises(CrmMetricsError) as caught:
        arms_from_table(table, variant="v", success="stage")
    assert caught.value.code == "success_needs_value"
    assert caught.value.params["values"] == "lost, won"


def test_people_in_two_arms_are_left_out_and_repeats_are_one(made):
    table = made(
        "who|v|ok|rub",
        *("ann@x.ru|A|no|10", "ANN@x.ru|A|yes|5", "bob|A|no|0", "bob|B|yes|7", "cy|B|no|1,5"),
        *("dee|B|yes|0", "dee|B|yes|2,5", "|B|no|0", "|B|no|0", "eve||yes|9"),
    )
    setup, arms = arms_from_table(table, variant="v", success="ok", unit="who")
    assert sizes(arms) == [("A", 1, 1), ("B", 4, 1)]
    assert (setup.duplicates, setup.repeated, setup.unassigned) == (1, 2, 1)
    money, arms = arms_from_table(table, variant="v", value="rub", unit="who")
    assert [(arm.n, arm.total, arm.squares) for arm in arms] == [(1, 15.0, 225.0), (4, 4.0, 8.5)]
    assert money.shape == "mean"


def test_totals_per_arm_are_added(made):
    table = made("Version|Sent|Clicks", *("a|1 000|80", "b|1 000|100", "A|500|40"))
    setup, arms = arms_from_table(table, variant="version", success="Clicks", trials="Sent")
    assert sizes(arms) == [("A", 1500, 120), ("b", 1000, 100)]
    assert setup.metric == "Clicks / Sent"
    with pytest.raises(CrmMetricsError) as caught:
        arms_from_table(made("v|n|x", "A|10|1,5", "B|10|2"), variant="v", success="x", trials="n")
    assert caught.value.code == "totals_not_whole"


def test_totals_are_no_recipients_and_money_is_no_count(made):
    table = made("v|Sent|Opens|Clicks|Sum", "A|900|80|90|5", "B|900|80|70|7")
    for code, asked in (
        ("rows_are_totals", {"success": "Clicks"}),
        ("rows_are_totals", {"value": "Sum"}),
        ("money_is_no_count", {"success": "Clicks", "trials": "Sum"}),
    ):
        with pytest.raises(CrmMetricsError) as caught:
            trial_from_table(table, Question(**asked), variant="v", fields={4: "revenue"})
        assert caught.value.code == code
    question = Question(success="Clicks", trials="Sent")
    fields = {2: "opens_unique", 3: "clicks_unique"}
    setup, arms, _, beside = trial_from_table(table, question, variant="v", fields=fields)
    gate = plausibility(setup, arms, beside)
    assert (gate.status, gate.detail) == ("block", "clicks_above_opens")
    assert gate.params == {"arm": "A", "clicks": 90, "opens": 80}


def test_ratio_sums(made):
    table = made("v|clicks|opens", *("A|1|2", "A|0|3", "B|2|2", "B|1|4"))
    _, arms = arms_from_table(table, variant="v", numerator="clicks", denominator="opens")
    first = arms[0]
    assert (first.total, first.squares, first.base) == (1, 1, 5)
    assert (first.base_squares, first.products) == (13, 2)


def test_amounts_in_both_decimal_marks_and_refunds(made):
    table = made("v|rub", *("A|1 234,50 ₽", "A|-10,00", "B|0", "B|1.000,00"))
    setup, arms = arms_from_table(table, variant="v", value="rub")
    assert [arm.total for arm in arms] == [1224.5, 1000.0]
    assert setup.negatives == 1
    beside = trial_from_table(table, Question(value="rub"), variant="v").beside
    few = made("v|rub", *(f"{'AB'[i % 2]}|{50 + i if i > 397 else 0}" for i in range(400)))
    # Two of 400 bought: the 99th percentile is 0, and nothing is left that it could cut.
    told = trial_from_table(few, Question(value="rub"), variant="v", cap=True).beside
    assert (told.capped, told.cap) == ((), None)
    assert beside.largest == pytest.approx((1234.5 / 1244.5, 1.0))


@pytest.mark.parametrize(
    ("names", "control"),
    [
        (["B", "A"], "A"),
        (["Б", "А"], "А"),
        (["new text", "Control"], "Control"),
        (["Новая", "Контрольная группа"], "Контрольная группа"),
        (["2", "10", "1"], "1"),
        (["Short number", "Shop name"], "Shop name"),
        (["variant B", "variant A"], "variant A"),
        (["Variant 1", "control group"], "control group"),
        (["A: discount", "Global control (10%)"], "Global control (10%)"),
        (["treatment", "holdout"], "holdout"),
        (["variation_2", "variation_1"], "variation_1"),
        (["Рассылка", "КГ"], "КГ"),
        (["Набор 1 кг", "Набор 5 кг"], "Набор 1 кг"),
    ],
)
def test_the_control_is_guessed_by_its_name(names, control):
    assert guessed_control(names) == control


def test_the_control_can_be_named(made):
    table = made("v|ok", *("A|yes", "A|no", "B|yes", "B|no"))
    setup, arms = arms_from_table(table, variant="v", success="ok", control="b")
    assert setup.control == arms[0].name == "B"


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("unknown_column", {"variant": "zz", "success": "ok"}),
        ("unknown_column", {"variant": "v", "success": "zz=1"}),
        ("unknown_column", {"variant": "v", "success": "ok", "unit": "zz"}),
        ("abtest_one_metric", {"variant": "v"}),
        ("abtest_one_metric", {"variant": "v", "success": "ok", "value": "ok"}),
        ("abtest_one_metric", {"variant": "v", "numerator": "ok"}),
        ("abtest_one_metric", {"variant": "v", "value": "ok", "deviation": "ok"}),
        ("unknown_arm", {"variant": "v", "success": "ok", "control": "Z"}),
        ("bad_number", {"variant": "v", "success": "ok>many"}),
        ("one_arm", {"variant": "same", "success": "ok"}),
        ("too_many_arms", {"variant": "id", "success": "ok"}),
        ("nothing_read", {"variant": "v", "value": "same"}),
    ],
)
def test_wrong_questions_are_named(made, code, asked):
    rows = [f"{'AB'[i % 2]}|{'yes' if i % 3 else 'no'}|one|{i}" for i in range(24)]
    with pytest.raises(CrmMetricsError) as caught:
        arms_from_table(made("v|ok|same|id", *rows), **asked)
    assert caught.value.code == code


def test_hostile_names_and_values_stay_text(made):
    evil = "x'; DROP TABLE source; --"
    table = made(f"{evil}|ok", *(f"{evil}|{evil}", f"{evil}|", "B|yes", "B|"))
    _, arms = arms_from_table(table, variant=evil, success=f"ok={evil}")
    assert {arm.name: arm.successes for arm in arms} == {evil: 1, "B": 0}


def test_the_same_table_gives_the_same_bytes(made):
    rows = [f"{'AB'[i % 2]}|{i * 0.37:.2f}|p{i % 900}" for i in range(2000)]
    table = made("v|rub|who", *rows)
    first, second = (
        repr(analyse(*arms_from_table(table, variant="v", value="rub", unit="who")))
        for _ in range(2)
    )
    assert first == second


def test_columns_that_could_name_a_version(made):
    rows = [f"{'Aa'[i % 2]}|{'AB'[i % 2]}|{i % 10}|{i % 11}|{i}" for i in range(40)]
    table = made("same|pair|ten|eleven|id", *rows, "|||| ")
    assert variant_columns(table) == [1, 2]
    assert variant_columns(made("a|b", "x|y", "x|y")) == []


def test_the_most_frequent_values(made):
    table = made("stage", "won", "lost", " won ", "")
    assert value_counts(table, 0) == {"won": 2, "lost": 1}
    assert value_counts(table, 0, most=1) == {"won": 2}


def test_amounts_in_two_currencies_are_never_added(made):
    table = made("arm|paid", "A|10 USD", "A|20 USD", "B|30 EUR", "B|5 EUR")
    for asked in ({"value": "paid"}, {"numerator": "paid", "denominator": "paid"}):
        with pytest.raises(CrmMetricsError) as caught:
            arms_from_table(table, variant="arm", **asked)
        assert (caught.value.code, caught.value.params) == ("arms_currencies", {"metric": "paid"})
    same = made("arm|paid", "A|10 USD", "A|20 USD", "B|30 USD", "B|5")
    assert [arm.total for arm in arms_from_table(same, variant="arm", value="paid")[1]] == [30, 35]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Left", "down"),
        ("left=YES", "down"),
        ("Left=no", "up"),
        ("Wait>60", "down"),
        ("Paid", "up"),
        ("Note", "up"),
        ("Отписался", "down"),
        ("Отписался=нет", "up"),
        ("Не отписался", "up"),
        ("Spam complaint", "down"),
        ("Возврат товара", "down"),
        ("Сумма возвратов", "down"),
        ("Возврат клиентов", "up"),
        ("Возвраты покупателей", "up"),
        ("Возврат на сайт", "up"),
        ("Возврат ушедших клиентов", "up"),
        ("Возврат старого товара", "down"),
    ],
)
def test_which_way_is_better_follows_from_the_field_or_else_the_header(text, direction):
    headers = ["Left", "Wait", "Paid", "Note", "Отписался", "Не отписался", "Spam complaint"]
    headers += ["Возврат товара", "Сумма возвратов", "Возврат клиентов", "Возвраты покупателей"]
    headers += ["Возврат на сайт", "Возврат ушедших клиентов", "Возврат старого товара"]
    fields = {0: "unsubscribed", 1: "wait_time", 2: "amount"}
    assert better_when(text, headers, fields) == direction
