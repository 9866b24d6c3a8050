"""The tables that hold numbers: channels, charts, trend, and the tidy data behind them."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from crm_metrics.findings.compared import reading
from crm_metrics.findings.goals import status_text
from crm_metrics.findings.references import history_text
from crm_metrics.findings.report import ChannelRow, Report
from crm_metrics.findings.sheet import Cell, Heading, Sheet, headings_of, sheet_of, text_or
from crm_metrics.findings.wording import channel_name, flags_text, metric_name
from crm_metrics.metrics.goals import Judged
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import t

_MOST_CHARTS = 12


def channels_sheet(report: Report) -> Sheet:
    """Each channel's metrics: value, interval, n, change, goal and the own typical campaign.

    A change of shares is in points (0.6 stands for 0.6 points); durations are in minutes.
    """
    headings = headings_of(
        report.lang,
        "channel metric unit value low high n denominator previous previous_n change"
        " change_low change_high change_unit reading target goal_distance goal_low goal_high"
        " goal_status reference reference_low reference_high reference_what flags grain variant",
        value="value low high previous target reference reference_low reference_high",
        change="change change_low change_high goal_distance goal_low goal_high",
        number="n denominator previous_n",
        long="goal_status reference_what flags variant",
    )
    rows = tuple(_channel_cells(row, report.lang) for row in report.channels)
    units = tuple(row.unit for row in report.channels)
    return sheet_of(report, "channels", headings, rows, units=units)


def whole_sheet(report: Report) -> Sheet:
    """The same metrics over all dates, and over facts without a date."""
    headings = headings_of(
        report.lang,
        "channel metric unit value low high n denominator flags grain variant",
        value="value low high",
        number="n denominator",
        long="flags variant",
    )
    lang = report.lang
    rows = tuple((*_now_cells(row, lang), *_note_cells(row, lang)) for row in report.whole)
    return sheet_of(report, "whole", headings, rows, units=tuple(row.unit for row in report.whole))


def charts_sheet(report: Report) -> Sheet:
    """What the charts of channels draw: values and the lengths of their whiskers."""
    headings = headings_of(
        report.lang,
        "metric channel unit value low high below above n",
        value="value low high below above",
        number="n",
    )
    drawn = [row for run in whiskered(report) for row in run]
    rows = tuple(
        (
            metric_name(row.metric, report.lang),
            channel_name(row.channel, report.lang),
            _unit(row.now, row.unit, report.lang),
            *_interval_cells(row.now, row.unit),
            row.now.n,
        )
        for row in drawn
    )
    return sheet_of(report, "charts", headings, rows, units=tuple(row.unit for row in drawn))


def whiskered(report: Report) -> list[list[ChannelRow]]:
    """The rows of each metric worth a chart: values with intervals, in two channels or more.

    A metric that one channel has stands in where its unit would have no chart at all.
    """
    runs: dict[tuple[str, str], list[ChannelRow]] = {}
    for row in report.channels:
        if row.now.value is not None and row.now.low is not None and row.now.high is not None:
            runs.setdefault((row.metric, row.now.grain), []).append(row)
    shared = [run for run in runs.values() if len(run) > 1]
    units = {run[0].unit for run in shared}
    for run in runs.values():
        if run[0].unit not in units:
            shared.append(run)
            units.add(run[0].unit)
    return shared[:_MOST_CHARTS]


def trend_sheet(report: Report) -> Sheet:
    """Each channel's metric through time."""
    headings = headings_of(
        report.lang,
        "metric channel start unit value low high below above n flags",
        value="value low high below above",
        number="n",
        date="start",
        long="flags",
    )
    rows = tuple(
        (
            metric_name(row.metric, report.lang),
            channel_name(row.channel, report.lang),
            row.start,
            _unit(row.value, row.unit, report.lang),
            *_interval_cells(row.value, row.unit),
            row.value.n,
            _flags(row.value, report.lang),
        )
        for row in report.trend
    )
    return sheet_of(report, "trend", headings, rows, units=tuple(row.unit for row in report.trend))


