"""Arms from a metric of the mapped facts, against the same file's columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import analyse, arms_from_facts, arms_from_table
from crm_metrics.store import Engine, Workspace

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "ab_push_text.csv"


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("space"))
    made.add(SAMPLE, SAMPLE.name)
    return made


@pytest.fixture(scope="module")
def engine(space: Workspace) -> Iterator[Engine]:
    with space.engine() as opened:
        yield opened


def test_a_rate_equals_the_same_column(space, engine):
    setup, arms = arms_from_facts(engine, "click_rate", grain="recipients")
    (dataset,) = space.datasets()
    _, expected = arms_from_table(dataset.table, variant="Variant", success="Clicked")
    # Everyone was delivered to, so that the rate's base is all rows.
    assert arms == expected
    assert (setup.metric, setup.control, setup.direction) == ("click_rate", "A", "up")
    finding = analyse(setup, arms)
    assert finding.code == "WINNER"
    assert finding.gates[1].detail == "people_unknown"


def test_the_version_may_be_named_by_its_header(engine):
    assert arms_from_facts(engine, "click_rate", variant="Variant")[1][0].name == "A"
    assert arms_from_facts(engine, "click_rate", control="B")[0].control == "B"


@pytest.mark.parametrize(
    ("code", "key", "asked"),
    [
        ("unknown_metric", "no_such", {}),
        ("unknown_column", "click_rate", {"variant": "No such column"}),
        ("unknown_arm", "click_rate", {"control": "Z"}),
        ("metric_not_tested", "messages_sent", {}),
        ("metric_lacks", "unsub_rate", {}),
        ("one_arm", "click_rate", {"variant": "channel"}),
    ],
)
def test_wrong_questions_are_named(engine, code, key, asked):
    with pytest.raises(CrmMetricsError) as caught:
        arms_from_facts(engine, key, **asked)
    assert caught.value.code == code
