"""Business hours: the week, its zone and the holidays, kept with the data."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st
from babel import Locale

from crm_metrics.mapping.zones import zones
from crm_metrics.metrics.hours import (
    Schedule,
    checked,
    day_hours_in,
    day_hours_text,
    days_in,
    usual_week,
    write_schedule,
)
from crm_metrics.texts import t
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.limits import schedule
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label

_DAYS: Final = 7
_OPEN = "open"


def schedule_section(_: Seen, language: str) -> None:
    """Draw what is known of business hours and a table to tell them in."""
    st.subheader(t("response.hours_title", language))
    kept = schedule()
    st.caption(t("response.hours_lead" if kept else "response.hours_none", language))
    if workspace().together.zone() is None:
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
                _OPEN: st.column_config.TextColumn(
                    t("response.open_at", language), help=t("response.open_at_help", language)
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
        save = st.form_submit_button(main_label(t("response.hours_save", language)), type="primary")
    if save:
        with boundary():
            _keep(schedule_of(edited, zone, holidays))
    if kept and st.button(t("response.hours_forget", language), key="hours_forget"):
        _keep(None)


def schedule_of(week: pd.DataFrame, zone: str, holidays: str) -> Schedule:
    """The schedule that a week of seven rows, written as "09:00-13:00, 14:00-18:00", tells.

    Raises what `day_hours_in`, `days_in` and `checked` raise.
    """
    shifts = [
        shift
        for day, written in enumerate(week[_OPEN])
        for shift in day_hours_in(day, "" if pd.isna(written) else str(written))
    ]
    return checked(Schedule(tuple(shifts), days_in(holidays), zone or None))


def _week(known: Schedule, language: str) -> pd.DataFrame:
    """A row a day."""
    names = Locale(language).days["stand-alone"]["wide"]
    rows = []
    for day in range(_DAYS):
        own = [one for one in known.shifts if one.weekday == day]
        rows.append({"day": str(names[day]).capitalize(), _OPEN: day_hours_text(own)})
    return pd.DataFrame(rows)


def _keep(found: Schedule | None) -> None:
    write_schedule(workspace().folder, found)
    st.rerun()
