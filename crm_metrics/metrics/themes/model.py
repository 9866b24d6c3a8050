"""What is told of comments: an account of the texts, each theme's numbers, phrases and quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm_metrics.metrics.model import Change, Value


@dataclass(frozen=True, slots=True)
class Source:
    """Where texts stand: a field of a grain, all of it or the answers to some questions."""

    grain: str
    field: str
    questions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A word for the address."""
        return f"{self.grain}.{self.field}"


@dataclass(frozen=True, slots=True)
class Account:
    """What the answers hold: each is in one of the parts.

    `texts` are in Russian or English and counted, `russian` of them in Russian; `blank` have no
    text, `nothing` one that says nothing ("-", "no comments"), `other` one in another language.
    `elsewhere` says that more texts stay in a data base and are not counted.
    """

    answers: int = 0
    texts: int = 0
    russian: int = 0
    blank: int = 0
    nothing: int = 0
    other: int = 0
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """A score among those who mention a theme against those who do not: an association.

    `metric` is nps or csat. The interval is at the level that Holm's method tests the theme at
    among all; `clear` where it excludes no difference.
    """

    metric: str
    mention: Value
    rest: Value
    difference: float | None
    low: float | None
    high: float | None
    pvalue: float | None
    pvalue_adjusted: float | None
    level: float
    clear: bool


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """One theme in the texts of a period.

    `share` is the share of texts that mention it, `before` that of the period before with the
    `change` since; `months` the share of each month, by its first day. `negative` is the share of
    those who mention it that gave a low score, `complaints` the share of texts with a low score
    that mention it; None without scores. `often` are the themes named most with it, with how many
    texts name both.
    """

    theme: str
    share: Value
    before: Value | None = None
    change: Change | None = None
    beside: tuple[Beside, ...] = ()
    negative: Value | None = None
    complaints: Value | None = None
    months: tuple[tuple[date, Value], ...] = ()
    often: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PhraseCount:
    """A phrase that no theme covers, in the form that it is written in most, and its texts."""

    phrase: str
    share: Value


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of a source, the most frequent first; those that nobody mentions are among them.

    `untold` is the share of texts without any theme; `mentions` is the sum of the themes' texts.
    `low` counts texts with a low score, None where texts have no scores.
    """

    source: Source
    account: Account
    themes: tuple[ThemeCount, ...] = ()
    untold: Value | None = None
    phrases: tuple[PhraseCount, ...] = ()
    mentions: int = 0
    low: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment as it is shown: masked, with the places of the theme's words in it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    day: date | None = None
    channel: str | None = None
    score: float | None = None
