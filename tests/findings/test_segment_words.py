"""What is to be known of a segment before its numbers are read."""

import pytest

from crm_metrics.findings.segments import chosen_by_text, rule_text
from crm_metrics.metrics.segments.segment import Rule, Segment

BOUGHT = Rule("orders", "rows", "count", "at_least", ("3",))
OPENED = Rule("recipients", "opened", "any", "is", ("yes",))
CAME_BY = Rule("orders", "channel", "first", "is", ("ads",))
LIVES_IN = Rule("contacts", "city", "any", "is", ("Riga",))
CARD_SINCE = Rule("contacts", "rows", "first", "after", ("2026-01-01",))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_it_is_said_where_what_people_did_chose_them(lang):
    assert chosen_by_text(Segment("Where from", (CAME_BY, LIVES_IN, CARD_SINCE)), lang) == ""
    said = chosen_by_text(Segment("Loyal", (LIVES_IN, BOUGHT, OPENED)), lang)
    assert f"({rule_text(BOUGHT, lang)}; {rule_text(OPENED, lang)})" in said
