"""Made-up outbound messages with gaps in them, and each of their metrics computed the slow way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

N = 400
CAP = 3.0
_DAYS = 60


class Slow(NamedTuple):
    """What a metric must give: its value, n and components."""

    value: float
    n: float
    components: dict[str, float]


def made(seed: int = 1) -> dict[str, pd.DataFrame]:
    """Campaigns, recipients and events, 400 rows each, from two files."""
    random = np.random.default_rng(seed)
    return {
        "campaigns": _campaigns(random),
        "recipients": _recipients(random),
        "events": _events(random),
    }


def _common(random: np.random.Generator) -> pd.DataFrame:
    days = pd.to_timedelta(random.integers(0, _DAYS, N), unit="D")
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-05-01") + days,
            "channel": random.choice(["email", "sms", "chat"], N),
            "__dataset": random.choice(["one", "two"], N),
        }
    )


def _count(random: np.random.Generator, low: int, high: int, gaps: float = 0.15) -> pd.Series:
    return pd.Series(random.integers(low, high, N)).astype("float64").mask(random.random(N) < gaps)


def _flag(random: np.random.Generator, share: float, gaps: float = 0.15) -> pd.Series:
    return pd.Series(random.random(N) < share).astype("boolean").mask(random.random(N) < gaps)


def _amount(random: np.random.Generator, gaps: float = 0.15) -> pd.Series:
    return pd.Series(random.lognormal(5, 1, N)).mask(random.random(N) < gaps)


def _rate(random: np.random.Generator) -> pd.Series:
    return pd.Series(random.random(N) / 20)


def _campaigns(random: np.random.Generator) -> pd.DataFrame:
    return _common(random).assign(
        sent=_count(random, 1000, 2000),
        delivered=_count(random, 900, 1000),
        bounces=_count(random, 40, 100),
        bounces_hard=_count(random, 0, 20),
        bounces_soft=_count(random, 0, 20),
        bounce_rate=_rate(random),
        opens_unique=_count(random, 200, 400),
        opens_machine=_count(random, 0, 100),
        opens_total=_count(random, 200, 900),
        open_rate=_rate(random),
        clicks_unique=_count(random, 0, 300),
        clicks_total=_count(random, 0, 2000),
        click_rate=_rate(random).mask(random.random(N) < 0.5),
        ctor=_rate(random),
        replies=_count(random, 0, 20),
        reads=_count(random, 300, 700),
        forwards=_count(random, 0, 9),
        unsubscribes=_count(random, 0, 20),
        unsubscribe_rate=_rate(random),
        complaints=_count(random, 0, 3),
        complaint_rate=_rate(random),
        conversions=_count(random, 0, 9, gaps=0.5),
        orders=_count(random, 0, 9, gaps=0.3),
        conversion_rate=_rate(random),
        revenue=_amount(random),
        cost=_amount(random),
    )


def _recipients(random: np.random.Generator) -> pd.DataFrame:
    people = pd.Series(random.integers(0, 60, N).astype(str))
    bounced = _flag(random, 0.2)
    types = pd.Series(random.choice(["hard", "soft", None], N))
    converted = _flag(random, 0.1, gaps=0.4)
    common = _common(random)
    revenue = _amount(random).where(converted.fillna(random.random() < 0))
    # The second file has noughts, so that a blank there says nothing.
    revenue = revenue.mask((common["__dataset"] == "two") & (random.random(N) < 0.3), 0.0)
    return common.assign(
        customer_id=people.where(random.random(N) < 0.7, None),
        email=(people + random.choice(["@a.ru", "@A.ru"], N)).where(random.random(N) < 0.7, None),
        delivered=_flag(random, 0.9, gaps=0.4),
        bounced=bounced,
        bounce_type=types.where(bounced.fillna(value=False), None),
        opened=_flag(random, 0.4),
        open_is_machine=_flag(random, 0.2),
        opens_total=_count(random, 0, 5, gaps=0.4),
        clicked=_flag(random, 0.2),
        click_is_machine=_flag(random, 0.3),
        clicks_total=_count(random, 0, 9, gaps=0.4),
        replied=_flag(random, 0.05),
        unsubscribed=_flag(random, 0.02),
        complained=_flag(random, 0.01),
        converted=converted,
        revenue=revenue,
    )


def _events(random: np.random.Generator) -> pd.DataFrame:
    people = pd.Series(random.integers(0, 40, N).astype(str))
    return _common(random).assign(
        event_type=random.choice(["open", "click", "visit", "conversion"], N),
        customer_id=people.where(random.random(N) < 0.9, None),
    )


def share(x: pd.Series, n: pd.Series) -> Slow:
    """A share of the rows that have both."""
    x, n = _both(x, n)
    return Slow(x.sum() / n.sum(), n.sum(), {"x": x.sum(), "n": n.sum()})


def ratio(y: pd.Series, x: pd.Series, unit: pd.Series | None = None) -> Slow:
    """A ratio of the rows that have both; its units are the rows, or the values of `unit`."""
    y, x = _both(y, x)
    if unit is not None:
        y, x = (part.groupby(unit).sum() for part in (y, x))
    some = (y != 0) | (x != 0)
    y, x = y[some], x[some]
    parts = {"y": y, "x": x, "yy": y * y, "xx": x * x, "xy": x * y}
    sums = {name: part.sum() for name, part in parts.items()}
    return Slow(y.sum() / x.sum(), len(y), sums | {"m": len(y)})


def total(column: pd.Series) -> Slow:
    """The sum of the rows that have the column."""
    known = column.dropna().astype(float)
    return Slow(known.sum(), len(known), {"sum": known.sum(), "n": len(known)})


def quantile(column: pd.Series, part: float) -> Slow:
    """A quantile of the rows that have the column."""
    known = column.dropna()
    return Slow(known.quantile(part), len(known), {"n": len(known)})


def ones(data: pd.DataFrame) -> pd.Series:
    """One for each row."""
    return pd.Series(1.0, index=data.index)


def campaigns(data: pd.DataFrame) -> dict[str, Slow]:
    """Every metric of campaigns."""
    bounces = data.bounces.fillna(data.bounces_hard.fillna(0) + data.bounces_soft.fillna(0)).where(
        data[["bounces", "bounces_hard", "bounces_soft"]].notna().any(axis=1)
    )
    delivered = data.delivered.fillna(data.sent - bounces)
    sent = data.sent.fillna(data.delivered + bounces)
    base = delivered.fillna(data.sent)
    opens = data.opens_unique.fillna(_rounded(data.open_rate * base))
    clicks = data.clicks_unique.fillna(_rounded(data.click_rate * base))
    bounced = bounces.fillna(data.sent - data.delivered)
    converted = data.conversions.fillna(data.orders)
    converters = converted.fillna(_rounded(data.conversion_rate * base))
    by_people = data.opens_unique - data.opens_machine
    return {
        "messages_sent": total(sent),
        "messages_delivered": total(delivered),
        "people_reached": total(delivered),
        "delivery_rate": share(delivered, sent),
        "bounce_rate": share(bounced.fillna(_rounded(data.bounce_rate * sent)), sent),
        "hard_bounce_rate": share(data.bounces_hard.fillna(data.bounces - data.bounces_soft), sent),
        "soft_bounce_rate": share(data.bounces_soft.fillna(data.bounces - data.bounces_hard), sent),
        "open_rate": share(opens, base),
        "open_rate_adj": share(by_people, base - data.opens_machine),
        "open_rate_least": share(by_people, base),
        "click_rate": share(clicks, base),
        "ctor": share(clicks.fillna(_rounded(data.ctor * opens)), opens),
        "reply_rate": share(data.replies, base),
        "read_rate": share(data.reads, base),
        "unsub_rate": share(data.unsubscribes.fillna(_rounded(data.unsubscribe_rate * base)), base),
        "complaint_rate": share(data.complaints.fillna(_rounded(data.complaint_rate * base)), base),
        "conversion_rate": share(converters, base),
        "click_conversion_rate": share(converters, clicks),
        "total_opens_per_recipient": ratio(data.opens_total, base),
        "total_clicks_per_recipient": ratio(data.clicks_total, base),
        "forward_rate": ratio(data.forwards, base),
        "conversions": total(converted),
        "orders_per_message": ratio(data.orders, base),
        "revenue_per_message": ratio(data.revenue, base),
        "revenue": total(data.revenue),
        "spend": total(data.cost),
        "cost_per_message": ratio(data.cost, base),
        "cpc": ratio(data.cost, data.clicks_unique),
        "cpa": ratio(data.cost, converted),
        "cpo": ratio(data.cost, data.orders),
        "roas": ratio(data.revenue, data.cost),
        "drr": ratio(data.cost, data.revenue),
    }


def recipients(data: pd.DataFrame) -> dict[str, Slow]:
    """Every metric of recipients."""
    delivered = data.delivered.fillna(~data.bounced)
    base = delivered.fillna(value=True)
    bounced = data.bounced.fillna(~data.delivered)
    clicked, scanned = data.clicked.fillna(value=False), data.click_is_machine.fillna(value=False)
    machine = data.open_is_machine.fillna(value=False) & ~(clicked & ~scanned)
    opened = data.opened & ~machine
    who = _who(data)
    known = who.fillna("row " + data.index.astype(str).to_series(index=data.index))
    reached = data[base & who.notna()]
    person = who[reached.index]
    acts = data[["clicked", "replied", "converted"]].assign(clicked=data.clicked & ~scanned)
    opens = data.opens_total.fillna(_nought(~data.opened))
    clicks = data.clicks_total.fillna(_nought(~data.clicked))
    weeks = _weeks()
    each = person.groupby(person).size()
    fullest = reached.groupby([person, reached.date.dt.to_period("W")]).size()
    return {
        "messages_sent": total(ones(data)),
        "messages_delivered": total(delivered),
        "delivery_rate": share(delivered, ones(data)),
        "bounce_rate": share(bounced, ones(data)),
        "hard_bounce_rate": share(bounced & (data.bounce_type == "hard"), ones(data)),
        "soft_bounce_rate": share(bounced & (data.bounce_type == "soft"), ones(data)),
        "open_rate": share(data.opened, base),
        "open_rate_adj": share(opened, base & ~machine),
        "open_rate_least": share(opened, base),
        "click_rate": share(data.clicked, base),
        "click_rate_adj": share(data.clicked & ~scanned, base),
        "machine_click_share": share(data.click_is_machine[clicked], ones(data[clicked])),
        "ctor": share(data.clicked, data.opened),
        "reply_rate": share(data.replied, base),
        "unsub_rate": share(data.unsubscribed, base),
        "complaint_rate": share(data.complained, base),
        "conversion_rate": share(data.converted, base),
        "click_conversion_rate": share(data.converted[clicked], ones(data[clicked])),
        "total_opens_per_recipient": ratio(opens, base, known),
        "total_clicks_per_recipient": ratio(clicks, base, known),
        "conversions": total(data.converted),
        "revenue_per_message": ratio(_revenue(data), base, known),
        "revenue": total(data.revenue),
        "people_reached": total(pd.Series(1.0, index=person.unique())),
        "engaged_audience_rate": _people_who(acts.loc[reached.index], person),
        "engaged_or_opened_rate": _people_who(
            acts.assign(opened=opened).loc[reached.index], person
        ),
        "contact_frequency": ratio(each, each * 0 + weeks),
        "contact_frequency_p90": quantile(each / weeks, 0.9),
        "over_contacted_rate": share(fullest.groupby(level=0).max() > CAP, each * 0 + 1),
    }


def events(data: pd.DataFrame) -> dict[str, Slow]:
    """Every metric of events."""
    clicks = data[data.event_type == "click"]
    who = clicks.customer_id.dropna()
    each = who.groupby(who).size()
    return {
        "visits": total(ones(data[data.event_type == "visit"])),
        "conversions": total(ones(data[data.event_type == "conversion"])),
        "clicks_per_clicker": ratio(each, each * 0 + 1),
    }


def _both(one: pd.Series, other: pd.Series) -> tuple[pd.Series, pd.Series]:
    known = one.notna() & other.notna()
    return one[known].astype(float), other[known].astype(float)


def _rounded(column: pd.Series) -> pd.Series:
    """Half away from zero, as a database rounds."""
    return np.floor(column + 0.5)


def _nought(where: pd.Series) -> pd.Series:
    return pd.Series(0.0, index=where.index).where(where.fillna(value=False))


def _who(data: pd.DataFrame) -> pd.Series:
    return data.customer_id.fillna("email " + data.email.str.lower())


def _revenue(data: pd.DataFrame) -> pd.Series:
    """0 where nobody bought; in the file without noughts a blank says so."""
    blanks = data.converted.isna() & (data["__dataset"] == "one")
    none = (~data.converted).fillna(value=False) | blanks
    return data.revenue.fillna(_nought(none))


def _people_who(acts: pd.DataFrame, person: pd.Series) -> Slow:
    """People who did any of the acts, of those of whom one is known."""
    known = acts.notna().any(axis=1)
    did = acts.fillna(value=False).any(axis=1)[known].groupby(person[known]).any()
    return share(did, did.astype(float) * 0 + 1)


def _weeks() -> float:
    days = pd.concat([made()["recipients"].date])
    return ((days.max() - days.min()).days + 1) / 7


SLOW = {"campaigns": campaigns, "recipients": recipients, "events": events}
