"""A finding of a test on the page: verdict, gates, charts, table, method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.charts import difference_chart, interval_chart, series_colors
from crm_metrics.experiments.model import ArmResult, Comparison, Finding
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.trial_numbers import ends_text, trial_metric
from crm_metrics.findings.verdicts import (
    arm_texts,
    difference_texts,
    gate_text,
    lift_texts,
    method_note,
    next_step,
    sentence,
)
from crm_metrics.texts import integer_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.axes import axis_title, scale_of
from crm_metrics.ui.theme import ground
from crm_metrics.ui.widgets import download_table

# Colour only where the verdict tells to act; the words say it as well.
_BADGES: Final = {
    "WINNER": ("green", ":material/trending_up:"),
    "WORSE": ("red", ":material/trending_down:"),
    "PROMISING": ("gray", ":material/hourglass_top:"),
    "WINNER_BUT": ("orange", ":material/warning:"),
    "SAME_ENOUGH": ("gray", ":material/drag_handle:"),
    "REAL_BUT_SMALL": ("gray", ":material/trending_up:"),
    "NO_CLEAR": ("gray", ":material/balance:"),
    "TOO_SMALL": ("gray", ":material/hourglass_empty:"),
    "DO_NOT_USE": ("orange", ":material/block:"),
    "CANNOT_SAY": ("gray", ":material/help:"),
}
_GATES: Final = {
    "pass": ":material/check:",
    "warn": ":material/warning:",
    "block": ":material/block:",
    "not_checked": ":material/help:",
}
_COLUMNS: Final = ("arm", "n", "successes", "value", "interval", "difference", "between", "lift")
_TIDY: Final = (
    *("arm", "n", "successes", "value", "low", "high"),
    *("difference", "difference_low", "difference_high", "lift", "lift_low", "lift_high"),
    *("pvalue", "pvalue_adjusted", "method"),
)


def verdict(finding: Finding, language: str) -> None:
    """The verdict in a sentence, what to do next, and what the gates saw."""
    color, icon = _BADGES[finding.code]
    with st.container(border=True, key="verdict"):
        st.badge(t(f"experiments.code.{finding.code.lower()}", language), icon=icon, color=color)  # type: ignore[arg-type]
        st.markdown(f"## {esc(sentence(finding, language))}")
        st.markdown(f"**{t('experiments.next', language)}** {esc(next_step(finding, language))}")
        lines = [
            f"{_GATES[gate.status]} **{t(f'gate.name.{gate.gate}', language)}.** "
            f"{esc(gate_text(gate, language))}"
            for gate in finding.gates
        ]
        st.caption("  \n".join(lines))


def charts(finding: Finding, language: str) -> None:
    """Every version with its interval, and every difference from the control."""
    left, right = st.columns(2, gap="large")
    with left:
        _arms_chart(finding, language)
    with right:
        _difference_chart(finding, language)


def numbers(finding: Finding, language: str) -> None:
    """The table of the numbers, and its download with all digits."""
    st.subheader(t("experiments.table_title", language))
    compared = {item.arm: item for item in finding.comparisons}
    events = finding.setup.shape == "proportion"
    shown = [name for name in _COLUMNS if events or name != "successes"]
    rows = [_row(finding, arm, compared.get(arm.name), language) for arm in finding.arms]
    config = {
        name: st.column_config.TextColumn(
            t(f"experiments.column.{name}", language),
            alignment="left" if name == "arm" else "right",
            pinned=name == "arm",
        )
        for name in shown
    }
    st.dataframe(
        pd.DataFrame(rows)[shown],
        column_config=config,
        hide_index=True,
        alt=t("experiments.table_alt", language),
        key="experiment_table",
    )
    download_table(
        [t(f"experiments.column.{name}", language) for name in _TIDY],
        lambda: _tidy(finding),
        language,
        name="experiment",
        key="experiment_download",
    )


def method(finding: Finding, language: str) -> None:
    """How the verdict was reached, with p values and versions, for who asks."""
    with st.expander(t("experiments.method", language), icon=":material/function:"):
        st.markdown("\n".join(f"- {esc(line)}" for line in method_note(finding, language)))


def _arms_chart(finding: Finding, language: str) -> None:
    arms = [arm for arm in finding.arms if arm.value is not None]
    if not arms:
        return
    scale = scale_of(finding)
    texts = {arm.name: arm_texts(finding, arm, language) for arm in arms}
    frame = pd.DataFrame(
        {
            "key": [arm.name for arm in arms],
            "label": [arm.name for arm in arms],
            "value": [scale * arm.value for arm in arms if arm.value is not None],
            "low": [None if arm.low is None else scale * arm.low for arm in arms],
            "high": [None if arm.high is None else scale * arm.high for arm in arms],
            "value_text": [texts[arm.name][0] for arm in arms],
            "interval_text": [ends_text(texts[arm.name][1:], language) for arm in arms],
            "n_text": [integer_text(arm.n, language) for arm in arms],
        }
    )
    metric = trial_metric(finding.setup.metric, language)
    chart = spec_of(
        interval_chart,
        frame,
        title=t("experiments.arms_title", language),
        x_title=axis_title(finding, language),
        lang=language,
        colors=series_colors([arm.name for arm in finding.arms], ground()),
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        ordered=True,
    )
    said = "; ".join(f"{arm.name}: {texts[arm.name][0]}" for arm in arms)
    alt = t("experiments.arms_alt", language, metric=metric, values=said)
    st.vega_lite_chart(chart, alt=alt, key="experiment_arms")


def _difference_chart(finding: Finding, language: str) -> None:
    known = [
        (item, texts)
        for item in finding.comparisons
        if (texts := difference_texts(finding, item, language)) is not None
    ]
    if not known:
        st.caption(t("experiments.no_difference", language))
        return
    scale = scale_of(finding)
    frame = pd.DataFrame(
        [
            {
                "label": item.arm,
                "value": scale * (item.difference or 0.0),
                "low": scale * (item.difference_low or 0.0),
                "high": scale * (item.difference_high or 0.0),
                "tone": _tone(finding, item),
                "value_text": texts[0],
                "interval_text": ends_text(texts[1:], language),
            }
            for item, texts in known
        ]
    )
    control = finding.setup.control
    chart = spec_of(
        difference_chart,
        frame,
        title=t("experiments.difference_title", language, control=control),
        x_title=axis_title(finding, language, gap=True),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "interval_text"),
    )
    said = "; ".join(
        f"{item.arm}: {texts[0]} ({ends_text(texts[1:], language)})" for item, texts in known
    )
    alt = t("experiments.difference_alt", language, control=control, values=said)
    st.vega_lite_chart(chart, alt=alt, key="experiment_difference")


def _tone(finding: Finding, item: Comparison) -> str:
    """Good or bad only where the test says so and the gates let it."""
    gated = finding.code in ("DO_NOT_USE", "TOO_SMALL")
    adjusted = item.pvalue_adjusted
    if gated or adjusted is None or adjusted >= finding.setup.alpha:
        return "unclear"
    up = (item.difference or 0.0) > 0
    return "good" if up == (finding.setup.direction == "up") else "bad"


def _row(
    finding: Finding, arm: ArmResult, item: Comparison | None, language: str
) -> dict[str, str]:
    value, low, high = arm_texts(finding, arm, language)
    difference = difference_texts(finding, item, language) if item else None
    lift = lift_texts(item, language) if item else None
    control = t("experiments.control_row", language)
    unknown = control if item is None else "—"
    return {
        "arm": arm.name,
        "n": integer_text(arm.n, language),
        "successes": integer_text(arm.successes, language),
        "value": value,
        "interval": ends_text((low, high), language),
        "difference": difference[0] if difference else unknown,
        "between": ends_text(difference[1:], language) if difference else unknown,
        "lift": f"{lift[0]} ({ends_text(lift[1:], language)})" if lift else unknown,
    }


def _tidy(finding: Finding) -> Iterator[tuple[Cell, ...]]:
    """A row a version, numbers as they are: rates and lifts as fractions."""
    compared = {item.arm: item for item in finding.comparisons}
    for arm in finding.arms:
        item = compared.get(arm.name)
        own = tuple(getattr(arm, name) for name in ("name", *_TIDY[1:6]))
        yield (*own, *(getattr(item, name) if item else None for name in _TIDY[6:]))
