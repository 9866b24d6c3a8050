from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_effectsize

from crm_metrics.findings.compared import channel_rows, reading, shift
from crm_metrics.findings.sentences import channel_sentences
from crm_metrics.findings.wording import inside, metric_name
from crm_metrics.metrics import compare
from crm_metrics.metrics.model import Value
from crm_metrics.texts import keys, t

CLICKS = metric_name("click_rate", "en")
CAUSAL = (
    r"because|caus|due to|thanks|led to|drove|effect|impact|result"
    r"|из-за|благодаря|вызва|привел|привёл|повлия|дал[аои]?\b|эффект|потому"
)


def share(
    x: int, n: int, *, metric: str = "click_rate", channel: str = "email", grain: str = "campaigns"
) -> Value:
    interval = binomtest(x, n).proportion_ci(method="wilson")
    return Value(
        metric,
        "of_delivered",
        grain,
        {"channel": channel},
        x / n,
        interval.low,
        interval.high,
        n,
        {"x": x, "n": n},
        ("small_n",) if n < 30 else (),
    )


def said(now: list[Value], before: list[Value] = (), lang: str = "en", **options: int):  # type: ignore[assignment]
    return channel_sentences(channel_rows(now, before), lang=lang, **options)


def test_a_clear_gain_is_said_with_its_interval_and_n():
    (first, *_) = said([share(392, 18_400)], [share(320, 17_900)])
    low, high = confint_proportions_2indep(392, 18_400, 320, 17_900, method="newcomb")
    assert first.code == "better"
    assert first.text.replace("\u00a0", " ") == (
        f"Email, {inside(CLICKS)}: 2.13% (likely between 1.93% and 2.35%; n = 18,400). Better than "
        f"in the previous period: +0.34 pp (from +{low * 100:.2f} pp to +{high * 100:.2f} pp). "
        + t("sentence.next.better", "en")
    )


def test_the_same_in_russian():
    (first, *_) = said([share(392, 18_400)], [share(320, 17_900)], "ru")
    name = inside(metric_name("click_rate", "ru"))
    assert first.text.replace("\u00a0", " ") == (
        f"E-mail, {name}: 2,13 % (вероятно, от 1,93 % до 2,35 %; n = 18 400). "
        "Лучше, чем в прошлом периоде: +0,34 п.п. (от +0,06 п.п. до +0,63 п.п.). "
        + t("sentence.next.better", "ru")
    )


def test_a_rise_of_what_should_fall_is_worse():
    now = share(300, 10_000, metric="unsub_rate")
    (first, *_) = said([now], [share(200, 10_000, metric="unsub_rate")])
    assert first.code == "worse"
    assert "+1.0\u00a0pp" in first.text


def test_no_clear_difference_names_the_n_that_would_show_it():
    (first, *_) = said([share(420, 20_000)], [share(400, 20_000)])
    assert first.code == "no_clear"
    now, before = share(420, 20_000), share(400, 20_000)
    needed = shift(now, before, compare(now, before)).needed
    effect = proportion_effectsize(0.021, 0.02)
    oracle = NormalIndPower().solve_power(effect, alpha=0.05, power=0.8)
    assert needed == pytest.approx(oracle, rel=0.02)
    assert "about n = 320,000 would" in first.text


def test_a_difference_out_of_reach_is_answered_by_what_the_data_can_show():
    (first, *_) = said([share(402, 20_000)], [share(401, 20_000)])
    assert first.code == "no_clear_floor"
    assert "only a difference of 0.39\u00a0pp or more" in first.text


def test_too_few_data_are_said_so():
    found = said([share(5, 20), share(900, 30_000, channel="ads")])
    few = next(one for one in found if one.code == "few")
    said_of = f"Email, {inside(CLICKS)}: too few data to say (n\u00a0=\u00a020). "
    assert few.text == said_of + t("sentence.next.few", "en")
    assert "no_leader" not in {one.code for one in found}


def test_a_change_on_few_data_is_never_called_clear():
    now, before = share(15, 18), share(1, 19)
    assert shift(now, before, compare(now, before)).clear
    assert {one.code for one in said([now], [before])} <= {"few", "level"}


