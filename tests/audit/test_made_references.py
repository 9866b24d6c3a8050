"""Checks that hold a table against another one, by defects of known number and none at all."""

from __future__ import annotations

import pytest

from tests.audit.made_consents import consents_crm
from tests.audit.made_links import links_crm
from tests.audit.made_lists import lists_crm
from tests.audit.made_staff import staff_crm
from tests.audit.made_totals import totals_crm
from tests.audit.proved import OF_CONSENTS, OF_LINKS, OF_LISTS, OF_STAFF, OF_TOTALS
from tests.audit.recall import of_checks

MADE = {
    "staff": (staff_crm, OF_STAFF),
    "links": (links_crm, OF_LINKS),
    "consents": (consents_crm, OF_CONSENTS),
    "totals": (totals_crm, OF_TOTALS),
    "lists": (lists_crm, OF_LISTS),
}


@pytest.mark.parametrize("name", MADE)
def test_all_that_is_wrong_is_found_and_nothing_else(name: str):
    make, kinds = MADE[name]
    told = of_checks(make(), kinds)
    assert {(one.check, one.scope.partition(":")[0]) for one in told if one.true} == kinds
    assert {one: (one.recall, one.precision) for one in told} == dict.fromkeys(told, (1.0, 1.0))


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_found_in_the_clean_twin(name: str):
    make, kinds = MADE[name]
    told = of_checks(make(clean=True), kinds)
    assert told
    assert not [one for one in told if one.true or one.found]
