from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from crm_metrics.metrics import compute
from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui.columns.column_edits import with_meanings
from crm_metrics.ui.history import History
from crm_metrics.ui.widgets import main_label
from tests.ui.conftest import DATA
from tests.ui.test_upload_page import POSTS, drop


def only_dataset():
    (dataset,) = Workspace(default_folder()).datasets()
    return dataset


def engagement() -> float | None:
    """Pooled engagement by reach of all posts, as the engine computes it."""
    with Workspace(default_folder()).engine() as engine:
        values = compute(engine, ["er_reach"]).values
    return values[0].value if values else None


def columns_page(at: AppTest) -> AppTest:
    return at.switch_page("pages/columns.py").run()


def test_without_data_the_page_says_what_it_is_for(open_app):
    at = open_app("columns")
    assert t("columns.question", "en") in at.markdown[0].value or any(
        t("columns.question", "en") in item.value for item in at.markdown
    )
    assert at.button(key="empty_sample").label == main_label(
        t("empty.sample", "en"), ":material/play_arrow:"
    )


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_a_table_without_a_header_is_mapped_by_hand(open_app, home, locale):
    content = (DATA / "cdnow_orders_sample.txt").read_bytes()
    at = columns_page(drop(open_app(locale=locale), ("cdnow.txt", content)))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("orders").run()
    dataset = only_dataset()
    # Columns of the file, by its readme: two ids, the date, the number of CDs, the amount.
    places = {1: "customer_id", 2: "date", 3: "quantity", 4: "amount"}
    width = len(dataset.table.headers)
    for column, field in places.items():
        if column >= width:
            continue
        at.selectbox(key=f"column_{dataset.id}").select(column).run()
        at.selectbox(key=f"all_field_{dataset.id}_{column}").select(field).run()
        assert not at.exception
    at.button(key="apply").click().run()
    assert not at.exception
    facts = only_dataset().facts
    assert facts is not None
    assert facts.grain == "orders"
    assert facts.rows == dataset.table.records


def test_correcting_a_mapping_changes_the_number(open_app, home):
    content = (DATA / "facebook_posts.csv").read_bytes()
    at = columns_page(drop(open_app(), ("facebook_posts.csv", content)))
    dataset = only_dataset()
    before = engagement()
    assert before is not None
    reach = dataset.mapping.fields["reach"].column
    other = next(
        item.column
        for item in dataset.mapping.columns
        if "impressions" in item.name.lower() and item.column != reach
    )
    at.selectbox(key=f"column_{dataset.id}").select(other).run()
    at.selectbox(key=f"all_field_{dataset.id}_{other}").select("reach").run()
    assert engagement() == before
    at.button(key="apply").click().run()
    assert not at.exception
    after = engagement()
    assert after is not None
    assert after != before


def test_a_field_has_one_source(open_app, home):
    at = columns_page(drop(open_app(), ("posts.csv", POSTS.encode())))
    dataset = only_dataset()
    if dataset.mapping.grain != "posts":
        at.selectbox(key=f"grain_{dataset.id}").select("posts").run()
    for column in (1, 2):
        at.selectbox(key=f"column_{dataset.id}").select(column).run()
        at.selectbox(key=f"all_field_{dataset.id}_{column}").select("reach").run()
    at.selectbox(key=f"column_{dataset.id}").select(1).run()
    assert at.selectbox(key=f"all_field_{dataset.id}_1").value == ""


