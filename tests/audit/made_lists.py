"""Made-up categories of which some rows have values outside of the user's lists."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crm_metrics.audit.lists import GRAINS
from tests.audit.crm import Crm, lines_of

_ROWS = 1500
_FIELDS = {
    "contacts": "city",
    "deals": "stage",
    "activities": "activity_type",
    "orders": "product",
}
_LISTED = tuple(f"Значение {number}" for number in range(30))


def lists_crm(seed: int = 4, *, clean: bool = False) -> Crm:
    """Values of the list in any case, blanks, and values of no list."""
    rng = np.random.default_rng(seed)
    crm = Crm({}, lists=dict.fromkeys(_FIELDS.values(), _LISTED))
    for grain in GRAINS:
        values = pd.Series(rng.choice(_LISTED, _ROWS))
        values = values.where(rng.random(_ROWS) < 0.5, values.str.upper() + " ")
        bad = rng.random(_ROWS) < (0 if clean else 0.04)
        values = values.where(~bad, "Прочие " + values).mask(~bad & (rng.random(_ROWS) < 0.1))
        ids = [f"{grain}{number}" for number in range(_ROWS)]
        names = {"contacts": "contact_id", "deals": "deal_id", "orders": "order_id"}
        crm.frames[grain] = pd.DataFrame(
            {_FIELDS[grain]: values, names.get(grain, "object_id"): ids}
        )
        crm.tell("value_not_in_list", f"{grain}:{_FIELDS[grain]}", lines_of(np.flatnonzero(bad)))
    return crm
