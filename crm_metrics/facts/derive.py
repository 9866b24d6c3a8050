"""Fields that follow from others: from stamps, from parts of a sum, from a status word."""

from __future__ import annotations

from dataclasses import dataclass

from crm_metrics.facts.cells import is_one_of
from crm_metrics.facts.dates import EPOCH_DAY
from crm_metrics.schema import grain_named


@dataclass(frozen=True, slots=True)
class Rule:
    """A field of a grain (of any where None) that the needed fields give, as SQL over their keys.

    `refills` marks a rule that also fills the gaps of a mapped column: some vendors leave the
    duration empty while both stamps are there.
    """

    grain: str | None
    field: str
    needs: tuple[str, ...]
    sql: str
    refills: bool = False


def _between(first: str, second: str) -> str:
    seconds = f"(epoch({second}) - epoch({first}))"
    # An end before its beginning is an error of the export, not an answer given in advance.
    return f"CASE WHEN {second} >= {first} THEN {seconds} END"


def _rule(grain: str | None, field: str, needs: str, sql: str) -> Rule:
    return Rule(grain, field, tuple(needs.split()), sql)


def _span(grain: str, field: str, first: str, second: str) -> Rule:
    return Rule(grain, field, (first, second), _between(first, second), refills=True)


def _happened(grain: str | None, flag: str, stamp: str) -> Rule:
    return _rule(grain, flag, stamp, f"{stamp} IS NOT NULL")


def _by_status(grain: str, flag: str, said: str, denied: str) -> Rule:
    """What a status word says of the flag; a word that says neither leaves it unknown."""
    yes, no = (is_one_of("status", words.split()) for words in (said, denied))
    return _rule(grain, flag, "status", f"CASE WHEN {yes} THEN true WHEN {no} THEN false END")


# What belongs to an order as a whole stands on the first of its lines in some shops' files.
_OF_ITS_ORDER = (
    "CASE WHEN order_id IS NOT NULL"
    " AND min(status) OVER (PARTITION BY order_id) = max(status) OVER (PARTITION BY order_id)"
    " THEN max(status) OVER (PARTITION BY order_id) END"
)

_FAILED = "bounced bounce hard_bounce soft_bounce undelivered failed"
_OPENED = "opened open read"
_CLICKED = "clicked click"
_LEFT = "unsubscribed unsubscribe"
_COMPLAINED = "complained complaint spam"
# The furthest step of a message that went out; what it says of an earlier one it says for sure.
_REACHED = f"delivered {_OPENED} {_CLICKED} {_LEFT} {_COMPLAINED} converted"


# In this order: a later rule may need what an earlier one gave; of two for a field the first holds.
RULES: tuple[Rule, ...] = (
    _rule("campaigns", "bounces", "bounces_hard bounces_soft", "bounces_hard + bounces_soft"),
    _rule(
        "campaigns",
        "delivered",
        "sent bounces",
        "CASE WHEN sent >= bounces THEN sent - bounces END",
    ),
    _span("conversations", "first_reply_time", "created_at", "first_reply_at"),
    _span("conversations", "resolution_time", "created_at", "resolved_at"),
    _span("conversations", "resolution_time", "created_at", "closed_at"),
    _span("surveys", "duration", "started_at", "responded_at"),
    _span("attendance", "minutes_attended", "joined_at", "left_at"),
    _happened("attendance", "attended", "joined_at"),
    _happened("recipients", "opened", "opened_at"),
    _rule("recipients", "opened", "opens_total", "coalesce(opens_total, 0) > 0"),
    _happened("recipients", "clicked", "clicked_at"),
    _rule("recipients", "clicked", "clicks_total", "coalesce(clicks_total, 0) > 0"),
    _happened("recipients", "replied", "replied_at"),
    _happened("recipients", "unsubscribed", "unsubscribed_at"),
    _happened("recipients", "bounced", "bounce_type"),
    _happened("recipients", "delivered", "delivered_at"),
    _rule("recipients", "delivered", "bounced", "NOT coalesce(bounced, false)"),
    _by_status("recipients", "delivered", _REACHED, _FAILED),
    _by_status("recipients", "opened", f"{_OPENED} {_CLICKED}", f"sent delivered {_FAILED}"),
    _by_status("recipients", "clicked", _CLICKED, f"sent delivered {_OPENED} {_FAILED}"),
    _by_status("recipients", "bounced", _FAILED, _REACHED),
    _by_status("recipients", "unsubscribed", _LEFT, f"sent {_REACHED} {_FAILED}"),
    _by_status("recipients", "complained", _COMPLAINED, f"sent {_REACHED} {_FAILED}"),
    _by_status("attendance", "attended", "attended", "no_show"),
    Rule("orders", "status", ("status", "order_id", "product"), _OF_ITS_ORDER, refills=True),
    _happened(None, "converted", "converted_at"),
    _rule("calls", "is_answered", "is_missed", "NOT is_missed"),
    _rule("calls", "is_missed", "is_answered", "NOT is_answered"),
)


def derivations(grain: str, fields: set[str]) -> dict[str, str]:
    """SQL by field for all that these fields of this grain give, in order.

    An expression may name fields derived before it. A field of `fields` appears only where a rule
    refills it.
    """
    known = set(fields)
    found: dict[str, str] = {}
    for rule in RULES:
        if rule.grain not in {None, grain} or not known.issuperset(rule.needs):
            continue
        if rule.field in found:
            continue
        if rule.field not in fields:
            found[rule.field] = rule.sql
            known.add(rule.field)
        elif rule.refills:
            found[rule.field] = f"coalesce({rule.field}, {rule.sql})"
    return found


def date_sql(grain: str, fields: set[str]) -> str:
    """SQL for the cohort date: the first of the grain's dating fields that the row has."""
    own = [f"CAST({key} AS DATE)" for key in grain_named(grain).dated_by if key in fields]
    return f"coalesce({', '.join(own)})" if own else "CAST(NULL AS DATE)"


def time_sql() -> str:
    """SQL for a time of day joined with its row's date."""
    return f"date + (time - TIMESTAMP '{EPOCH_DAY}')"
