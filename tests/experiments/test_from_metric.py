"""Arms from a metric of the mapped facts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import analyse, trial_from_facts
from crm_metrics.store import Engine, Workspace

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "ab_push_text.csv"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    space = Workspace(tmp_path_factory.mktemp("space"))
    space.add(SAMPLE, SAMPLE.name)
    with space.engine() as opened:
        yield opened


def test_a_rate_equals_a_count_line_by_line(engine):
    expected = {"A": [0, 0], "B": [0, 0]}
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["Delivered"] == "yes":
                expected[row["Variant"]][0] += 1
                expected[row["Variant"]][1] += row["Clicked"] == "yes"
    setup, arms, *_ = trial_from_facts(engine, "click_rate", grain="recipients")
    assert {arm.name: [arm.n, arm.successes] for arm in arms} == expected
    assert (setup.metric, setup.control, setup.direction) == ("click_rate", "A", "up")
    finding = analyse(setup, arms)
    assert finding.code == "WINNER"
    assert finding.gates[1].detail == "people_unknown"


def test_the_version_may_be_named_by_its_header(engine):
    assert trial_from_facts(engine, "click_rate", variant="Variant")[1][0].name == "A"
    assert trial_from_facts(engine, "click_rate", control="B")[0].control == "B"


@pytest.mark.parametrize(
    ("code", "key", "asked"),
    [
        ("no_such_metric", "qwertz", {}),
        ("unknown_column", "click_rate", {"variant": "No such column"}),
        ("unknown_arm", "click_rate", {"control": "Z"}),
        ("metric_not_tested", "messages_sent", {}),
        ("metric_lacks", "unsub_rate", {}),
        ("metric_lacks_rows", "conversations", {}),
        ("one_arm", "click_rate", {"variant": "channel"}),
    ],
)
def test_wrong_questions_are_named(engine, code, key, asked):
    with pytest.raises(CrmMetricsError) as caught:
        trial_from_facts(engine, key, **asked)
    assert caught.value.code == code


@pytest.mark.parametrize("codes", [("USD", "EUR", "USD", "EUR"), ("USD", "USD", "EUR", "EUR")])
def test_amounts_in_two_currencies_are_never_compared(tmp_path, codes):
    """Neither within a version nor between versions."""
    path = tmp_path / "deals.csv"
    rows = [f"{i},{'AABB'[i % 4]},won,{100 + i} {codes[i % 4]}" for i in range(400)]
    path.write_text("\n".join(["Deal ID,Variant,Stage,Amount", *rows]))
    space = Workspace(tmp_path / "space")
    (item,) = space.add(path, path.name)
    mapping = item.mapping.with_grain("deals")
    for place, field in enumerate(("deal_id", "variant", "stage", "amount")):
        mapping = mapping.with_field(place, field)
    space.set_mapping(item.id, mapping)
    with space.engine() as opened, pytest.raises(CrmMetricsError) as caught:
        trial_from_facts(opened, "avg_deal")
    assert caught.value.code == "arms_currencies"
