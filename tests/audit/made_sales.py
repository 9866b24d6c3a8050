"""Deals and activities of a made-up sales team, Russian and English, with nothing wrong in them.

Deals come on working days, are turned to within hours, go through the stages of their pipeline in
turn and end or have a task ahead; of the days of a log only working ones have records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tests.audit.made import TODAY
from tests.audit.made_people import words

OWNERS = {
    "ru": words(
        "Анна Орлова|Пётр Зимин|Ольга Седова|Игорь Лунин|Марина Быкова|Денис Рогов|Юлия Крылова",
        "|",
    ),
    "en": words("Emily Carter|Jack Dawson|Sarah Bennett|Owen Price|Grace Turner", "|"),
}
STAGES = {
    "ru": words("Новая заявка|Квалификация|Предложение|Переговоры", "|"),
    "en": words("New lead|Qualified|Proposal sent|Negotiation", "|"),
}
ENDS = {
    "ru": ("Успешно реализовано", "Закрыто и не реализовано"),
    "en": ("Closed won", "Closed lost"),
}
PIPELINES = ("Продажи", "Тендеры", "Sales")
PRODUCTS = {"ru": words("Подписка Внедрение Обучение"), "en": words("Licence Onboarding Coaching")}
TYPES = {"ru": ["Первичная", "Повторная"], "en": ["First purchase", "Repeat purchase"]}
SOURCES = {
    "ru": words("Сайт|Звонок|Реклама|Рекомендация", "|"),
    "en": words("Web form|Cold call|Referral|Event", "|"),
}
REASONS = {
    "ru": words("Дорого|Выбрали конкурента|Нет бюджета|Не отвечает|Другое", "|"),
    "en": words("Too expensive|Chose a competitor|No budget|No answer|Other", "|"),
}
RESULTS = {
    "ru": words("Дозвонились|Договорились о встрече|Отправили материалы", "|"),
    "en": words("Reached|Meeting agreed|Materials sent", "|"),
}
WORDS = {
    "ru": words("Просит перезвонить|Ждёт договор|Обсудили сроки", "|"),
    "en": words("Asks to call back|Waits for the contract|Terms discussed", "|"),
}
HOLIDAYS = frozenset(
    date(year, month, day)
    for year in (2025, 2026)
    for month, day in (
        *((1, day) for day in range(1, 9)),
        (5, 1),
        (6, 12),
        (11, 4),
        (2, 23),
        (12, 25),
    )
)
NOW = pd.Timestamp(TODAY)
CHANGE = "stage_change"
_A_DAY = 14


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days in their order, `first` the place of the first on which a deal is made."""

    days: np.ndarray
    first: int

    def on(self, place: np.ndarray) -> np.ndarray:
        """The days at these places, far ones as the last."""
        return self.days[np.minimum(place, len(self.days) - 1)]


