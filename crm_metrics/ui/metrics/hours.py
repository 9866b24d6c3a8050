"""When it works: the chosen metric by weekday and hour, few cases left blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st
from babel import Locale

from crm_metrics.charts import heat_chart, interval_chart
from crm_metrics.charts.palette import TONES
from crm_metrics.errors import NotFoundError
from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.wording import inside, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.comparing.pooled import adds_up, may_overlap, pooled
from crm_metrics.metrics.model import Value
from crm_metrics.texts import period_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, scaled, texts_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.metrics.apart import apart
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.theme import ground
from crm_metrics.ui.zones_view import times_words

_LEAST_CELLS = 10  # with enough cases, before a map says more than its margins


def hours_of(seen: Seen, rows: Sequence[ChannelRow], span: Period | None, language: str) -> None:
    """Draw the metric of `rows` by weekday and hour over `span`, or by each where cases are few."""
    name = metric_name(rows[0].metric, language)
    st.subheader(t("channels.hours_title", language, metric=inside(name)))
    every = _asked(seen, rows, span, ("weekday", "hour"))
    found = [one for one in every if None not in one.group.values()]
    least = metric_named(rows[0].metric, rows[0].now.grain).minimum_n
    enough = [one for one in found if _is_enough(one, least)]
    if len(enough) >= _LEAST_CELLS:
        _map(found, rows[0], least, language)
        said = [t("channels.hours_blank", language, n=least)]
    else:
        sides = {by: _side(seen, rows, span, every, by) for by in ("weekday", "hour")}
        said = _margins(sides, rows[0], language)
        if len(found) > 1 and said:
            said.append(t("channels.hours_few", language, n=least, count=len(enough)))
    if not found:
        st.caption(t("channels.hours_no_times", language))
    elif not said:
        st.caption(t("channels.hours_one", language))
    else:
        days = (
            [t("channels.hours_days", language, days=period_text(span, language))] if span else []
        )
        zone = times_words(rows[0].now.grain, language)
        st.caption(" ".join([*days, t("channels.hours_zone", language, zone=zone), *said]))


def _margins(sides: dict[str, list[Value]], row: ChannelRow, language: str) -> list[str]:
    """Weekdays and hours apart, each where there are two or more; [""] where one was drawn."""
    told = {by: found for by, found in sides.items() if len(found) > 1}
    if not told:
        return []
    columns = st.columns(len(told), gap="large")
    for column, (by, found) in zip(columns, told.items(), strict=True):
        with column:
            _margin(found, row, by, language)
    return [""]


def _asked(
    seen: Seen, rows: Sequence[ChannelRow], span: Period | None, by: tuple[str, ...]
) -> list[Value]:
    """The metric's values of one grain and formula; none where no rows have a time."""
    filters = replace(seen.filters, start=span[0], end=span[1]) if span else seen.filters
    try:
        result = cached.compute((rows[0].metric,), by=by, filters=filters, limits=seen.limits)
    except NotFoundError:
        return []
    variant, grain = rows[0].now.variant, rows[0].now.grain
    return [
        one
        for one in result.values  # noqa: PD011 - no frame
        if one.value is not None and one.variant == variant and comparable(one.grain, grain)
    ]


def _side(
    seen: Seen, rows: Sequence[ChannelRow], span: Period | None, cells: Sequence[Value], by: str
) -> list[Value]:
    """The metric by weekday or hour: made of the cells where they add up, else asked for."""
    declared = metric_named(rows[0].metric, rows[0].now.grain)
    if not cells or not adds_up(declared) or may_overlap(declared):
        return [one for one in _asked(seen, rows, span, (by,)) if one.group[by] is not None]
    grain = rows[0].now.grain
    own: dict[str, list[Value]] = {}
    for one in cells:
        if (name := one.group[by]) is not None:
            own.setdefault(name, []).append(replace(one, grain=grain))
    return [replace(pooled(found), group={by: name}) for name, found in own.items()]


def _is_enough(value: Value, least: int) -> bool:
    return value.n >= least and "few_units" not in value.flags and "small_n" not in value.flags


