from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from scipy.stats import binomtest
from streamlit.testing.v1 import AppTest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.metrics import metric_named
from crm_metrics.store import Workspace
from crm_metrics.texts import percent_text, t
from crm_metrics.ui import choices

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
SAMPLE_FILES = [ROOT / "sample_data" / name for name in ("vk_ads.xlsx", "hootsuite_posts.csv")]
SECTIONS = (
    "leaders",
    "course",
    "groups",
    "hours",
    "references",
    "funnel",
    "frequency",
    "response",
    "goals",
)
NBSP = "\u00a0"

# (delivered, clicks) of March and of April, by channel.
MAIL = {"email": ((9000, 180), (9000, 360)), "sms": ((2100, 60), (2100, 63))}
# Minutes to the first reply; None: never answered.
REPLIES = (10, 30, 60, 90, 100, 110, 150, 200, 300, 2000, None, None) * 4
# The ticket of the last day is answered after 110 minutes, and there the data end.
YOUNGEST = 110


def campaigns(folder: Path) -> Path:
    lines = ["Date,Channel,Campaign name,Sent,Delivered,Unique clicks"]
    for channel, months in MAIL.items():
        for month, (delivered, clicks) in zip((3, 4), months, strict=True):
            lines += [
                f"2026-0{month}-{day:02},{channel},{channel} news *{day}*,"
                f"{delivered // 3 + 50},{delivered // 3},{clicks // 3}"
                for day in (1, 15, 30)
            ]
    path = folder / "mail.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def tickets(folder: Path) -> Path:
    lines = ["Ticket ID,Created at,First reply at,Channel"]
    for number, minutes in enumerate(REPLIES):
        day = date(2026, 4, 1) + timedelta(days=number % 30)
        reply = ""
        if minutes is not None:
            later = timedelta(hours=9, minutes=minutes)
            reply = f"{day + timedelta(days=later.days)} {_clock(later)}"
        lines.append(f"T-{number},{day} 09:00:00,{reply},chat")
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def _clock(later: timedelta) -> str:
    minutes = later.seconds // 60
    return f"{minutes // 60:02}:{minutes % 60:02}:00"


@pytest.fixture
def opened(home: Path, tmp_path: Path) -> Callable[..., AppTest]:
    """The page over the mail's campaigns, by an address."""
    Workspace(home).add(campaigns(tmp_path), "mail.csv")
    return visit


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, AppTest]]:
    """The page over campaigns and tickets, opened once a language, to be looked at only."""
    folder = tmp_path_factory.mktemp("seen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_METRICS_HOME", str(folder / "home"))
        st.cache_data.clear()
        st.cache_resource.clear()
        for made in (campaigns(folder), tickets(folder)):
            Workspace(folder / "home").add(made, made.name)
        yield {language: visit(language) for language in ("en", "ru")}


@pytest.fixture(scope="module")
def section(seen: dict[str, AppTest]) -> Callable[[str, str], AppTest]:
    """A section of that page, opened once a language, to be looked at only."""
    return cache(lambda language, name: visit(language, section=name))


def visit(language: str = "en", **address: str | list[str]) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["lang"] = language
    at.run()
    at.switch_page("pages/channels.py")
    for name, value in address.items():
        at.query_params[name] = value
    return checked(at.run())


def checked(at: AppTest) -> AppTest:
    assert not at.exception
    assert not at.error, [one.value for one in at.error]
    return at


def card(at: AppTest, label: str):
    found = [one for one in at.metric if one.label == label]
    assert found, [one.label for one in at.metric]
    return found[0]


def captions(at: AppTest) -> str:
    return plain("\n".join(one.value for one in at.caption))


def specs(at: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]


def plain(text: object) -> str:
    """Markdown's escapes taken off."""
    return re.sub(r"\\(?=[^\w\s])", "", str(text))


def shown_table(at: AppTest, place: int = 0) -> pd.DataFrame:
    return at.table[place].value.rename(index=plain, columns=plain).map(plain)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_without_data_the_page_teaches(open_app, language):
    at = open_app("channels", locale=language)
    checked(at)
    assert t("channels.need_campaigns", language) in at.markdown[-1].value
    assert [one.key for one in at.button] == ["empty_upload", "empty_sample"]


