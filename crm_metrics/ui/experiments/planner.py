"""The plan of a test: how many people it needs, how it was divided, what a list can show."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import streamlit as st

from crm_metrics.errors import UsageError
from crm_metrics.experiments import Arm, Setup, plan
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui.filters import one_of

_LIFTS = (0.05, 0.1, 0.2, 0.3, 0.5)
_WORTHWHILE = 0.2
_BASELINE = 2.0


def planned(setup: Setup, arms: tuple[Arm, ...], language: str) -> Setup:
    """Ask how the test was planned: division, looks, smallest change worth acting on."""
    with st.expander(t("experiments.planned", language), icon=":material/tune:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            split = _split(len(arms), language)
            looks = _looks(language)
            lift = st.number_input(
                t("experiments.smallest_lift", language),
                min_value=1,
                max_value=500,
                value=20,
                step=5,
                key="smallest_lift",
                persist_state="session",
                help=t("experiments.smallest_lift_help", language),
                width=260,
            )
        return replace(setup, split=split, looks=looks, smallest_lift=lift / 100)


def planner(language: str) -> None:
    """Sizes for a change, or the smallest change for a size, in words and a small table."""
    way = one_of(
        "plan_way",
        t("experiments.plan_way", language),
        ("lift", "list"),
        lambda key: t(f"experiments.plan_{key}", language),
        language=language,
        flat=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        baseline = _number("plan_baseline", language, (0.01, 99.0), _BASELINE, 0.1) / 100
        arms = int(_number("plan_arms", language, (2, 10), 2, 1))
        if way == "lift":
            lift = _number("plan_change", language, (1, 500), 20, 5) / 100
        else:
            people = int(_number("plan_people", language, (10, 10**9), 20_000, 1000))
    if way == "lift":
        _sizes(baseline, arms, lift, language)
    else:
        _reach(baseline, arms, people, language)
    st.caption(t("experiments.plan_method", language))


def _sizes(baseline: float, arms: int, lift: float, language: str) -> None:
    target = baseline * (1 + lift)
    if target >= 1:
        shown = (percent_text(value, language, 0) for value in (baseline, lift, target))
        texts = dict(zip(("baseline", "lift", "target"), shown, strict=True))
        st.info(t("experiments.plan_impossible", language, **texts), icon=":material/info:")
        return
    found = plan(baseline, lift=lift, arms=arms)
    st.markdown(
        "#### "
        + t(
            "experiments.plan_needs",
            language,
            n=integer_text(found.n, language),
            total=integer_text(found.total, language),
            baseline=percent_text(baseline, language),
            target=percent_text(found.target, language),
        )
    )
    others = [value for value in sorted({*_LIFTS, lift}) if baseline * (1 + value) < 1]
    rows = [
        {
            "lift": f"+{percent_text(value, language, 0)}",
            "target": percent_text(baseline * (1 + value), language),
            "n": integer_text(plan(baseline, lift=value, arms=arms).n, language),
            "total": integer_text(plan(baseline, lift=value, arms=arms).total, language),
        }
        for value in others
    ]
    _table(rows, language)


def _reach(baseline: float, arms: int, people: int, language: str) -> None:
    found = plan(baseline, n=max(people // arms, 2), arms=arms)
    if found.lift is None:
        st.markdown("#### " + t("experiments.plan_nothing", language))
        return
    said = t(
        "experiments.plan_shows",
        language,
        people=integer_text(people, language),
        lift=percent_text(found.lift, language, 0 if found.lift >= 0.1 else 1),
        baseline=percent_text(baseline, language),
        target=percent_text(found.target, language),
    )
    st.markdown(f"#### {said}")
    if found.lift > _WORTHWHILE:
        st.markdown(t("experiments.plan_advice", language))
    rows = []
    for part in (0.1, 0.25, 0.5, 1.0):
        own = plan(baseline, n=max(int(people * part) // arms, 2), arms=arms)
        rows.append(
            {
                "total": integer_text(int(people * part), language),
                "n": integer_text(own.n, language),
                "lift": "—" if own.lift is None else f"+{percent_text(own.lift, language, 0)}",
                "target": percent_text(own.target, language),
            }
        )
    _table(rows, language)


def _table(rows: list[dict[str, str]], language: str) -> None:
    titles = {name: t(f"experiments.plan_column.{name}", language) for name in rows[0]}
    config = {
        name: st.column_config.TextColumn(title, alignment="right")
        for name, title in titles.items()
    }
    st.dataframe(
        pd.DataFrame(rows),
        column_config=config,
        hide_index=True,
        alt=t("experiments.plan_alt", language),
        key="plan_table",
    )


def _number(
    name: str, language: str, bounds: tuple[float, float], default: float, step: float
) -> float:
    whole = isinstance(step, int)
    return st.number_input(
        t(f"experiments.{name}", language),
        min_value=bounds[0],
        max_value=bounds[1],
        value=default,
        step=step,
        format="%d" if whole else "%g",
        key=name,
        persist_state="session",
        width=260,
    )


def _split(arms: int, language: str) -> tuple[float, ...] | None:
    way = one_of(
        "split",
        t("experiments.split", language),
        ("unknown", "equal", "other"),
        lambda key: t(f"experiments.split_{key}", language),
        language=language,
        meaning=t("experiments.split_help", language),
    )
    if way == "unknown":
        return None
    if way == "equal":
        return (1.0,) * arms
    typed = st.text_input(
        t("experiments.split_typed", language),
        value=":".join(["50"] * arms) if arms == 2 else ":".join(["1"] * arms),
        key=f"split_typed_{arms}",
        persist_state="session",
        max_chars=60,
        width=200,
    )
    parts = [part for part in re.split(r"[\s:/;]+", typed.strip()) if part]
    try:
        return tuple(float(part.replace(",", ".")) for part in parts)
    except ValueError:
        raise UsageError("split_format", split=typed) from None


def _looks(language: str) -> str:
    way = one_of(
        "looks",
        t("experiments.looks", language),
        ("once", "planned", "any"),
        lambda key: t(f"experiments.looks_{key}", language),
        language=language,
        meaning=t("experiments.looks_help", language),
    )
    if way != "planned":
        return way
    return str(int(_number("looks_count", language, (2, 20), 5, 1)))
