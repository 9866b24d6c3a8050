"""A report made by hand: two channels, two periods, hostile names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crm_metrics.findings.report import (
    ChannelRow,
    MethodRow,
    Report,
    Sentence,
    Shift,
    Source,
    SourceColumn,
    TrendRow,
)
from crm_metrics.metrics.model import Filters, Limits, Missing, Value

HOSTILE = ("=HYPERLINK(A1)", "+1", "-2", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0")


def value(
    metric: str = "click_rate",
    *,
    channel: str | None = "email",
    of: tuple[float, float, float] | None = (0.0213, 0.0193, 0.0235),
    n: float = 18_400,
    **more: object,
) -> Value:
    middle, low, high = of or (None, None, None)
    return Value(
        metric=metric,
        variant="of_delivered",
        grain="campaigns",
        group={"channel": channel},
        value=middle,
        low=low,
        high=high,
        n=n,
        components={"x": round((middle or 0) * n), "n": n},
        **more,  # type: ignore[arg-type]
    )


def row(
    now: Value, before: Value | None = None, shift: Shift | None = None, **more: object
) -> ChannelRow:
    fields: dict = {"kind": "proportion", "unit": "share", "direction": "up", **more}
    return ChannelRow(
        channel=now.group["channel"],
        metric=now.metric,
        now=now,
        before=before,
        shift=shift,
        **fields,
    )


def report(lang: str = "en", *, name: str = "=evil.csv", header: str = "-2+3") -> Report:
    email, ads = value(), value(channel="ads", of=(0.0113, 0.0101, 0.0126), n=30_000)
    earlier = value(of=(0.0183, 0.0164, 0.0204), n=17_900)
    shift = Shift(0.003, 0.001, 0.005, clear=True, visible=0.003, good=True)
    speed = value("first_reply_median", channel="chat", of=(8130.0, 7000.0, 9400.0), n=210)
    rows = (
        row(email, earlier, shift),
        row(ads),
        row(value(channel="=ads", of=None, n=0, flags=("no_data",))),
        row(
            speed,
            replace(speed, value=9000.0),
            Shift(-870.0, -2000.0, 300.0, needed=900, visible=1600.0),
            kind="quantile",
            unit="seconds",
            direction="down",
        ),
    )
    months = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
    return Report(
        lang=lang,
        title="Channels",
        period=(date(2026, 7, 1), date(2026, 9, 30)),
        before_period=(date(2026, 4, 1), date(2026, 6, 30)),
        sentences=(Sentence("level", "Email, click rate: 2.13%."), Sentence("edited", "=1+1")),
        channels=rows,
        trend=tuple(
            TrendRow(channel, "click_rate", "share", month, value(channel=channel, of=of))
            for channel, of in (("email", (0.02, 0.018, 0.022)), ("ads", (0.01, 0.009, 0.011)))
            for month in months
        ),
        methods=(
            MethodRow(
                "click_rate", "campaigns", "proportion", "clicks / delivered", "of_delivered", 30
            ),
        ),
        sources=(
            Source(
                file_name=name,
                table="Sheet1",
                sha256="ab" * 32,
                lines=120,
                records=117,
                set_aside={"header": 1, "total": 1, "blank": 1},
                repaired=2,
                failed=3,
                system="Mailchimp",
                export="campaigns",
                grain="campaigns",
                period=(date(2026, 4, 1), date(2026, 9, 30)),
                used=True,
                columns=(
                    SourceColumn(header, "delivered", "sure", "integer"),
                    SourceColumn("Email", "email", "likely", "text"),
                    SourceColumn("Note", None, "none"),
                ),
            ),
        ),
        filters=Filters(campaigns=("=campaign",), equal=(("email", ("•••",)),)),
        limits=Limits(),
        missing=(Missing("conversion_rate", "campaigns", ("conversions|converters",)),),
        caveats=("Keep in mind.",),
        versions=(("Python", "3.11"),),
    )
