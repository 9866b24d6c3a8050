"""Made-up mailings with a report of each and a list of their recipients, that differ for some."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of

_MAILINGS = 150


def totals_crm(seed: int = 2, *, clean: bool = False) -> Crm:
    """Reports of which some tell 5 to 20 per cent more than the list, others up to 1 per cent."""
    rng = np.random.default_rng(seed)
    size, bounced = rng.integers(200, 400, _MAILINGS), rng.integers(0, 10, _MAILINGS)
    clicked = rng.integers(100, 150, _MAILINGS)
    day = pd.Timestamp("2026-03-01") + pd.to_timedelta(rng.integers(0, 90, _MAILINGS), unit="D")
    who = np.repeat(np.arange(_MAILINGS), size)
    place = np.arange(len(who)) - np.repeat(np.cumsum(size) - size, size)
    recipients = pd.DataFrame(
        {
            "sent_at": day.strftime("%Y-%m-%d").to_numpy()[who],
            "campaign_name": [f"mailing {number}" for number in who],
            "channel": "email",
            "email": [f"client{number}@shop.ru" for number in place],
            "delivered": place >= bounced[who],
            "clicked": place >= (size - clicked)[who],
        }
    )
    slightly = 1 + rng.uniform(0, 0.01, _MAILINGS)
    much = 1 + rng.uniform(0.05, 0.2, _MAILINGS)
    which = rng.choice(["", "delivered", "clicked"], _MAILINGS, p=[0.8, 0.1, 0.1])
    if clean:
        which[:] = ""
    campaigns = pd.DataFrame(
        {
            "sent_at": day.strftime("%Y-%m-%d"),
            "campaign_name": [f"Mailing {number}" for number in range(_MAILINGS)],
            "channel": "email",
            "delivered": np.round(
                (size - bounced) * np.where(which == "delivered", much, slightly)
            ),
            "clicks_unique": np.round(clicked * np.where(which == "clicked", much, 1)),
        }
    )
    crm = Crm({"campaigns": campaigns, "recipients": recipients})
    crm.tell("report_mismatch", "campaigns", lines_of(np.flatnonzero(which != "")))
    return crm
