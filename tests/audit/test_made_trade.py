"""Every check of orders, messages and the voice against defects of known number and near misses."""

from __future__ import annotations

import json

import pytest

from crm_metrics.cli import main
from tests.audit.made import TODAY
from tests.audit.made_exports import exported
from tests.audit.made_trade import made_trade
from tests.audit.proved import OF_TRADE
from tests.audit.recall import of_checks

LEAST = 0.98


@pytest.fixture(scope="module")
def crm():
    return made_trade(600, seed=7)


@pytest.fixture(scope="module")
def told(crm):
    return of_checks(crm, OF_TRADE)


def test_checks_find_the_defects_and_nothing_that_looks_like_one(told):
    assert {(one.check, one.scope.partition(":")[0]) for one in told if one.true} == OF_TRADE
    for one in told:
        assert one.recall >= LEAST, one
        assert one.precision >= LEAST, one


def test_a_clean_shop_has_no_findings():
    clean = of_checks(made_trade(600, seed=20, clean=True), OF_TRADE)
    assert [one for one in clean if one.found] == []


def test_the_exports_of_its_systems_tell_the_same(crm, told, tmp_path, capsys):
    files = [str(path) for path in exported(crm, tmp_path)]
    with pytest.raises(SystemExit):
        main(["audit", *files, "--today", TODAY.isoformat(), "--lang", "ru", "--json"])
    audit = json.loads(capsys.readouterr().out)
    found = {(one["check"], one["scope"]): one["count"] for one in audit["findings"]}
    assert {(one.check, one.scope): one.found for one in told if one.found} == {
        key: count for key, count in found.items() if (key[0], key[1].partition(":")[0]) in OF_TRADE
    }
