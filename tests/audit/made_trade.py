"""A made-up shop as a CRM of several grains, with what every check should find in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from tests.audit.crm import Crm, lines_of
from tests.audit.made_clients import cards_of, cast_of
from tests.audit.made_messages import log_of
from tests.audit.made_orders import orders_of
from tests.audit.made_voice import calls_of, conversations_of, surveys_of, traffic_of


def made_trade(clients: int, seed: int, *, clean: bool = False) -> Crm:
    """Cards, orders, deals, messages, surveys, conversations, calls and visits of so many clients.

    `clean` has what looks like a defect and is none, and no defects.
    """
    cast = cast_of(clients, seed, clean=clean)
    cards, bad_cards = cards_of(cast)
    orders, deals = orders_of(cast)
    log, bad_messages = log_of(cast)
    surveys, bad_surveys = surveys_of(cast)
    conversations, of_conversations = conversations_of(cast)
    calls, of_calls = calls_of(cast)
    traffic, of_traffic = traffic_of(cast)
    crm = Crm(
        {
            "contacts": cards,
            "orders": orders.rows,
            "deals": deals,
            "recipients": log.rename(columns={"client": "customer_id"}),
            "surveys": surveys,
            "conversations": conversations,
            "calls": calls,
            "traffic": traffic,
        }
    )
    _tell_lines(crm, "contacts", bad_cards)
    _tell_lines(crm, "orders", orders.bad)
    _tell_lines(crm, "recipients", bad_messages)
    _tell_lines(crm, "surveys", bad_surveys)
    for grain, named in (
        ("conversations", of_conversations),
        ("calls", of_calls),
        ("traffic", of_traffic),
    ):
        _tell(crm, grain, named)
    _tell(crm, "orders", {"integration_gap": orders.lost})
    if not clean:
        _tell(crm, "orders", {"field_unused": {"owner"}, "field_default": {"segment"}})
        _tell(crm, "contacts", {"segment_uncovered": {"Партнёр"}})
        _tell(crm, "recipients", {"complaint_over_limit": {"push"}})
        _tell(crm, "surveys", {"voice_absent": {"ces"}, "voice_biased": {"nps"}})
    return crm


def _tell_lines(crm: Crm, grain: str, bad: Mapping[str, Iterable[int]]) -> None:
    _tell(crm, grain, {check: lines_of(places) for check, places in bad.items()})


def _tell(crm: Crm, grain: str, bad: Mapping[str, Iterable[Hashable]]) -> None:
    """Units of a grain by check, or by "check:part"."""
    for name, units in bad.items():
        check, _, part = name.partition(":")
        crm.tell(check, f"{grain}:{part}" if part else grain, units)
