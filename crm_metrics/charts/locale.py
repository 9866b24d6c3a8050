"""A chart's numbers, months and days in the language of the page, and its common look."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TypeVar

import altair as alt
from babel import Locale
from babel.dates import get_day_names, get_month_names

AnyChart = TypeVar("AnyChart", alt.Chart, alt.LayerChart)

# A title longer than this is broken into lines, so that it is whole on a telephone.
TITLE_WIDTH = 44
_DATE_FORMATS = {"ru": "%d.%m.%Y", "en": "%b %-d, %Y"}


def themed(chart: AnyChart, lang: str) -> AnyChart:
    """The chart with the numbers and dates of `lang` and the product's quiet axes.

    Colours of text and ground are left to the page's theme, light or dark.
    """
    return chart.configure(
        locale=_locale(lang),
        padding={"left": 2, "top": 4, "right": 6, "bottom": 4},
        axis=alt.AxisConfig(
            labelLimit=220,
            labelPadding=8,
            labelFlush=False,
            titlePadding=12,
            grid=True,
            domain=False,
            ticks=False,
        ),
        title=alt.TitleConfig(anchor="start", fontSize=15, offset=14),
        legend=alt.LegendConfig(
            orient="bottom",
            columns=3,
            labelLimit=220,
            symbolType="stroke",
            symbolOpacity=1,
            symbolStrokeWidth=3,
        ),
        view=alt.ViewConfig(stroke=None),
    )


def titled(title: str) -> alt.TitleParams:
    """A title in lines that a narrow page shows whole."""
    return alt.TitleParams(text=textwrap.wrap(title, TITLE_WIDTH) or [""], anchor="start")


@cache
def _locale(lang: str) -> alt.Locale:
    babel = Locale(lang)
    decimal, group = babel.number_symbols["latn"]["decimal"], babel.number_symbols["latn"]["group"]
    # D3 prints one form of a month, so the stand-alone one: "февраля" on an axis would be wrong.
    months = [get_month_names("wide", "stand-alone", lang)[month] for month in range(1, 13)]
    short = [get_month_names("abbreviated", "stand-alone", lang)[month] for month in range(1, 13)]
    # Babel's week begins on Monday, d3's on Sunday.
    days = [get_day_names("wide", "stand-alone", lang)[day] for day in (6, 0, 1, 2, 3, 4, 5)]
    short_days = [
        get_day_names("abbreviated", "stand-alone", lang)[day] for day in (6, 0, 1, 2, 3, 4, 5)
    ]
    percent = "\u00a0%" if lang == "ru" else "%"
    return alt.Locale(
        number=alt.NumberLocale(
            decimal=decimal, thousands=group, grouping=[3], currency=["", ""], percent=percent
        ),
        time=alt.TimeLocale(
            dateTime=f"{_DATE_FORMATS[lang]} %H:%M",
            date=_DATE_FORMATS[lang],
            time="%H:%M",
            periods=["AM", "PM"],
            days=days,
            shortDays=short_days,
            months=months,
            shortMonths=short,
        ),
    )
