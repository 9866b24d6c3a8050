"""Made-up deals and activities with gaps in them, and their metrics computed the slow way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from tests.metrics.making import N, Slow, frame, gaps, quantile, rows, times, total


@cache
def facts() -> dict[str, pd.DataFrame]:
    """Deals and activities, 400 rows each."""
    kinds = ["call", "email", "meeting", "task", "note"]
    done = times("2026-05-10", 70 * 86400)
    return {
        "deals": frame(
            12,
            stage=lambda random: random.choice(["won", "lost", "open"], N),
            created_at=times(),
            closed_at=times("2026-06-15"),
            amount=gaps(lambda random: random.lognormal(9, 1, N)),
        ),
        "activities": frame(
            14,
            activity_type=lambda random: random.choice(kinds, N),
            origin=lambda random: random.choice(["person", "import", None], N),
            owner=lambda random: random.choice(["Ann", "Oleg", "Vera"], N),
            due_at=times("2026-05-15", 90 * 86400),
            done_at=lambda random: pd.Series(done(random)).mask(random.random(N) < 0.3),
        ),
    }


def deals(data: pd.DataFrame) -> dict[str, Slow]:
    won = data[data.stage == "won"]
    decided = data[data.stage != "open"]
    days = (won.closed_at - won.created_at).dt.total_seconds() / 86400
    return {
        "deals": rows(data),
        "win_rate": ((decided.stage == "won").mean(), float(len(decided))),
        "cycle_median": quantile(days[days >= 0], 0.5),
        "avg_deal": (won.amount.mean(), float(won.amount.count())),
        "pipeline": total(data.amount[data.stage == "open"]),
        "new_leads": rows(data),
        "win_rate_cohort": ((data.stage == "won").mean(), float(len(data))),
        "open_deals": rows(data[data.stage == "open"]),
        "decision_median": _decided_by(data),
        "deal_median": quantile(won.amount, 0.5),
        "win_rate_closed": ((decided.stage == "won").mean(), float(len(decided))),
        "closed_deals": rows(decided),
        "won_amount": total(won.amount),
    }


def activities(data: pd.DataFrame) -> dict[str, Slow]:
    every = facts()["activities"]
    end = max(every.date.max(), every.done_at.max()).normalize()
    own = data[data.origin != "import"]
    due = own[own.due_at.dt.normalize() <= end]
    late = due.done_at.isna() | (due.done_at.dt.normalize() > due.due_at.dt.normalize())
    return {
        "activity_volume": rows(own),
        "overdue_task_share": (late.mean(), float(len(due))),
    }


def _decided_by(data: pd.DataFrame) -> Slow:
    """The median time to a decision by Kaplan and Meier, open deals watched to the last moment."""
    every = facts()["deals"]
    end = max(every.created_at.max(), every.closed_at[every.stage != "open"].max())
    is_open = data.stage == "open"
    days = (data.closed_at.where(~is_open, end) - data.created_at).dt.total_seconds() / 86400
    known = days >= 0
    curve = SurvfuncRight(days[known], np.asarray(~is_open[known], dtype=int))
    return curve.quantile(0.5), float(known.sum())


SLOW = {"deals": deals, "activities": activities}