def _map(found: Sequence[Value], row: ChannelRow, least: int, language: str) -> None:
    metric, unit = row.metric, row.unit
    enough = [one for one in found if _is_enough(one, least)]
    scale = scale_of(unit, enough)
    name = metric_name(metric, language)
    names = _days(language)
    frame = pd.DataFrame(
        [
            {
                "day": names[int(one.group["weekday"] or 0)],
                "hour": int(one.group["hour"] or 0),
                "label": _cell_name(one, names, language),
                "value": scaled(one.value, scale),
                "few": not _is_enough(one, least),
                "note": ""
                if _is_enough(one, least)
                else t("channels.hours_cell_few", language, n=least),
                **texts_of(one, unit, language),
            }
            for one in found
        ]
    )
    best = max(enough, key=lambda one: one.value or 0.0)
    value = texts_of(best, unit, language)["value_text"]
    hour = _cell_name(best, names, language)
    charted(
        spec_of(
            heat_chart,
            frame,
            title=_title(enough, best, language, hour=hour, value=value),
            x_title=t("channels.axis_hour", language),
            legend_title=axis_title(name, scale, language, best.currency),
            lang=language,
            ground=ground(),
            days=names,
            tips=tip_titles(language, "label", "value_text", "interval_text", "n_text", "note"),
        ),
        lambda: value_lines(
            [
                ((names[int(one.group["weekday"] or 0)], f"{one.group['hour']}"), one)
                for one in found
            ],
            (t("channels.weekday", language), t("channels.hour", language)),
            unit,
            language,
        ),
        language,
        alt=t("channels.hours_alt", language, metric=name, hour=hour, value=value),
        key="hours",
        name="hours",
    )


def _title(enough: Sequence[Value], best: Value, language: str, **words: str) -> str:
    """The highest hour where it is clearly above all others together, else that none is."""
    found = next(one for value, one in zip(enough, apart(enough), strict=True) if value is best)
    if found.pvalue_adjusted is None:
        return t("channels.hours_map", language)
    highest = found.clear and (found.difference or 0.0) > 0
    return t(f"channels.hours_{'best' if highest else 'level'}", language, **words)


def _margin(values: Sequence[Value], row: ChannelRow, by: str, language: str) -> None:
    """One of the two sides of the map, as dots with whiskers in the order of the clock."""
    metric, unit = row.metric, row.unit
    found = sorted(values, key=lambda one: int(one.group[by] or 0))
    scale = scale_of(unit, found)
    name = metric_name(metric, language)
    named = [(_side_name(one, by, language), one) for one in found]
    frame = pd.DataFrame(
        [
            {
                "key": "all",
                "label": label,
                **measured(one, unit, scale, language),
            }
            for label, one in named
        ]
    )
    best = max(named, key=lambda pair: pair[1].value or 0.0)
    charted(
        spec_of(
            interval_chart,
            frame,
            title=t(f"channels.by_{by}", language),
            x_title=axis_title(name, scale, language, found[0].currency),
            lang=language,
            colors={"all": TONES[ground()]["accent"]},
            tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
            ground=ground(),
            ordered=True,
            dense=by == "hour",
        ),
        lambda: value_lines(
            [((label,), one) for label, one in named],
            (t(f"channels.{by}", language),),
            unit,
            language,
        ),
        language,
        alt=t(
            "channels.hours_alt",
            language,
            metric=name,
            hour=best[0],
            value=texts_of(best[1], unit, language)["value_text"],
        ),
        key=f"hours_{by}",
        name=f"hours_{by}",
    )


def _days(language: str) -> list[str]:
    """Monday to Sunday, short."""
    names = Locale(language).days["stand-alone"]["abbreviated"]
    return [str(names[day]) for day in range(7)]


def _side_name(value: Value, by: str, language: str) -> str:
    number = int(value.group[by] or 0)
    return _days(language)[number] if by == "weekday" else _clock(number)


def _cell_name(value: Value, names: Sequence[str], language: str) -> str:
    day, hour = names[int(value.group["weekday"] or 0)], int(value.group["hour"] or 0)
    return t("channels.day_and_hour", language, day=day, hour=_clock(hour))


def _clock(hour: int) -> str:
    return f"{hour}:00\N{EN DASH}{hour}:59"
