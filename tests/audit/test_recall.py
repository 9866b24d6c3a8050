"""Every check of contacts, deals and activities against defects of known number."""

from __future__ import annotations

import pytest

from tests.audit.made_whole import sales_crm
from tests.audit.proved import INHERENT, OF_SALES, OF_VALUES
from tests.audit.recall import of_checks, of_duplicates

LEAST = 0.98
# A slip may hit a letter that makes another real domain's name; duplicates by name are likely ones.
LEAST_RECALL = {"email_typo_domain": 0.9, "lead_and_contact": 0.85}
LEAST_PRECISION = {"lead_and_contact": 0.95}


@pytest.fixture(scope="module")
def crm():
    return sales_crm(2400, 1200, seed=11)


@pytest.fixture(scope="module")
def told(crm):
    return of_checks(crm, OF_VALUES | OF_SALES)


def test_checks_find_the_defects_and_nothing_else(told):
    for one in told:
        assert one.recall >= LEAST_RECALL.get(one.check, LEAST), one
        assert one.precision >= LEAST_PRECISION.get(one.check, LEAST), one


def test_every_check_has_something_to_find(told):
    found = {(one.check, one.scope.partition(":")[0]) for one in told if one.true}
    assert (OF_VALUES | OF_SALES) - found == {("dup_fuzzy", "contacts")}


def test_duplicates_are_found_and_are_duplicates(crm):
    told = of_duplicates(crm)
    assert told.recall >= 0.85, told
    assert told.precision >= 0.95, told


def test_a_clean_crm_has_no_findings_but_inherent_ones():
    clean = sales_crm(1200, 1000, seed=12, clean=True)
    for one in of_checks(clean, OF_VALUES | OF_SALES):
        assert one.found <= INHERENT.get(one.check, 0) * one.base, one
    assert of_duplicates(clean).found <= 2
