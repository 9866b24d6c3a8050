"""In which order a page offers its metrics to be compared by channel."""

from __future__ import annotations

import random
from dataclasses import replace

from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.ui.channels.first import CHANNELS
from crm_metrics.ui.metrics import metric, table
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.voice.topic import VOICE
from tests.findings.made import row, value

# Of each metric: the grain of its rows, and their channels. None is no channel to compare.
OFFERED = {
    "click_rate": ("campaigns", ("email", "sms", "push")),
    "engaged_audience_rate": ("recipients", ("sms", "push")),
    "csat": ("surveys", ("email", "chat", "web", "phone")),
    "repeat_purchase_rate": ("orders", ("email", "social", "phone", "ads", "web")),
    "delivery_rate": ("campaigns", ("email", "sms", "push")),
    "frt_median": ("conversations", ("email", "chat", "web")),
    "aov": ("orders", ("email", "social", "phone", "ads", "web")),
    "complaint_rate": ("campaigns", ("email", None)),
    "open_rate": ("campaigns", ("email",)),
}


def offered(topic=CHANNELS):
    rows = [
        row(replace(value(key, channel=channel), grain=grain))
        for key, (grain, channels) in OFFERED.items()
        for channel in channels
    ]
    random.Random(6).shuffle(rows)
    return Seen(tuple(rows), (), (), Filters(), None, Limits(), None, topic)


def test_what_is_sent_leads_and_what_is_sold_ends_of_what_compares_channels():
    options = metric._options(offered())
    assert [key.partition(":")[0] for key in options] == list(OFFERED)
    assert [one.metric for one in table._columns(offered())] == list(OFFERED)


def test_a_page_about_one_kind_of_rows_goes_by_its_own_order_and_by_channels():
    first, *rest = (key.partition(":")[0] for key in metric._options(offered(VOICE)))
    assert first == "csat"
    assert set(rest[:2]) == {"repeat_purchase_rate", "aov"}
