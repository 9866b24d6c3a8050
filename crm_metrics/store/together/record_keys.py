"""What makes records of two data sets the same record, declared by grain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

PERSON: tuple[str, ...] = ("customer_id", "email", "phone")
"""What tells a person apart, best first."""


@dataclass(frozen=True, slots=True)
class Key:
    """Fields that identify a record of a grain.

    A row has this key where every field of `identity` is filled ("person" stands for the first of
    `PERSON` that both data sets have). Fields of `beside` join it where both data sets have them.
    It holds `within` data sets of one "system" (of an unknown one too), of one "report", or of any.
    """

    identity: tuple[str, ...]
    beside: tuple[str, ...]
    within: Literal["any", "system", "report"]


def _keys(*keys: tuple[str, str] | tuple[str, str, Literal["any", "report"]]) -> tuple[Key, ...]:
    return tuple(
        Key(tuple(key[0].split()), tuple(key[1].split()), key[2] if len(key) > 2 else "system")
        for key in keys
    )


_WHOSE = "channel platform account"
_CAMPAIGN = "channel account date sent_at variant segment message_type language country city"
_MESSAGE = "message_id person campaign_id conversation_id author url text"

KEYS: dict[str, tuple[Key, ...]] = {
    "campaigns": _keys(
        ("campaign_id", _CAMPAIGN),
        ("campaign_name", f"{_CAMPAIGN} subject", "any"),
    ),
    "recipients": _keys(
        ("message_id", "account person"),
        ("person campaign_id", "channel account date"),
        ("person campaign_name", "channel account date variant", "any"),
        ("person sent_at", "channel account", "report"),
    ),
    "events": _keys(
        ("ts event_type message_id", _MESSAGE),
        ("ts event_type person", _MESSAGE),
        ("ts event_type conversation_id", _MESSAGE),
        ("ts author", _MESSAGE),
    ),
    "posts": _keys(("post_id", _WHOSE), ("url", "", "any")),
    "conversations": _keys(("conversation_id", "account")),
    "calls": _keys(
        ("call_id", "account"),
        ("started_at caller", "account callee direction"),
        ("date time caller", "account callee direction"),
        ("started_at talk_time", "account caller callee direction agent", "report"),
    ),
    "surveys": _keys(
        ("response_id", "account question"),
        ("responded_at score", "account question person comment", "report"),
    ),
    "attendance": _keys(
        ("registration_id", "account joined_at"),
        ("person event_name", "date joined_at", "any"),
        ("person registered_at", "account ticket_type", "report"),
    ),
    "orders": _keys(("order_id", "account")),
    "deals": _keys(("deal_id", "account")),
    "contacts": _keys(("contact_id", "account"), ("email", "account"), ("phone", "account")),
    "activities": _keys(("ts activity_type object_id", "owner")),
    "staff": _keys(("email", "account"), ("owner", "account"), ("full_name", "account")),
}

OF_A_PERIOD = frozenset({"page_days", "traffic", "spend", "support_stats"})
"""Grains whose rows sum up days: a row is known by its date and all that it is broken down by."""
OF_SUMS = OF_A_PERIOD | {"campaigns"}
"""Grains of which only sums are counted, never rows: a record may give each sum from elsewhere."""

DIMENSIONS: tuple[str, ...] = (
    "channel", "platform", "account", "campaign_id", "campaign_name", "adset_id", "adset_name",
    "ad_id", "ad_name", "keyword", "page", "url", "source", "utm_source", "utm_medium",
    "utm_campaign", "utm_term", "utm_content", "segment", "variant", "message_type", "language",
    "country", "region", "city", "agent", "team",
)  # fmt: skip
"""What rows of a period can be broken down by; words that change later (status, tags) are not."""

WITNESSES: tuple[str, ...] = ("date", "email", "phone", "customer_id")
"""What stays the same while a record with an id changes, where both data sets have it."""

# Excel keeps fifteen digits of a long number: what is left of such an id names several things.
_SPOILT = r"^[0-9](\.[0-9]+)?e\+[0-9]+$"
# A spreadsheet drops the zeros before a number.
_PADDED = r"^0+([0-9]+)$"
_BETWEEN = "\x1f"


def part_of_key(rows: ir.Table, column: str) -> ir.StringValue:
    """A cell of a key as text: folded, null where blank or spoilt."""
    value = rows[column]
    if value.type().is_timestamp():
        return value.strftime("%Y-%m-%d %H:%M:%S")
    whole = value.cast("string")
    if column == "phone":
        # +7 and 8 begin the same number.
        return whole.re_replace("[^0-9]", "").right(10).nullif("")
    # Most cells need no more than small letters, and over millions of rows to look for what is odd
    # in one is fast, to strip and match is not. Nothing sorts before "!" but blanks.
    odd = (whole < "!") | (whole.right(1) < "!")
    text = whole.lower().strip().nullif("")
    if column.endswith("_id"):
        odd |= whole.contains("+") | whole.startswith("0")
        number = ibis.ifelse(text.re_search(_SPOILT), ibis.null("string"), text)
        text = ibis.ifelse(text.contains("e+"), number, text)
        text = text.re_replace(_PADDED, r"\1")
    return ibis.ifelse(odd, text, whole.lower())


def key_of(rows: ir.Table, identity: Sequence[str], beside: Sequence[str]) -> ir.IntegerValue:
    """The key of each row as one number, null where a part of its identity is blank."""
    parts = [part_of_key(rows, column) for column in identity]
    beside_it = [part_of_key(rows, column).fill_null("") for column in beside]
    whole = ibis.literal(_BETWEEN).join([*parts, *beside_it]).hash()
    if not parts:
        return whole
    return ibis.ifelse(ibis.and_(*(part.notnull() for part in parts)), whole, ibis.null("int64"))
