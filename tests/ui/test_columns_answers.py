"""What a person does on the Columns page: answers, takes back, leaves out, confirms."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui.columns.unlocks import columns_for
from tests.intake.catalogue import sample_of
from tests.ui.test_columns_page import columns_page, only_dataset
from tests.ui.test_upload_page import drop

RATES = "Mailing,Sent,Delivered,Open rate\n" + "".join(
    f"Letter {n},2026-03-0{n},1000,0.{n}\n" for n in range(1, 9)
)


def with_sheets(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


ORDERS = [["Order ID", "Date", "Amount"], *([n, f"2026-03-0{n}", 10.5 * n] for n in range(1, 9))]
DEALS = [
    ["Deal ID", "Stage", "Created at"],
    *([n, ("Won", "Lost")[n % 2], f"2026-03-0{n}"] for n in range(1, 9)),
]
PLACES = [["Code of a place", "Remark"], *([f"p{n}", f"remark {n}"] for n in range(1, 9))]


def texts(at) -> str:
    parts = [*at.markdown, *at.caption, *at.warning, *at.info, *at.success]
    return "\n".join(str(part.value) for part in parts)


def test_a_column_of_dates_is_not_offered_for_a_count(open_app, home):
    lines = "".join(f"Письмо {n};0{n}.03.2026;{90 + n};{30 + n}\n" for n in range(1, 9))
    head = "Рассылка;Ушла;Доставлено;Открыли\n"
    drop(open_app(), ("mail.csv", (head + lines).encode()))
    dataset = only_dataset()
    assert dataset.mapping.grain == "campaigns"
    assert dataset.mapping.columns[1].field is None
    assert columns_for(dataset, dataset.mapping, "sent")[0] == []
    assert columns_for(dataset, dataset.mapping, "sent_at")[0] == ["Ушла"]


def test_one_edit_after_another_is_undone_and_done_again(open_app, home):
    text = "Aa,Bb,Cc\n" + "".join(f"{n},{n * 2},{n * 3}\n" for n in range(1, 9))
    at = columns_page(drop(open_app(), ("numbers.csv", text.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("campaigns").run()
    at.selectbox(key=f"doubt_field_{dataset.id}_0").select("sent").run()
    at.selectbox(key=f"doubt_field_{dataset.id}_1").select("delivered").run()

    def shown() -> list[str]:
        return [at.selectbox(key=f"doubt_field_{dataset.id}_{n}").value for n in (0, 1)]

    assert shown() == ["sent", "delivered"]
    at.button(key="undo").click().run()
    assert shown() == ["sent", ""]
    at.button(key="undo").click().run()
    assert shown() == ["", ""]
    assert at.warning
    at.button(key="redo").click().run()
    at.button(key="redo").click().run()
    assert shown() == ["sent", "delivered"]
    assert at.button(key="redo").disabled
    # All at once, which is a step like others.
    at.button(key="revert").click().run()
    assert at.selectbox(key=f"grain_{dataset.id}").value is None
    at.button(key="undo").click().run()
    assert shown() == ["sent", "delivered"]
    assert only_dataset().mapping == dataset.mapping


def test_edits_wait_on_other_pages_and_are_counted_when_applied(open_app, home):
    text = "Aa,Bb\n" + "".join(f"{n},{n * 2}\n" for n in range(1, 9)) + "10,?\n"
    at = columns_page(drop(open_app(), ("numbers.csv", text.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("campaigns").run()
    at.selectbox(key=f"doubt_field_{dataset.id}_0").select("sent").run()
    at.selectbox(key=f"doubt_field_{dataset.id}_1").select("delivered").run()
    at = at.switch_page("pages/upload.py").run()
    assert t("columns.edits_wait", "en") in texts(at)
    at = at.switch_page("pages/columns.py").run()
    assert at.selectbox(key=f"doubt_field_{dataset.id}_1").value == "delivered"
    assert t("columns.not_applied", "en") in texts(at)
    at.button(key="apply").click().run()
    told = at.toast[0].value
    # Two fields and what a row is; nine cells of the one, eight of the other.
    assert t("columns.applied_changes", "en", count=3) in told
    assert t("columns.applied_read", "en", count=17, number="17") in told
    assert t("columns.not_applied", "en") not in texts(at)


def test_a_choice_moves_a_field_from_the_column_that_had_it(open_app, home):
    text = "Aa,Bb\n" + "".join(f"{n},{n * 2}\n" for n in range(1, 9))
    at = columns_page(drop(open_app(), ("numbers.csv", text.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("campaigns").run()
    at.selectbox(key=f"doubt_field_{dataset.id}_0").select("sent").run()
    option = next(
        text
        for text in at.selectbox(key=f"doubt_field_{dataset.id}_1").options
        if text.split(" · ")[0] == t("field.sent.name", "en")
    )
    assert t("columns.used_by", "en", name="Aa") in option
    at.selectbox(key=f"doubt_field_{dataset.id}_1").select("sent").run()
    assert at.selectbox(key=f"doubt_field_{dataset.id}_0").value == ""


def test_what_cannot_be_counted_is_not_applied(open_app, home):
    text = "Aa,Bb\n" + "".join(f"{n},{n * 2}\n" for n in range(1, 9))
    at = columns_page(drop(open_app(), ("numbers.csv", text.encode())))
    dataset = only_dataset()
    at.selectbox(key=f"grain_{dataset.id}").select("campaigns").run()
    assert at.button(key="apply").disabled
    assert t("field.sent.name", "en") in at.warning[0].value
    at.selectbox(key=f"doubt_field_{dataset.id}_0").select("sent").run()
    assert not at.button(key="apply").disabled


def test_an_unclear_share_shows_both_readings_and_is_settled_by_confirming(open_app, home):
    at = columns_page(drop(open_app(), ("rates.csv", RATES.encode())))
    dataset = only_dataset()
    column = next(item.column for item in dataset.mapping.columns if item.field == "open_rate")
    assert t("columns.open.rate_ask", "en") in texts(at)
    unit = at.selectbox(key=f"doubt_unit_{dataset.id}_{column}")
    assert unit.value == "fraction"
    assert [option.split(" is ")[-1] for option in unit.options] == ["10%", "0.10%"]
    at.button(key="apply").click().run()
    after = only_dataset()
    assert after.mapping.columns[column].unit == "fraction"
    assert after.facts is not None
    assert "rate_ask" not in {issue.code for issue in after.facts.issues}
    assert t("columns.no_doubts", "en") in texts(at)


def test_tables_of_a_file_are_chosen_left_out_and_taken_back(open_app, home):
    content = with_sheets(Orders=ORDERS, Places=PLACES)
    at = columns_page(drop(open_app(), ("book.xlsx", content)))
    tables = {item.table.name: item for item in Workspace(default_folder()).datasets()}
    pills = at.button_group(key="table_choice")
    # The one that waits for an answer is shown first.
    assert pills.value == tables["Places"].id
    at.button(key="leave_out").click().run()
    assert t("columns.left_out", "en") in texts(at)
    left = Workspace(default_folder()).dataset(tables["Places"].id)
    assert left.facts is None
    assert left.error.code == "left_out"
    at.button_group(key="table_choice").set_value(tables["Orders"].id).run()
    assert at.selectbox(key=f"grain_{tables['Orders'].id}").value == "orders"
    at.button_group(key="table_choice").set_value(tables["Places"].id).run()
    at.button(key="take_back").click().run()
    assert not at.exception
    assert Workspace(default_folder()).dataset(left.id).error.code == "grain_missing"


def test_a_part_of_a_known_file_without_records_asks_nothing(open_app, home):
    content = sample_of("Zoom", "Webinar attendee report")
    at = drop(open_app(), ("attendees.csv", content))
    said = texts(at)
    assert said.count(t("columns.nothing_to_count", "en")) == 2
    assert t("upload.state_waiting", "en") not in said
    tables = {item.mapping.export: item for item in Workspace(default_folder()).datasets()}
    hosts = tables["Hosts and panelists"]
    assert hosts.error.code == "nothing_to_count"
    at = columns_page(at)
    at.button_group(key="table_choice").set_value(hosts.id).run()
    assert t("columns.nothing_to_count", "en") in texts(at)
    at.button(key="take_back").click().run()
    assert Workspace(default_folder()).dataset(hosts.id).error.code == "grain_missing"


def test_a_table_that_was_counted_is_counted_no_more_when_left_out(open_app, home):
    content = with_sheets(Orders=ORDERS, Deals=DEALS)
    at = columns_page(drop(open_app(), ("book.xlsx", content)))
    with Workspace(default_folder()).engine() as engine:
        assert set(engine.grains) == {"orders", "deals"}
    shown = at.session_state["dataset"]
    grain = Workspace(default_folder()).dataset(shown).mapping.grain
    at.button(key="leave_out").click().run()
    with Workspace(default_folder()).engine() as engine:
        assert set(engine.grains) == {"orders", "deals"} - {grain}


def test_tables_without_questions_are_confirmed_at_once(open_app, home):
    content = with_sheets(Orders=ORDERS, Deals=DEALS, Places=PLACES)
    at = columns_page(drop(open_app(), ("book.xlsx", content)))
    at.button(key="confirm_certain").click().run()
    assert not at.exception
    levels = {
        item.table.name: {column.level for column in item.mapping.columns if column.field}
        for item in Workspace(default_folder()).datasets()
    }
    assert levels == {"Orders": {"sure"}, "Deals": {"sure"}, "Places": set()}
    assert not any(button.key == "confirm_certain" for button in at.button)


def test_a_column_without_a_name_goes_by_its_place_in_the_persons_language(open_app, home):
    text = "Название;;Охват\n" + "".join(f"Пост {n};да;{n}00\n" for n in range(1, 9))
    at = columns_page(drop(open_app(locale="ru-RU"), ("posts.csv", text.encode())))
    shown = at.dataframe[0].value[t("columns.name", "ru")].tolist()
    assert shown == ["Название", t("columns.nameless", "ru", number=2), "Охват"]


def test_what_one_more_column_would_give_names_the_columns_that_may_be_it(open_app, home):
    text = "Mailing,Sent,Delivered,Zz\n" + "".join(
        f"Letter {n},1000,9{n}0,{n}\n" for n in range(1, 9)
    )
    at = columns_page(drop(open_app(), ("mailings.csv", text.encode())))
    assert only_dataset().facts is not None
    assert t("columns.from_fitting", "en", names="“Zz”") in texts(at)


def test_a_file_is_chosen_among_several_and_stays_chosen(open_app, home):
    orders = "Order ID,Date,Amount\n" + "".join(f"{n},2026-03-0{n},1{n}\n" for n in range(1, 9))
    at = drop(open_app(), ("rates.csv", RATES.encode()), ("orders.csv", orders.encode()))
    at = columns_page(at)
    assert sorted(at.selectbox(key="file_choice").options) == ["orders.csv", "rates.csv"]
    tables = {item.table.file_name: item for item in Workspace(default_folder()).datasets()}
    for grain, name in (("orders", "orders.csv"), ("campaigns", "rates.csv")):
        at.selectbox(key="file_choice").select(tables[name].table.sha256).run()
        assert at.selectbox(key=f"grain_{tables[name].id}").value == grain
    at = at.switch_page("pages/upload.py").run()
    at = at.switch_page("pages/columns.py").run()
    assert at.selectbox(key=f"grain_{tables['rates.csv'].id}").value == "campaigns"
