import json
import re

import pandas as pd
import pytest
import vl_convert

from crm_metrics.charts import (
    answers_chart,
    course_chart,
    difference_chart,
    display_scale,
    funnel_chart,
    heat_chart,
    interval_chart,
    parts_chart,
    response_chart,
    rise_chart,
    series_colors,
    trend_chart,
)
from crm_metrics.errors import UsageError

KEYS = ["email", "sms", "phone"]
NBSP = "\u00a0"


def rates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": KEYS,
            "label": ["E-mail", "SMS", "Телефон"],
            "value": [2.5, 3.5, None],
            "low": [2.0, 2.5, None],
            "high": [3.0, 4.5, None],
            "tip": ["a", "b", "c"],
        }
    )


def dots(**options):
    given = {
        "title": "Кликабельность",
        "x_title": "Кликабельность, %",
        "lang": "ru",
        "colors": series_colors(KEYS),
        "tips": {"tip": "Значение"},
    }
    return interval_chart(rates(), **{**given, **options})


def svg(chart) -> str:
    return vl_convert.vegalite_to_svg(chart.properties(width=500).to_json())


def rows(chart) -> list[dict]:
    spec = chart.to_dict()
    return [row for name in spec["datasets"] for row in spec["datasets"][name]]


def test_interval_chart_sorts_and_leaves_out_what_has_no_value():
    spec = dots().to_dict()
    (axis,) = {json.dumps(layer["encoding"]["y"]["sort"]) for layer in spec["layer"]}
    assert json.loads(axis) == ["SMS", "E-mail"]
    assert "Телефон" not in svg(dots())


def test_no_whiskers_are_asked_for_where_no_value_has_them():
    # Vega warns in the browser's console of a scale over nothing.
    frame = rates().assign(low=None, high=None)
    drawn = interval_chart(frame, title="", x_title="%", lang="en", colors={}, tips={})
    assert '"low"' not in json.dumps(drawn.to_dict()["layer"])
    assert '"low"' in json.dumps(dots().to_dict()["layer"])


def test_an_axis_of_values_near_nothing_shows_no_negative_ones():
    frame = rates().assign(value=[0.5, 24.0, None], low=[0.1, 20.0, None], high=[1.8, 29.0, None])
    drawn = interval_chart(frame, title="", x_title="%", lang="en", colors={}, tips={})
    assert "\u2212" not in svg(drawn)
    assert drawn.to_dict()["layer"][0]["encoding"]["x"]["scale"]["zero"]
    assert not dots().to_dict()["layer"][0]["encoding"]["x"]["scale"]["zero"]


def test_interval_chart_can_keep_the_order_of_arms():
    spec = dots(ordered=True).to_dict()
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["E-mail", "SMS"]


