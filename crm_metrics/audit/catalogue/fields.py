"""What contacts and deals lack: the cells that a call, a letter or a decision needs."""

from __future__ import annotations

from crm_metrics.audit.conditions import missing, tells_nothing
from crm_metrics.audit.model import Check

CHECKS = (
    Check(
        key="phone_missing",
        grain="contacts",
        needs=("phone",),
        severity=1,
        effort="M",
        broken=missing("phone"),
    ),
    Check(
        key="email_missing",
        grain="contacts",
        needs=("email",),
        severity=1,
        effort="M",
        broken=missing("email"),
    ),
    Check(
        key="source_missing",
        grain="contacts",
        needs=("source|utm_source",),
        severity=2,
        effort="S",
        broken=tells_nothing("source", "utm_source"),
    ),
    Check(
        key="source_missing",
        grain="deals",
        needs=("source|utm_source",),
        severity=2,
        effort="S",
        broken=tells_nothing("source", "utm_source"),
    ),
    Check(
        key="type_missing",
        grain="contacts",
        needs=("type",),
        severity=2,
        effort="S",
        broken=tells_nothing("type"),
    ),
    Check(
        key="location_missing",
        grain="contacts",
        needs=("city|region|country",),
        severity=2,
        effort="M",
        broken=tells_nothing("city", "region", "country"),
    ),
    Check(
        key="product_missing",
        grain="deals",
        needs=("product",),
        severity=2,
        effort="S",
        broken=tells_nothing("product"),
    ),
    Check(
        key="type_missing",
        grain="deals",
        needs=("deal_type",),
        severity=2,
        effort="S",
        broken=tells_nothing("deal_type"),
    ),
)
