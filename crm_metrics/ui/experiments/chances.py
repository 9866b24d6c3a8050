"""The second view of a test: how likely each version is the best, and what a wrong choice costs."""

from __future__ import annotations

import streamlit as st

from crm_metrics.experiments.bayes import Belief, beliefs
from crm_metrics.experiments.model import Finding
from crm_metrics.texts import decimal_text, money_text, percent_text, t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.words_table import words_table

_LEAST, _MOST = 0.001, 0.999
_NOTHING = 0.01


def chances_section(finding: Finding, language: str) -> None:
    """A sentence on the likeliest best version, and a table; the verdict stays where it is."""
    found = beliefs(finding)
    if not found:
        kind = "share" if finding.setup.shape != "proportion" else "verdict"
        st.info(t(f"experiments.chances_none_{kind}", language), icon=":material/help:")
        return
    first = max(found, key=lambda belief: belief.best)
    said = t(
        "experiments.chances_said",
        language,
        arm=first.arm,
        chance=_chance(first.best, language),
        loss=_points(first.loss, language),
    )
    words = "experiments.chances_clear" if first.clear else "experiments.chances_open"
    st.badge(t(words, language), color="green" if first.clear else "gray")
    st.markdown(f"### {esc(said)}")
    unknown = [name for name in ("loss_events", "loss_money") if getattr(first, name) is None]
    rows = [
        {
            name: text
            for name, text in _row(belief, finding, language).items()
            if name not in unknown
        }
        for belief in found
    ]
    words_table("chances", rows, language, left=("arm",))
    st.caption(t("experiments.chances_note", language))


def _row(belief: Belief, finding: Finding, language: str) -> dict[str, str]:
    control = t("experiments.control_row", language)
    beats = belief.beats_control
    money, events = belief.loss_money, belief.loss_events
    return {
        "arm": belief.arm,
        "best": _chance(belief.best, language),
        "beats_control": control if beats is None else _chance(beats, language),
        "loss": _points(belief.loss, language),
        "loss_events": decimal_text(events, language, 0 if (events or 0) >= 10 else 1),
        "loss_money": money_text(money, language, finding.setup.currency or None),
    }


def _chance(chance: float, language: str) -> str:
    """A chance in percent; never 0 or 100, since no data say so."""
    if chance < _LEAST:
        return f"<\u00a0{percent_text(_LEAST, language, 1)}"
    if chance > _MOST:
        return f">\u00a0{percent_text(_MOST, language, 1)}"
    return percent_text(chance, language, 1)


def _points(loss: float, language: str) -> str:
    """A loss in points, to two digits after the mark: what is less than that is nothing to lose."""
    number = 100 * loss
    sign = "" if number >= _NOTHING else "<\u00a0"
    text = decimal_text(max(number, _NOTHING), language, 2)
    return t("unit.points", language, value=sign + text)
