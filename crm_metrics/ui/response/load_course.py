"""How much each agent has a day, and what the busiest day would take."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import TONES, course_chart, funnel_chart
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.workload import MOST_DAYS, Capacity, Load, capacity, loads
from crm_metrics.texts import date_text, decimal_text, integer_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.response.courses import by_group, when_text
from crm_metrics.ui.theme import ground

_MOST_AGENTS = 15
_COUNTED = {"date": "agents", "week": "agent_days"}


def load_course(seen: Seen, language: str) -> None:
    """Draw what an agent has a day, by day or by agent, with what the busiest day would take."""
    days = loads(by_group(seen, "load_per_agent", "date"))
    told = capacity(days)
    if told is None:
        st.caption(t("response.load_one" if days else "response.load_no_agents", language))
        return
    by = one_of(
        "load_by",
        t("response.course", language),
        ("day", "agent"),
        lambda key: t(f"response.load_by_{key}", language),
        language=language,
        flat=True,
    )
    st.markdown(esc(_capacity_words(told, language), limit=600))
    if by == "agent":
        _agents(by_group(seen, "load_per_agent", "agent"), language)
    elif len(days) > MOST_DAYS:
        weeks = loads(by_group(seen, "load_per_agent", "week"), "week")
        _days(weeks, "week", told, language)
    else:
        _days(days, "date", told, language)


def _days(days: Sequence[Load], step: str, told: Capacity, language: str) -> None:
    word = t("response.axis_load", language)
    frame = pd.DataFrame(
        [
            {
                "label": when_text(one.day, language),
                "part": word,
                "count": one.each,
                "value_text": decimal_text(one.each, language, 1),
                "note": _load_words(one, step, language),
            }
            for one in days
        ]
    )
    titles = tuple(
        t(f"response.{key}", language)
        for key in (f"axis_{step}", "axis_load", "conversations", _COUNTED[step])
    )
    charted(
        spec_of(
            course_chart,
            frame,
            title=t(f"response.load_{step}_title", language),
            x_title=t(f"response.axis_{step}", language),
            y_title=word,
            lang=language,
            colors={word: TONES[ground()]["accent"]},
            tips=tip_titles(language, "label", "value_text", "note"),
            usual=told.usual,
        ),
        lambda: Lines(
            titles=titles,
            shown=tuple(
                (
                    date_text(one.day, language),
                    decimal_text(one.each, language, 1),
                    *(integer_text(n, language) for n in (one.conversations, one.agents)),
                )
                for one in days
            ),
            columns=titles,
            cells=tuple(
                (one.day.isoformat(), one.each, one.conversations, one.agents) for one in days
            ),
        ),
        language,
        alt=_capacity_words(told, language),
        key="load_course",
        name="load_by_day",
    )
    st.caption(t("response.load_day_note", language))


def _agents(values: Sequence[Value], language: str) -> None:
    named = [one for one in values if one.group["agent"] is not None]
    named.sort(key=lambda one: -one.components["y"])
    if not named:
        st.caption(t("response.load_no_agents", language))
        return
    frame = pd.DataFrame(
        [
            {
                "label": str(one.group["agent"]),
                "count": one.value,
                "text": decimal_text(one.value, language, 1),
                "note": _agent_words(one, language),
            }
            for one in named[:_MOST_AGENTS]
        ]
    )
    titles = tuple(
        t(f"response.{key}", language) for key in ("agent", "axis_load", "conversations", "days")
    )
    charted(
        spec_of(
            funnel_chart,
            frame,
            title=t("response.load_agent_title", language),
            x_title=t("response.axis_load", language),
            lang=language,
            color=TONES[ground()]["accent"],
            ground=ground(),
            tips=tip_titles(language, "label", "text", "note"),
        ),
        lambda: Lines(
            titles=titles,
            shown=tuple(
                (
                    str(one.group["agent"]),
                    decimal_text(one.value, language, 1),
                    *(integer_text(one.components[part], language) for part in ("y", "x")),
                )
                for one in named
            ),
            columns=titles,
            cells=tuple(
                (one.group["agent"], one.value, one.components["y"], one.components["x"])
                for one in named
            ),
        ),
        language,
        alt=t(
            "response.load_agent_alt",
            language,
            agent=str(named[0].group["agent"]),
            each=decimal_text(named[0].value, language, 1),
        ),
        key="load_agents",
        name="load_by_agent",
    )
    more = [t("response.load_most", language, count=_MOST_AGENTS)] * (len(named) > _MOST_AGENTS)
    st.caption(" ".join([t("response.load_agent_note", language), *more]))


def _capacity_words(told: Capacity, language: str) -> str:
    busiest = told.busiest
    return t(
        "response.capacity" if told.needed > busiest.agents else "response.capacity_even",
        language,
        usual=decimal_text(told.usual, language, 1),
        day=date_text(busiest.day, language),
        each=decimal_text(busiest.each, language, 1),
        agents=integer_text(busiest.agents, language),
        needed=integer_text(told.needed, language),
    )


def _load_words(one: Load, step: str, language: str) -> str:
    counts = {"conversations": one.conversations, "agents": one.agents}
    texts = {name: integer_text(number, language) for name, number in counts.items()}
    return t("response.load_of" if step == "date" else "response.week_of", language, **texts)


def _agent_words(one: Value, language: str) -> str:
    counts = {"conversations": one.components["y"], "days": one.components["x"]}
    texts = {name: integer_text(number, language) for name, number in counts.items()}
    return t("response.agent_of", language, **texts)
