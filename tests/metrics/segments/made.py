"""Rows of the same people in several kinds, with gaps, and who each row is about."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.metrics.stand_in import FrameEngine

PEOPLE = 60
_START = pd.Timestamp("2026-01-01")


def _days(random: np.random.Generator, n: int) -> pd.Series:
    return pd.Series(_START + pd.to_timedelta(random.integers(0, 120, n), unit="D"))


def _emails(people: pd.Series) -> pd.Series:
    return people.map(lambda one: None if pd.isna(one) else f"p{int(one)}@x.ru")


@cache
def frames() -> dict[str, pd.DataFrame]:
    """Orders by id, contacts by id and e-mail, messages and answers by e-mail alone.

    Of 60 people the last ten have no contact, so that their e-mail is a person of its own.
    """
    random = np.random.default_rng(5)
    n = 300
    who = pd.Series(random.integers(0, PEOPLE - 20, n).astype(float)).mask(random.random(n) < 0.05)
    orders = pd.DataFrame(
        {
            "date": _days(random, n).mask(random.random(n) < 0.03),
            "customer_id": who.map(lambda one: None if pd.isna(one) else f"C{int(one)}"),
            "order_id": random.integers(0, 200, n).astype(str),
            "amount": pd.Series(random.lognormal(3, 1, n).round(2)).mask(random.random(n) < 0.1),
            "category": pd.Series(random.choice(["Rugs", " lamps", "Beds"], n)).mask(
                random.random(n) < 0.2
            ),
            "is_return": random.random(n) < 0.06,
        }
    )
    contacts = pd.DataFrame(
        {
            "customer_id": [f"c{one} " for one in range(PEOPLE - 10)],
            "email": _emails(pd.Series(range(PEOPLE - 10), dtype=float)),
            "date": _days(random, PEOPLE - 10),
            "city": pd.Series(random.choice(["Moscow", "Tula"], PEOPLE - 10)).mask(
                random.random(PEOPLE - 10) < 0.2
            ),
            "consent": pd.Series(random.random(PEOPLE - 10) < 0.5, dtype="boolean").mask(
                random.random(PEOPLE - 10) < 0.2
            ),
        }
    )
    m = 250
    to = pd.Series(random.integers(0, PEOPLE, m).astype(float)).mask(random.random(m) < 0.04)
    recipients = pd.DataFrame(
        {
            "date": _days(random, m),
            "email": _emails(to).str.upper(),
            "delivered": True,
            "opened": random.random(m) < 0.5,
            "clicked": pd.Series(random.random(m) < 0.2, dtype="boolean"),
        }
    )
    surveys = pd.DataFrame(
        {
            "date": _days(random, 80),
            "email": _emails(pd.Series(random.integers(0, PEOPLE, 80).astype(float))),
            "survey_type": "nps",
            "score": random.integers(0, 11, 80).astype(float),
            "scale_min": 0.0,
            "scale_max": 10.0,
        }
    )
    posts = pd.DataFrame({"date": _days(random, 5), "reach": 10, "likes": 1})
    return {
        "orders": orders,
        "contacts": contacts,
        "recipients": recipients,
        "surveys": surveys,
        "posts": posts,
    }


@cache
def engine() -> FrameEngine:
    return FrameEngine(**frames())


def person(grain: str) -> pd.Series:
    """Who each row is about, by hand: an e-mail of the first fifty is its customer's."""
    data = frames()[grain]
    if "customer_id" in data:
        return data.customer_id.str.strip().str.lower()
    number = data.email.str.extract(r"(\d+)", expand=False).astype(float)
    own = number.map(lambda one: None if pd.isna(one) else f"c{int(one)}")
    return own.where(number < PEOPLE - 10, data.email.str.lower())


def everybody() -> set[str]:
    grains = ("orders", "contacts", "recipients", "surveys")
    return set().union(*(set(person(grain).dropna()) for grain in grains))


def sales() -> pd.DataFrame:
    data = frames()["orders"].assign(person=person("orders"))
    return data[~data.is_return & data.person.notna()]
