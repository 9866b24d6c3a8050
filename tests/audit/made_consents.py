"""Made-up cards that say to stop, or since when it is allowed, and a log of mailings to them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of

_CONTACTS, _SENDS = 900, 5000
_FIRST = pd.Timestamp("2026-01-01")
_LAST = 150


def consents_crm(seed: int = 5, *, clean: bool = False) -> Crm:
    """Contacts who left by a day, by a status or a refusal, and contacts with a day of consent.

    In the clean twin nothing goes out after the one day and before the other.
    """
    rng = np.random.default_rng(seed)
    who, day = rng.integers(0, _CONTACTS, _SENDS), rng.integers(20, _LAST, _SENDS)
    channel = np.where(rng.random(_SENDS) < 0.8, "email", "push")
    how = rng.choice(["day", "status", "no", ""], _CONTACTS, p=[0.1, 0.1, 0.1, 0.7])
    stop, agreed = rng.integers(20, _LAST, _CONTACTS), rng.integers(0, 60, _CONTACTS)
    if clean:
        kept = (day >= agreed[who]) & ((how[who] == "") | (day <= stop[who]))
        who, day, channel = who[kept], day[kept], channel[kept]
    first, last = np.full(_CONTACTS, 999), np.full(_CONTACTS, -1)
    np.minimum.at(first, who, day)
    mail = channel == "email"
    np.maximum.at(last, who[mail], day[mail])
    contacts = pd.DataFrame(
        {
            "created_at": "2026-01-01",
            "email": [f"client{number}@shop.ru" for number in range(_CONTACTS)],
            "email_status": np.where(how == "status", "unsubscribed", "subscribed"),
            "consent": pd.array(how != "no", dtype="boolean"),
            "unsubscribed_at": _days(stop).where(how == "day"),
            "updated_at": _days(stop),
            "consent_at": _days(agreed),
        }
    )
    sends = pd.DataFrame(
        {"email": contacts.email.to_numpy()[who], "sent_at": _days(day), "channel": channel}
    )
    crm = Crm({"contacts": contacts, "recipients": sends.assign(delivered=True)})
    again = (how == "day") & (agreed > stop)
    bad = (how != "") & ~again & (last > stop)
    crm.tell("suppressed_but_mailed", "contacts", lines_of(np.flatnonzero(bad)))
    crm.tell("consent_late", "contacts", lines_of(np.flatnonzero(first < agreed)))
    return crm


def _days(days: np.ndarray) -> pd.Series:
    return pd.Series(_FIRST + pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d")
