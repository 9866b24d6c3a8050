"""Orders of a year and a half with everything that a shop's export has: the same every time."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.metrics.stand_in import FrameEngine

END = pd.Timestamp("2026-06-12")


@cache
def orders() -> pd.DataFrame:
    random = np.random.default_rng(6)
    n = 900
    customers = np.floor(250 * random.random(n) ** 1.5).astype(int)
    frame = pd.DataFrame(
        {
            "date": pd.Timestamp("2025-01-05") + pd.to_timedelta(random.integers(0, 523, n), "D"),
            "channel": random.choice(["email", "ads", "web"], n),
            "category": random.choice(["Rugs", "Lamps"], n),
            "customer_id": [f"C{one}" for one in customers],
            "order_id": [f"O{place}" for place in range(n)],
            "amount": random.integers(1, 5000, n) / 10.0,
            "is_return": pd.array(random.random(n) < 0.06, dtype="boolean"),
        }
    )
    frame.loc[:4, "amount"] = 0.0
    frame.loc[5:7, "amount"] = -20.0
    frame.loc[8:19, "customer_id"] = None
    frame.loc[20:24, "date"] = pd.NaT
    frame.loc[25:34, "date"] = frame.loc[35:44, "date"].to_numpy()  # several orders on one day
    frame.loc[25:34, "customer_id"] = frame.loc[35:44, "customer_id"].to_numpy()
    frame.loc[45, "date"] = END
    frame.loc[45, "is_return"] = False
    return frame


def spend() -> pd.DataFrame:
    days = pd.date_range("2025-03-03", "2026-03-01")
    costs = np.random.default_rng(2).integers(50, 400, len(days)).astype(float)
    return pd.DataFrame({"date": days, "channel": "ads", "cost": costs})


@cache
def engine() -> FrameEngine:
    return FrameEngine(orders=orders())


def sales(frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the history should hold, by plain pandas."""
    data = orders() if frame is None else frame
    back = data.is_return.fillna(value=False).astype(bool) | (data.amount < 0)
    return data[~back & data.customer_id.notna() & data.date.notna()]