def test_cards_show_the_last_whole_month_against_the_one_before(seen):
    at = seen["en"]
    pooled, before = (360 + 63) / 11100, (180 + 60) / 11100
    shown = card(at, "Click rate (CTR)")
    assert plain(shown.value) == percent_text(pooled, "en")
    assert shown.delta.startswith(f"+{100 * (pooled - before):.1f}")
    low, high = binomtest(423, 11100).proportion_ci(method="wilson")
    assert f"{percent_text(low, 'en')} to {percent_text(high, 'en')} · n = 11,100" in captions(at)
    assert "Apr 1, 2026 – Apr 30, 2026" in captions(at)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_fall_has_its_arrow_down_and_the_colour_of_what_it_means(home, tmp_path, language):
    lines = ["Date,Channel,Campaign name,Delivered,Unique clicks,Unsubscribes"]
    lines += [
        f"2026-0{month}-{day:02},email,News {month}-{day},3000,{clicks},{left}"
        for month, clicks, left in ((3, 120, 60), (4, 60, 20), (5, 60, 20))
        for day in (1, 15, 30)
    ]
    file = tmp_path / "mail.csv"
    file.write_text("\n".join(lines))
    Workspace(home).add(file, file.name)
    at = checked(visit(language, span="dates", period=["2026-04-01", "2026-04-30"]))
    for metric, color in (("click_rate", "RED"), ("unsub_rate", "GREEN")):
        proto = card(at, t(f"metric.{metric}.name", language)).proto
        assert proto.delta.startswith("\N{MINUS SIGN}")
        assert proto.MetricDirection.Name(proto.direction) == "DOWN"
        assert proto.MetricColor.Name(proto.color) == color


def test_an_unclear_change_stays_grey(opened):
    at = opened(channel="sms")
    shown = card(at, "Click rate (CTR)")
    assert not shown.delta
    assert "No clear change" in captions(at)


def test_cells_of_the_table_carry_value_interval_and_n(seen):
    at = seen["ru"]
    low, high = binomtest(360, 9000).proportion_ci(method="wilson")
    found = shown_table(at).loc["E-mail", t("metric.click_rate.name", "ru")]
    assert f"**4,00{NBSP}%**" in found
    assert f"{100 * low:.2f}".replace(".", ",") in found
    assert f"{100 * high:.2f}".replace(".", ",") in found
    assert f"n{NBSP}={NBSP}9{NBSP}000" in found


def test_the_address_filters_and_survives_the_change_of_language(opened):
    at = opened(channel="email", span="all")
    assert list(shown_table(at).index) == ["Email"]
    at.query_params["lang"] = "ru"
    at.session_state["lang"] = "ru"
    checked(at.run())
    assert list(shown_table(at).index) == ["E-mail"]
    assert at.query_params["channel"] in ("email", ["email"])
    assert at.query_params["span"] in ("all", ["all"])


def test_dates_in_the_address_narrow_the_data(opened):
    at = opened(span="dates", period=["2026-03-01", "2026-03-15"])
    delivered, clicks = (9000 + 2100) // 3 * 2, (180 + 60) // 3 * 2
    found = plain(card(at, "Click rate (CTR)").value)
    assert found == percent_text(clicks / delivered, "en")


def test_sections_are_chosen_stay_in_the_address_and_none_is_empty(section):
    at = visit()
    chooser = at.segmented_control(key="section_en")
    names = dict(zip(chooser.options, SECTIONS, strict=True))
    assert set(names) == {t(f"channels.section_{name}", "en") for name in SECTIONS}
    checked(chooser.set_value("course").run())
    assert at.query_params["section"] in ("course", ["course"])
    for name in SECTIONS:
        found = section("en", name)
        assert found.segmented_control(key="section_en").value == name
        own = {one.value for kind in ("caption", "subheader") for one in getattr(found, kind)}
        drawn = len(found.get("vega_lite_chart"))
        assert drawn or own - {one.value for one in section("en", "leaders").caption}, name


