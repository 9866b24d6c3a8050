"""When the arms went out and how long they were read: unequal times make unequal arms."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_metrics.experiments.beside import Beside, DayArms
from crm_metrics.experiments.model import Arm, Gate, Setup

CLICK_WINDOW = timedelta(hours=24)
SALE_WINDOW = timedelta(hours=72)
SETTLED = timedelta(days=7)
"""After a week hardly an answer is added, whichever arm went out first."""
APART = timedelta(hours=24)
JOURNEY = timedelta(days=2)
DAYS_OF_WEEK = 7
_NONE = timedelta(0)
UNEQUAL = 0.1
LEAST_OVERLAP = 0.8
_SALES = ("convert", "conver", "revenue", "amount", "order", "purchase", "margin", "lead")
_RU_SALES = ("конверси", "выручк", "заказ", "покуп", "сумм", "оплат")


def sent_apart(beside: Beside) -> tuple[Gate, ...]:
    """Arms sent at other times met other days: blocks where they share none.

    They lie a day apart and more, or took turns day by day.
    """
    spans = [span for span in beside.spans if span is not None]
    if len(spans) < 2 or len(spans) < len(beside.spans):
        return ()
    middles = sorted(span.middle for span in spans)
    start, end = max(span.first for span in spans), min(span.last for span in spans)
    whole = max(span.last for span in spans) - min(span.first for span in spans)
    if start > end and middles[-1] - middles[0] >= APART:
        return (Gate("assignment", "block", "sent_apart", {"hours": _hours(start - end)}),)
    if start <= end and beside.days and not any(map(_shared, beside.days)):
        return (Gate("assignment", "block", "sent_by_turns", {"days": len(beside.days)}),)
    if whole > JOURNEY and (end - start) / whole < LEAST_OVERLAP:
        share = max((end - start) / whole, 0.0)
        return (Gate("assignment", "warn", "partly_together", {"share": share}),)
    return ()


def _shared(day: DayArms) -> bool:
    """Whether several versions went out on a day."""
    return sum(arm.n > 0 for arm in day.arms) > 1


def timing(setup: Setup, arms: tuple[Arm, ...], beside: Beside) -> Gate:
    """Whether every arm was read long enough (24 h for opens and clicks, 72 h for sales), alike.

    A test that runs on for days needs whole weeks, since weekdays differ.
    """
    spans = dict(zip((arm.name for arm in arms), beside.spans, strict=False))
    known = {name: span for name, span in spans.items() if span is not None}
    if len(known) < len(arms):
        return Gate("timing", "not_checked", "times_unknown")
    running = (min(s.first for s in known.values()), max(s.last for s in known.values()))
    if beside.read_at is None:
        return _whole_week(*running) or Gate("timing", "not_checked", "end_unknown")
    # Where nothing was seen after the last message, the data end with it at the earliest.
    windows = {name: max(beside.read_at - span.last, _NONE) for name, span in known.items()}
    shortest = min(windows, key=lambda name: windows[name])
    least, longest = windows[shortest], max(windows.values())
    asked = _window(setup)
    shown: dict[str, object] = {"arm": shortest, "hours": _hours(least), "asked": _hours(asked)}
    if least < asked:
        return Gate("timing", "block", "read_too_early", shown)
    if least < SETTLED and (longest - least) / longest > UNEQUAL:
        return Gate("timing", "block", "read_unequally", shown | {"longest": _hours(longest)})
    return _whole_week(*running) or Gate("timing", "pass", "read_long_enough", shown)


def _whole_week(first: datetime, last: datetime) -> Gate | None:
    """A warning where a test of several days met fewer than seven calendar days."""
    days = (last.date() - first.date()).days + 1
    if last - first > JOURNEY and days < DAYS_OF_WEEK:
        return Gate("timing", "warn", "under_a_week", {"days": days})
    return None


def _window(setup: Setup) -> timedelta:
    words = f"{setup.field} {setup.metric}".lower()
    sale = setup.shape != "proportion" or any(word in words for word in (*_SALES, *_RU_SALES))
    return SALE_WINDOW if sale else CLICK_WINDOW


def _hours(time: timedelta) -> int:
    return round(time / timedelta(hours=1))
