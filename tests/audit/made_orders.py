"""The orders of made-up clients with their own gaps, the CRM's deals beside them, and defects."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.audit.made_clients import END, YEAR_AGO, Cast

# The CRM knows the orders of these days.
CRM_FROM, CRM_TO = END - pd.Timedelta(days=200), END - pd.Timedelta(days=20)
_GOODS = 60
_CITIES = ("Москва", "Тверь", "Пермь", "Кемь", "Сочи", "Тула", "Санкт-Петербург", "Казань")
_SPELT = ("г. Москва", "москва", "МОСКВА", "Москва.", "г.Тверь", "Санкт Петербург", "Казань.")
_PEOPLE_OF_CITIES = (0.3, 0.15, 0.1, 0.05, 0.1, 0.1, 0.1, 0.1)
_LEAST = 5
# Mondays of the days that the CRM knows, so many days ago.
_LOST = (50, 92, 113)
_TOLD_OF_CLIENTS = {
    ("forgotten",): "customer_forgotten",
    ("forgotten", "silent", "partner"): "comms_silence",
}
# How many days ago those bought of whom the day matters; all others buy again and again.
_LAST = {
    "forgotten": (181, 364),
    "called": (260, 300),
    "bought_on_the_day": (180, 180),
    "silent_and_new": (10, 80),
    "silent_and_lost": (366, 380),
}


@dataclass
class Orders:
    """The orders as they are written, and the places of the rows that a check should find.

    `lost` are days of which none are left.
    """

    rows: pd.DataFrame
    random: np.random.Generator
    free: dict[str, list[int]] = field(default_factory=dict)
    bad: dict[str, set[int]] = field(default_factory=dict)
    lost: set[Hashable] = field(default_factory=set)

    def take(self, kind: str, *checks: str, share: float = 0.01) -> list[int]:
        """Rows that nothing was done to yet, which these checks should find."""
        count = max(int(len(self.free[kind]) * share), _LEAST)
        own, self.free[kind] = self.free[kind][:count], self.free[kind][count:]
        self.tell(own, *checks)
        return own

    def again(self, of: list[int], *checks: str, number: str = "", **cells: object) -> None:
        """Append copies of rows, with another number and cells where given."""
        more = self.rows.loc[of].assign(**cells)
        if number:
            more["order_id"] = [f"{number}-{one}" for one in of]
        first = len(self.rows)
        self.rows = pd.concat([self.rows, more], ignore_index=True)
        self.tell(range(first, len(self.rows)), *checks)

    def tell(self, places: Iterable[int], *checks: str) -> None:
        """Rows that these checks should find."""
        for check in checks:
            self.bad.setdefault(check, set()).update(int(place) for place in places)


def orders_of(cast: Cast) -> tuple[Orders, pd.DataFrame]:
    """The orders of a year, and the deals in which the CRM keeps them."""
    random = cast.random(10)
    parts = [_usual(cast, random), *_of_parts(cast, random)]
    rows = pd.concat(parts)
    lost = [] if cast.clean else [END - pd.Timedelta(days=ago) for ago in _LOST]
    # An import that stood still wrote them on the day before.
    late = rows.created_at.dt.normalize().isin(lost).astype(int)
    rows["created_at"] -= pd.to_timedelta(late, unit="D")
    rows = rows.sort_values("created_at", kind="stable", ignore_index=True)
    rows["order_id"] = [f"З-{20_000 + one}" for one in range(len(rows))]
    orders = Orders(rows, random, lost={day.date() for day in lost})
    for parts, check in _TOLD_OF_CLIENTS.items():
        own = rows[rows.customer_id.isin(cast.people.client.iloc[cast.of(*parts)])]
        orders.tell(own.groupby("customer_id").tail(1).index, check)
    usual = rows.customer_id.isin(cast.people.client.iloc[cast.without(*cast.parts)])
    # The last order of a client tells of the client too.
    usual &= rows.customer_id.duplicated(keep="last")
    days = rows.created_at
    orders.free = {
        "before": list(random.permutation(rows.index[usual & (days < CRM_FROM)])),
        "inside": list(random.permutation(rows.index[usual & days.between(CRM_FROM, CRM_TO)])),
    }
    _right(orders)
    deals = _deals(orders, clean=cast.clean)
    if not cast.clean:
        _twice(orders)
        _amounts(orders)
        _written(orders)
    return orders, deals


def _usual(cast: Cast, random: np.random.Generator) -> pd.DataFrame:
    """Everybody buys again after a gap of their own, seldom on Sundays, one thing of the list."""
    who = cast.without(*_LAST, "yearly")
    gap = np.clip(np.exp(random.normal(np.log(55), 0.5, len(who))), 15, 170)
    first = random.uniform(0, 60, len(who))
    times = 1 + ((363 - first) // gap).astype(int)
    buyer = np.repeat(np.arange(len(who)), times)
    number = np.arange(len(buyer)) - np.repeat(np.cumsum(times) - times, times)
    shift = random.uniform(-0.2, 0.2, len(buyer)) * (number > 0)
    day = np.clip(first[buyer] + (number + shift) * gap[buyer], 0, 363).astype(int)
    at = YEAR_AGO + pd.to_timedelta(day, unit="D")
    later = (at.day_of_week == 6) & (random.random(len(at)) < 0.8)
    at = at + pd.to_timedelta(later.astype(int), unit="D")
    return _bought(cast, random, who[buyer], at)


def _of_parts(cast: Cast, random: np.random.Generator) -> Iterable[pd.DataFrame]:
    """The orders of those of whom it matters how long ago they bought."""
    for ago in (250, 570, 890, 1210):
        who = cast.of("yearly")
        yield _bought(cast, random, who, END - pd.to_timedelta([ago] * len(who), unit="D"))
    for part, (least, most) in _LAST.items():
        who = cast.of(part)
        ago = random.integers(least, most + 1, len(who))
        yield _bought(cast, random, who, END - pd.to_timedelta(ago, unit="D"))


def _bought(
    cast: Cast, random: np.random.Generator, clients: np.ndarray, days: pd.DatetimeIndex
) -> pd.DataFrame:
    """An order a client and day, at an hour of the day, for a price of the list."""
    rows = len(clients)
    prices = np.random.default_rng(5).lognormal(np.log(2500), 0.7, _GOODS).round(-1) - 0.1
    good = random.integers(0, _GOODS, rows)
    quantity = random.choice([1, 2, 3], rows, p=[0.8, 0.15, 0.05])
    minutes = np.clip(random.normal(14.5 * 60, 180, rows), 8 * 60, 22 * 60).astype(int)
    return pd.DataFrame(
        {
            "order_id": "",
            "customer_id": cast.people.client.to_numpy()[clients],
            "created_at": days + pd.to_timedelta(minutes, unit="m"),
            "amount": (prices[good] * quantity).round(2),
            "currency": "RUB",
            "status": "Выполнен",
            "is_return": False,
            "product": [f"Товар {one}" for one in good],
            "category": [f"Раздел {one % 7}" for one in good],
            "city": random.choice(_CITIES, rows, p=_PEOPLE_OF_CITIES),
            "comment": np.where(random.random(rows) < 0.12, "позвонить", None),
            "segment": np.where(random.random(rows) < 0.78, "розница", "опт"),
            "owner": random.choice(["Анна Орлова", "Пётр Ким"], rows),
        }
    )


def _right(orders: Orders) -> None:
    """What looks like an error and is none."""
    other = {"product": "Товар Б", "category": "Раздел Б"}
    orders.again(orders.take("before"), **other)  # a second line of the order
    orders.again(orders.take("before"), number="Т", **other)
    own = orders.rows.loc[orders.take("before")].drop_duplicates("amount")
    own = own.drop_duplicates("customer_id").index.to_list()
    strangers = np.roll(orders.rows.customer_id.loc[own].to_numpy(), 1)
    orders.again(own, number="С", customer_id=strangers)
    own = orders.take("before")
    tomorrow = orders.rows.created_at.loc[own] + pd.Timedelta(days=1)
    orders.again(own, number="Д", created_at=tomorrow)
    # The goods came back: as a row of the order with or without the sign, or by the status alone.
    own = orders.take("before")
    orders.again(own, amount=-orders.rows.amount.loc[own], is_return=True)
    orders.again(orders.take("before"), is_return=True, status="Возврат")
    own = orders.take("before")
    orders.again(own, amount=-orders.rows.amount.loc[own], status="Возврат")
    # Cancelled, and ordered again on the same day.
    own = orders.take("before")
    orders.rows.loc[own, "status"] = "Отменён"
    orders.again(own, number="П", status="Выполнен")
    orders.rows.loc[orders.take("before"), "currency"] = None
    # Nobody sold them, so that nobody enters them into the CRM.
    orders.rows.loc[orders.take("inside"), "status"] = "Отменён"
    _sized(orders, orders.take("before"), 4.2, 4.7)


def _sized(orders: Orders, places: list[int], least: float, most: float) -> None:
    """Give rows amounts that lie so many robust deviations away, above and below."""
    size = np.log(orders.rows.amount[orders.rows.amount > 0])
    middle = size.median()
    spread = 1.4826 * (size - middle).abs().median()
    off = orders.random.uniform(least, most, len(places)) * spread
    sign = orders.random.choice([-1, 1], len(places))
    orders.rows.loc[places, "amount"] = np.exp(middle + sign * off).round(2)


def _twice(orders: Orders) -> None:
    orders.again(orders.take("before"), "dup_order")
    own = orders.take("before")
    soon = orders.rows.created_at.loc[own] + pd.Timedelta(minutes=3)
    orders.again(own, "dup_order", number="В", created_at=soon)


def _amounts(orders: Orders) -> None:
    _sized(orders, orders.take("before", "amount_outlier"), 5.4, 9)
    own = orders.take("before", "amount_negative")
    orders.rows.loc[own, "amount"] *= -1
    own = orders.take("before", "currency_mixed")
    orders.rows.loc[own, "currency"] = orders.random.choice(["USD", "KZT"], len(own))


def _written(orders: Orders) -> None:
    """Cities and categories in other spellings; a field that nobody fills, one with a default."""
    for name, spelt in (("city", _SPELT), ("category", ("раздел 1", "Раздел-2", "РАЗДЕЛ 3"))):
        own = orders.take("before", f"near_duplicate_category:{name}")
        orders.rows.loc[own, name] = orders.random.choice(spelt, len(own))
    chance = orders.random.random((2, len(orders.rows)))
    orders.rows["owner"] = orders.rows.owner.where(chance[0] < 0.06)
    orders.rows["segment"] = np.where(chance[1] < 0.9, "розница", "опт")


def _deals(orders: Orders, *, clean: bool) -> pd.DataFrame:
    """A won deal of each sale of the days that the CRM knows, but for what is wrong."""
    rows = orders.rows
    known = rows[rows.created_at.between(CRM_FROM, CRM_TO) & (rows.status == "Выполнен")]
    deals = pd.DataFrame(
        {
            "deal_id": known.order_id.str.lower(),
            "customer_id": known.customer_id,
            "amount": known.amount,
            "currency": known.currency,
            "status": "won",
            "created_at": known.created_at - pd.Timedelta(days=1),
            "closed_at": known.created_at,
        }
    )
    # Rounding, a discount of a hundredth.
    deals.loc[orders.take("inside"), "amount"] *= 0.981
    if clean:
        return deals.reset_index(drop=True)
    for factor in (0.7, 1.03, 10):
        deals.loc[orders.take("inside", "report_mismatch"), "amount"] *= factor
    return deals.drop(index=orders.take("inside", "unregistered_sales")).reset_index(drop=True)
