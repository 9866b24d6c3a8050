"""Sales by channel, and what all orders bring for all that is spent."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import channel_color, interval_chart
from crm_metrics.findings.customers import sales_sentence
from crm_metrics.findings.wording import channel_name, flag_text, inside
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.sales import of_variant
from crm_metrics.texts import percent_text, period_text, t
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.customers.asked import known_returns, known_shares, moved_returns, moved_shares
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import change_lines, derived_cards
from crm_metrics.ui.metrics.derived_view import open_derived
from crm_metrics.ui.theme import ground


def sales_section(seen: Seen, language: str) -> None:
    """Draw the shares of channels in revenue and orders, then ROAS, ROMI and DRR of all of them."""
    st.subheader(t("customers.sales_title", language))
    shares = known_shares(seen)
    if shares:
        _shares(seen, shares, language)
    else:
        st.caption(t("customers.no_channel", language))
    st.subheader(t("customers.returns_title", language))
    found = known_returns(seen)
    if found is None:
        st.caption(t("customers.no_spend_for_returns", language))
        return
    behind = Behind(seen.filters)
    derived_cards(found.values, language, key="returns", behind=behind, moved=moved_returns(seen))
    days = period_text((found.start, found.end), language)
    margin = "own_margin" if found.of_own_margin else "plan_margin"
    said = (
        t("customers.blended", language, days=days),
        t(f"customers.{margin}", language),
    )
    st.caption(" ".join(said))


def _shares(seen: Seen, shares: tuple[Value, ...], language: str) -> None:
    of_revenue = of_variant(shares, "of_revenue")
    drawn = [one for one in of_revenue if one.value is not None]
    counted = of_variant(shares, "of_order_count")
    values = drawn or [one for one in counted if one.value is not None]
    st.markdown(esc(sales_sentence(shares, language), limit=600))
    if not drawn:
        reasons = " ".join(flag_text(flag, language) for flag in of_revenue[0].flags)
        st.caption(esc(reasons, limit=300))
    labels = [channel_name(one.group["channel"], language) for one in values]
    scale = scale_of("share", values)
    title = "share_of_revenue" if drawn else "share_of_orders"
    name = t(f"customers.{title}", language)
    chart = spec_of(
        interval_chart,
        pd.DataFrame(
            [
                {"key": label, "label": label, **measured(one, "share", scale, language)}
                for label, one in zip(labels, values, strict=True)
            ]
        ),
        title=t("customers.sales_chart", language),
        x_title=axis_title(name, scale, language),
        lang=language,
        colors={
            label: channel_color(one.group["channel"], ground())
            for label, one in zip(labels, values, strict=True)
        },
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        from_zero=True,
    )
    bases = {"of_revenue": "share_of_revenue", "of_order_count": "share_of_orders"}
    charted(
        chart,
        lambda: value_lines(
            [
                (
                    (
                        channel_name(one.group["channel"], language),
                        t(f"customers.{bases[one.variant]}", language),
                    ),
                    one,
                )
                for one in shares
            ],
            (t("channels.channel", language), t("customers.share_of", language)),
            "share",
            language,
        ),
        language,
        alt=t(
            "customers.sales_alt",
            language,
            channel=labels[0],
            share=percent_text(values[0].value, language),
        ),
        key="sales",
        name="sales_by_channel",
    )
    told = [
        f"{channel_name(one.now.group['channel'], language)}: {inside(line)}"
        for one in moved_shares(seen)
        if one.now.variant == values[0].variant
        for line in change_lines(one, language)
    ]
    if told:
        st.caption("  \n".join(esc(line, limit=200) for line in told))
    st.caption(t("customers.declared", language))
    open_derived(
        values,
        Behind(seen.filters),
        language,
        label=t("channels.channel", language),
        key="sales",
    )
