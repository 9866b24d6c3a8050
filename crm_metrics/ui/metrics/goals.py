"""Goals on a page of metrics: what is aimed at, how far it is, and the words for a card."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from crm_metrics.findings.customers import derived_estimate
from crm_metrics.findings.goals import (
    card_text,
    distance_text,
    scope_text,
    source_text,
    status_text,
    target_text,
)
from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.sentences import Evidence
from crm_metrics.findings.wording import estimate, metric_name
from crm_metrics.metrics.derived import Derived
from crm_metrics.metrics.goals import Judged, judge_all, judge_first, metric_of, read_goals
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.goals_editor import goals_editor
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.state import workspace

_COLUMNS = ("metric", "channel", "target", "now", "distance", "status", "source")


def goals_section(seen: Seen, language: str) -> None:
    """Draw the goals with what the data say of them, and the editor under them."""
    st.subheader(t("goals.title", language))
    found = judged_goals(seen)
    if found:
        st.caption(t("goals.lead", language))
        _table(found, language)
    else:
        st.caption(t("goals.none", language))
    channels = tuple(dict.fromkeys(row.channel for row in seen.rows if row.channel))
    goals_editor(channels, language, metric=next(iter(seen.headlines), None))


def judged_goals(seen: Seen) -> tuple[Judged, ...]:
    """Every goal of what the page is about, beside what is seen."""
    goals = [one for one in read_goals(workspace().folder) if seen.topic.holds(one.metric)]
    if not goals:
        return ()
    rows = list(seen.rows)
    made, made_before = seen.topic.worked_out(seen) if seen.topic.worked_out else ((), ())
    asked = tuple(dict.fromkeys(goal.metric for goal in goals if goal.channel is None))
    known = {row.metric for row in rows}
    for pooled in together(seen, tuple(key for key in asked if key in known)).values():
        rows += pooled
    before = [row.before for row in rows if row.before is not None]
    now = [*(row.now for row in rows), *made]
    return judge_all(goals, now, [*before, *made_before], seen.missing)


def evidence_of(seen: Seen) -> Evidence:
    """What the sentences of the page stand on beside its rows."""
    return Evidence(seen.period, seen.before, seen.values_before, judged_goals(seen))


def goal_words(row: ChannelRow, language: str) -> str:
    """The goal that a card's row has, and its status; "" where it has none. Not escaped."""
    judged = judge_first(read_goals(workspace().folder), row.now, row.before)
    return card_text(judged, language) if judged else ""


def _table(found: tuple[Judged, ...], language: str) -> None:
    rows = [
        [
            metric_name(one.goal.metric, language),
            scope_text(one.goal, language),
            target_text(one, language),
            _now(one, language),
            distance_text(one, language),
            status_text(one, language),
            source_text(one.goal, language),
        ]
        for one in found
    ]
    titles = [t(f"goals.column.{name}", language) for name in _COLUMNS]
    frame = pd.DataFrame(rows, columns=titles).map(esc)
    counts = Counter(one.status for one in found)
    alt = t(
        "goals.table_alt",
        language,
        **{status: counts[status] for status in ("met", "missed", "unclear", "na")},
    )
    st.table(frame, border="horizontal", hide_index=True, alt=alt)


def _now(judged: Judged, language: str) -> str:
    metric, value = metric_of(judged.goal, judged.value), judged.value
    if metric is None or value is None or value.value is None:
        return "—"
    if isinstance(metric, Derived):
        return derived_estimate(value, language)
    return estimate(value, metric.unit, language)
