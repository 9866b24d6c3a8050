"""Made-up surveys, conversations, calls and visits, and what goes wrong in them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.audit.made_clients import END, Cast

_FROM = END - pd.Timedelta(days=180)
_SAID = (
    "Всё отлично, спасибо!", "Ждал(а) ответа 3 дня… «это норма»?", "Good service, thank you.",
    "Très bien, déjà commandé à nouveau", "Señor, ¡muy rápido!", "Größe passt, schöne Grüße",
    "Příliš žluťoučký kůň", "Доставка — № 1, но 5 °C в машине", "Naïve café, São Paulo", None,
)  # fmt: skip
Gaps = dict[str, set[object]]


def surveys_of(cast: Cast) -> tuple[pd.DataFrame, dict[str, set[int]]]:
    """Bursts of NPS once a month, CSAT after tickets; the places of comments that are spoilt."""
    random = cast.random(30)
    share = 0.25 if cast.clean else 0.03
    last = 180 if cast.clean else 200
    bursts = [
        _asked(cast, random, "nps", END - pd.Timedelta(days=int(ago)), share)
        for ago in range(20, 180, 30)
    ]
    rows = pd.concat(
        [
            *bursts,
            _asked(cast, random, "csat", END - pd.Timedelta(days=7), 0.4),
            _asked(cast, random, "ces", END - pd.Timedelta(days=last), 0.3),
        ],
        ignore_index=True,
    )
    rows["response_id"] = [f"R{one}" for one in range(len(rows))]
    bad: dict[str, set[int]] = {}
    if not cast.clean:
        said = rows.index[rows.comment.notna()]
        own = random.permutation(said)[: max(len(said) // 50, 8)]
        rows.loc[own, "comment"] = [
            _spoilt(place, "Долго ждали ответа") for place in range(len(own))
        ]
        bad["encoding_damaged"] = set(own)
    return rows, bad


def _asked(
    cast: Cast, random: np.random.Generator, kind: str, day: pd.Timestamp, share: float
) -> pd.DataFrame:
    """Who was asked on a day, and who of them answered within two days of it at most."""
    rows = max(len(cast.people) // 5, 400)
    answers = random.random(rows) < share
    low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[kind]
    after = day + pd.to_timedelta(random.integers(0, 3, rows), unit="h")
    scores = np.clip(random.normal(high * 0.8, high * 0.2, rows).round(), low, high)
    return pd.DataFrame(
        {
            "survey_type": kind,
            "customer_id": random.choice(cast.people.client.iloc[_talking(cast)], rows),
            "invited_at": day,
            "responded_at": after.where(answers),
            "date": day,
            "score": np.where(answers, scores, np.nan),
            "scale_min": float(low),
            "scale_max": float(high),
            "comment": np.where(answers, random.choice(np.array(_SAID, dtype=object), rows), None),
            "channel": "email",
        }
    )  # fmt: skip


def _spoilt(place: int, text: str) -> str:
    """A text that some program read in another encoding than it was written in."""
    ways = (("utf-8", "latin-1"), ("utf-8", "cp1251"), ("cp1251", "latin-1"), ("utf-8", "ascii"))
    written, read = ways[place % len(ways)]
    return text.encode(written).decode(read, "replace")


def _moments(
    random: np.random.Generator, usual: float, *, seldom: float, lost: tuple[int, ...]
) -> tuple[pd.DatetimeIndex, set[object]]:
    """Moments in the hours of work, few at weekends; none on some days, which are given too."""
    days = pd.date_range(_FROM, END, freq="D")
    means = np.where(days.day_of_week < 5, usual, seldom)
    counts = random.poisson(means)
    own = [day for place, day in enumerate(days[days.day_of_week < 5]) if place in lost]
    counts[days.isin(own)] = 0
    at = np.repeat(days, counts)
    minutes = np.clip(random.normal(13.5 * 60, 120, len(at)), 9 * 60, 20 * 60).astype(int)
    return at + pd.to_timedelta(minutes, unit="m"), {day.date() for day in own}


def conversations_of(cast: Cast) -> tuple[pd.DataFrame, Gaps]:
    """Tickets in three channels, of which one answers too late; the days without any, channels."""
    random = cast.random(31)
    lost = () if cast.clean else (20, 21, 60)
    at, gaps = _moments(random, max(len(cast.people) / 40, 30), seldom=2, lost=lost)
    rows = len(at)
    channel = random.choice(["chat", "email", "messenger"], rows)
    # Nine in ten within two hours; in a chat that is broken six in ten.
    middle = np.where((channel == "chat") & (not cast.clean), 100 * 60, 25 * 60)
    took = np.exp(np.log(middle) + random.normal(0, 0.9, rows))
    took = np.where(random.random(rows) < 0.03, np.nan, took)
    frame = pd.DataFrame(
        {
            "conversation_id": [f"T{one}" for one in range(rows)],
            "customer_id": random.choice(cast.people.client.iloc[_talking(cast)], rows),
            "channel": channel,
            "created_at": at,
            "first_reply_at": at + pd.to_timedelta(np.round(took), unit="s"),
        }
    )
    return frame, {"integration_gap": gaps, "sla_broken": set() if cast.clean else {"chat"}}


def _talking(cast: Cast) -> np.ndarray:
    """Those of whom it matters when they were turned to do not write."""
    quiet = ("forgotten", "called", "yearly", "partner", "bought_on_the_day")
    return cast.without(*quiet, *(part for part in cast.parts if "silent" in part))


def calls_of(cast: Cast) -> tuple[pd.DataFrame, Gaps]:
    """Calls on days of work, and one each of those who would be forgotten without it."""
    random = cast.random(32)
    at, gaps = _moments(random, 25, seldom=1, lost=() if cast.clean else (15, 90, 91))
    called = cast.of("called")
    who = np.concatenate([random.choice(_talking(cast), len(at)), called])
    at = at.append(pd.DatetimeIndex([END - pd.Timedelta(days=40)] * len(called)))
    frame = pd.DataFrame(
        {
            "call_id": [f"C{one}" for one in range(len(at))],
            "customer_id": cast.people.client.to_numpy()[who],
            "started_at": at,
            "date": at.normalize(),
            "direction": random.choice(["in", "out"], len(at)),
        }
    )
    return frame, {"integration_gap": gaps}


def traffic_of(cast: Cast) -> tuple[pd.DataFrame, Gaps]:
    """Visits by source and day; on some days the counter wrote nothing."""
    random = cast.random(33)
    days = pd.date_range(_FROM, END, freq="D")
    lost = days[[]] if cast.clean else days[[30, 31, 101]]
    rows = pd.MultiIndex.from_product(
        [days.difference(lost), [f"source {one}" for one in range(12)]], names=["date", "source"]
    ).to_frame(index=False)
    rows["sessions"] = random.poisson(40, len(rows))
    return rows, {"integration_gap": {day.date() for day in lost}}
