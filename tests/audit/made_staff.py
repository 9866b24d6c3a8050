"""A made-up list of a CRM's staff, and deals and contacts of theirs, with what is wrong in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.crm import Crm, lines_of
from tests.audit.made import TODAY

_STAFF, _ROWS, _RECORDS = 60, 3000, 4000
_STRANGERS = ("Импорт 2024", "old admin", "Юля Новая")


def staff_crm(seed: int = 8, *, clean: bool = False) -> Crm:
    """Staff of whom some have left and some never log in; some owners are nobody of them."""
    rng = np.random.default_rng(seed)
    names = pd.DataFrame(
        {
            "first_name": [f"Имя{number}" for number in range(_STAFF)],
            "last_name": [f"Фамилия{number}" for number in range(_STAFF)],
        }
    )
    gone = rng.random(_STAFF) < (0 if clean else 0.2)
    idle = ~gone & (rng.random(_STAFF) < (0 if clean else 0.15))
    days = pd.Timestamp(TODAY) - pd.to_timedelta(rng.integers(0, 14, _STAFF), unit="D")
    long_ago = pd.Timestamp(TODAY) - pd.to_timedelta(rng.integers(14, 300, _STAFF), unit="D")
    login = pd.Series(days).where(~(idle | gone), pd.Series(long_ago))
    login = login.mask(pd.Series(idle & (rng.random(_STAFF) < 0.5)))
    staff = names.assign(
        is_active=~gone, last_login_at=login.dt.strftime("%Y-%m-%d"), role="manager"
    )
    busy = np.flatnonzero(~idle & ~gone)
    crm = Crm({"staff": staff})
    for grain in ("deals", "contacts"):
        crm.frames[grain] = _owned(crm, rng, grain, names, gone, clean=clean)
    who = rng.choice(busy, _RECORDS)
    crm.frames["activities"] = pd.DataFrame(
        {"activity_type": "call", "owner": _written(rng, names, who), "ts": "2026-06-01"}
    )
    crm.tell("licence_unused", "staff", lines_of(np.flatnonzero(idle)))
    return crm


def _owned(
    crm: Crm,
    rng: np.random.Generator,
    grain: str,
    names: pd.DataFrame,
    gone: np.ndarray,
    *,
    clean: bool,
) -> pd.DataFrame:
    who = rng.integers(0, _STAFF, _ROWS)
    owners = _written(rng, names, who)
    stranger = rng.random(_ROWS) < (0 if clean else 0.1)
    owners = np.where(stranger, rng.choice(_STRANGERS, _ROWS), owners)
    asked = np.ones(_ROWS, dtype=bool)
    frame = pd.DataFrame({"owner": owners, "email": [f"{n}@client.ru" for n in range(_ROWS)]})
    if grain == "deals":
        asked = rng.random(_ROWS) < 0.5
        frame["status"] = np.where(asked, "open", "won")
    crm.tell("owner_unknown", grain, lines_of(np.flatnonzero(asked & stranger)))
    crm.tell("owner_dismissed", grain, lines_of(np.flatnonzero(asked & ~stranger & gone[who])))
    return frame


def _written(rng: np.random.Generator, names: pd.DataFrame, who: np.ndarray) -> np.ndarray:
    """The names in either order."""
    first, last = (names[name].to_numpy(dtype=object)[who] for name in ("first_name", "last_name"))
    return np.where(rng.random(len(who)) < 0.5, first + " " + last, last + " " + first)
