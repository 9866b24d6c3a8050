"""A number on the Channels page opens to its components and to the lines of the file behind it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from crm_metrics.metrics import metric_named
from crm_metrics.store import Workspace
from crm_metrics.texts import integer_text, t

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
FILE = SAMPLES / "mailchimp_campaigns.csv"
PEOPLE = SAMPLES / "ab_push_text.csv"


def lines(at: AppTest, language: str) -> pd.DataFrame:
    assert not at.exception
    assert not at.error
    line = t("lineage.column.line", language)
    (found,) = [one.value for one in at.dataframe if line in one.value]
    return found.set_index(line)


def test_a_cell_of_the_table_and_a_card_open_to_the_lines_of_the_file(open_app, home):
    language = "en"  # the other one is read in the browser
    Workspace(home).add(FILE, FILE.name)
    data = pd.read_csv(FILE)
    data.index += 2  # the header is the first line
    data = data[data["Send Date"].str.startswith("Sep")]  # the latest whole month is shown
    at = open_app("channels", locale=language)
    at.button(key="number_table").click().run()
    found = lines(at, language)
    heaviest = data.sort_values("Successful Deliveries", ascending=False)
    assert list(found.index) == [integer_text(line, language) for line in heaviest.index]
    assert set(found[t("lineage.column.file", language)]) == {FILE.name}
    assert list(found["Title"]) == list(heaviest["Title"])
    assert list(found[t("lineage.column.numerator", language)]) == [
        integer_text(clicks, language) for clicks in heaviest["Unique Clicks"]
    ]
    said = "\n".join(one.value for one in at.markdown)
    clicks, base = data["Unique Clicks"].sum(), data["Successful Deliveries"].sum()
    assert f"{integer_text(clicks, language)} / {integer_text(base, language)} \\=" in said
    at.button(key="number_card_click_rate_campaigns").click().run()
    pd.testing.assert_frame_equal(lines(at, language), found)


def test_a_number_of_two_kinds_of_data_names_the_formula_and_the_n_of_each(open_app, home):
    for file in (FILE, PEOPLE):
        Workspace(home).add(file, file.name)
    at = open_app("channels")
    at.button(key="number_card_delivery_rate_recipients").click().run()
    said = "\n".join(one.value for one in at.markdown).replace("\\", "")
    mail, people = pd.read_csv(FILE), pd.read_csv(PEOPLE)
    sent = mail[mail["Send Date"].str.startswith("Sep")]["Total Recipients"].sum()
    for grain, n in (("campaigns", sent), ("recipients", len(people))):
        formula = metric_named("delivery_rate", grain).formula
        assert f"{t(f'grain.{grain}.name', 'en')}: `{formula}`, n = {integer_text(n, 'en')}" in said
