"""What proves the answer, a section at a time: what is not shown costs no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


_GOALS = "goals"


def details(
    seen: Seen,
    known: Choices,
    span: Period | None,
    language: str,
    *,
    own: Mapping[str, Section],
    parts: Sequence[str] = tuple(PARTS),
    own_first: bool = False,
) -> None:
    """Draw the choice of a section, in the address as `section`, and the one chosen.

    The `parts` of a metric and the page's `own` sections, named by `channels.section_<key>`: the
    parts first unless the own are to be, and the goals last. Whatever is filtered, those stay that
    the data can ever fill.
    """
    able = [key for key, one in own.items() if not one.of or one.of & set(known.grains)]
    st.header(t("channels.details_title", language))
    section = one_of(
        "section",
        t("channels.section", language),
        (*able, *parts, _GOALS) if own_first else (*parts, *able, _GOALS),
        lambda key: t(f"channels.section_{key}", language),
        language=language,
        flat=True,
        named=False,
    )
    if section in parts:
        metric_section(seen, section, span, language)
    else:
        ({**own, _GOALS: Section(goals_section)})[section].draw(seen, language)
