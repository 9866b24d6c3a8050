"""Where a number made of others comes from: its formula, its components and the lines of each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.findings.customers import derived_estimate
from crm_metrics.findings.wording import channel_name, metric_name
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage import Behind, Component, Lineage, components_of, has_components
from crm_metrics.metrics.model import Value
from crm_metrics.texts import decimal_text, has, t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.number_lines import Rows, lines_behind
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import engine
from crm_metrics.ui.words import variant_words


def derived_button(
    value: Value, behind: Behind, language: str, *, key: str, of: str | None = None
) -> None:
    """A quiet button that opens the number; `of` names it where several stand together."""
    pressed = st.button(
        t("number.open_of", language, name=esc(of, limit=60)) if of else t("number.open", language),
        icon=":material/function:",
        type="tertiary",
        key=f"derived_{key}",
    )
    if pressed:
        name = esc(derived_name(value, language), limit=120)
        st.dialog(name, width="medium")(_inside)(value, behind, language)


def open_derived(
    values: Sequence[Value], behind: Behind, language: str, *, label: str, key: str
) -> None:
    """Draw a choice among numbers that a chart draws, and the button that opens the chosen one."""
    known = {derived_name(one, language): one for one in values if one.value is not None}
    if not known:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(label, list(known), key=f"open_{key}_{language}", width=380)
        derived_button(known[name], behind, language, key=key)


def derived_name(value: Value, language: str) -> str:
    """The metric with its month of age, its channel or its stage."""
    name = metric_name(value.metric, language)
    if age := value.group.get("age"):
        return f"{name}, {t('customers.month', language, month=age)}"
    if "channel" in value.group:
        return f"{name} · {channel_name(value.group['channel'], language)}"
    stage = value.group.get("stage")
    return f"{name} · {stage}" if stage else name


def formula_lines(value: Value, language: str) -> list[str]:
    """Formula, base, how the interval is made, what to mind, and the sums; safe as markdown."""
    declared = derived_named(value.metric)
    trap = f"metric.{value.metric}.trap"
    lines = [
        f"`{declared.formula}`",
        t("channels.formula_base", language, base=variant_words(value.variant, language)),
        t(f"derived.interval.{declared.interval}", language),
        t(f"derived.moves.{declared.moves}", language),
        *([t(trap, language)] if has(trap, language) else []),
    ]
    for name, number in value.components.items():
        keys = (f"derived.part.{name}_{value.metric}", f"derived.part.{name}")
        if key := next((one for one in keys if has(one, language)), None):
            shown = decimal_text(number, language, 0 if float(number).is_integer() else 2)
            lines.append(f"{t(key, language)}: {esc(shown)}")
    return lines


def _inside(value: Value, behind: Behind, language: str) -> None:
    with boundary():
        st.markdown(esc(derived_estimate(value, language)))
        if follows := _follows(value, language):
            st.markdown(f"**{esc(follows)}**")
        st.markdown("\n".join(f"- {line}" for line in formula_lines(value, language)))
        if not has_components(value.metric):
            return
        found = components_of(engine(), value, behind, first=0)
        for component in found:
            _component(component, value, behind, language)
        if not found:
            st.caption(t("lineage.none", language))


def _follows(value: Value, language: str) -> str:
    from crm_metrics.findings.lineage import derived_follows  # noqa: PLC0415 - see `rows_behind`

    return derived_follows(value, language)


def _component(component: Component, value: Value, behind: Behind, language: str) -> None:
    from crm_metrics.findings.lineage import component_text  # noqa: PLC0415 - see `rows_behind`

    name = component.name

    def find(own: Engine, first: int) -> Lineage:
        (found,) = components_of(own, value, behind, first=first, only=name)
        return found.lineage

    lines_behind(
        Rows(
            find=find,
            notes=lambda found: component_text(found, language),
            name=f"{value.metric}_{name}_lines.csv",
            key=f"lines_{name}",
            title=t(f"lineage.component.{name}", language),
        ),
        language,
    )
