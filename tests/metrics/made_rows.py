"""Many made-up facts of any grain, the same every time, in Parquet, with gaps."""

from __future__ import annotations

from pathlib import Path

import duckdb

from crm_metrics.metrics import metrics_of
from crm_metrics.schema import fields_of, grain_named, kind_of

_PEOPLE = 50_000
_ACCOUNTS = 200
# What declarations read beside what they need.
_ALWAYS = ("date", "channel", "platform", "currency", "account", "customer_id", "status", "team")
_WORDS = {
    "currency": ("RUB",),
    "channel": ("email", "sms", "push", "social"),
    "platform": ("vk", "telegram"),
    "stage": ("won", "lost", "open", "new"),
    "status": ("delivered", "bounced", "answered", "missed", "returned", "won", "open"),
    "direction": ("in", "out"),
    "initiator": ("client", "agent", "bot"),
    "survey_type": ("nps", "csat", "ces"),
    "polarity": ("high", "low"),
    "author_type": ("client", "agent", "bot"),
    "bounce_type": ("hard", "soft"),
    "event_type": (
        *("sent", "delivered", "open", "click", "bounce", "unsubscribe", "complaint", "reply"),
        *("conversion", "visit", "msg_in", "msg_out"),
    ),
}
_BY_KIND = {
    "count": "CAST(floor({r} * 100) AS BIGINT)",
    "money": "round({r} * 900, 2)",
    "rate": "{r}",
    "duration": "floor({r} * 9000)",
    "number": "floor({r} * 11)",
    "flag": "{r} < 0.4",
    "date": "DATE '2026-01-01' + CAST(floor({r} * 180) AS INTEGER)",
    "timestamp": "TIMESTAMP '2026-01-01' + to_seconds(CAST(floor({r} * 15552000) AS BIGINT))",
    "id": f"'k' || CAST(floor({{r}} * {_PEOPLE}) AS INTEGER)",
}


def write_rows(path: Path, grain: str, rows: int, groups: int = 1) -> Path:
    """So many rows of a grain, in about so many groups; an account has one row a day."""
    wanted = {*_ALWAYS, *grain_named(grain).own}
    wanted |= {name for one in metrics_of(grain) for need in one.needs for name in need.split("|")}
    columns = [
        f'{_cell(field, kind_of(field, grain), place)} AS "{field}"'
        for place, field in enumerate(fields_of(grain))
        if field in wanted
    ]
    columns += ["i AS __line", "['one', 'two', 'three'][1 + i % 3] AS __dataset"]
    size = max(2_048, min(122_880, rows // groups))
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {', '.join(columns)} FROM range({rows}) made(i))"
            f" TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE {size})"
        )
    return path


def _cell(field: str, kind: str, seed: int) -> str:
    if field == "date":
        return f"DATE '2020-01-01' + CAST(i // {_ACCOUNTS} AS INTEGER)"
    if field == "account":
        return f"'account ' || (i % {_ACCOUNTS})"
    random = f"((hash(i * 1000 + {seed}) % 1000000) / 1000000.0)::DOUBLE"
    if kind in _BY_KIND:
        value = _BY_KIND[kind].format(r=random)
    else:
        words = _WORDS.get(field, ("a", "b", "c"))
        listed = ", ".join(f"'{word}'" for word in words)
        value = f"[{listed}][1 + CAST(floor({random} * {len(words)}) AS INTEGER)]"
    return f"CASE WHEN hash(i * 1000 + {seed} + 500) % 10 > 0 THEN {value} END"