def test_undo_takes_the_edits_back(open_app, home):
    at = columns_page(drop(open_app(), ("posts.csv", POSTS.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("deals").run()
    assert not at.button(key="undo").disabled
    at.button(key="undo").click().run()
    assert at.selectbox(key=f"grain_{dataset.id}").value == dataset.mapping.grain
    assert only_dataset().mapping == dataset.mapping


def test_an_applied_mapping_is_remembered_for_the_same_header(open_app, home):
    at = columns_page(drop(open_app(), ("posts.csv", POSTS.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("posts").run()
    at.selectbox(key=f"column_{dataset.id}").select(2).run()
    at.selectbox(key=f"all_field_{dataset.id}_2").select("likes").run()
    at.button(key="apply").click().run()
    at = at.switch_page("pages/upload.py").run()
    at = drop(at, ("april.csv", (POSTS + "05.03.2026;400;9\n").encode()))
    april = next(
        item
        for item in Workspace(default_folder()).datasets()
        if item.table.file_name == "april.csv"
    )
    assert april.mapping.grain == "posts"
    assert april.mapping.fields["likes"].column == 2


def test_language_switch_keeps_the_draft(open_app, home):
    at = columns_page(drop(open_app(), ("posts.csv", POSTS.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("deals").run()
    at.segmented_control(key="lang").set_value("ru").run()
    assert at.title[0].value == t("columns.title", "ru")
    assert at.selectbox(key=f"grain_{dataset.id}").value == "deals"


def win_rate() -> float | None:
    with Workspace(default_folder()).engine() as engine:
        return compute(engine, ["win_rate"]).values[0].value


def test_saying_which_stage_is_won_changes_the_win_rate(open_app, home):
    rows = ["Deal,Stage,Created at"]
    rows += [
        f"{n},{stage},2026-03-0{n % 9 + 1}" for n, stage in enumerate(["Won", "Lost", "Gift"] * 20)
    ]
    at = columns_page(drop(open_app(), ("deals.csv", "\n".join(rows).encode())))
    dataset = only_dataset()
    if dataset.mapping.grain != "deals":
        at.selectbox(key=f"grain_{dataset.id}").select("deals").run()
        at.button(key="apply").click().run()
    assert win_rate() == pytest.approx(20 / 40)
    dataset = only_dataset()
    stage = dataset.mapping.fields["stage"].column
    words = at.data_editor[0].value
    # The word that means nothing by itself stands first, whatever its count.
    assert words.iloc[0].tolist() == ["Gift", 20, t("columns.stage.open", "en")]
    assert words.iloc[:, 1].tolist() == [20, 20, 20]
    edited = with_meanings(dataset.mapping, stage, {"gift": "won"})
    at.session_state[f"_draft_{dataset.id}"] = History(dataset.mapping, edited)
    at.session_state[f"_turn_{dataset.id}"] = 1
    at.run()
    assert at.data_editor[0].value.iloc[0, 2] == t("columns.stage.won", "en")
    at.button(key="apply").click().run()
    assert not at.exception
    assert win_rate() == pytest.approx(40 / 60)


def test_what_is_still_missing_is_said_by_name(open_app, home):
    content = (DATA / "cdnow_orders_sample.txt").read_bytes()
    at = columns_page(drop(open_app(), ("cdnow.txt", content)))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("orders").run()
    assert len(at.warning) == 1
    assert t("field.amount.name", "en") in at.warning[0].value
    at.selectbox(key=f"doubt_field_{dataset.id}_4").select("amount").run()
    assert not at.warning


def test_a_constant_stands_for_every_row(open_app, home):
    at = columns_page(drop(open_app(), ("posts.csv", POSTS.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("posts").run()
    at.selectbox(key=f"constant_channel_{dataset.id}").select("messenger").run()
    at.button(key="apply").click().run()
    assert only_dataset().mapping.constants["channel"] == "messenger"


def test_a_report_without_dates_takes_the_days_that_it_covers(open_app, home):
    text = "Campaign,Channel,Sent,Delivered\nA,email,100,90\nB,email,200,180\n"
    at = columns_page(drop(open_app(), ("march.csv", text.encode())))
    dataset = only_dataset()
    at.date_input(key=f"constant_date_{dataset.id}").set_value(date(2026, 3, 1)).run()
    at.date_input(key=f"constant_period_end_{dataset.id}").set_value(date(2026, 3, 31)).run()
    at.button(key="apply").click().run()
    facts = only_dataset().facts
    assert facts is not None
    assert facts.period == (date(2026, 3, 1), date(2026, 3, 31))


def test_formats_can_be_changed(open_app, home):
    text = "Дата;Охват\n" + "\n".join(f"0{n}.04.2026;{n}00" for n in range(1, 9))
    at = columns_page(drop(open_app(), ("posts.csv", text.encode())))
    dataset = only_dataset()
    if dataset.mapping.grain != "posts":
        at.selectbox(key=f"grain_{dataset.id}").select("posts").run()
    at.selectbox(key=f"column_{dataset.id}").select(0).run()
    at.selectbox(key=f"all_format_{dataset.id}_0").select("mdy").run()
    at.button(key="apply").click().run()
    facts = only_dataset().facts
    assert facts is not None
    assert facts.period is not None
    assert [day.isoformat() for day in facts.period] == ["2026-01-04", "2026-08-04"]


@pytest.mark.parametrize(("unit", "seconds"), [("min", 600.0), ("h", 36_000.0)])
def test_the_unit_of_a_duration_can_be_chosen(open_app, home, unit: str, seconds: float):
    text = "Ticket ID,Created at,First response time\n" + "".join(
        f"{n},2026-04-0{n} 10:00,10\n" for n in range(1, 9)
    )
    at = columns_page(drop(open_app(), ("tickets.csv", text.encode())))
    dataset = only_dataset()
    assert dataset.facts is not None
    assert "duration_ask" in {issue.code for issue in dataset.facts.issues}
    at.selectbox(key=f"column_{dataset.id}").select(2).run()
    at.selectbox(key=f"all_unit_{dataset.id}_2").select(unit).run()
    at.button(key="apply").click().run()
    facts = only_dataset().facts
    assert facts is not None
    assert pq.read_table(facts.path)["first_reply_time"].to_pylist() == [seconds] * 8
    assert "duration_ask" not in {issue.code for issue in facts.issues}
