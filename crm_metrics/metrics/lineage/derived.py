"""The rows behind a number made of others: those of its components, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage.asking import Behind, Counted, Source
from crm_metrics.metrics.lineage.model import Component, Lineage
from crm_metrics.metrics.lineage.of_deals import of_deals
from crm_metrics.metrics.lineage.of_history import of_history, of_winning
from crm_metrics.metrics.lineage.of_sales import of_contacts, of_returns, of_share
from crm_metrics.metrics.lineage.of_users import of_users
from crm_metrics.metrics.lineage.of_voice import of_link
from crm_metrics.metrics.lineage.tracing import lineage
from crm_metrics.metrics.model import Value

_Find = Callable[[Engine, Value, Behind], Iterator[tuple[str, Source]]]

_FOUND: dict[str, _Find] = {
    **dict.fromkeys(("retention_rate", "repeat_within", "churn_rate", "pareto_share"), of_history),
    **dict.fromkeys(("time_between_median", "time_between_p90"), of_history),
    **dict.fromkeys(("ltv_simple", "ltv_model"), of_history),
    **dict.fromkeys(("cac", "ltv_cac", "payback_months"), of_winning),
    **dict.fromkeys(("roas_blended", "romi_blended", "drr_blended"), of_returns),
    "sales_share": of_share,
    "contact_rate_in": of_contacts,
    "kpi_voice_link": of_link,
    **dict.fromkeys(("forecast_weighted", "forecast_deals", "forecast_wape"), of_deals),
    **dict.fromkeys(("stage_conversion", "pipeline_coverage"), of_deals),
    **dict.fromkeys(("records_per_user_day", "comms_per_user_week", "tx_per_user"), of_users),
    **dict.fromkeys(("logins_per_user_week", "active_user_share", "closed_per_user"), of_users),
}


def has_components(key: str) -> bool:
    """Whether the rows of a derived metric can be told from its components."""
    return key in _FOUND


def components_of(
    engine: Engine, value: Value, behind: Behind, *, first: int = 20, only: str | None = None
) -> tuple[Component, ...]:
    """Each component of a derived number with its heaviest lines; `only` the one of this name.

    () of a metric whose components are no rows of files, and of a number that is not there.
    """
    find = _FOUND.get(value.metric)
    if find is None or value.value is None:
        return ()
    return tuple(
        Component(name, _lineage_of(engine, source, first))
        for name, source in find(engine, value, behind)
        if only in (None, name)
    )


def _lineage_of(engine: Engine, source: Source, first: int) -> Lineage:
    if not isinstance(source, Counted):
        return source(first)
    whole = Value(
        metric=source.metric,
        variant=source.variant,
        grain=source.grain,
        group=dict(source.group),
        value=None,
        low=None,
        high=None,
        n=0.0,
        components={},
    )
    return lineage(engine, whole, filters=source.filters, first=first)
