"""Channels that no longer work: far below their own history, or where nobody ever answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from crm_metrics.audit.ground import Ground, table_of
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.metrics import intervals
from crm_metrics.metrics.expressions import NO, first_known, folded

FALL_SHARE = Threshold("fall_share", 0.3, 0.05, 0.9, "share")
# The mailings of the last weeks against those of the half-year before.
_LATELY, _HISTORY = timedelta(days=28), timedelta(days=180)
# Opens and clicks of the last days are still to come.
_SETTLED = timedelta(days=3)
_LEAST_LATELY, _LEAST_BEFORE, _LEAST_PEOPLE = 4, 8, 50
_LEAST_TALKS, _OLD_ENOUGH = 20, timedelta(days=7)
_RATES = {"opens": "opens_fell", "clicks": "clicks_fell", "delivered": "delivery_fell"}
_NUMBER = pa.float64()


def _mailings(ground: Ground, grain: str) -> list[dict[str, Any]]:
    """Each mailing of a channel and day: sent, delivered, opens, clicks (None where unknown)."""
    table = ground.table(grain)
    if grain == "campaigns":
        sums = {"sent": "sent", "delivered": "delivered"}
        sums |= {"opens": "opens_unique", "clicks": "clicks_unique"}
        own = {name: table[field].cast("float64") for name, field in sums.items()}
    else:
        flags = {"delivered": "delivered", "opens": "opened", "clicks": "clicked"}
        own = {name: table[field].cast("boolean").cast("float64") for name, field in flags.items()}
        own["sent"] = ibis.literal(1.0)
    rows = table.select(
        channel=table.channel,
        mailing=first_known(table.campaign_id.cast("string"), folded(table.campaign_name)),
        day=table.date.cast("date"),
        **own,
    )
    rows = rows.filter(rows.mailing.notnull() & rows.day.notnull() & rows.channel.notnull())
    each = rows.group_by("channel", "mailing").aggregate(
        day=rows.day.min(), **{name: rows[name].sum() for name in own}
    )
    # A letter that goes out by itself may have a number of its own for each person.
    large = ibis.or_(each.sent >= _LEAST_PEOPLE, each.delivered >= _LEAST_PEOPLE)
    each = each.filter(large.fill_null(NO))
    return each.order_by("channel", "day", "mailing").to_pyarrow().to_pylist()


def _fallen(ground: Ground, grain: str) -> Violations:
    """Channels of which a rate of the last mailings lies below that of those before.

    A mailing counts once, whoever got it: people of one mailing are alike. Welch's interval of the
    difference of the means has to lie below zero.
    """
    end = ground.settings.day - _SETTLED
    since = end - _LATELY
    mailings = [one for one in _mailings(ground, grain) if since - _HISTORY < one["day"] <= end]
    least = ground.settings.of(FALL_SHARE)
    found, base = [], 0
    for channel in dict.fromkeys(one["channel"] for one in mailings):
        own = [one for one in mailings if one["channel"] == channel]
        told = [one for rate in _RATES if (one := _against_history(own, since, rate))]
        base += bool(told)
        fell = [one for one in told if one["high"] < 0 and one["fall"] >= least]
        found += sorted(fell, key=lambda one: -one["fall"])[:1]
    kinds = dict.fromkeys(("value_share", "before_share", "low", "high"), _NUMBER)
    rows = table_of(
        [{name: cell for name, cell in one.items() if name != "fall"} for one in found],
        channel=pa.string(),
        why=pa.string(),
        **kinds,
        n=pa.int64(),
    )
    return Violations(rows=rows, base=base)


def _against_history(
    own: Sequence[Mapping[str, Any]], since: date, rate: str
) -> dict[str, Any] | None:
    """A channel's rate lately and before; None where there are too few mailings to tell."""
    now = _shares((one for one in own if one["day"] > since), rate)
    then = _shares((one for one in own if one["day"] <= since), rate)
    if len(now) < _LEAST_LATELY or len(then) < _LEAST_BEFORE or not then.mean():
        return None
    low, high = _difference(now, then)
    return {
        "channel": own[0]["channel"],
        "why": _RATES[rate],
        "value_share": float(now.mean()),
        "before_share": float(then.mean()),
        "low": low,
        "high": high,
        "n": len(now),
        "fall": 1 - float(now.mean() / then.mean()),
    }


def _shares(mailings: Iterable[Mapping[str, Any]], rate: str) -> np.ndarray:
    """The rate of each mailing that is large enough and tells it."""
    of = "sent" if rate == "delivered" else "delivered"
    parts = [
        one[rate] / (one[of] or one["sent"])
        for one in mailings
        if one[rate] is not None and (one[of] or one["sent"] or 0) >= _LEAST_PEOPLE
    ]
    return np.array([part for part in parts if part <= 1])


def _difference(now: np.ndarray, then: np.ndarray) -> tuple[float, float]:
    """Welch's 95 % interval of the difference of two means; of no spread the difference itself."""
    apart = float(now.mean() - then.mean())
    parts = np.array([now.var(ddof=1) / len(now), then.var(ddof=1) / len(then)])
    if not parts.sum():
        return apart, apart
    freedom = parts.sum() ** 2 / (parts**2 / (np.array([len(now), len(then)]) - 1)).sum()
    low, high = intervals.student(np.array(apart), np.array(parts.sum()), np.array(freedom))
    return float(low), float(high)


def _unanswered(ground: Ground) -> Violations:
    """Channels with conversations none of which was ever answered."""
    table = ground.rows_with("conversations", "first_reply_at|first_reply_time")
    last = ground.settings.day - _OLD_ENOUGH
    rows = table.filter(
        (table.date.cast("date") <= ibis.literal(last)).fill_null(NO) & table.channel.notnull()
    )
    each = rows.group_by("channel").aggregate(
        conversations=rows.count(), replied=rows.replied.fill_null(NO).sum()
    )
    each = each.filter(each.conversations >= _LEAST_TALKS)
    bad = each.filter(each.replied == 0)
    return Violations(rows=_dead(bad), base=int(each.count().to_pyarrow().as_py()))


def _dead(rows: ir.Table) -> ir.Table:
    return rows.select("channel", why=ibis.literal("never_answered"), n=rows.conversations)


CHECKS = (
    *(
        Check(
            key="channel_dead",
            grain=grain,
            needs=("campaign_id|campaign_name", "date|sent_at", fields),
            severity=2,
            effort="M",
            rule=partial(_fallen, grain=grain),
            counted="channels",
            thresholds=(FALL_SHARE,),
        )
        for grain, fields in (
            ("campaigns", "delivered|opens_unique|clicks_unique"),
            ("recipients", "delivered|opened|opened_at|clicked|clicked_at"),
        )
    ),
    Check(
        key="channel_unanswered",
        grain="conversations",
        needs=("first_reply_at|first_reply_time", "created_at|date"),
        severity=2,
        effort="M",
        rule=_unanswered,
        counted="channels",
    ),
)
