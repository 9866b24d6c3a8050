"""What each user of the CRM recorded, said and closed over a period, and the means over all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from crm_metrics.metrics import intervals
from crm_metrics.metrics.activities_state import communication, made_by_machine
from crm_metrics.metrics.deals_state import decided
from crm_metrics.metrics.derived import Numbers, numbers_of, worked_out
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of, redated
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.metrics.values import FEW_UNITS, LEAST_UNITS

_USER = "owner"


@dataclass(frozen=True, slots=True)
class UserLine:
    """One user over the period; `active_weeks` of the whole weeks, 0 where nothing was recorded."""

    name: str
    records: int
    communications: int
    logins: int
    orders: int
    closed: int
    active_weeks: int


@dataclass(frozen=True, slots=True)
class Use:
    """The use of a CRM from `start` to `end`: `users` seen at any time, `base` of the means.

    Both days are None where no row has one and no period is asked for: then no value has a number.
    `base` is the number of licences where that is given and larger. `weeks` are whole ones, from
    Monday, `workdays` those from Monday to Friday. `machines` are activities of imports and bots,
    `nameless` those of nobody: both are in no number. `needs` are fields of activities that lack.
    """

    start: date | None
    end: date | None
    users: int
    base: int
    licences: int | None
    weeks: int
    workdays: int
    machines: int
    nameless: int
    values: tuple[Value, ...]
    lines: tuple[UserLine, ...]
    needs: tuple[str, ...] = ()


def crm_use(
    engine: Engine, filters: Filters | None = None, *, licences: int | None = None
) -> Use | None:
    """The use of the CRM by its users; None where no row names who it is of.

    Users are all whom any activity, deal or order names at any time, so that one who did nothing in
    the period stands in every base; further licences are users who never did anything. Means are
    over users, with Student's interval; a share of weeks lies between 0 and 1.
    """
    filters = filters or Filters()
    found = {
        grain: frame for grain in _COUNTED if (frame := _asked(engine, grain, filters)) is not None
    }
    if not found:
        return None
    names = sorted({name for frame in found.values() for name in frame[_USER].dropna().unique()})
    if not names:
        return None
    days = _period(found, filters)
    start, end = days or (None, None)
    inside = {
        grain: frame[_between(frame, *days)] if days else frame.iloc[:0]
        for grain, frame in found.items()
    }
    weeks = whole_weeks(*days) if days else []
    workdays = int(np.busday_count(days[0], days[1] + timedelta(days=1))) if days else 0
    lines = _lines(names, inside, weeks)
    acts = found.get("activities")
    base = max(len(names), licences or 0)
    in_acts = inside.get("activities")
    use = Use(
        start=start,
        end=end,
        users=len(names),
        base=base,
        licences=licences,
        weeks=len(weeks),
        workdays=workdays,
        machines=0 if in_acts is None else int(in_acts["n"][in_acts["machine"]].sum()),
        nameless=0 if in_acts is None else int(in_acts["n"][_nobody(in_acts)].sum()),
        values=(),
        lines=lines,
        needs=() if acts is not None else ("activity_type", "ts", "owner"),
    )
    return _with_values(use, found)


def _asked(engine: Engine, grain: str, filters: Filters) -> pd.DataFrame | None:
    """Rows by user, day and what they are, of the places that have them; None without users."""
    frames = [_frame(_COUNTED[grain](rows)) for rows in rows_of_users(engine, grain, filters)]
    return pd.concat(frames, ignore_index=True) if frames else None


def rows_of_users(engine: Engine, grain: str, filters: Filters) -> Iterator[ir.Table]:
    """The rows of each place that may name a user, whatever their day, and what they are.

    Columns: owner, day, from_file, from_line; of activities machine, said, login; of deals decided
    (the day is that of closing); of orders order.
    """
    for part in parts_of(engine):
        if grain not in grains_of(part) or _USER not in mapped_of(part, grain):
            continue
        table, _ = ground(part, grain)
        table = redated(table, "closed_at") if grain == "deals" else table
        keep = kept(part, grain, table, replace(filters, start=None, end=None))
        if keep is not None:
            yield _TOLD[grain](table.filter(keep))


def _activities(table: ir.Table) -> ir.Table:
    limits = Limits()
    return _rows(
        table,
        machine=made_by_machine(table, limits),
        said=communication(table, limits),
        login=(table.activity_type == "login").fill_null(NO),
    )


def _deals(table: ir.Table) -> ir.Table:
    return _rows(table, decided=decided(table, Limits()))


def _orders(table: ir.Table) -> ir.Table:
    return _rows(table, order=table.order_id.fill_null(table["__line"].cast("string")))


_TOLD: dict[str, Callable[[ir.Table], ir.Table]] = {
    "activities": _activities,
    "deals": _deals,
    "orders": _orders,
}


def _rows(table: ir.Table, **what: ir.Value) -> ir.Table:
    return table.select(
        owner=table.owner.cast("string").strip(),
        day=table.date.cast("date"),
        from_file=table["__dataset"],
        from_line=table["__line"],
        **what,
    )


def _by_day(rows: ir.Table, *names: str) -> ir.Table:
    return rows.group_by("owner", "day", *names).aggregate(n=rows.count())


_COUNTED: dict[str, Callable[[ir.Table], ir.Table]] = {
    "activities": lambda rows: _by_day(rows, "machine", "said", "login"),
    "deals": lambda rows: _by_day(rows, "decided"),
    "orders": lambda rows: rows.group_by("owner", "day").aggregate(n=rows.order.nunique()),
}


def _frame(rows: ir.Table) -> pd.DataFrame:
    frame = rows.to_pyarrow().to_pandas()
    frame["day"] = pd.to_datetime(frame["day"])
    frame[_USER] = frame[_USER].replace("", None)
    return frame


def _period(found: dict[str, pd.DataFrame], filters: Filters) -> tuple[date, date] | None:
    """The filters' period; an open end is that of the activities, else of all that is there.

    None where an end is open and no row has a day.
    """
    told = [found["activities"]] if "activities" in found else list(found.values())
    days = pd.concat([frame["day"] for frame in told]).dropna()
    if days.empty:
        start, end = filters.start or filters.end, filters.end or filters.start
        return (start, end) if start and end else None
    start = filters.start or days.min().date()
    return start, max(start, filters.end or days.max().date())


def _between(frame: pd.DataFrame, start: date, end: date) -> pd.Series:
    return frame["day"].between(pd.Timestamp(start), pd.Timestamp(end))


def whole_weeks(start: date, end: date) -> list[date]:
    """The Mondays of the weeks that lie in the period as a whole."""
    monday = start + timedelta(days=-start.weekday() % 7)
    return [
        monday + timedelta(weeks=number) for number in range(max(((end - monday).days + 1) // 7, 0))
    ]


def _lines(
    names: list[str], inside: dict[str, pd.DataFrame], weeks: list[date]
) -> tuple[UserLine, ...]:
    acts = inside.get("activities")
    own = None if acts is None else acts[~acts["machine"]]
    deals = inside.get("deals")
    counts = {
        "records": _per_user(own, names),
        "communications": _per_user(None if own is None else own[own["said"]], names),
        "logins": _per_user(None if own is None else own[own["login"]], names),
        "orders": _per_user(inside.get("orders"), names),
        "closed": _per_user(None if deals is None else deals[deals["decided"]], names),
        "active_weeks": _active_weeks(own, names, weeks),
    }
    return tuple(
        UserLine(name, **{what: int(column[place]) for what, column in counts.items()})
        for place, name in enumerate(names)
    )


def _per_user(frame: pd.DataFrame | None, names: list[str]) -> Floats:
    if frame is None or frame.empty:
        return np.zeros(len(names))
    return frame.groupby(_USER)["n"].sum().reindex(names, fill_value=0).to_numpy(dtype=float)


def _active_weeks(frame: pd.DataFrame | None, names: list[str], weeks: list[date]) -> Floats:
    if frame is None or frame.empty or not weeks:
        return np.zeros(len(names))
    monday = frame["day"] - pd.to_timedelta(frame["day"].dt.day_of_week, unit="D")
    rows = frame.assign(week=monday)[monday.isin(pd.to_datetime(weeks))]
    found = rows.groupby(_USER)["week"].nunique()
    return found.reindex(names, fill_value=0).to_numpy(dtype=float)


def _nobody(frame: pd.DataFrame) -> pd.Series:
    return frame[_USER].isna() & ~frame["machine"]


def _with_values(use: Use, found: dict[str, pd.DataFrame]) -> Use:
    days = (use.end - use.start).days + 1 if use.start and use.end else 0
    acts = found.get("activities")
    has = {
        "records": acts is not None,
        "communications": acts is not None and bool(acts["said"].any()),
        "logins": acts is not None and bool(acts["login"].any()),
        "active_weeks": acts is not None,
        "orders": "orders" in found,
        "closed": "deals" in found,
    }
    asked = (
        ("records_per_user_day", "records", float(use.workdays)),
        ("comms_per_user_week", "communications", max(days / 7, 1.0)),
        ("logins_per_user_week", "logins", max(days / 7, 1.0)),
        ("active_user_share", "active_weeks", float(use.weeks)),
        ("tx_per_user", "orders", 1.0),
        ("closed_per_user", "closed", 1.0),
    )
    values = tuple(_value(use, key, what, periods, has=has[what]) for key, what, periods in asked)
    return replace(use, values=values)


def _value(use: Use, key: str, what: str, periods: float, *, has: bool) -> Value:
    own = np.array([getattr(line, what) for line in use.lines], dtype=float)
    each = np.concatenate([own, np.zeros(use.base - len(own))])
    parts = {"sum": float(each.sum()), "periods": periods, "n": float(use.base)}
    variant = "of_licences" if use.base > use.users else "of_users_seen"
    if not has:
        return worked_out(key, parts, variant=variant, flags=(f"no_{what}",))
    if use.start is None:
        return worked_out(key, parts, variant=variant, flags=("no_days_of_users",))
    if not periods:
        return worked_out(key, parts, variant=variant, flags=("no_whole_week",))
    flags = ("more_users",) if use.licences and use.licences < use.users else ()
    numbers, doubts = _mean(each / periods, share=key == "active_user_share")
    return worked_out(key, parts, numbers, variant=variant, flags=(*flags, *doubts))


def _mean(each: Floats, *, share: bool) -> tuple[Numbers, tuple[str, ...]]:
    n = np.array(float(len(each)))
    variance = intervals.mean_variance(each.sum(), (each**2).sum(), n)
    low, high = intervals.student(each.mean(), variance, n - 1)
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0) if share else high
    if n < LEAST_UNITS:
        return numbers_of(each.mean(), np.array(np.nan), np.array(np.nan)), (
            "small_n",
            "no_interval",
        )
    return numbers_of(each.mean(), low, high), ("few_units",) if n < FEW_UNITS else ()
