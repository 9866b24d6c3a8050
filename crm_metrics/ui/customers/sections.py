"""The sections of the Customers page: each proves a part of its answer."""

from __future__ import annotations

from typing import Final

from crm_metrics.ui.customers.channels import channels_section
from crm_metrics.ui.customers.crm_use import GRAINS as USED
from crm_metrics.ui.customers.crm_use import crm_use_section
from crm_metrics.ui.customers.deals import deals_section
from crm_metrics.ui.customers.people import people_section
from crm_metrics.ui.customers.retention import retention_section
from crm_metrics.ui.customers.sales import sales_section
from crm_metrics.ui.customers.scores import scores_section
from crm_metrics.ui.customers.worth import worth_section
from crm_metrics.ui.metrics.details import Section

_ORDERS = frozenset({"orders"})
SECTIONS: Final = {
    "retention": Section(retention_section, of=_ORDERS),
    "worth": Section(worth_section, of=_ORDERS),
    "sales": Section(sales_section, of=_ORDERS),
    "scores": Section(scores_section, of=_ORDERS),
    "people": Section(people_section, of=_ORDERS),
    "deals": Section(deals_section, of=frozenset({"deals"})),
    "crm_use": Section(crm_use_section, of=USED),
    "by_channel": Section(channels_section),
}
PARTS: Final = ("leaders", "course", "groups", "references")
