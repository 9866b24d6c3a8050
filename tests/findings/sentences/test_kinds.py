"""Each kind of sentence from a table made by hand, in both languages, with its figures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from crm_metrics.findings.compared import channel_rows
from crm_metrics.findings.report import Shift
from crm_metrics.findings.sentences import Evidence, channel_sentences
from crm_metrics.findings.wording import shift_texts
from crm_metrics.metrics.comparing import against_the_rest, simpson, split
from crm_metrics.metrics.goals import Goal, judge, judge_all
from crm_metrics.texts import percent_text, points_text, t
from tests.findings.sentences.test_weight import money
from tests.findings.test_sentences import share

LANGUAGES = ("ru", "en")
PERIODS = {
    "period": (date(2026, 4, 1), date(2026, 4, 30)),
    "before": (date(2026, 3, 1), date(2026, 3, 31)),
}
# Inside both channels nothing changed (4 % and 1 %); most of the mail moved to the second.
MIXED = (
    [share(400, 10_000), share(300, 30_000, channel="sms")],
    [share(1200, 30_000), share(100, 10_000, channel="sms")],
)
# Each channel clearly rises, the total clearly falls.
SIMPSON = (
    [share(500, 10_000), share(600, 40_000, channel="sms")],
    [share(1600, 40_000), share(100, 10_000, channel="sms")],
)


def said(now, before=(), lang="en", **more):
    evidence = Evidence(**PERIODS, earlier=tuple(before), **more)
    rows = channel_rows(now, before)
    return channel_sentences(rows, lang=lang, evidence=evidence)


def of(code: str, *asked, **more):
    (found,) = [one for one in said(*asked, **more) if one.code == code]
    return found


def holds(text: str, *parts: str) -> bool:
    return all(part in text for part in parts)


def points(part, lang):
    """The value and the ends of a part of a change as the sentence writes them."""
    return shift_texts(Shift(part.value, part.low, part.high), "share", lang).values()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_change_is_said_with_the_days_that_it_is_measured_from(lang):
    found = of("better", [share(392, 18_400)], [share(320, 17_900)], lang)
    days = {"en": "Mar 1, 2026 – Mar 31, 2026", "ru": "01.03.2026 – 31.03.2026"}[lang]
    assert days in found.text
    assert found.text.endswith(t("sentence.next.better", lang))
    assert found.step == t("sentence.next.better", lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_change_of_the_mix_is_told_from_one_inside_the_channels(lang):
    found = of("mix", *MIXED, lang)
    exact = split(*MIXED)
    assert exact.within.value == pytest.approx(0.0, abs=1e-12)
    assert holds(found.text, percent_text(700 / 40_000, lang), "SMS", "40")
    assert holds(found.text, *points(exact.mix, lang))
    assert found.channel is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("flipped", [False, True])
def test_simpsons_paradox_is_said_aloud(lang, flipped):
    now, before = SIMPSON[::-1] if flipped else SIMPSON
    exact = split(now, before)
    assert simpson(exact).clear
    found = of("simpson", now, before, lang)
    words = {
        (False, "en"): ("fell", "it rose"),
        (True, "en"): ("rose", "it fell"),
        (False, "ru"): ("снижение, хотя в каждом канале — рост",),
        (True, "ru"): ("рост, хотя в каждом канале — снижение",),
    }[flipped, lang]
    assert holds(found.text, *words, *points(exact.within, lang))
    assert found.text.endswith(t("sentence.next.simpson", lang))


def test_part_of_a_change_may_be_the_mix():
    now = [share(300, 10_000), share(240, 30_000, channel="sms")]
    before = [share(1200, 30_000), share(100, 10_000, channel="sms")]
    found = of("mix_part", now, before)
    exact = split(now, before)
    assert holds(found.text, *points(exact.within, "en"), *points(exact.mix, "en"))


def test_without_the_values_before_no_mix_is_guessed():
    rows = channel_rows(*MIXED)
    codes = {one.code for one in channel_sentences(rows, lang="en")}
    assert not codes & {"mix", "mix_part", "simpson"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_channels_apart_from_the_rest_after_holm(lang):
    values = [
        share(600, 10_000, channel="push"),
        share(330, 10_000, channel="sms"),
        share(325, 10_000, channel="email"),
        share(200, 10_000, channel="messenger"),
    ]
    exact = {one.value.group["channel"]: one for one in against_the_rest(values)}
    codes = {one.code: one for one in said(values, lang=lang) if one.code in ("leader", "trailing")}
    assert codes["leader"].channel == "push"
    assert codes["trailing"].channel == "messenger"
    push = exact["push"]
    assert holds(codes["leader"].text, percent_text(855 / 30_000, lang), "30", "4")
    assert points_text(push.difference, lang, 1) in codes["leader"].text
    assert points_text(push.low, lang, 1) in codes["leader"].text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_goals_met_missed_and_not_told_yet(lang):
    now = share(392, 18_400)
    for target, code in ((0.01, "goal_met"), (0.05, "goal_missed"), (0.021, "goal_unclear")):
        goal = judge(Goal("click_rate", target, channel="email"), replace(now))
        found = of(code, [now], lang=lang, goals=(goal,))
        assert percent_text(target, lang) in found.text
        assert percent_text(392 / 18_400, lang) in found.text
        assert t("goals.reason.holds_target", lang) in found.text or code != "goal_unclear"
    none = judge(Goal("csat", 0.9), None)
    assert not [one for one in said([now], goals=(none,)) if one.code.startswith("goal")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_complaints_over_a_limit_and_those_that_may_be(lang):
    surely = share(60, 10_000, metric="complaint_rate")
    found = of("complaints_over", [surely], lang=lang)
    assert holds(found.text, percent_text(0.006, lang), percent_text(0.003, lang, 1))
    perhaps = share(0, 1_000, metric="complaint_rate")
    found = of("complaints_risk", [perhaps], lang=lang)
    assert percent_text(perhaps.high, lang) in found.text
    # With no complaint 1,277 messages tell that it is below 0.3 %, 3,838 that it is below 0.1 %.
    for n, limits in ((1_270, 0.003), (1_290, 0.001)):
        found = of("complaints_risk", [share(0, n, metric="complaint_rate")], lang=lang)
        assert re.search(rf"{re.escape(percent_text(limits, lang, 1))}\. Google", found.text)
    codes = {one.code for one in said([share(0, 3_850, metric="complaint_rate")], lang=lang)}
    assert not codes & {"complaints_risk", "complaints_over"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("flag", ["impossible", "impossible_rows", "immature"])
def test_data_that_stop_a_verdict_are_said(lang, flag):
    value = replace(share(392, 18_400), flags=(flag,))
    if flag == "impossible":
        value = replace(value, value=None, low=None, high=None)
    found = of(flag, [value], lang=lang)
    assert found.text.endswith(t(f"sentence.next.{flag}", lang))
    assert ("18,400" if lang == "en" else "18\u00a0400") in found.text
    # However clear a change is in figures, no verdict stands on a contradiction; what is still to
    # come can only raise a value, so that a rise stands and a fall does not.
    verdicts = {"better", "worse", "leader", "trailing", "mix"}
    rise = {one.code for one in said([value], [share(100, 17_900)], lang)}
    fall = {one.code for one in said([value], [share(900, 17_900)], lang)}
    assert (rise & verdicts) == ({"better"} if flag == "immature" else set())
    assert not fall & verdicts


def test_a_value_of_finer_rows_follows_one_of_campaigns():
    """Two grains of messages are one metric: the period before may have but one of them."""
    now = share(392, 18_400, grain="recipients")
    assert of("better", [now], [share(320, 17_900)]).channel == "email"
    goal = Goal("click_rate", 0.1, relative=True, channel="email")
    (judged,) = judge_all([goal], [now], [share(320, 17_900)])
    assert judged.status == "unclear"
    assert judged.target == pytest.approx(1.1 * 320 / 17_900)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opens_by_machines_are_said_with_their_share(lang):
    every = share(5_000, 10_000, metric="open_rate")
    people = replace(share(2_000, 7_000, metric="open_rate_adj"), variant="people_only")
    found = of("machine_opens", [every, people], lang=lang)
    assert percent_text(0.6, lang) in found.text
    fewer = replace(share(4_400, 9_400, metric="open_rate_adj"), variant="people_only")
    assert "machine_opens" not in {one.code for one in said([every, fewer], lang=lang)}
    # Mail of another file, which can't tell machines apart, stands in the plain rate alone.
    more = share(25_000, 90_000, metric="open_rate")
    assert "machine_opens" not in {one.code for one in said([more, people], lang=lang)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_money_is_said_where_it_is_known_with_its_range(lang):
    found = of("better", [money(2.2, channel="email")], [money(2.0, channel="email")], lang)
    amount = {"en": "+RUB\u00a0200.00", "ru": "+200,00\u00a0₽"}
    assert re.search(r"200[.,]00", found.text), (amount, found.text)
    assert ("volume" if lang == "en" else "объёме") in found.text
    clicks = of("better", [share(392, 18_400)], [share(320, 17_900)], lang)
    assert ("volume" if lang == "en" else "объёме") not in clicks.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_speaks_of_p_or_mixes_per_cent_and_points(lang):
    tables = [MIXED, SIMPSON, ([share(420, 20_000)], [share(400, 20_000)]), ([share(5, 20)], [])]
    goal = judge(Goal("click_rate", 0.05), replace(share(392, 18_400), group={}))
    for now, before in tables:
        for one in said(now, before, lang, goals=(goal,)):
            assert not re.search(r"\bp\s*[<=]|alpha|альфа|sigma|значим", one.text)
            signed = re.findall(r"[+\u2212][\d.,\u00a0]+\S*", one.text)
            assert not [text for text in signed if "%" in text], one.text
            assert "{" not in one.text
            assert one.text.endswith(".")


def test_a_second_metric_is_said_before_the_other_side_of_the_first():
    rows = [
        share(400, 10_000),
        share(100, 10_000, channel="sms"),
        share(90, 10_000, channel="push"),
        share(9_900, 10_000, metric="delivery_rate"),
        share(9_700, 10_000, metric="delivery_rate", channel="sms"),
        share(9_700, 10_000, metric="delivery_rate", channel="push"),
    ]
    apart = [one.metric for one in said(rows) if one.code in ("leader", "trailing")]
    assert sorted(apart) == ["click_rate", "delivery_rate"]


def test_none_is_called_ahead_while_another_stands_higher():
    """What is too young to be judged, or is clear as well, is never passed over."""
    young = replace(share(2_700, 10_000, channel="email"), flags=("immature",))
    rows = [share(2_100, 10_000, channel="sms"), share(100, 10_000, channel="push"), young]
    apart = [(one.code, one.channel) for one in said(rows) if one.code in ("leader", "trailing")]
    assert apart in ([], [("trailing", "push")])
    rows[-1] = replace(young, flags=())
    apart = [(one.code, one.channel) for one in said(rows) if one.code in ("leader", "trailing")]
    assert ("leader", "sms") not in apart
    assert ("leader", "email") in apart
    rows[-1] = replace(share(50, 10_000, channel="email"), flags=("immature",))
    assert ("leader", "sms") in [(one.code, one.channel) for one in said(rows)]