def test_a_link_to_what_the_data_do_not_have_says_so(opened):
    at = opened(span="dates", period=["2026-04-20", "2027-01-31"], channel=["push", "sms"])
    (note,) = [plain(one.value) for one in at.info]
    assert "Apr 20, 2026 – Jan 31, 2027" in note
    assert "cover Mar 1, 2026 – Apr 30, 2026. Shown: Apr 20, 2026 – Apr 30, 2026." in note
    assert "the data do not have: push." in note
    assert list(shown_table(at).index) == ["SMS"]
    at.multiselect(key="channel_en").set_value([]).run()
    assert "push" not in "".join(one.value for one in checked(at).info)
    # A segment of another export, and the name of one that nobody made here.
    at = opened(channel="sms", segment=["city=Perm", "nonsense"])
    note = plain(at.info[0].value)
    assert "a segment that the data do not have: City: Perm." in note
    assert "There is no segment “nonsense” here." in note
    assert list(shown_table(at).index) == ["SMS"]
    # Days that are all elsewhere leave all data, not one day at their edge.
    at = opened("ru", span="dates", period=["2020-01-01", "2020-02-01"])
    assert "Показано 01.03.2026 – 30.04.2026" in plain(at.info[0].value)
    assert not opened(span="dates", period=["2026-03-01", "2026-03-15"]).info


def test_another_address_of_the_same_page_is_followed(opened):
    """As the browser's Back names it: filters, numbers, sections."""
    at = opened()
    at.multiselect(key="channel_en").select("sms").run()
    at.segmented_control(key="section_en").set_value("course").run()
    at.segmented_control(key="step_en").set_value("month").run()
    checked(at)
    assert list(shown_table(at).index) == ["SMS"]
    for name in ("step", "section", "channel"):
        del at.query_params[name]
    at.query_params["settled"] = "1"
    checked(at.run())
    assert list(shown_table(at).index) == ["Email", "SMS"]
    chosen = {one.label: one.value for one in at.segmented_control}
    assert chosen[t("channels.section", "en")] == "leaders"
    assert "n = 7,400" in captions(at)
    at.query_params["section"] = "course"
    checked(at.run())
    assert {one.label: one.value for one in at.segmented_control}["Step"] == "week"
    # A visit of another page does not take the choices away.
    at.multiselect(key="channel_en_1").select("email").run()
    at.switch_page("pages/upload.py")
    at.query_params.clear()
    checked(at.run())
    at.switch_page("pages/channels.py")
    at.query_params.clear()
    checked(at.run())
    assert list(shown_table(at).index) == ["Email"]
    # But going back to one by its address does what the address says.
    at.switch_page("pages/upload.py")
    at.query_params.clear()
    checked(at.run())
    at.switch_page("pages/channels.py")
    at.query_params["channel"] = "sms"
    checked(at.run())
    assert list(shown_table(at).index) == ["SMS"]


def test_a_broken_address_is_ignored(opened):
    at = opened(
        section="no_such",
        span="dates",
        period=["nonsense", "2026-99-01"],
        channel="<script>",
        campaign="'; drop table facts; --",
        metric="no_such:thing",
        step="century",
        table="x",
        limit="nan",
    )
    assert at.metric


def test_a_choice_goes_into_the_address(opened):
    at = opened()
    at.multiselect(key="channel_en").select("sms").run()
    checked(at)
    assert at.query_params["channel"] in ("sms", ["sms"])
    at.multiselect(key="channel_en").set_value([]).run()
    assert "channel" not in at.query_params


def test_unanswered_conversations_stay_in_the_base(section):
    shown = card(section("en", "response"), f"Answered within 2{NBSP}h")
    assert plain(shown.value) == percent_text(in_time(120), "en")


def in_time(limit: int) -> float:
    """The share answered within so many minutes, of tickets that were watched for as long."""
    answered = sum(minutes is not None and minutes <= limit for minutes in REPLIES)
    young = limit > YOUNGEST
    return (answered - young) / (len(REPLIES) - young)


