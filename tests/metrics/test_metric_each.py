"""Several periods in one query give what each alone gives."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from crm_metrics.metrics import compute, compute_each
from crm_metrics.metrics.model import Filters, Result
from tests.metrics.stand_in import FrameEngine

_MAY = Filters(start=date(2026, 5, 1), end=date(2026, 5, 31))
_JUNE = Filters(start=date(2026, 6, 1), end=date(2026, 6, 30))
_LATE_MAY = Filters(start=date(2026, 5, 20), end=date(2026, 6, 5))
_NEVER = Filters(start=date(2020, 1, 1), end=date(2020, 1, 31))
_OPEN = Filters(start=date(2026, 7, 1))


@cache
def _engine() -> FrameEngine:
    days = pd.to_datetime(["2026-05-02", "2026-05-31", "2026-06-01", "2026-07-09", "2026-08-01"])
    return FrameEngine(
        campaigns=pd.DataFrame(
            {
                "date": [*days, pd.NaT],
                "channel": ["email", "sms", "email", "email", "sms", "email"],
                "sent": [100, 200, 300, 400, 500, 7],
                "delivered": [90, 190, 280, 390, 480, 7],
                "clicks_unique": [9, 3, 40, 12, 5, 1],
                "clicks_total": [11, 3, 40, 12, 7, 1],
            }
        ),
        conversations=pd.DataFrame(
            {
                "date": days,
                "channel": ["chat", "chat", "email", "email", "chat"],
                "customer_id": ["a", "a", "b", "b", "c"],
                "first_reply_time": [60.0, 600.0, 90.0, 5_000.0, 45.0],
                "csat": [5.0, 1.0, 4.0, 5.0, 2.0],
            }
        ),
    )


@cache
def _alone(by: tuple[str, ...], filters: Filters) -> Result:
    return compute(_engine(), by=by, filters=filters)


@pytest.mark.parametrize("by", [(), ("channel",), ("month", "channel")])
@pytest.mark.parametrize("each", [(_JUNE, _MAY), (_OPEN, _JUNE, _MAY), (_JUNE, _NEVER)])
def test_periods_apart_are_as_if_asked_alone(by: tuple[str, ...], each: tuple[Filters, ...]):
    together = compute_each(_engine(), each=each, by=by)
    assert together == [_alone(by, filters) for filters in each]


@pytest.mark.parametrize(
    "each",
    [
        (_JUNE, _LATE_MAY),
        (_JUNE, _JUNE),
        (_JUNE, Filters(start=_MAY.start, end=_MAY.end, channels=("email",))),
        (Filters(), _MAY),
    ],
)
def test_what_is_not_apart_is_as_if_asked_alone(each: tuple[Filters, ...]):
    """Whether they are apart hangs on the filters alone, so one grouping shows it."""
    together = compute_each(_engine(), each=each, by=("channel",))
    assert together == [_alone(("channel",), filters) for filters in each]
