"""What the link of response times with scores says, and what it does not."""

from __future__ import annotations

from datetime import date

from crm_metrics.findings.wording import channel_name, estimate, flag_text
from crm_metrics.metrics.model import Unit
from crm_metrics.metrics.voice.link import Bucket, Level, Link, Point
from crm_metrics.texts import (
    date_text,
    decimal_text,
    duration_text,
    integer_text,
    percent_text,
    t,
)


def link_sentences(link: Link, lang: str) -> list[str]:
    """The comparison of the slowest with the fastest first, then the correlation and its base."""
    said = [_gap(link, lang)] if link.gap else []
    said.append(_correlation(link, lang))
    said += _base(link, lang)
    return said


def bucket_words(bucket: Bucket, lang: str) -> str:
    """How long a bucket waited: "under 1 h", "1 h to 4 h", "4 h and more"."""
    start = duration_text(bucket.start, lang)
    if bucket.end is None:
        return (
            t("voice.waited_over", lang, start=start) if bucket.start else t("voice.waited", lang)
        )
    end = duration_text(bucket.end, lang)
    if not bucket.start:
        return t("voice.waited_under", lang, end=end)
    return t("voice.waited_between", lang, start=start, end=end)


def point_words(point: Point, level: Level, lang: str) -> str:
    """A week, an agent or a channel with its time of response."""
    if level == "week":
        name = date_text(date.fromisoformat(point.name), lang)
    else:
        name = channel_name(point.name, lang) if level == "channel" else point.name
    return t("voice.point", lang, name=name, time=duration_text(point.time.value, lang))


def _gap(link: Link, lang: str) -> str:
    assert link.gap
    fast, slow = link.buckets[0], link.buckets[-1]
    unit: Unit = "share" if link.measure == "csat" else "points"
    key = "gap_unclear"
    if link.gap.is_clear:
        key = "gap_worse" if link.gap.difference < 0 else "gap_better"
    return t(
        f"voice.{key}_{link.measure}",
        lang,
        slow=bucket_words(slow, lang),
        fast=bucket_words(fast, lang),
        slow_value=estimate(slow.value, unit, lang),
        fast_value=estimate(fast.value, unit, lang),
    )


def _correlation(link: Link, lang: str) -> str:
    value = link.correlation
    if value.value is None:
        return " ".join(flag_text(flag, lang) for flag in value.flags)
    low, high = value.low or 0.0, value.high or 0.0
    key = "unclear" if low <= 0 <= high else "falls" if value.value < 0 else "rises"
    shown = {
        name: decimal_text(number, lang, 2)
        for name, number in (("value", value.value), ("low", low), ("high", high))
    }
    of = t(f"voice.of_{link.level}s", lang, n=integer_text(value.n, lang))
    return t(f"voice.correlation_{key}", lang, of=of, **shown)


def _base(link: Link, lang: str) -> list[str]:
    found = link.counted
    if found is None:
        return [t(f"voice.level_{link.level}", lang)]
    share = percent_text(found.scored / found.conversations, lang)
    counts = {
        name: integer_text(getattr(found, name), lang)
        for name in ("scored", "conversations", "silent", "joined", "twice")
    }
    said = [t("voice.scored", lang, share=share, **counts)]
    said += [
        t(f"voice.{name}", lang, **counts)
        for name in ("silent", "joined", "twice")
        if getattr(found, name)
    ]
    said += [t("voice.in_minutes", lang)] if found.in_minutes else []
    return [" ".join(said)]