def test_the_limit_is_editable_and_lives_in_the_address(home, tmp_path):
    Workspace(home).add(tickets(tmp_path), "tickets.csv")
    at = visit(limit="1", span="all", section="response")
    shown = card(at, f"Answered within 1{NBSP}h")
    assert plain(shown.value) == percent_text(in_time(60), "en")
    at.number_input(key="limit_number").set_value(5.0).run()
    shown = card(checked(at), f"Answered within 5{NBSP}h")
    assert plain(shown.value) == percent_text(in_time(300), "en")
    assert at.query_params["limit"] in ("5", ["5"])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_chart_has_a_title_and_a_unit_and_a_takeaway(seen, section, language):
    pages = [seen[language], *(section(language, name) for name in ("course", "response"))]
    charts = [chart for at in pages for chart in at.get("vega_lite_chart")]
    assert len(charts) >= 4
    for chart, spec in zip(charts, (spec for at in pages for spec in specs(at)), strict=True):
        assert chart.proto.alt
        assert any(spec["title"]["text"])
        titles = set(re.findall(r'"title": "([^"]+)"', json.dumps(spec, ensure_ascii=False)))
        assert any(
            re.search(r"%|[Сс]ообщ|Messages|Месяц|Month|пункты|points", title) for title in titles
        )


def test_the_formula_stands_beside_its_components(seen):
    at = seen["en"]
    formula = metric_named("click_rate").formula
    assert any(f"`{formula}`" in one.value for one in at.markdown)
    assert list(shown_table(at, 1).loc["Email"]) == ["360", "9,000"]


def test_names_of_campaigns_are_not_read_as_markup(seen):
    at = seen["en"]
    options = at.multiselect(key="campaign_en").options
    assert "email news *1*" in options


def test_a_filter_that_nothing_meets_says_so(opened):
    at = opened(channel="sms", campaign="email news *1*")
    assert t("channels.nothing_matches", "en") in [one.value for one in at.info]


def test_rates_alone_have_no_total_and_stand_by_campaign(home, tmp_path):
    file = tmp_path / "rates.csv"
    rows = [f"2026-04-{day:02},email,News {day},2{day % 10}.5%" for day in range(1, 20)]
    file.write_text("\n".join(["Date,Channel,Campaign name,Open rate", *rows]))
    Workspace(home).add(file, file.name)
    at = checked(visit())
    assert [box.value for box in at.info] == [t("channels.nothing_computable", "en")]
    inside = next(box.value for box in at.dataframe if "News 17" in box.value.iloc[:, 0].tolist())
    news = inside.set_index(inside.columns[0]).loc["News 17"].tolist()
    assert news == ["Email", "27.5%", "—", "—"]
    lines = " ".join(box.value for box in at.markdown)
    # One line a column, with all that it would give.
    assert lines.count(t("channels.needed", "en", name=t("field.replies.name", "en"))) == 1


def test_a_campaign_beyond_the_list_opens_by_its_address(home, tmp_path, monkeypatch):
    monkeypatch.setattr(choices, "_MOST_CAMPAIGNS", 2)
    Workspace(home).add(campaigns(tmp_path), "mail.csv")
    at = checked(visit(campaign="sms news *30*"))
    assert [box.value for box in at.multiselect if "sms news *30*" in box.value]


def test_a_metric_is_found_by_the_name_that_people_use(opened):
    at = opened("ru")
    at.text_input(key="metric_search").set_value("кликабельность").run()
    said = plain("\n".join(one.value for one in checked(at).markdown))
    assert "HubSpot и MailerLite называют CTR клики от открывших" in said
    assert f"**{t('metric.click_rate.name', 'ru')}** — {t('metric.click_rate.help', 'ru')}" in said
    assert f"для неё не хватает столбцов: {t('field.clicks.name', 'ru')}" in said
    at.text_input(key="metric_search").set_value("погода").run()
    assert t("metric_search.nothing", "ru") in captions(checked(at))


