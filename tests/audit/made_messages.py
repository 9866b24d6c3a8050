"""The log of messages to made-up clients, e-mails and SMS, and what goes wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from tests.audit.made_clients import END, LOG_FROM, Cast

# Letters go out on Tuesdays, text messages on the third Friday.
_TUESDAYS = pd.date_range(LOG_FROM, END, freq="W-TUE")
_FRIDAYS = pd.date_range(LOG_FROM, END, freq="WOM-3FRI")
MACHINES, TOO_MANY_MACHINES = 0.15, 0.3
Told = dict[str, set[int]]


def log_of(cast: Cast) -> tuple[pd.DataFrame, Told]:
    """A row a message and person, and by check the places of those that it should find."""
    random = cast.random(20)
    rows = [_usual(cast, random), *_of_parts(cast, random)]
    if not cast.clean:
        rows.append(_complained_in(cast, random))
    log = pd.concat(rows, ignore_index=True)
    order = random.permutation(len(log))
    log = log.iloc[order].sort_values("sent_at", kind="stable", ignore_index=True)
    _opened(log, random, clean=cast.clean)
    told = {check: set(log.index[log.check == check]) for check in log.check.unique() if check}
    if not cast.clean:
        told["bot_or_mpp_share"] = set(log.index[log.opened & log.open_is_machine])
    return log.drop(columns="check"), told


def _usual(cast: Cast, random: np.random.Generator) -> pd.DataFrame:
    """Letters to three in five, text messages to all; next to nobody complains or leaves."""
    who = cast.without(*_ALONE, *_PLAYS)
    parts = []
    for days, channel, share in ((_TUESDAYS, "email", 0.6), (_FRIDAYS, "sms", 1.0)):
        each = [who[random.random(len(who)) < share] for _ in days]
        people = np.concatenate(each)
        when = np.repeat(days, [len(one) for one in each])
        parts.append(_sent(cast, people, when, channel))
    log = pd.concat(parts, ignore_index=True).sort_values("sent_at", ignore_index=True)
    chance = random.random(len(log))
    log["bounced"] = chance < 0.01
    log["bounce_type"] = np.where(log.bounced, "soft", None)
    hard = (chance >= 0.01) & (chance < 0.012)
    log.loc[hard, ["bounced", "bounce_type"]] = [True, "hard"]
    log["unsubscribed"] = (chance > 0.997) & (log.channel == "email")
    log["complained"] = chance > 0.99995
    stops = hard | log.unsubscribed | log.complained
    day = log.sent_at.where(stops).groupby([log.client, log.channel]).transform("min")
    # A person who left, and a dead address, get nothing more.
    return log[~(log.sent_at > day)]


# They get nothing at all of the usual.
_ALONE = (
    *("forgotten", "silent_and_new", "silent_since_unsubscribed", "never_mailed", "partner"),
    *("bought_on_the_day", "called", "yearly"),
)


def _sent(
    cast: Cast,
    who: np.ndarray,
    when: pd.DatetimeIndex | pd.Timestamp,
    channel: str = "email",
    *,
    campaign: str = "",
    check: str = "",
    **cells: object,
) -> pd.DataFrame:
    """A message to each of these at ten in the morning of a day."""
    own = cast.people.iloc[who]
    log = pd.DataFrame(
        {
            "client": own.client.to_numpy(),
            "email": own.email.to_numpy() if channel == "email" else None,
            "phone": own.phone.to_numpy() if channel == "sms" else None,
            "channel": channel,
            "sent_at": when + pd.Timedelta(hours=10),
            "bounced": False,
            "bounce_type": None,
            "unsubscribed": False,
            "complained": False,
            "check": check,
        }
    ).assign(**cells)
    day = log.sent_at.dt.strftime("%d.%m.%y")
    log["campaign_name"] = campaign or f"{channel} " + day
    return log


def _day(ago: int) -> pd.Timestamp:
    return END - pd.Timedelta(days=ago)


Part = Callable[[Cast, np.ndarray], Iterable[pd.DataFrame]]


def _stopped(check: str = "", channel: str = "email", again: int = 7, **stop: object) -> Part:
    """A message that told to stop, and two more after so many days, which a check should find."""

    def play(cast: Cast, who: np.ndarray) -> Iterable[pd.DataFrame]:
        yield _sent(cast, who, _day(60), **stop)
        for more in (1, 3):
            yield _sent(
                cast, who, _day(60 - more * again), channel, campaign=f"a{more}", check=check
            )

    return play


def _in_a_week(count: int, *, first: int = 0, check: str = "", more: int = 0) -> Part:
    """So many messages in a week from a Monday on, one a day, and `more` on the Monday after."""

    def play(cast: Cast, who: np.ndarray) -> Iterable[pd.DataFrame]:
        monday = pd.Timestamp(2026, 5, 4) + pd.Timedelta(days=first)
        for place in range(count):
            day = monday + pd.Timedelta(days=place)
            channel = ("email", "sms")[place % 2]
            beyond = check if place >= 3 else ""
            yield _sent(cast, who, day, channel, campaign=f"w{place}", check=beyond)
        for place in range(more):
            day = monday + pd.Timedelta(days=count)
            yield _sent(cast, who, day, "email", campaign=f"m{place}")

    return play


def _both(check: str = "", later: int = 0, campaign: str = "Акция") -> Part:
    """A letter, and a text message of the same campaign or another so many days later."""

    def play(cast: Cast, who: np.ndarray) -> Iterable[pd.DataFrame]:
        yield _sent(cast, who, _day(40), campaign="Акция")
        noon = _day(40 - later) + pd.Timedelta(hours=2)
        yield _sent(cast, who, noon, "sms", campaign=campaign, check=check)

    return play


def _once(ago: int, **cells: object) -> Part:
    return lambda cast, who: [_sent(cast, who, _day(ago), **cells)]


def _moved(cast: Cast, who: np.ndarray) -> Iterable[pd.DataFrame]:
    """The old address is dead, and what is sent goes to the new one."""
    old = "old." + cast.people.email.iloc[who].to_numpy()
    yield _sent(cast, who, _day(60), email=old, **_HARD)
    yield _sent(cast, who, _day(30))


_HARD = {"bounced": True, "bounce_type": "hard"}
_PLAYS: dict[str, Part] = {
    "silent": _once(91),
    "silent_and_lost": _once(120),
    "mailed_on_the_day": _once(90),
    "dead_mailed": _stopped("email_hard_bounced", **_HARD),
    "dead": _once(50, **_HARD),
    "dead_same_day": _stopped(again=0, **_HARD),
    "dead_elsewhere": _stopped(channel="sms", **_HARD),
    "new_address": _moved,
    "soft": _stopped(bounced=True, bounce_type="soft"),
    "gone_mailed": _stopped("suppressed_but_mailed", unsubscribed=True),
    "gone": _once(50, unsubscribed=True),
    "gone_same_day": _stopped(again=0, unsubscribed=True),
    "gone_from_mail_alone": _stopped(channel="sms", unsubscribed=True),
    # The card says since when: 60 days ago.
    "gone_by_card": _stopped("suppressed_but_mailed"),
    "complained_mailed": _stopped("suppressed_but_mailed", complained=True),
    "overloaded": _in_a_week(5, check="comms_overload"),
    "on_the_cap": _in_a_week(3),
    # Two before Sunday's midnight, and two on Monday.
    "over_sunday": _in_a_week(2, first=5, more=2),
    "two_channels": _both("comms_conflict"),
    "next_day": _both(later=1),
    "other_campaign": _both(campaign="Новинки"),
}


def _of_parts(cast: Cast, random: np.random.Generator) -> Iterable[pd.DataFrame]:
    for part, play in _PLAYS.items():
        if part in cast.parts:
            yield from play(cast, cast.of(part))


def _complained_in(cast: Cast, random: np.random.Generator) -> pd.DataFrame:
    """A channel of few messages, in which one in sixty complains."""
    who = cast.without(*_ALONE, *_PLAYS)[: max(len(cast.people) // 4, 300)]
    return _sent(cast, who, _day(1), "push", complained=random.random(len(who)) < 1 / 60)


def _opened(log: pd.DataFrame, random: np.random.Generator, *, clean: bool) -> None:
    """Who opened the letters that came, and where a program did."""
    chance = random.random((2, len(log)))
    log["delivered"] = ~log.bounced
    log["opened"] = log.delivered & (log.channel == "email") & (chance[0] < 0.25)
    log["open_is_machine"] = log.opened & (chance[1] < (MACHINES if clean else TOO_MANY_MACHINES))
    log["clicked"] = log.opened & ~log.open_is_machine & (chance[1] > 0.9)
