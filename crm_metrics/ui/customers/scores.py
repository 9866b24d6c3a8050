"""Customers by recency and frequency, and how much of the revenue the best fifth gives."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from crm_metrics.charts import grid_chart
from crm_metrics.findings.customers import best_sentence
from crm_metrics.findings.wording import flag_text
from crm_metrics.metrics.cohorts import Rfm
from crm_metrics.metrics.cohorts.rfm import Cell
from crm_metrics.texts import decimal_text, integer_text, money_text, percent_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.customers.about import about
from crm_metrics.ui.customers.asked import known_customers
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.theme import ground

_SCORES = [str(score) for score in range(1, 6)]


def scores_section(seen: Seen, language: str) -> None:
    """Draw the share of the best fifth, the grid of scores, and their cut points."""
    found = known_customers(seen)
    scored, best = found.rfm, found.pareto
    st.subheader(t("customers.scores_title", language))
    if scored is None or best is None:
        about(found, language)
        return
    currency = found.retention.currency if found.retention else None
    said = best_sentence(found, language)
    if said:
        st.markdown(esc(said))
    elif best.flags:
        st.caption(" ".join(flag_text(flag, language) for flag in best.flags))
    if scored.frequency.is_tied:  # before the chart, whose empty rows ask for it
        st.caption(esc(_ties(scored, language)))
    _grid(scored, currency, language)
    for name in ("recency", "frequency", "money"):
        own = getattr(scored, name)
        if own is None:
            continue
        cuts = "; ".join(
            money_text(cut, language, currency)
            if name == "money"
            else decimal_text(cut, language, 0)
            for cut in own.cuts
        )
        said = t(f"customers.cuts.{name}", language, cuts=cuts)
        sizes = ", ".join(integer_text(size, language) for size in own.sizes)
        said += " " + t("customers.sizes", language, sizes=sizes)
        if own.is_tied and name != "frequency":
            said += " " + t("customers.tied", language)
        st.caption(esc(said, limit=500))


def _ties(scored: Rfm, language: str) -> str:
    """Why classes of frequency are unequal or empty."""
    own = scored.frequency
    if own.cuts[0] > 1:
        return t("customers.tied", language)
    share = percent_text(own.sizes[0] / scored.customers, language)
    return t("customers.mostly_once", language, share=share)


def _grid(scored: Rfm, currency: str | None, language: str) -> None:
    people: Counter[tuple[int, int]] = Counter()
    for cell in scored.cells:
        people[cell.recency, cell.frequency] += cell.customers
    frame = pd.DataFrame(
        [
            {
                "row": str(frequency),
                "column": str(recency),
                "value": 100 * count / scored.customers,
                "label": t("customers.cell", language, recency=recency, frequency=frequency),
                "value_text": percent_text(count / scored.customers, language),
                "n_text": integer_text(count, language),
            }
            for (recency, frequency), count in sorted(people.items())
        ]
    )
    chart = spec_of(
        grid_chart,
        frame,
        title=t("customers.scores_chart", language),
        x_title=t("customers.axis_recency", language),
        y_title=t("customers.axis_frequency", language),
        legend_title=t("customers.axis_customers", language),
        rows=list(reversed(_SCORES)),
        columns=_SCORES,
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "n_text"),
    )
    names = ("r", "f", "m", "size", "paid") if scored.money else ("r", "f", "size")
    titles = tuple(t(f"customers.{name}", language) for name in names)
    charted(
        chart,
        lambda: Lines(
            titles=titles,
            shown=tuple(
                (
                    *(str(one) for one in _scores(cell)),
                    integer_text(cell.customers, language),
                    *([money_text(cell.amount, language, currency)] if scored.money else []),
                )
                for cell in scored.cells
            ),
            columns=titles,
            cells=tuple(
                (*_scores(cell), cell.customers, *([cell.amount] if scored.money else []))
                for cell in scored.cells
            ),
        ),
        language,
        alt=t(
            "customers.scores_alt",
            language,
            share=percent_text(people[5, 5] / scored.customers, language),
        ),
        key="scores",
        name="rfm",
    )


def _scores(cell: Cell) -> list[int]:
    known = (cell.recency, cell.frequency, cell.money)
    return [score for score in known if score is not None]
