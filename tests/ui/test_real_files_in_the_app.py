"""The five public files through the app: upload, columns, channels, beside a plain computation.

Nobody on the team made these files (tests/data/SOURCES.md).
"""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import decimal_text, percent_text, t, value_text
from tests.ui.conftest import DATA
from tests.ui.test_channels_page import plain, shown_table
from tests.ui.test_columns_page import columns_page, only_dataset
from tests.ui.test_upload_page import drop


def uploaded(open_app, name: str, *, grain: str | None = None, **fields: str) -> AppTest:
    """The app after a file was dropped and its columns (by header) were given fields by hand."""
    at = drop(open_app(), (name, (DATA / name).read_bytes()))
    if not grain and not fields:
        return at
    at = columns_page(at)
    dataset = only_dataset()
    if grain:
        at.selectbox(key=f"grain_{dataset.id}").select(grain).run()
    for header, field in fields.items():
        column = dataset.table.headers.index(header.removeprefix("_"))
        at.selectbox(key=f"column_{dataset.id}").select(column).run()
        at.selectbox(key=f"all_field_{dataset.id}_{column}").select(field).run()
    at.button(key="apply").click().run()
    assert not at.exception
    return at


def cells(at: AppTest, metric: str) -> dict[str, str]:
    """A metric's column of the table of all metrics: the cell of each channel, on one line."""
    at = at.switch_page("pages/channels.py")
    at.query_params["table"] = "all"
    at.run()
    assert not at.exception
    frame = shown_table(at)
    column = next(name for name in frame.columns if t(f"metric.{metric}.name", "en") in str(name))
    return {str(row): plain(cell).replace("\u00a0", " ") for row, cell in frame[column].items()}


def test_the_posts(open_app, home):
    posts = pd.read_csv(DATA / "facebook_posts.csv", sep=";")
    rate = posts["Total Interactions"].sum() / posts["Lifetime Post Total Reach"].sum()
    found = cells(uploaded(open_app, "facebook_posts.csv"), "er_reach")
    assert any(percent_text(rate, "en") in cell for cell in found.values())


def test_the_calls_by_contact(open_app, home):
    calls = pd.read_csv(DATA / "bank_calls.csv", sep=";")
    at = uploaded(open_app, "bank_calls.csv", grain="calls", y="converted", contact="channel")
    found = cells(at, "conversion_rate")
    for contact, share in calls["y"].eq("yes").groupby(calls["contact"]).mean().items():
        assert percent_text(share, "en") in found[contact]
        assert f"{(calls['contact'] == contact).sum():,}" in found[contact]


def test_the_survey(open_app, home):
    scores = pd.read_csv(DATA / "carpentries_nps_survey_2017.csv")["Likely-To-Recommend"].dropna()
    nps = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
    (cell,) = cells(uploaded(open_app, "carpentries_nps_survey_2017.csv"), "nps").values()
    assert decimal_text(nps, "en", 1) in cell
    assert "402" in cell


def test_the_deals(open_app, home):
    deals = pd.read_csv(DATA / "saas_deals.csv")
    won, lost = deals["Stage"].eq("Closed Won"), deals["Stage"].eq("Closed Lost")
    at = uploaded(open_app, "saas_deals.csv")
    at.switch_page("pages/channels.py")
    at.query_params["span"] = "all"
    (win,) = cells(at, "win_rate").values()
    assert percent_text(won.sum() / (won | lost).sum(), "en") in win
    days = (pd.to_datetime(deals["Closing Date"]) - pd.to_datetime(deals["AQL date"])).dt.days
    (cycle,) = cells(at, "cycle_median").values()
    assert plain(value_text(days[won].median(), "days", "en")) in cycle


def test_the_orders_mapped_by_hand(open_app, home):
    orders = pd.read_csv(DATA / "cdnow_orders_sample.txt", sep=r"\s+", header=None)
    each = orders.groupby(0)[4].agg(["size", "sum"])
    at = uploaded(
        open_app,
        "cdnow_orders_sample.txt",
        grain="orders",
        _1="customer_id",
        _3="created_at",
        _5="amount",
    )
    at.switch_page("pages/channels.py")
    at.query_params["span"] = "all"
    (repeat,) = cells(at, "repeat_purchase_rate").values()
    assert percent_text((each["size"] >= 2).mean(), "en") in repeat
    assert "2,357" in repeat
    (revenue,) = cells(at, "revenue_per_buyer").values()
    assert decimal_text(each["sum"].mean(), "en") in revenue
    assert len(Workspace(default_folder()).datasets()) == 1
