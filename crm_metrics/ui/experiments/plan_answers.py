"""The planner's three answers: people for a change, the change a list shows, weeks at a volume."""

from __future__ import annotations

import streamlit as st

from crm_metrics.experiments import Plan, duration, reach
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.texts.formats import MINUS
from crm_metrics.ui.experiments.plan_question import Question
from crm_metrics.ui.experiments.words_table import words_table

_LIFTS = (0.05, 0.1, 0.2, 0.3, 0.5)
_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
_BASELINES = (0.5, 1.0, 2.0)
_WEEKS = (1, 2, 3, 4, 8)


def for_change(question: Question, lift: float, language: str) -> Plan | None:
    """How many people a change needs, and others beside it."""
    found = _possible(question, lift, language)
    if found is None:
        return None
    st.markdown(f"## {_needs(question, found, language)}")
    plans = [
        question.for_lift(value) for value in sorted({*_LIFTS, lift}) if question.possible(value)
    ]
    words_table(
        "plan",
        [
            {
                "lift": _signed(one.lift, language),
                "target": question.shown(one.target, language),
                "n": integer_text(one.n, language),
                "total": integer_text(one.total, language),
            }
            for one in plans
        ],
        language,
    )
    return found


def for_list(question: Question, people: int, language: str) -> Plan:
    """The smallest change that a list shows, and parts of it from lower and higher baselines."""
    found = question.for_people(people)
    st.markdown(f"## {_shows(question, found, people, language)}")
    if found.too_short:
        st.markdown(t("experiments.plan_advice", language))
    baselines = [question.baseline * factor for factor in _BASELINES]
    if question.deviation is None:
        baselines = [value for value in baselines if value < 1]
    cells = reach(
        people, question.at, shares=_SHARES, baselines=baselines, weights=question.weights
    )
    rows = []
    for place in range(0, len(cells), len(baselines)):
        part = cells[place : place + len(baselines)]
        shares = {"share": percent_text(part[0].share, language, 0)}
        shares["total"] = integer_text(part[0].people, language)
        lifts = {f"from_{i}": _signed(cell.lift, language) for i, cell in enumerate(part)}
        rows.append(shares | lifts)
    config = {
        f"from_{i}": st.column_config.TextColumn(
            t("experiments.plan_from", language, baseline=question.shown(value, language)),
            alignment="right",
        )
        for i, value in enumerate(baselines)
    }
    words_table("plan", rows, language, config=config)
    return found


def for_volume(question: Question, lift: float, volume: int, language: str) -> Plan | None:
    """How long a change takes at so many people a day, and what whole weeks show."""
    found = _possible(question, lift, language)
    if found is None:
        return None
    needed = duration(found.total, volume)
    said = t(
        "experiments.plan_takes",
        language,
        volume=volume,
        days=needed.days,
        weeks=needed.weeks,
    )
    st.markdown(f"## {said}")
    st.markdown(_needs(question, found, language))
    rows = []
    for weeks in sorted({*_WEEKS, needed.weeks} if needed.weeks <= 52 else _WEEKS):
        own = question.for_people(7 * weeks * volume)
        rows.append(
            {
                "weeks": integer_text(weeks, language),
                "total": integer_text(7 * weeks * volume, language),
                "lift": _signed(own.lift, language),
                "target": question.shown(own.target, language),
            }
        )
    words_table("plan", rows, language)
    return found


def _possible(question: Question, lift: float, language: str) -> Plan | None:
    if question.possible(lift):
        return question.for_lift(lift)
    if question.direction == "down":
        shown = {"lift": percent_text(lift, language, 0)}
        st.info(t("experiments.plan_impossible_down", language, **shown), icon=":material/info:")
        return None
    target = question.baseline * (1 + lift)
    shown = {
        "baseline": percent_text(question.baseline, language, 0),
        "lift": percent_text(lift, language, 0),
        "target": percent_text(target, language, 0),
    }
    st.info(t("experiments.plan_impossible", language, **shown), icon=":material/info:")
    return None


def _needs(question: Question, found: Plan, language: str) -> str:
    uneven = len(set(found.per_arm)) > 1
    sizes = " : ".join(integer_text(size, language) for size in found.per_arm)
    return t(
        "experiments.plan_needs_uneven" if uneven else "experiments.plan_needs",
        language,
        n=sizes if uneven else integer_text(found.n, language),
        total=integer_text(found.total, language),
        baseline=question.shown(found.baseline, language),
        target=question.shown(found.target, language),
    )


def _shows(question: Question, found: Plan, people: int, language: str) -> str:
    if found.lift is None:
        return t("experiments.plan_nothing", language)
    return t(
        "experiments.plan_shows",
        language,
        people=integer_text(people, language),
        lift=percent_text(abs(found.lift), language, 0 if abs(found.lift) >= 0.1 else 1),
        baseline=question.shown(found.baseline, language),
        target=question.shown(found.target, language),
    )


def _signed(lift: float | None, language: str) -> str:
    if lift is None:
        return "—"
    sign = "+" if lift > 0 else MINUS
    return f"{sign}{percent_text(abs(lift), language, 0 if abs(lift) >= 0.1 else 1)}"
