"""The sections that the Channels page has beside those of a metric."""

from __future__ import annotations

from typing import Final

from crm_metrics.ui.channels.frequency import frequency_section
from crm_metrics.ui.channels.funnel import funnel_section
from crm_metrics.ui.metrics.delays import response_section
from crm_metrics.ui.metrics.details import Section

SECTIONS: Final = {
    "funnel": Section(funnel_section),
    "frequency": Section(frequency_section, of=frozenset({"campaigns", "recipients", "events"})),
    "response": Section(response_section, of=frozenset({"conversations"})),
}