def calendar(deals: int, without: Collection[date] = ()) -> Calendar:
    """The working days of a log of so many deals, so many that each day has its dozen of them."""
    count = int(np.clip(deals // _A_DAY, 60, 250))
    off = list(HOLIDAYS | set(without))
    days = pd.bdate_range(end="2026-12-30", periods=count + 140).date
    kept = np.array([day for day in days if day not in off], dtype="datetime64[D]")
    today = int(np.searchsorted(kept, np.datetime64(TODAY)))
    return Calendar(kept, max(today - count, 0))


def clean_sales(
    deals: int,
    contacts: pd.DataFrame,
    random: np.random.Generator,
    *,
    quiet: Iterable[date] = (),
    no_deals: Iterable[date] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Deals with the activities of each; on `quiet` days there are none, on `no_deals` no new deal.

    `contacts` have a `customer_id` and an `owner`, whom their deals have too.
    """
    days = calendar(deals, set(quiet))
    rows = _deals(deals, contacts, random, days, set(no_deals))
    acts = _activities(rows, random, days)
    last = acts[acts.ts <= NOW + pd.Timedelta(days=1)].groupby("object_id").ts.max()
    rows["last_activity_at"] = rows.deal_id.map(last).dt.normalize()
    rows["updated_at"] = rows[["last_activity_at", "closed_at"]].max(axis=1)
    return rows.drop(columns=["steps", "lang", "place"]), acts


def _deals(
    count: int,
    contacts: pd.DataFrame,
    random: np.random.Generator,
    days: Calendar,
    no_deals: set[date],
) -> pd.DataFrame:
    now = int(np.searchsorted(days.days, np.datetime64(TODAY)))
    starts = [one for one in range(days.first, now + 1) if days.days[one].item() not in no_deals]
    # Each day has about as many; Mondays are the busiest.
    weights = np.array([1.25 if days.days[one].item().weekday() == 0 else 1.0 for one in starts])
    each = np.repeat(
        starts, 1 + np.floor((count - len(starts)) * weights / weights.sum()).astype(int)
    )
    place = np.sort(np.concatenate([each, random.choice(starts, count - len(each))]))
    person = random.permutation(len(contacts))[np.arange(count) % len(contacts)]
    owner = contacts.owner.to_numpy(dtype=object)[person]
    lang = np.where(np.isin(owner, OWNERS["en"]), "en", "ru")
    pipeline = np.where(
        lang == "en", "Sales", np.where(random.random(count) < 0.15, "Тендеры", "Продажи")
    )
    steps = np.column_stack([place, *(random.integers(1, 8, count) for _ in range(4))]).cumsum(
        axis=1
    )
    lost_at = np.where(random.random(count) < 0.6, random.integers(1, 4, count), 4)
    end = steps[np.arange(count), lost_at]
    decided = end < now
    state = np.where(decided, np.where(lost_at == 4, "won", "lost"), "open")
    reached = (steps[:, :4] <= now) & (np.arange(4) < lost_at[:, None])
    frame = pd.DataFrame(
        {
            "deal_id": [str(300_117 + 3 * one) for one in range(count)],
            "customer_id": contacts.customer_id.to_numpy(dtype=object)[person],
            "pipeline": pipeline,
            "status": state,
            "owner": owner,
            "created_at": days.on(place).astype("datetime64[s]")
            + random.integers(9 * 3600, 16 * 3600, count).astype("timedelta64[s]"),
            "lang": lang,
            "place": place,
            "steps": [np.where(own, row[:4], -1) for own, row in zip(reached, steps, strict=True)],
        }
    )
    at = reached.sum(axis=1) - 1
    frame["stage"] = [
        STAGES[of][here] if one == "open" else ENDS[of][one == "lost"]
        for of, here, one in zip(lang, at, state, strict=True)
    ]
    frame["probability"] = np.where(
        decided, (state == "won") * 1.0, np.array([0.1, 0.3, 0.5, 0.7])[at]
    )
    closed = pd.Series(days.on(end).astype("datetime64[s]"))
    frame["closed_at"] = closed.where(decided)
    ahead = pd.to_timedelta(random.integers(0, 30, count), unit="D")
    late = pd.to_timedelta(random.integers(-5, 6, count), unit="D")
    # An open deal that is due today is not late; a closed one is not, whenever it was planned.
    frame["expected_close_at"] = (closed + late).where(decided, NOW + ahead)
    frame["next_task_at"] = (
        (NOW + pd.to_timedelta(random.integers(0, 9, count), unit="D"))
        .to_series(index=frame.index)
        .where(~decided & (np.arange(count) % 3 > 0))
    )
    return _described(frame, random)


def _described(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """What a person writes of a deal: product, title, amount, source, reason of loss, comment."""
    count = len(frame)
    state = frame.status.to_numpy()
    for name, lists in (("product", PRODUCTS), ("deal_type", TYPES), ("source", SOURCES)):
        frame[name] = any_of(random, lists, frame.lang)
    reason = pd.Series(any_of(random, REASONS, frame.lang))
    frame["lost_reason"] = reason.where(state == "lost")
    number = frame.deal_id
    named = frame["product"] + np.where(frame.lang == "ru", " по заявке ", " on request ") + number
    plain = pd.Series(np.where(frame.lang == "ru", "Сделка № ", "Deal # ")) + number
    typed = frame["deal_type"] + ", " + number
    kind = pd.Series(random.random(count))
    frame["title"] = named.where(kind < 0.5, plain.where(kind < 0.9, typed))
    # Tenders are thirty times as large as sales: usual among themselves.
    middle = np.where(frame.pipeline == "Тендеры", 3_000_000, 90_000)
    frame["amount"] = (middle * np.exp(0.45 * random.standard_normal(count)) / 100).round() * 100
    frame["currency"] = "RUB"
    frame["is_closed"] = state != "open"
    # Who came from an advertisement bears its words; a campaign is of all of them.
    ads = pd.Series(random.choice(["yandex", "google", "vk"], count)).where(
        random.random(count) < 0.4
    )
    frame["utm_source"] = ads
    frame["utm_campaign"] = ads + "_" + pd.Series(random.integers(1, 9, count)).astype(str)
    frame["segment"] = random.choice(["A", "B", "C"], count, p=[0.7, 0.2, 0.1])
    frame["comment"] = pd.Series(any_of(random, WORDS, frame.lang)).where(
        random.random(count) < 0.3
    )
    return frame


def any_of(random: np.random.Generator, lists: dict[str, list[str]], lang: pd.Series) -> np.ndarray:
    """A word of each row's language."""
    picks = {of: random.choice(np.array(own, dtype=object), len(lang)) for of, own in lists.items()}
    return np.where(lang == "ru", picks["ru"], picks["en"])


def _activities(deals: pd.DataFrame, random: np.random.Generator, days: Calendar) -> pd.DataFrame:
    """The first touch of each deal, what follows it, its stages and the tasks ahead."""
    steps = np.array(deals.steps.tolist())
    first = _acts(deals, random, "call", deals.created_at + _hours(random, len(deals), 0.1, 2))
    parts = [first]
    for stage in range(4):
        own = deals[steps[:, stage] >= 0]
        day = pd.Series(
            days.on(steps[steps[:, stage] >= 0, stage]).astype("datetime64[s]"), own.index
        )
        if stage:
            kind = ("email", "meeting", "call")[stage - 1]
            parts.append(_acts(own, random, kind, day + _hours(random, len(own), 9, 12)))
        moment = own.created_at if not stage else day + pd.Timedelta(hours=13)
        log = _acts(own, random, CHANGE, moment, origin="bot")
        log["result"] = [STAGES[of][stage] for of in own.lang]
        parts.append(log)
    for share, kind in ((0.4, "task"), (0.3, "note")):
        own = deals[random.random(len(deals)) < share]
        one = _acts(own, random, kind, own.created_at + _hours(random, len(own), 2, 2.9))
        if kind == "task":
            one["due_at"] = one.ts.dt.normalize() + pd.Timedelta(days=3)
            one["done_at"] = one.ts + pd.Timedelta(hours=1)
        parts.append(one)
    ahead = deals[(deals.status == "open") & deals.next_task_at.isna()]
    one = _acts(ahead, random, "task", ahead.created_at + _hours(random, len(ahead), 2, 2.9))
    one["due_at"] = NOW + pd.to_timedelta(random.integers(0, 9, len(one)), unit="D")
    one[["done_at", "result"]] = None
    one["status"] = "planned"
    acts = pd.concat([*parts, one], ignore_index=True)
    acts = acts.sort_values("ts", kind="stable").reset_index(drop=True)
    acts["done_at"] = pd.to_datetime(acts.done_at)
    acts["due_at"] = pd.to_datetime(acts.due_at)
    acts["comment"] = pd.Series(any_of(random, WORDS, acts.lang)).where(
        random.random(len(acts)) < 0.4
    )
    acts["segment"] = random.choice(["A", "B", "C"], len(acts), p=[0.7, 0.2, 0.1])
    acts["tags"] = pd.Series(random.choice(["q1", "q2"], len(acts))).where(
        random.random(len(acts)) < 0.3
    )
    return acts.drop(columns="lang")


def _acts(
    own: pd.DataFrame, random: np.random.Generator, kind: str, ts: pd.Series, origin: str = "person"
) -> pd.DataFrame:
    """An activity for each of these deals, done at once."""
    told = any_of(random, RESULTS, own.lang) if kind != "note" else None
    return pd.DataFrame(
        {
            "ts": ts.dt.floor("min"),
            "activity_type": kind,
            "object_id": own.deal_id,
            "owner": own.owner,
            "due_at": pd.NaT,
            "done_at": ts.dt.floor("min"),
            "result": told,
            "status": "done",
            "origin": origin,
            "lang": own.lang,
        }
    )


def _hours(random: np.random.Generator, count: int, low: float, high: float) -> np.ndarray:
    return (random.uniform(low, high, count) * 3600).astype("timedelta64[s]")
