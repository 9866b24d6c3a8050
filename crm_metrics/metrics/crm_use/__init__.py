"""How the CRM is used: per person, with those who did nothing in the base."""

from __future__ import annotations

from crm_metrics.metrics.crm_use.people import Use, UserLine, crm_use
from crm_metrics.metrics.crm_use.registered import Apart, Registered, registered_sales_share

__all__ = ["Apart", "Registered", "Use", "UserLine", "crm_use", "registered_sales_share"]