def test_the_leading_channel_is_named_where_the_data_tell_it():
    values = [share(410, 10_000, channel="push"), share(330, 10_000, channel="sms")]
    (first, *_) = said(values)
    assert first.code == "leader"
    assert first.text.startswith(f"{CLICKS}: Push is ahead with 4.10%")
    close = [share(341, 10_000, channel="push"), share(330, 10_000, channel="sms")]
    assert said(close)[0].code == "no_leader"


def test_what_is_delivered_and_what_bounced_are_one_fact():
    def arrived(x: int, channel: str) -> list[Value]:
        return [
            share(x, 10_000, metric="delivery_rate", channel=channel),
            share(10_000 - x, 10_000, metric="bounce_rate", channel=channel),
        ]

    apart = said([*arrived(9_900, "email"), *arrived(9_500, "sms")])
    assert [one.code for one in apart].count("leader") == 1
    changed = said(arrived(9_900, "email"), arrived(9_500, "email"))
    assert [one.code for one in changed].count("better") == 1


def test_a_young_value_that_rose_is_not_called_too_early():
    young = replace(share(420, 10_000), flags=("immature",))
    codes = {one.code for one in said([young], [share(320, 10_000)])}
    assert "better" in codes
    assert "immature" not in codes
    assert said([young], [share(520, 10_000)])[0].code == "immature"


def test_a_leader_is_the_best_of_all_grains():
    values = [
        share(410, 10_000, channel="push", grain="recipients"),
        share(330, 10_000, channel="sms", grain="recipients"),
        share(900, 10_000, channel="email"),
    ]
    (first, *_) = said(values)
    assert first.text.startswith(f"{CLICKS}: Email is ahead")


def test_channels_are_not_ranked_by_opens():
    values = [share(4_100, 10_000, metric="open_rate", channel=name) for name in ("push", "sms")]
    values[1] = share(1_100, 10_000, metric="open_rate", channel="sms")
    assert not {one.code for one in said(values)} & {"leader", "no_leader"}


def test_values_of_other_formulas_are_not_compared():
    before = replace(share(300, 20_000), variant="of_sent")
    (row,) = channel_rows([share(420, 20_000)], [before])
    assert row.before is None
    assert reading(row) == "none"


def test_nothing_to_say_is_one_sentence():
    (only,) = said([])
    assert (only.code, only.text) == ("nothing", t("sentence.nothing", "en"))


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_sentences_name_no_cause(lang):
    texts = [t_raw(key, lang) for key in keys(lang) if key.startswith("sentence.")]
    assert texts
    assert not [text for text in texts if re.search(CAUSAL, text, re.IGNORECASE)]


def t_raw(key: str, lang: str) -> str:
    from crm_metrics.texts.catalog import texts_of  # noqa: PLC0415 - the text before it is filled

    return str(texts_of(lang)[key])


_COUNTS = st.integers(1, 400_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
_METRICS = ("click_rate", "unsub_rate", "open_rate", "delivery_rate", "complaint_rate")
_CHANNELS = ("email", "sms", "push", "own name")


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(_METRICS), st.sampled_from(_CHANNELS)),
        st.tuples(_COUNTS, st.none() | _COUNTS),
        max_size=12,
    ),
    st.sampled_from(["ru", "en"]),
)
def test_any_values_give_at_most_seven_whole_sentences(values, lang):
    def made(which: int) -> list[Value]:
        return [
            share(*pair[which], metric=metric, channel=channel)
            for (metric, channel), pair in values.items()
            if pair[which]
        ]

    found = said(made(0), made(1), lang)
    assert 1 <= len(found) <= 7
    if len(values) >= 3:
        assert len(found) >= 2
    changes = [one.channel for one in found if one.code in ("better", "worse", "higher", "lower")]
    assert all(changes.count(channel) <= 2 for channel in changes)
    for one in found:
        assert one.text.endswith(".")
        assert "{" not in one.text
        points = re.findall(r"[+\u2212][\d.,\u00a0]+\S*", one.text)
        assert not [text for text in points if "%" in text]


def test_a_channel_that_no_data_have_is_left_out():
    def of(channel: str | None) -> Value:
        return replace(share(300, 10_000), group={"channel": channel})

    for lang in ("en", "ru"):
        (alone, *_) = said([of(None)], lang=lang)
        head = metric_name("click_rate", lang)
        assert alone.text.startswith(head[:1].upper() + inside(head)[1:])
        beside = said([of(None), of("email")], lang=lang)
        assert any(t("sentence.no_channel", lang) in one.text for one in beside)
