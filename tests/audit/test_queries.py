"""How many queries an audit writes: writing one takes several times as long as its answer."""

from __future__ import annotations

import pytest
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from crm_metrics.audit import Settings, audit, check_of, ground_of, records_of
from crm_metrics.audit.model import EXAMPLES
from crm_metrics.facts import mask
from crm_metrics.store import Engine, Workspace
from tests.conftest import SAMPLES

FILES = ("amocrm_deals.csv", "bitrix24_contacts.csv", "crm_activities.csv", "orders.csv")
# 149 as it is: one check more may need one or two.
MOST = 160


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The audit of a CRM's four files, how many queries it wrote, and the lists of its findings."""
    space = Workspace(tmp_path_factory.mktemp("crm"), keep_files=False)
    for name in FILES:
        space.add(SAMPLES / name, name)
    written = []

    class Counted(DuckDBCompiler):
        __slots__ = ()

        def to_sqlglot(self, *args, **options):
            written.append(args)
            return super().to_sqlglot(*args, **options)

    with Engine(space.datasets()) as engine:
        engine.connection.compiler = Counted()
        found = audit(engine, Settings())
        queries = len(written)
        ground = ground_of(engine, Settings())
        lists = [_shown(ground, one) for one in found.findings]
    return found, queries, lists


def _shown(ground, finding):
    """The first rows of the whole list of a finding, people hidden."""
    check = check_of(finding.check, finding.grain)
    records = records_of(ground, check, finding.scope, first=EXAMPLES)
    plain = ("__dataset", "__line", "why")
    return [
        [
            (name.removeprefix("__").replace("dataset", "file"), value)
            if name in plain
            else (name, mask(value, records.fields.get(name)))
            for name, value in row.items()
            if value is not None
        ]
        for batch in records.batches
        for row in batch.to_pylist()
    ]


def test_an_audit_of_four_files_writes_few_queries(written):
    found, queries, _ = written
    assert len(found.findings) > 20
    assert 50 < queries <= MOST, queries


def test_examples_of_all_findings_at_once_are_the_first_rows_of_each_list(written):
    found, _, lists = written
    assert [[list(row.items()) for row in one.examples] for one in found.findings] == lists
    assert {len(rows) for rows in lists} >= {1, EXAMPLES}
