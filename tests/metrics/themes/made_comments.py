"""Made-up answers whose themes a look at their words tells, without stems or an index."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from crm_metrics.metrics.themes.dictionary import Theme
from tests.metrics.stand_in import FrameEngine

# Every form that stands in the made texts, by theme.
FORMS = {
    "delivery": {"доставка", "доставки", "доставку", "delivery", "deliveries"},
    "price": {"цена", "цены", "ценой", "price", "prices"},
    "speed": {"долго ждал", "долго ждала"},
}
DICTIONARY = (
    Theme("delivery", "Доставка", "Delivery", ("доставка",), ("delivery",)),
    Theme("price", "Цена", "Price", ("цена",), ("price",)),
    Theme("speed", "Ожидание", "Waiting", ("долго ждал*",), ("slow reply",)),
    Theme("never", "Никогда", "Never", (), ("zeppelin",)),
)
TEXTS = (
    "Доставка и ещё раз доставка!",
    "Цены выше, чем у доставки",
    "довольна ценой. Долго ждала",
    "Долго. Ждала дома",
    "fast delivery, good prices",
    "Two deliveries late",
    "всё хорошо, мастер пришёл вовремя",
    "мастера пришли вовремя",
    "nice people",
)
SAY_NOTHING = ("", "нет", "-", "n/a", "Нет комментариев", "...", "10", None)
FOREIGN = ("Sehr gut und schnell, ich bin zufrieden", "Дуже дякую, усе їздить", "とても良い")


def frame(seed: int = 3, rows: int = 1500) -> pd.DataFrame:
    """Answers of three months, some of them with NPS."""
    random = np.random.default_rng(seed)
    every = np.array([*TEXTS, *TEXTS, *SAY_NOTHING, *FOREIGN], dtype=object)
    texts = pd.Series(every[random.integers(0, len(every), rows)])
    about = texts.fillna("").str.lower().str.contains("достав|deliver")
    score = np.where(about, random.integers(0, 9, rows), random.integers(5, 11, rows))
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2026-03-01")
            + pd.to_timedelta(random.integers(0, 90, rows), unit="D"),
            "channel": random.choice(["email", "chat"], rows),
            "comment": texts,
            "survey_type": "nps",
            "score": pd.Series(score.astype(float)).mask(random.random(rows) < 0.2),
            "scale_min": 0.0,
            "scale_max": 10.0,
        }
    )


def engine(data: pd.DataFrame) -> FrameEngine:
    return FrameEngine(surveys=data)


def says(text: object) -> bool:
    """Whether a text of ours counts."""
    return isinstance(text, str) and text not in SAY_NOTHING and text not in FOREIGN


def mentions(text: str, theme: str) -> bool:
    """Whether any form of the theme stands in the text as whole words, within a sentence."""
    small = re.sub(r"[^\w\s]", " . ", text.lower().replace("ё", "е"))
    padded = f" {' '.join(small.split())} "
    return any(f" {form} " in padded for form in FORMS.get(theme, ()))
