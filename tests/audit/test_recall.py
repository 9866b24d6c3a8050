"""Every check of contacts' values and duplicates against defects of known number."""

from __future__ import annotations

import pytest

from tests.audit.made_defects import made_crm
from tests.audit.proved import OF_VALUES
from tests.audit.recall import of_checks, of_duplicates

LEAST = 0.98
# A slip may hit a letter that makes another real domain's name.
LEAST_OF_SLIPS = 0.9


@pytest.fixture(scope="module")
def crm():
    return made_crm(1500, seed=11)


def test_checks_find_the_defects_and_nothing_else(crm):
    for one in of_checks(crm, OF_VALUES):
        least = LEAST_OF_SLIPS if one.check == "email_typo_domain" else LEAST
        assert one.recall >= least, one
        assert one.precision >= LEAST, one


def test_duplicates_are_found_and_are_duplicates(crm):
    told = of_duplicates(crm)
    assert told.recall >= 0.85, told
    assert told.precision >= 0.95, told


def test_a_clean_base_has_next_to_no_findings():
    clean = made_crm(1000, seed=12, clean=True)
    assert {one.check: one.found for one in of_checks(clean, OF_VALUES) if one.found} == {}
    assert of_duplicates(clean).found <= 2
