"""What a question of a survey scored, and what is to be known of a score that several share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crm_metrics.findings.wording import estimate, flag_text, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.voice.invited import Invited
from crm_metrics.metrics.voice.questions import Question
from crm_metrics.texts import integer_text, percent_text, t


def score_words(one: Question, lang: str) -> str:
    """The value of the question's metric with its interval; else why there is none, or the mean."""
    value = one.headline
    if value is not None:
        return estimate(value, metric_named(value.metric, value.grain).unit, lang)
    if one.refused:
        return " ".join(flag_text(flag, lang) for flag in one.refused)
    if one.is_of_two:
        (_, low), (_, high) = one.counts
        shares = {"low": low / one.n, "high": high / one.n}
        return t(
            "voice.two_answers",
            lang,
            **{end: percent_text(own, lang) for end, own in shares.items()},
        )
    mean = one.mean_value
    if mean is None:
        return t("voice.words_only" if one.comments else "voice.unanswered", lang)
    key = "mean_other" if one.kind == "other" else "mean_alone"
    return t(f"voice.{key}", lang, mean=estimate(mean, "score", lang))


def pooled_lines(found: Sequence[Question], lang: str) -> list[str]:
    """A sentence for each metric that counts answers to more than one question.

    Who answered several counts as often, so that answers are not independent; and the questions
    of another period may be others.
    """
    asked = Counter(one.headline.metric for one in found if one.headline is not None)
    return [
        t(
            "voice.pooled",
            lang,
            metric=metric_name(metric, lang),
            count=integer_text(count, lang),
        )
        for metric, count in asked.items()
        if count > 1
    ]


def rate_of_file(one: Invited, lang: str) -> str:
    """The response rate of a file that says how many were invited in all."""
    return t(
        "voice.rate_of_file",
        lang,
        value=estimate(one.rate, "share", lang),
        responses=integer_text(one.responses, lang),
    )
