"""A log of events reduced to recipients and judged the slow way: loops over one message at a time.

Nothing here is shared with the product: rules are written again from their definitions.
"""

from __future__ import annotations

import re

import pandas as pd

_TIMES = {"delivered": "delivered_at", "open": "opened_at", "click": "clicked_at",
          "unsubscribe": "unsubscribed_at", "reply": "replied_at",
          "conversion": "converted_at"}  # fmt: skip
_FLAGS = {"delivered": "delivered", "open": "opened", "click": "clicked", "bounce": "bounced",
          "unsubscribe": "unsubscribed", "complaint": "complained", "reply": "replied",
          "conversion": "converted"}  # fmt: skip
_SCANNERS = ("barracuda", "proofpoint", "googlebot/")


def slow_recipients(log: pd.DataFrame) -> dict[tuple[str, str], dict]:
    """By message and person (e-mail): every column that the log tells of."""
    log = log.drop_duplicates()
    known = set(log.event_type)
    links = log[log.event_type == "click"].groupby("campaign_id").url.agg(set).to_dict()
    found = {}
    for key, rows in log.groupby(["message_id", "email"]):
        found[key] = _one(rows, known, links.get(rows.campaign_id.iloc[0], set()))
    return found


def _one(rows: pd.DataFrame, known: set[str], links: set[str]) -> dict:
    events = {kind: own.sort_values("ts") for kind, own in rows.groupby("event_type")}
    row = {flag: (kind in events if kind in known else None) for kind, flag in _FLAGS.items()}
    for kind, name in _TIMES.items():
        row[name] = events[kind].ts.iloc[0] if kind in events else None
    sends = [events[kind].ts.iloc[0] for kind in ("sent", "delivered", "bounce") if kind in events]
    row["date"] = (min(sends) if sends else rows.ts.min()).normalize()
    row["sendless"] = not sends
    row["opens_total"] = len(events.get("open", ())) if "open" in known else None
    row["clicks_total"] = len(events.get("click", ())) if "click" in known else None
    sold = events["conversion"].value.sum() if "conversion" in events else 0.0
    row["revenue"] = sold if "conversion" in known else None
    clicks = [
        machine_click(one, events["click"], links)
        for one in events.get("click", rows[:0]).itertuples()
    ]
    row["click_is_machine"] = _all_of(clicks) if "click" in known else None
    opens = [_machine_open(one.user_agent) for one in events.get("open", rows[:0]).itertuples()]
    row["open_is_machine"] = _all_of(opens) if "open" in known else None
    if row["open_is_machine"] is not False and any(one is not True for one in clicks) and opens:
        row["open_is_machine"] = False
    return row


def machine_click(click, clicks: pd.DataFrame, links: set[str]) -> bool | None:
    """Whether the click lies in any window of two seconds with enough different links."""
    if any(word in click.user_agent.lower() for word in _SCANNERS):
        return True
    if not _enough(links):
        return None
    for start in clicks.ts:
        end = start + pd.Timedelta(seconds=2)
        if start <= click.ts <= end and _enough(set(clicks[clicks.ts.between(start, end)].url)):
            return True
    return False


def _enough(links: set[str]) -> bool:
    leaving = any(re.search("unsubscribe", link) for link in links)
    return len(links) >= 3 or (len(links) == 2 and leaving)


def _machine_open(agent: str) -> bool:
    return agent == "Mozilla/5.0" or any(word in agent.lower() for word in _SCANNERS)


def _all_of(judged: list[bool | None]) -> bool | None:
    if any(one is False for one in judged) or not judged:
        return False
    return None if None in judged else True
