"""Checks of the audit as one would write them by hand: a cell at a time, or with plain pandas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

Answer = list[tuple[str, int]]
SHOWN = {
    "values": ("phone_invalid", "email_invalid"),
    "others": (
        *("deal_overdue", "deal_no_next_task", "deal_stalled", "lead_untouched", "owner_missing"),
        *("won_without_amount", "closed_without_day", "lost_reason_missing", "product_missing"),
        *("dup_order", "unregistered_sales", "report_mismatch", "task_overdue", "task_no_result"),
        *("email_hard_bounced", "comms_overload"),
    ),
}
_STALLED_DAYS, _WEEKLY_CAP, _MISMATCH = 30, 3, 0.02


def values(path: Path) -> Answer:
    """Phones and e-mails that are not valid."""
    import pandas as pd
    import phonenumbers
    from email_validator import EmailNotValidError, validate_email

    def no_phone(text: str, country: str) -> bool:
        try:
            number = phonenumbers.parse(text, "RU" if country == "Россия" else "US")
        except phonenumbers.NumberParseException:
            return True
        return not phonenumbers.is_valid_number(number)

    def no_email(text: str) -> bool:
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            return True
        return False

    rows = pd.read_parquet(path)
    called = rows[rows.phone.notna()]
    bad = [no_phone(*one) for one in zip(called.phone, called.country, strict=True)]
    return [("phone_invalid", sum(bad)), ("email_invalid", int(rows.email.map(no_email).sum()))]


def others(paths: Mapping[str, Path], today: date) -> Answer:
    """How many violations of `SHOWN["others"]` there are."""
    import pandas as pd

    tables = {grain: pd.read_parquet(path) for grain, path in paths.items()}
    day = pd.Timestamp(today)
    counts = (
        _of_deals(tables["deals"], tables["activities"], day)
        | _of_orders(tables["orders"], tables["deals"])
        | _of_tasks(tables["activities"], day)
        | _of_messages(tables["recipients"])
    )
    return [(key, int(counts[key])) for key in SHOWN["others"]]


def _of_deals(deals: Any, acts: Any, day: Any) -> dict[str, int]:
    import pandas as pd

    is_open, decided = deals.status == "open", deals.status.isin(("won", "lost"))
    acts = acts.assign(day=acts.ts.dt.normalize(), due=acts.due_at.dt.normalize())
    ahead = acts.loc[(acts.due >= day) & acts.done_at.isna(), "object_id"]
    latest = acts[acts.day <= day].groupby("object_id").day.max()
    seen = deals[["updated_at", "created_at"]].max(axis=1).dt.normalize()
    seen = pd.concat([seen, deals.deal_id.map(latest)], axis=1).max(axis=1)
    return {
        "deal_overdue": (is_open & (deals.expected_close_at.dt.normalize() < day)).sum(),
        "deal_no_next_task": (is_open & ~deals.deal_id.isin(ahead)).sum(),
        "deal_stalled": (is_open & (seen < day - pd.Timedelta(days=_STALLED_DAYS))).sum(),
        "lead_untouched": _untouched(deals[is_open], acts, day),
        "owner_missing": (is_open & deals.owner.isna()).sum(),
        "won_without_amount": ((deals.status == "won") & deals.amount.isna()).sum(),
        "closed_without_day": (decided & deals.closed_at.isna()).sum(),
        "lost_reason_missing": ((deals.status == "lost") & deals.lost_reason.isna()).sum(),
        "product_missing": deals["product"].isna().sum(),
    }


def _untouched(deals: Any, acts: Any, day: Any) -> int:
    import pandas as pd

    own = deals[deals.created_at >= acts.ts.min()]
    own = own[day - own.created_at >= pd.Timedelta(days=1)]
    last = own.deal_id.map(acts.groupby("object_id").day.max())
    return (~(last >= own.created_at.dt.normalize())).sum()


def _of_orders(orders: Any, deals: Any) -> dict[str, int]:
    import pandas as pd

    alike = ["order_id", "amount", "date", "customer_id", "product", "created_at"]
    days = pd.to_datetime(orders.date)
    last = pd.concat([deals.closed_at, deals.created_at]).max().normalize() + pd.Timedelta(days=1)
    known = (days >= pd.to_datetime(deals.date).min()) & (days <= last)
    sums = orders.groupby("order_id").amount.sum()
    both = pd.concat([sums, deals.groupby("deal_id").amount.max().rename("crm")], axis=1).dropna()
    return {
        "dup_order": orders.duplicated(alike).sum(),
        "unregistered_sales": (known & ~orders.order_id.isin(deals.deal_id)).sum(),
        "report_mismatch": ((both.amount - both.crm).abs() > _MISMATCH * both.amount.abs()).sum(),
    }


def _of_tasks(acts: Any, day: Any) -> dict[str, int]:
    tells = acts.activity_type.isin(("call", "email", "meeting")) | acts.due_at.notna()
    return {
        "task_overdue": ((acts.due_at.dt.normalize() < day) & acts.done_at.isna()).sum(),
        "task_no_result": (acts.done_at.notna() & tells & acts.result.isna()).sum(),
    }


def _of_messages(sent: Any) -> dict[str, int]:
    import pandas as pd

    days = pd.to_datetime(sent.date)
    hard = sent[sent.bounced & (sent.bounce_type == "hard")]
    first = hard.groupby(["customer_id", "channel"]).date.min().rename("stop").reset_index()
    stop = pd.to_datetime(sent.merge(first, "left", on=["customer_id", "channel"]).stop)
    week = days - pd.to_timedelta(days.dt.dayofweek, unit="D")
    each = sent.groupby(["customer_id", week]).size()
    return {
        "email_hard_bounced": (days.to_numpy() > stop.to_numpy()).sum(),
        "comms_overload": (each - _WEEKLY_CAP).clip(lower=0).sum(),
    }
