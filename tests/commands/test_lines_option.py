"""`metrics --lines`: the lines behind each value, as new keys and in words."""

import pandas as pd
import pytest

from crm_metrics.findings.wording import sum_text

FILE = "sample_data/mailchimp_campaigns.csv"
ASKED = ("metrics", FILE, "--metric", "click_rate")


def test_lines_stand_in_each_row(run):
    (row,) = run(*ASKED, "--lines", 2, "--json").document["rows"]
    assert row["left_out"] == {}
    data = pd.read_csv(FILE)
    heaviest = data.nlargest(2, "Successful Deliveries")
    assert row["lines_total"] == len(data)
    assert row["lines"] == [
        {
            "file": "mailchimp_campaigns.csv",
            "table": row["lines"][0]["table"],
            "line": place + 2,
            "numerator": line["Unique Clicks"],
            "denominator": line["Successful Deliveries"],
        }
        for place, line in heaviest.iterrows()
    ]


def test_lines_are_said_in_words(run):
    said = run(*ASKED, "--lines", 1, "--lang", "ru").out
    assert "mailchimp_campaigns.csv, строка 51: 557 / 20\xa0960" in said


def test_lines_stand_behind_each_component_of_a_number_made_of_others(run):
    files = ("sample_data/orders.csv", "sample_data/vk_ads.xlsx")
    values = run("customers", *files, "--lines", 1, "--json").document["values"]
    (cac,) = [one for one in values if one["metric"] == "cac"]
    spend, people = cac["lines_of"]
    assert (spend["component"], people["component"]) == ("spend", "new_customers")
    assert spend["sum"] == pytest.approx(cac["components"]["spend"])
    assert people["sum"] == cac["components"]["n"]
    assert [one["file"] for one in (*spend["lines"], *people["lines"])] == [
        "vk_ads.xlsx",
        "orders.csv",
    ]
    said = run("customers", *files, "--lines", 1, "--lang", "ru").out
    assert f"Всего: {sum_text(spend['sum'], 'ru')}." in said
