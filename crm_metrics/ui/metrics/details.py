"""What proves the answer, a section at a time: what is not shown costs no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from crm_metrics.findings.report import Period
from crm_metrics.texts import t
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.goals import goals_section
from crm_metrics.ui.metrics.metric import PARTS, metric_section


@dataclass(frozen=True, slots=True)
class Section:
    """What a page draws of all its metrics, and the grains of which one must be there; () any."""

    draw: Callable[[Seen, str], None]
    of: frozenset[str] = frozenset()


_GOALS = Section(goals_section)


def details(
    seen: Seen,
    known: Choices,
    span: Period | None,
    language: str,
    *,
    own: Mapping[str, Section],
) -> None:
    """Draw the choice of a section, in the address as `section`, and the one chosen.

    The parts of a metric come first, then the page's `own` sections, named by
    `channels.section_<key>`. Whatever is filtered, those stay that the data can ever fill.
    """
    whole = {**own, "goals": _GOALS}
    able = [key for key, one in whole.items() if not one.of or one.of & set(known.grains)]
    st.header(t("channels.details_title", language))
    section = one_of(
        "section",
        t("channels.section", language),
        (*PARTS, *able),
        lambda key: t(f"channels.section_{key}", language),
        language=language,
        flat=True,
        named=False,
    )
    if section in PARTS:
        metric_section(seen, section, span, language)
    else:
        whole[section].draw(seen, language)
