"""The Response page: the answer first, the unanswered said, limits, calls, business hours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.errors import InputError
from crm_metrics.metrics.goals import Goal, write_goals
from crm_metrics.metrics.hours import Schedule, Shift, write_schedule
from crm_metrics.store import Authors, Workspace
from crm_metrics.texts import t
from crm_metrics.ui.response.schedule import schedule_of
from crm_metrics.ui.widgets import main_label

DATA = Path(__file__).resolve().parents[1] / "data"
ROOT = Path(__file__).resolve().parents[2]
WAITS = (10, None, 30, 60, 90, 110, 150, 300) * 8


def conversations(folder: Path) -> Path:
    start = pd.Timestamp("2026-04-01 09:00")
    lines = ["Ticket ID,Created at,First reply at,Channel,Agent"]
    for number, minutes in enumerate(WAITS):
        began = start + pd.Timedelta(days=number // 3)
        reply = "" if minutes is None else f"{began + pd.Timedelta(minutes=minutes)}"
        lines.append(f"T-{number},{began},{reply},chat,{'Ann' if number % 2 else 'Boris'}")
    path = folder / "tickets.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def calls(folder: Path) -> Path:
    lines = ["Started at,Direction,Status,Wait time (s),Talk time (s)"]
    for number in range(60):
        status = "missed" if number % 6 == 0 else "answered"
        lines.append(f"2026-04-{number % 28 + 1:02} 10:00:00,in,{status},{number % 40},60")
    path = folder / "calls.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def visit(language: str = "en", **address: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.query_params["lang"] = at.session_state["lang"] = language
    for name, value in address.items():
        at.query_params[name] = value
    at.switch_page("pages/response.py").run()
    assert not at.exception
    assert not at.error
    return at


def said(at: AppTest) -> str:
    drawn = (*at.markdown, *at.caption, *at.info, *at.subheader)
    return " ".join(str(one.value) for one in drawn).replace("\\", "").replace("\u00a0", " ")


def test_the_answer_comes_first_in_both_languages(home, tmp_path):
    space = Workspace(home)
    for path in (conversations(tmp_path), calls(tmp_path)):
        space.add(path, path.name)
    at = visit(span="all", section="calls")
    # Five of eight within two hours; the one without a reply stays in the base.
    assert "of 64 conversations were answered within 2 h" in said(at)
    assert "12.5% had no reply at all" in said(at)
    assert "Do not rank channels or people" in said(at)
    labels = [one.label for one in at.metric]
    assert {t(f"metric.{key}.name", "en") for key in ("answered_within", "asa_median")} <= {*labels}
    # The course of calls leads: what is drawn, and no hour named where none stands out.
    assert t("response.course_one_hour", "en") in said(at)
    limit = t("response.pick_up_limit", "en")
    assert limit in {one.label for one in at.number_input}
    by_day = visit(span="all", section="calls", calls_by="day")
    assert t("response.course_even_date", "en") in said(by_day)
    title = t("response.course_date_title", "en")
    assert any(title in one.proto.spec for one in by_day.get("vega_lite_chart"))
    load = visit("ru", span="all", section="load", load_by="agent")
    assert "Обычно у сотрудника 1,5 обращения в день" in said(load)
    assert any("Boris" in str(one.proto) for one in load.get("vega_lite_chart"))
    # Three service levels, each by its formula.
    for variant in ("of_inbound", "without_short", "of_answered"):
        assert t(f"variant.{variant}", "en") in said(at)
    russian = visit("ru", span="all", limit="1")
    assert "За 1 ч ответили на 37,5 %" in said(russian)
    assert "Совсем без ответа осталось 12,5 %" in said(russian)
    nothing = visit(span="dates", period="2026-04-01", channel="email")
    assert nothing.title[0].value == t("response.title", "en")


def test_business_hours_are_told_on_the_page(home, tmp_path):
    path = conversations(tmp_path)
    Workspace(home).add(path, path.name)
    # Open from ten: whoever was answered by then waited no time at all.
    write_schedule(home, Schedule(tuple(Shift(day, 36000, 64800) for day in range(7))))
    at = visit(section="business_hours", span="all")
    assert t("response.hours_lead", "en") in said(at)
    shown = {one.label: one.value for one in at.metric}
    assert shown[t("metric.frt_business.name", "en")].replace("\u00a0", " ") == "30 min"
    at.button(key="hours_forget").click().run()
    assert not (home / "hours.json").exists()


def test_a_week_of_rows_is_a_schedule():
    week = pd.DataFrame({"open": ["9-18 lunch 13-14", None, "", "", "", "10:30–24:00", None]})
    found = schedule_of(week, "Europe/Moscow", "2026-01-01..2026-01-02\n2026-03-08")
    morning, afternoon = Shift(0, 32400, 46800), Shift(0, 50400, 64800)
    assert found.shifts == (morning, afternoon, Shift(5, 37800, 86400))
    assert found.holidays == (date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 8))
    for wrong, code in (("January 1", "hours_holiday"),):
        with pytest.raises(InputError) as raised:
            schedule_of(week, "", wrong)
        assert raised.value.code == code


def test_contacts_per_customer_stand_beside_the_load(home, tmp_path):
    talks = pd.read_csv(conversations(tmp_path)).assign(Email="")
    talks["Email"] = [f"c{number % 20}@example.com" for number in range(len(talks))]
    orders = pd.DataFrame(
        {
            "Order ID": range(40),
            "Date": "2026-04-02",
            "Email": [f"c{number}@example.com" for number in range(40)],
            "Total": 10,
        }
    )
    for name, frame in (("tickets.csv", talks), ("orders.csv", orders)):
        frame.to_csv(tmp_path / name, index=False)
        Workspace(home).add(tmp_path / name, name)
        if name == "tickets.csv":
            assert "orders or contacts with customer ID." in said(visit(section="load", span="all"))
    write_goals(home, (Goal("contact_rate_in", 2.0, guide="S1"),))
    at = visit("en", section="load", span="all")
    shown = {one.label: one.value for one in at.metric}
    # 64 conversations of 20 people over 40 customers.
    assert shown[t("metric.contact_rate_in.name", "en")] == "1\\.60"
    # The cards of the section as a table of their own, beside that of the channels.
    assert {one.key for one in at.download_button} >= {"load_download", "channels_download"}
    assert "at most 2" in said(at)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_without_conversations_the_page_says_what_it_needs(home, language):
    at = visit(language)
    assert t("response.need_messages", language) in said(at)


def test_a_chat_asks_who_is_ours_and_is_then_counted(home, tmp_path):
    space = Workspace(home)
    for client, minutes in (("Анна", 12), ("Борис", 30)):
        lines = [
            f"{day:02}.04.2026, {hour} - {who}: текст\n"
            for day in range(1, 25, 3)
            for hour, who in (("10:00", client), (f"10:{minutes}", "Лавка"))
        ]
        path = tmp_path / f"Чат WhatsApp с контактом {client}.txt"
        path.write_text("".join(lines), encoding="utf-8")
        space.add(path, path.name)
    at = visit("ru")
    assert t("response.authors_ask", "ru") in said(at)
    # Who wrote in both chats is offered, and nothing is counted before it is saved.
    assert at.multiselect(key="authors_ours_ru").value == ["Лавка"]
    assert not at.metric
    (save,) = [
        one for one in at.button if one.label == main_label(t("response.authors_save", "ru"))
    ]
    save.click().run()
    assert space.together.choices.authors == Authors(ours=("Лавка",))
    shown = {one.label: one.value for one in at.metric}
    assert shown[t("metric.frt_median.name", "ru")].replace("\u00a0", " ") == "21 мин"
    assert "обращений из 6 " in said(at)
    assert t("channels.groups_no_names", "en") in said(visit("en", section="groups"))
    told = visit("en", section="authors")
    rows = told.dataframe[-1].value
    who = dict(
        zip(
            rows[t("response.authors_name", "en")],
            rows[t("response.authors_who", "en")],
            strict=True,
        )
    )
    assert who == {"Лавка": "yours", "Анна": "client", "Борис": "client"}
    told.button(key="authors_forget").click().run()
    assert space.together.choices.authors == Authors()


def test_a_report_of_averages_says_that_it_holds_no_more(home, tmp_path):
    path = tmp_path / "agents.csv"
    path.write_text(
        "Reporting period 2026-03-01 to 2026-03-31\n\n"
        "Agent name,Assigned conversations,Avg first response time,Avg resolution time,"
        "Avg customer waiting time,Resolution Count\n"
        "Ann Lee,42,12 minutes 30 seconds,2 hours 15 minutes,--,40\n"
        "Oleg Petrov,8,2 hours 15 minutes,--,--,0\n"
    )
    Workspace(home).add(path, path.name)
    for language, words in (("en", "averages only"), ("ru", "только средние")):
        at = visit(language, span="all")
        assert words in said(at)
        # (42 * 750 s + 8 * 8100 s) / 50, in minutes.
        assert "32 min" in said(at) if language == "en" else "32 мин" in said(at)


def test_calls_of_a_bank_are_counted_on_the_page(home):
    """The real file: talk times alone, with neither who called nor whether it was answered."""
    space = Workspace(home)
    (item,) = space.add(DATA / "bank_calls.csv", "bank_calls.csv")
    plain = pd.read_csv(DATA / "bank_calls.csv", sep=";")
    talked = plain.duration[plain.duration > 0]
    mapping = item.mapping.with_grain("calls")
    for name, field in (("duration", "talk_time"), ("contact", "channel")):
        place = next(one.column for one in mapping.columns if one.name == name)
        mapping = mapping.with_field(place, field)
    space.set_mapping(item.id, mapping)
    for language in ("en", "ru"):
        at = visit(language, section="calls")
        shown = {one.label: one.value for one in at.metric}
        seconds = int(talked.median() % 60)
        value = shown[t("metric.aht_median.name", language)].replace("\u00a0", " ")
        assert value.startswith(f"{int(talked.median() // 60)} ")
        assert f" {seconds} " in value
        assert t("response.course_no_status", language) in said(at)
        # The answer says what it can't, and asks for no limit that nothing would follow.
        assert t("response.calls_no_outcome_nor_wait", language) in said(at)
        limit = t("response.pick_up_limit", language)
        assert limit not in {one.label for one in at.number_input}
