"""Made-up records that lead to clients and deals, some of whom are in no table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of

_CONTACTS, _DEALS, _ROWS, _ORPHANS = 800, 600, 2000, 0.06
_FIRST = pd.Timestamp("2026-01-01")


def links_crm(seed: int = 3, *, clean: bool = False) -> Crm:
    """Orders by id, e-mail or both, mailings by e-mail, deals by phone, activities by object."""
    rng = np.random.default_rng(seed)
    share = 0 if clean else _ORPHANS
    every = np.arange(_CONTACTS)
    crm = Crm({"contacts": _people(every).assign(created_at=_days(rng, _CONTACTS))})
    for grain, count, names in (
        ("orders", _ROWS, ("customer_id", "email")),
        ("recipients", _ROWS, ("email",)),
        ("deals", _DEALS, ("phone",)),
    ):
        who = rng.integers(0, _CONTACTS, count)
        lost = rng.random(count) < share
        frame = _people(np.where(lost, who + _CONTACTS, who))[list(names)]
        days = _days(rng, count)
        if grain == "orders":
            # By either key alone as well; what came after the last card is no orphan yet.
            alone = rng.integers(0, 3, count)
            frame.loc[alone == 0, "customer_id"] = None
            frame.loc[alone == 1, "email"] = None
            late = rng.random(count) < share
            days = days.where(~late, pd.Timestamp("2026-06-20"))
            lost &= ~late
        crm.frames[grain] = frame.assign(created_at=days.dt.strftime("%Y-%m-%d"))
        crm.tell("orphan_record", grain, lines_of(np.flatnonzero(lost)))
    crm.frames["deals"]["deal_id"] = [f"D-{number}" for number in range(_DEALS)]
    crm.frames["orders"]["amount"] = 100.0
    crm.frames["recipients"]["delivered"] = True
    _activities(crm, rng, share)
    return crm


def _activities(crm: Crm, rng: np.random.Generator, share: float) -> None:
    lost = rng.random(_ROWS) < share
    deal, client = rng.integers(0, _DEALS, _ROWS), rng.integers(0, _CONTACTS, _ROWS)
    objects = np.where(
        rng.random(_ROWS) < 0.5, [f"d-{number}" for number in deal], [f"{n:05}" for n in client]
    )
    crm.frames["activities"] = pd.DataFrame(
        {
            "activity_type": "call",
            "object_id": np.where(lost, "gone", objects),
            "ts": _days(rng, _ROWS).dt.strftime("%Y-%m-%d"),
        }
    )
    crm.tell("orphan_record", "activities", lines_of(np.flatnonzero(lost)))


def _people(numbers: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"{number:05}" for number in numbers],
            "email": [f"Client{number}@shop.ru" for number in numbers],
            "phone": [f"+7 916 {number:07}" for number in numbers],
        }
    )


def _days(rng: np.random.Generator, count: int) -> pd.Series:
    # The last card of all is of the last day.
    days = rng.integers(0, 150, count)
    days[-1] = 150
    return pd.Series(_FIRST + pd.to_timedelta(days, unit="D"))
