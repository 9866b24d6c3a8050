"""Every check of orders, messages and the voice against defects of known number and near misses."""

from __future__ import annotations

import pytest

from tests.audit.made_trade import made_trade
from tests.audit.proved import OF_TRADE
from tests.audit.recall import of_checks

LEAST = 0.98


@pytest.fixture(scope="module")
def spoilt():
    return of_checks(made_trade(600, seed=7), OF_TRADE)


def test_checks_find_the_defects_and_nothing_that_looks_like_one(spoilt):
    assert {(one.check, one.scope.partition(":")[0]) for one in spoilt if one.true} == OF_TRADE
    for one in spoilt:
        assert one.recall >= LEAST, one
        assert one.precision >= LEAST, one


def test_a_clean_shop_has_no_findings():
    clean = of_checks(made_trade(600, seed=20, clean=True), OF_TRADE)
    assert [one for one in clean if one.found] == []