def test_posts_of_a_real_page_give_the_pooled_rate(home, open_app):
    Workspace(home).add(DATA / "facebook_posts.csv", "facebook_posts.csv")
    with (DATA / "facebook_posts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    done = sum(int(row["Total Interactions"]) for row in rows)
    reach = sum(int(row["Lifetime Post Total Reach"]) for row in rows)
    at = checked(open_app("channels"))
    shown = card(at, t("metric.er_reach.name", "en"))
    assert plain(shown.value) == percent_text(done / reach, "en")


def test_no_data_set_is_out_of_sight_at_first(home, tmp_path):
    """Later mailings must not hide older deals, nor calls without dates."""
    space = Workspace(home)
    space.add(campaigns(tmp_path), "mail.csv")
    assert visit().segmented_control(key="span_en").value == "latest"
    space = Workspace(home)
    space.add(DATA / "saas_deals.csv", "saas_deals.csv")
    space.add(DATA / "bank_calls.csv", "bank_calls.csv")
    at = visit()
    assert at.segmented_control(key="span_en").value == "all"
    assert card(at, "Win rate")
    assert plain(card(at, "Conversion rate").value) == "10.9%"
    at = visit(span="latest")
    assert "saas_deals.csv, bank_calls.csv" in captions(at).replace("\\_", "_")
    assert "Win rate" not in [one.label for one in at.metric]


def test_campaigns_of_the_chosen_metric_the_best_first(section):
    at = section("en", "groups")
    found = next(one.value for one in at.dataframe if "Campaign" in one.value.columns)
    assert len(found) == 6
    assert set(found["Campaign"].iloc[:3]) == {f"email news *{day}*" for day in (1, 15, 30)}
    low, high = binomtest(120, 3000).proportion_ci(method="wilson")
    assert found["Value"].iloc[0] == "4.00%"
    assert found["Likely between"].iloc[0] == f"{100 * low:.2f}% to {100 * high:.2f}%"
    assert found["n"].iloc[0] == "3,000"


def test_the_table_fits_and_says_which_channels_are_elsewhere(home, tmp_path):
    space = Workspace(home)
    for made in (campaigns(tmp_path), tickets(tmp_path), *SAMPLE_FILES):
        space.add(made, made.name)
    at = visit()
    table = shown_table(at)
    assert len(table.columns) <= 7
    assert not (table == "—").all(axis="columns").any()
    assert len(shown_table(visit(table="all")).columns) > 7


def test_a_deep_link_opens_a_level_and_each_level_is_a_way_back(opened):
    at = opened("ru", channel="email", campaign="email news *15*", span="all")
    assert at.multiselect(key="channel_ru").value == ["email"]
    said = plain("\n".join(one.value for one in at.markdown))
    assert "**email news *15***" in said
    at.button(key="path_channel").click().run()
    assert "campaign" not in checked(at).query_params
    assert at.multiselect(key="campaign_ru_1").value == []
    at.button(key="path_top").click().run()
    assert "channel" not in checked(at).query_params
    assert list(shown_table(at).index) == ["E-mail", "SMS"]


def test_a_segment_in_the_address_narrows_every_number(home, tmp_path):
    Workspace(home).add(recipients(tmp_path), "recipients.csv")
    at = visit(segment="variant=B", span="all")
    assert plain(card(at, "Click rate (CTR)").value) == percent_text(6 / 30, "en")
    assert "**Test version: B**" in plain("\n".join(one.value for one in at.markdown))
    # What no file knows is no filter.
    at = visit(segment=["nonsense=1", "variant"], span="all")
    assert plain(card(at, "Click rate (CTR)").value) == percent_text(9 / 60, "en")


def recipients(folder: Path) -> Path:
    """Sixty people, half of them B; each gets one message more in the second week."""
    lines = ["Subscriber ID,Variant,Sent at,Channel,Campaign,Delivered,Clicked"]
    for person in range(60):
        variant, clicked = "AB"[person % 2], person < 6 or (person % 2 and person < 12)
        lines.append(
            f"p{person},{variant},2026-03-03 10:00,push,One,yes,{'yes' if clicked else 'no'}"
        )
    path = folder / "recipients.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_same_weekdays_are_compared_on_request(opened):
    at = opened(span="dates", period=["2026-04-13", "2026-04-19"], against="weekdays")
    said = captions(at)
    assert "Apr 13, 2026 – Apr 19, 2026" in said
    assert "Apr 6, 2026 – Apr 12, 2026" in said
    # Said once for all cards.
    assert t("channels.nothing_before", "en") not in said


def test_a_change_of_the_total_is_told_apart(seen):
    at = seen["en"]
    (said,) = [one.value for one in at.markdown if one.value.startswith("All together: ")]
    now, before = MAIL["email"][1], MAIL["email"][0]
    others, others_before = MAIL["sms"][1], MAIL["sms"][0]
    total = (now[1] + others[1]) / (now[0] + others[0])
    total -= (before[1] + others_before[1]) / (before[0] + others_before[0])
    assert f"+{100 * total:.1f}" in plain(said)
    # The shares of the channels did not move.
    assert plain(said).split(" for ")[-1].startswith(f"0.00{NBSP}pp")


def test_channels_are_held_against_the_rest(seen):
    assert "Clearly above the rest: Email. Clearly below the rest: SMS." in captions(seen["en"])


def test_a_number_opens_to_its_formula_and_components(opened):
    at = opened()
    at.button(key="number_card_click_rate_campaigns").click().run()
    said = "\n".join(one.value for one in checked(at).markdown)
    assert f"`{metric_named('click_rate').formula}`" in said
    components = [set(table.value.iloc[0].map(plain)) for table in at.table]
    assert {"423", "11,100"} in components


def test_a_chart_opens_to_the_numbers_it_draws(opened):
    at = opened(metric="click_rate:of_delivered")
    at.session_state["intervals_beside"] = True
    found = [one.value for one in checked(at.run()).dataframe]
    (drawn,) = [frame for frame in found if "Channel" in frame and len(frame.columns) == 4]
    assert list(drawn["Channel"]) == ["Email", "SMS"]
    assert drawn["Value"].iloc[0] == "4.00%"


def test_data_come_and_go_under_the_page(home, tmp_path):
    space = Workspace(home)
    (mail,) = space.add(campaigns(tmp_path), "mail.csv")
    at = visit(span="all")
    assert list(shown_table(at).index) == ["Email", "SMS"]
    broken = tmp_path / "picture.csv"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    space.add(tickets(tmp_path), "tickets.csv")
    with suppress(CrmMetricsError):
        space.add(broken, "picture.csv")
    chat = f"Chat{NBSP}and{NBSP}tickets"
    assert list(shown_table(visit(span="all", table="all")).index) == ["Email", "SMS", chat]
    space.remove(mail.id)
    assert list(shown_table(visit(span="all")).index) == [chat]


def test_how_often_people_are_written_to_has_a_cap(home, tmp_path):
    lines = recipients(tmp_path).read_text().splitlines()
    more = [line.replace("03-03", "03-05").replace("One", "Two") for line in lines[1:16]]
    path = tmp_path / "more.csv"
    path.write_text("\n".join([*lines, *more]) + "\n")
    Workspace(home).add(path, "more.csv")
    at = visit(span="all", cap="1", section="frequency")
    shown = card(at, t("metric.over_contacted_rate.name", "en"))
    assert plain(shown.value) == percent_text(15 / 60, "en")
    # Where only totals are known, the page says what is needed.
    Workspace(home).remove(Workspace(home).datasets()[0].id)
    Workspace(home).add(campaigns(tmp_path), "mail.csv")
    assert t("channels.frequency_needs", "en") in captions(visit(span="all", section="frequency"))


def test_only_settled_sends_count_on_request(opened):
    at = opened()
    # The last campaigns went out on the last day of all: a third of the base.
    assert "33.3%" in captions(at)
    (switch,) = [one for one in at.toggle if one.key == "settled"]
    checked(switch.set_value(True).run())
    assert at.query_params["settled"] in ("1", ["1"])
    assert "n = 7,400" in captions(at)
    assert "33.3%" not in captions(at)
    assert "n = 7,400" in captions(opened(settled="1"))
