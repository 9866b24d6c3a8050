"""Business hours: the week, its zone and the holidays, kept with the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Final

import pandas as pd
import streamlit as st
from babel import Locale

from crm_metrics.errors import InputError
from crm_metrics.mapping.zones import zones
from crm_metrics.metrics.hours import Schedule, Shift, checked, usual_week, write_schedule
from crm_metrics.metrics.hours.schedule import DAY
from crm_metrics.texts import t
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.limits import schedule, zone_of_times
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace

_DAYS: Final = 7
_OPENS, _CLOSES = "opens", "closes"


def schedule_section(_: Seen, language: str) -> None:
    """Draw what is known of business hours and a table to tell them in."""
    st.subheader(t("response.hours_title", language))
    kept = schedule()
    st.caption(t("response.hours_lead" if kept else "response.hours_none", language))
    if zone_of_times() is None:
        st.caption(t("response.hours_zone_unknown", language))
    shown = kept or usual_week()
    with st.form("business_hours", border=True):
        edited = st.data_editor(
            _week(shown, language),
            hide_index=True,
            num_rows="fixed",
            disabled=["day"],
            column_config={
                "day": st.column_config.TextColumn(t("channels.weekday", language)),
                _OPENS: st.column_config.TimeColumn(t("response.opens", language), format="HH:mm"),
                _CLOSES: st.column_config.TimeColumn(
                    t("response.closes", language), format="HH:mm"
                ),
            },
            key=f"week_{language}",
            width=420,
        )
        options = ["", *zones()]
        zone = st.selectbox(
            t("response.hours_zone", language),
            options,
            index=options.index(shown.zone) if shown.zone in options else 0,
            format_func=lambda one: one or t("response.hours_own_zone", language),
            key=f"hours_zone_{language}",
            width=380,
        )
        holidays = st.text_area(
            t("response.holidays", language),
            value="\n".join(day.isoformat() for day in shown.holidays),
            help=t("response.holidays_help", language),
            key=f"holidays_{language}",
            width=380,
        )
        save = st.form_submit_button(t("response.hours_save", language), type="primary")
    if save:
        with boundary():
            _keep(schedule_of(edited, zone, holidays))
    if kept and st.button(t("response.hours_forget", language), key="hours_forget"):
        _keep(None)


def schedule_of(week: pd.DataFrame, zone: str, holidays: str) -> Schedule:
    """The schedule that a week of seven rows and lines of ISO dates tell.

    A closing at midnight is that of the day's end. Raises what `checked` raises, and
    InputError("hours_holiday") for a line that is no date.
    """
    shifts = [
        Shift(day, _seconds(opens), _seconds(closes) or DAY)
        for day, (opens, closes) in enumerate(zip(week[_OPENS], week[_CLOSES], strict=True))
        if not (pd.isna(opens) or pd.isna(closes))
    ]
    return checked(Schedule(tuple(shifts), tuple(_dates(holidays)), zone or None))


def _dates(text: str) -> Sequence[date]:
    found = []
    for line in text.replace(",", "\n").split():
        try:
            found.append(date.fromisoformat(line))
        except ValueError:
            raise InputError("hours_holiday", day=line) from None
    return found


def _week(known: Schedule, language: str) -> pd.DataFrame:
    """A row a day; of several stretches of one day the first opening and the last closing."""
    names = Locale(language).days["stand-alone"]["wide"]
    rows = []
    for day in range(_DAYS):
        own = [one for one in known.shifts if one.weekday == day]
        ends = (min(one.start for one in own), max(one.end for one in own)) if own else None
        rows.append(
            {
                "day": str(names[day]).capitalize(),
                _OPENS: _clock(ends[0]) if ends else None,
                _CLOSES: _clock(ends[1]) if ends else None,
            }
        )
    return pd.DataFrame(rows)


def _clock(seconds: int) -> time:
    minutes = seconds % DAY // 60
    return time(minutes // 60, minutes % 60)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60


def _keep(found: Schedule | None) -> None:
    write_schedule(workspace().folder, found)
    st.rerun()