def test_whiskers_span_the_interval_in_the_channel_colour():
    spec = dots().to_dict()
    whisker = spec["layer"][0]
    assert whisker["mark"]["type"] == "rule"
    assert whisker["encoding"]["x"]["field"] == "low"
    assert whisker["encoding"]["x2"]["field"] == "high"
    scale = whisker["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == series_colors(KEYS)


def test_axis_title_title_and_average_are_drawn():
    drawn = svg(dots(reference=2.75, reference_label="в среднем 2,75"))
    for text in ("Кликабельность, %", "в среднем 2,75", "SMS"):
        assert text in drawn


@pytest.mark.parametrize(("lang", "number"), [("ru", f">10{NBSP}000<"), ("en", ">10,000<")])
def test_axis_numbers_are_in_the_language_of_the_page(lang, number):
    frame = pd.DataFrame({"label": ["A"], "count": [10_000.0], "text": ["x"]})
    chart = funnel_chart(
        frame, title="t", x_title="x", lang=lang, color="#0072B2", ground="light", tips={}
    )
    assert number in svg(chart)


@pytest.mark.parametrize(("lang", "month"), [("ru", "март 2026"), ("en", "Mar 2026")])
def test_months_are_in_the_language_and_in_the_nominative(lang, month):
    drawn = svg(weeks(lang=lang, periods=30))
    assert month in drawn
    assert "марта" not in drawn


def weeks(*, lang: str = "en", periods: int = 6, gap: int | None = None):
    values = [None if week == gap else 2.0 + week for week in range(periods)]
    frame = pd.DataFrame(
        {
            "key": "email",
            "label": "Email",
            "date": pd.date_range("2026-01-05", periods=periods, freq="W-MON"),
            "value": values,
            "low": [None if value is None else value - 1 for value in values],
            "high": [None if value is None else value + 1 for value in values],
            "partial": [week == periods - 1 for week in range(periods)],
        }
    )
    return trend_chart(
        frame,
        title="t",
        x_title="Week",
        y_title="Clicks, %",
        lang=lang,
        colors=series_colors(["email"]),
        tips={"label": "Channel"},
        marks=pd.DataFrame({"date": [pd.Timestamp("2026-01-19")], "label": ["a new file"]}),
    )


def test_a_missing_step_breaks_the_line():
    whole, broken = svg(weeks()), svg(weeks(gap=3))
    assert _longest_path(broken) < _longest_path(whole)
    assert sum(row.get("value", 0) is None for row in rows(weeks(gap=3))) == 1


def _longest_path(drawn: str) -> int:
    lines = re.findall(r'aria-roledescription="line mark"[^>]* d="([^"]*)"', drawn)
    return max(piece.count("L") for line in lines for piece in line.split("M"))


def test_funnel_keeps_the_order_of_steps_and_names_the_share():
    frame = pd.DataFrame(
        {"label": ["Sent", "Opened"], "count": [100.0, 250.0], "text": ["100", "250 (250%)"]}
    )
    chart = funnel_chart(
        frame, title="t", x_title="People", lang="en", color="#0072B2", ground="dark", tips={}
    )
    spec = chart.to_dict()
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["Sent", "Opened"]
    assert "250 (250%)" in svg(chart)


def test_limit_stands_after_the_last_class_within_it():
    frame = pd.DataFrame(
        {"label": ["≤ 2 h", "> 2 h", "none"], "share": [50, 30, 20], "tone": ["good", "bad", "bad"]}
    )
    chart = response_chart(
        frame,
        title="t",
        x_title="Delay",
        y_title="Conversations, %",
        lang="en",
        ground="light",
        tips={"label": "Delay"},
        last_within="≤ 2 h",
        limit_label="limit: 2 h",
    )
    rule = chart.to_dict()["layer"][1]["layer"][0]
    assert rule["encoding"]["x"]["bandPosition"] == 1
    assert "limit: 2 h" in svg(chart)


def test_difference_chart_always_shows_zero():
    frame = pd.DataFrame(
        {"label": ["B to A"], "value": [5.0], "low": [4.0], "high": [6.0], "tone": ["good"]}
    )
    chart = difference_chart(
        frame, title="t", x_title="Points", lang="en", ground="light", tips={}, threshold=1.0
    )
    assert chart.to_dict()["layer"][2]["encoding"]["x"]["scale"]["zero"] is True
    assert ">0<" in svg(chart)


def test_a_long_title_is_broken_into_lines():
    spec = dots(title="Кликабельность по каналам: кто лучше среднего и кто хуже").to_dict()
    assert len(spec["title"]["text"]) == 2


def test_only_plain_column_names_reach_vega():
    with pytest.raises(UsageError):
        dots(tips={"a.b": "path"})
    with pytest.raises(UsageError):
        interval_chart(
            rates().drop(columns="low"), title="", x_title="", lang="en", colors={}, tips={}
        )


@pytest.mark.parametrize(
    ("unit", "largest", "factor", "name"),
    [
        ("share", 0.4, 100, "percent"),
        ("seconds", 90, 1, "second"),
        ("seconds", 1800, 1 / 60, "minute"),
        ("seconds", 36_000, 1 / 3600, "hour"),
        ("seconds", 864_000, 1 / 86_400, "day"),
        ("money", 5, 1, "money"),
        ("score", None, 1, ""),
    ],
)
def test_display_scale_takes_the_largest_fitting_unit(unit, largest, factor, name):
    scale = display_scale(unit, largest)
    assert (scale.factor, scale.unit) == (pytest.approx(factor), name)


def test_a_cell_on_few_cases_is_outlined_and_has_no_colour():
    frame = pd.DataFrame(
        {
            "day": ["пн", "пн", "вт"],
            "hour": [9, 10, 9],
            "value": [10.0, 20.0, 90.0],
            "few": [False, False, True],
            "tip": ["a", "b", "мало: меньше 30"],
        }
    )
    chart = heat_chart(
        frame,
        title="Больше всего: пн, 10:00",
        x_title="Час",
        legend_title="Кликабельность, %",
        lang="ru",
        ground="light",
        days=["пн", "вт"],
        tips={"tip": "Заметка"},
    )
    few, enough = chart.to_dict()["layer"]
    assert few["mark"]["fill"] == "transparent"
    assert "color" not in few["encoding"]
    assert len(enough["encoding"]["color"]["scale"]["range"]) == 4
    drawn = svg(chart)
    for text in ("Час", "Кликабельность, %", "пн", "вт"):
        assert text in drawn


def test_parts_of_a_change_lie_on_either_side_of_zero():
    frame = pd.DataFrame(
        {
            "label": ["E-mail", "E-mail", "SMS", "SMS"],
            "part": ["сами показатели", "доли", "сами показатели", "доли"],
            "value": [0.4, -0.1, -0.2, 0.3],
            "tip": ["a", "b", "c", "d"],
        }
    )
    chart = parts_chart(
        frame,
        title="Почему",
        x_title="Изменение, пункты",
        lang="ru",
        colors={"сами показатели": "#0B6E8F", "доли": "#7C828D"},
        tips={"tip": "Значение"},
    )
    drawn = svg(chart)
    for text in ("Изменение, пункты", "сами показатели", "доли", "SMS", "−0,2"):
        assert text in drawn


def test_a_goal_stands_beside_the_average_with_a_label_of_its_own():
    drawn = svg(dots(reference=2.75, reference_label="в среднем", goal=3.0, goal_label="цель: 3"))
    assert "в среднем" in drawn
    assert "цель: 3" in drawn


def test_a_point_between_two_gaps_has_whiskers():
    frame = pd.DataFrame(
        {
            "key": ["a"] * 4,
            "label": ["A"] * 4,
            "date": pd.to_datetime(["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]),
            "value": [1.0, None, 2.0, 3.0],
            "low": [0.5, None, 1.5, 2.5],
            "high": [1.5, None, 2.5, 3.5],
            "partial": [False] * 4,
            "tip": ["t"] * 4,
        }
    )
    chart = trend_chart(
        frame,
        title="t",
        x_title="Неделя",
        y_title="Доля, %",
        lang="ru",
        colors={"a": "#0072B2"},
        tips={"tip": "Значение"},
    )
    assert [row["alone"] for row in rows(chart)] == [True, False, False, False]


def test_answers_are_spread_from_worst_to_best_on_one_bar_a_question():
    frame = pd.DataFrame(
        {
            "label": ["Оцените\nn = 10"] * 3,
            "tone": ["bad", "unclear", "good"],
            "start": [0.0, 20.0, 23.0],
            "end": [20.0, 23.0, 100.0],
            "step": ["1", "3", "5"],
        }
    )
    chart = answers_chart(
        frame,
        title="Ответы",
        x_title="доля, %",
        lang="ru",
        colors={"bad": "#B3261E", "unclear": "#7C828D", "good": "#00785A"},
        names={"bad": "худшие", "unclear": "середина", "good": "лучшие"},
        tips={"step": "Оценка"},
    )
    drawn = svg(chart)
    for text in ("Оцените", "n = 10", "доля, %", "худшие", ">1<", ">5<"):
        assert text in drawn
    assert ">3<" not in drawn  # no room for it in so narrow a segment


def test_a_course_stacks_its_parts_in_the_order_of_the_frame():
    frame = pd.DataFrame(
        {
            "label": ["9:00", "10:00"] * 2,
            "part": ["Принятые"] * 2 + ["Потерянные"] * 2,
            "count": [5, 8, 1, 0],
            "tip": ["a", "b", "c", "d"],
        }
    )
    given = {"title": "Звонки", "x_title": "Час", "y_title": "Звонки", "lang": "ru"}
    given |= {"colors": {"Принятые": "#111111", "Потерянные": "#222222"}, "tips": {"tip": "Доля"}}
    drawn = course_chart(frame, **given, usual=6)
    bars, line = drawn.to_dict()["layer"]
    assert bars["encoding"]["x"]["sort"] == ["9:00", "10:00"]
    assert bars["encoding"]["color"]["scale"]["domain"] == ["Принятые", "Потерянные"]
    assert line["mark"]["type"] == "rule"
    assert "Потерянные" in svg(drawn)
    with pytest.raises(UsageError):
        course_chart(frame.drop(columns="count"), **given)


def test_a_rise_is_level_between_its_moments():
    frame = pd.DataFrame(
        {
            "label": ["A", "A", "Б", "Б"],
            "time": [0.0, 2.0, 0.0, 5.0],
            "value": [0.0, 40.0, 0.0, 60.0],
            "low": [0.0, 30.0, 0.0, None],
            "high": [0.0, 50.0, 0.0, None],
            "tip": list("abcd"),
        }
    )
    given = {"title": "Скорость", "x_title": "Часы", "y_title": "Ответили, %", "lang": "ru"}
    given |= {"colors": {"A": "#111111", "Б": "#222222"}, "tips": {"tip": "Доля"}}
    for stretched, scale in ((False, "linear"), (True, "sqrt")):
        drawn = rise_chart(frame, **given, stretched=stretched)
        layers = drawn.to_dict()["layer"]
        assert [layer["mark"].get("interpolate") for layer in layers[:2]] == ["step-after"] * 2
        assert {layer["encoding"]["x"]["scale"]["type"] for layer in layers} == {scale}
        assert "Ответили, %" in svg(drawn)
    with pytest.raises(UsageError):
        rise_chart(frame.drop(columns="time"), **given)
