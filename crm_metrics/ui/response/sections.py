"""The sections that the Response page has beside those of a metric."""

from __future__ import annotations

from typing import Final

from crm_metrics.ui.metrics.delays import delays
from crm_metrics.ui.metrics.details import Section
from crm_metrics.ui.response.authors import authors_section
from crm_metrics.ui.response.calls import calls_section
from crm_metrics.ui.response.load import load_section
from crm_metrics.ui.response.schedule import schedule_section

SECTIONS: Final = {
    "delays": Section(delays),
    "load": Section(load_section, of=frozenset({"conversations", "events"})),
    "calls": Section(calls_section, of=frozenset({"calls"})),
    "authors": Section(authors_section, of=frozenset({"events"})),
    "business_hours": Section(schedule_section),
}