def data_sheet(report: Report) -> Sheet:
    """Tidy numbers in the engine's own units, with the components that anyone can recompute from.

    Rates are fractions, durations seconds. One row a period, channel and metric.
    """
    lang = report.lang
    values = [
        (name, period, row, value)
        for row in report.channels
        for name, period, value in (
            ("now" if report.period else "whole", report.period, row.now),
            ("before", report.before_period, row.before),
        )
        if value is not None
    ]
    values += [("whole", None, row, row.now) for row in report.whole]
    parts = list(dict.fromkeys(key for *_, value in values for key in value.components))
    fixed = "period from to channel_key channel metric_key metric unit_key variant_key grain_key"
    headings = headings_of(
        lang,
        f"{fixed} value low high n denominator flags",
        raw="value low high n denominator",
        date="from to",
        long="flags",
    ) + tuple(Heading(f"part_{part}", f"part_{part}", "raw") for part in parts)
    rows = tuple(
        (
            t(f"report.period.{name}", lang),
            period[0] if period else None,
            period[1] if period else None,
            row.channel or "",
            channel_name(row.channel, lang),
            row.metric,
            metric_name(row.metric, lang),
            row.unit,
            value.variant,
            value.grain,
            value.value,
            value.low,
            value.high,
            value.n,
            value.base,
            ", ".join(value.flags),
            *(value.components.get(part) for part in parts),
        )
        for name, period, row, value in values
    )
    return sheet_of(report, "data", headings, rows)


def shown(value: float | None, unit: Unit) -> float | None:
    """A value as a spreadsheet shows it: a duration in minutes."""
    return value / 60 if value is not None and unit == "seconds" else value


def changed(value: float | None, unit: Unit) -> float | None:
    """A change as a spreadsheet shows it: points of a share, minutes of a duration."""
    return value * 100 if value is not None and unit == "share" else shown(value, unit)


def runs_of_metrics(report: Report) -> list[list[int]]:
    """Places of the trend's rows, a list for each metric that has values on two dates or more."""
    places = groupby(range(len(report.trend)), key=lambda place: _trended(report, place))
    return [run for _, found in places if len(_dates(report, run := list(found))) > 1]


def _dates(report: Report, places: list[int]) -> set[date]:
    rows = (report.trend[place] for place in places)
    return {row.start for row in rows if row.value.value is not None}


def _trended(report: Report, place: int) -> tuple[str, str]:
    row = report.trend[place]
    return row.metric, row.value.grain


def _channel_cells(row: ChannelRow, lang: str) -> tuple[Cell, ...]:
    shift, before = row.shift, row.before
    return (
        *_now_cells(row, lang),
        shown(before.value, row.unit) if before else None,
        before.n if before else None,
        changed(shift.value, row.unit) if shift else None,
        changed(shift.low, row.unit) if shift else None,
        changed(shift.high, row.unit) if shift else None,
        _change_unit(row, lang) if shift else None,
        t(f"report.reading.{reading(row)}", lang),
        *goal_cells(row.goal, row.unit, lang),
        *_history_cells(row, lang),
        *_note_cells(row, lang),
    )


def goal_cells(judged: Judged | None, unit: Unit, lang: str) -> tuple[Cell, ...]:
    """Target, distance, its interval's ends, and status; empty where there is no goal."""
    if judged is None:
        return (None,) * 5
    distances = (judged.distance, judged.low, judged.high)
    return (
        shown(judged.target, unit),
        *(changed(one, unit) for one in distances),
        status_text(judged, lang),
    )


def _history_cells(row: ChannelRow, lang: str) -> tuple[Cell, ...]:
    """Median and quartiles of the typical campaign, and which campaigns they are of."""
    history = row.history
    if history is None:
        return (None,) * 4
    numbers = (history.median, history.low, history.high)
    return (
        *(shown(one, row.unit) for one in numbers),
        history_text(history, row.unit, lang),
    )


def _now_cells(row: ChannelRow, lang: str) -> tuple[Cell, ...]:
    return (
        channel_name(row.channel, lang),
        metric_name(row.metric, lang),
        _unit(row.now, row.unit, lang),
        shown(row.now.value, row.unit),
        shown(row.now.low, row.unit),
        shown(row.now.high, row.unit),
        row.now.n,
        row.now.base,
    )


def _note_cells(row: ChannelRow, lang: str) -> tuple[Cell, ...]:
    return (
        _flags(row.now, lang),
        text_or(f"grain.{row.now.grain}.name", row.now.grain, lang),
        text_or(f"variant.{row.now.variant}", row.now.variant, lang),
    )


def _interval_cells(value: Value, unit: Unit) -> tuple[Cell, ...]:
    """Value, low, high, and how far the interval's ends lie below and above the value."""
    middle, low, high = shown(value.value, unit), shown(value.low, unit), shown(value.high, unit)
    if middle is None or low is None or high is None:
        return middle, low, high, None, None
    return middle, low, high, max(middle - low, 0.0), max(high - middle, 0.0)


def _unit(value: Value, unit: Unit, lang: str) -> str:
    """The unit in a word; of an amount, its currency."""
    return value.currency or t(f"report.unit.{unit}", lang)


def _change_unit(row: ChannelRow, lang: str) -> str:
    return row.now.currency or t(f"report.change_unit.{row.unit}", lang)


def _flags(value: Value, lang: str) -> str:
    return "; ".join(flags_text(value, lang))
