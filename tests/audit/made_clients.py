"""The clients of a made-up shop, and the part that each plays in its orders and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.audit.made import TODAY
from tests.audit.made_people import people

END = pd.Timestamp(TODAY)
YEAR_AGO = END - pd.Timedelta(days=364)
LOG_FROM = END - pd.Timedelta(days=210)
"""The first day of the log of messages."""
# What is wrong: the share of clients with whom it happens.
_WRONG = {
    "forgotten": 0.01,
    "silent": 0.01,
    "dead_mailed": 0.01,
    "gone_mailed": 0.01,
    "gone_by_card": 0.01,
    "complained_mailed": 0.005,
    "no_consent": 0.02,
    "overloaded": 0.01,
    "two_channels": 0.01,
    "partner": 0.01,
}
# What looks like it, and is right.
_RIGHT = {
    "called": 0.005,
    "yearly": 0.005,
    "bought_on_the_day": 0.005,
    "silent_since_unsubscribed": 0.005,
    "silent_and_new": 0.005,
    "silent_and_lost": 0.005,
    "mailed_on_the_day": 0.005,
    "dead": 0.005,
    "dead_same_day": 0.005,
    "dead_elsewhere": 0.005,
    "new_address": 0.005,
    "soft": 0.01,
    "gone": 0.01,
    "gone_same_day": 0.005,
    "gone_from_mail_alone": 0.005,
    "never_mailed": 0.01,
    "consent_on_other_card": 0.005,
    "on_the_cap": 0.01,
    "over_sunday": 0.01,
    "next_day": 0.01,
    "other_campaign": 0.01,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The clients (`people`, and `client` as their number), and who plays each part."""

    people: pd.DataFrame
    parts: Mapping[str, np.ndarray]
    clean: bool
    seed: int

    def of(self, *parts: str) -> np.ndarray:
        """The places of those who play one of these parts; of what is wrong none where clean."""
        return np.concatenate([self.parts.get(part, np.empty(0, dtype=int)) for part in parts])

    def without(self, *parts: str) -> np.ndarray:
        """The places of all others."""
        return np.setdiff1d(np.arange(len(self.people)), self.of(*parts))

    def random(self, salt: int) -> np.random.Generator:
        """A source of chance of its own for each thing that is made."""
        return np.random.default_rng((self.seed, salt))


def cast_of(clients: int, seed: int, *, clean: bool = False) -> Cast:
    """So many clients, each with one part at most; of a clean cast nobody's part is wrong."""
    own = people(clients, seed).assign(client=[f"K-{100_000 + one}" for one in range(clients)])
    free = np.random.default_rng(seed + 1).permutation(clients)
    parts, taken = {}, 0
    for name, share in (_RIGHT if clean else _WRONG | _RIGHT).items():
        count = max(int(clients * share), 4)
        parts[name], taken = free[taken : taken + count], taken + count
    assert taken < clients * 0.7, "most clients are usual ones"
    return Cast(own, parts, clean, seed)


def cards_of(cast: Cast) -> tuple[pd.DataFrame, dict[str, set[int]]]:
    """The contacts of the CRM, and by check the places of the bad ones."""
    random, own = cast.random(1), cast.people
    rows = len(own)
    frame = pd.DataFrame(
        {
            "contact_id": [str(500_000 + one) for one in range(rows)],
            "customer_id": own.client,
            "full_name": own.full_name,
            "email": own.email,
            "phone": own.phone,
            "source": own.source,
            "type": own.type,
            "city": own.city,
            "country": own.country,
            "consent": True,
            "lifecycle_stage": random.choice(["Клиент", "Новый", "Постоянный", "VIP"], rows),
            "unsubscribed_at": pd.Series([None] * rows, dtype=object),
            "created_at": own.created_at,
            "last_activity_at": own.last_activity_at,
        }
    )
    frame.loc[cast.of("partner"), "lifecycle_stage"] = "Партнёр"
    frame.loc[cast.of("no_consent", "never_mailed", "consent_on_other_card"), "consent"] = False
    gone = cast.of("gone_by_card")
    frame.loc[gone, "unsubscribed_at"] = END - pd.Timedelta(days=60)
    # Those who left by the card before anything was sent, and nothing was sent since.
    left = cast.of("silent_since_unsubscribed", "bought_on_the_day", "yearly")
    frame.loc[left, "unsubscribed_at"] = LOG_FROM
    again = frame.loc[cast.of("consent_on_other_card")].assign(consent=True)
    again["contact_id"] = "9" + again.contact_id
    bad = {"consent_missing": set(cast.of("no_consent"))} | _unfilled(cast, frame)
    return pd.concat([frame, again], ignore_index=True), bad


def _unfilled(cast: Cast, frame: pd.DataFrame) -> dict[str, set[int]]:
    """Spoil cells that other checks don't ask for, each in rows of its own, near misses as well."""
    random = cast.random(2)
    free = random.permutation(cast.without("consent_on_other_card"))
    count = max(len(frame) // 50, 5)
    own = [free[place * count : (place + 1) * count] for place in range(7)]
    # A year to the day is not stale yet, and of a card without a day nothing is said.
    frame.loc[own[0], "last_activity_at"] = END - pd.Timedelta(days=365)
    frame.loc[own[1], "last_activity_at"] = None
    frame.loc[own[2], "city"] = "-"
    frame.loc[own[2], "country"] = "Россия"
    if cast.clean:
        return {}
    blanks = np.array([None, "", "-", "не указано", "Прочее", "other", "n/a"], dtype=object)
    frame.loc[own[3], "last_activity_at"] = END - pd.Timedelta(days=366)
    frame.loc[own[4], "source"] = random.choice(blanks, count)
    frame.loc[own[5], "type"] = random.choice(blanks, count)
    frame.loc[own[6], ["city", "country"]] = random.choice(blanks, (count, 2))
    names = ("stale_contact", "source_missing", "type_missing", "location_missing")
    return {name: set(own[place]) for place, name in enumerate(names, 3)}
