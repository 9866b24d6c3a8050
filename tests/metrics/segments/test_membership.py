"""Who is in a segment: rules against slow sets in pandas, and filters against files of these."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_metrics.metrics import Filters, compute
from crm_metrics.metrics.cohorts import history, rfm
from crm_metrics.metrics.frequency import fullest_weeks
from crm_metrics.metrics.funnel import funnel
from crm_metrics.metrics.lineage import lineage
from crm_metrics.metrics.segments import membership
from crm_metrics.metrics.segments.membership import size_of, who_is_in
from crm_metrics.metrics.segments.persons import persons
from crm_metrics.metrics.segments.segment import Rule, Segment, checked
from crm_metrics.metrics.value.overview import acquired
from tests.metrics.segments.made import engine, everybody, frames, person, sales
from tests.metrics.stand_in import FrameEngine

COUNT = Rule("orders", "rows", "count", "at_least", ("5",))
CLICKED = Rule("recipients", "clicked", "last", "in_last", ("40",))


def of(*rules: Rule, match: str = "all") -> Segment:
    return checked(Segment("made", rules, match))


KEYS = (
    *("messages_sent", "people_reached", "open_rate", "click_rate", "contact_frequency"),
    *("orders", "revenue", "aov", "revenue_per_buyer", "repeat_purchase_rate", "posts"),
    *("nps", "answers"),
)
RULES = (
    COUNT,
    Rule("orders", "amount", "sum", "less", ("100",)),
    Rule("orders", "category", "any", "is", ("RUGS ",)),
    Rule("orders", "category", "any", "is_not", ("rugs",)),
    Rule("orders", "category", "any", "contains", ("AM",)),
    Rule("orders", "category", "any", "is_empty"),
    Rule("orders", "rows", "last", "not_in_last", ("30",)),
    Rule("orders", "rows", "first", "before", ("2026-01-20",)),
    Rule("contacts", "city", "last", "is", ("Moscow",)),
    Rule("contacts", "consent", "any", "is", ("no",)),
    CLICKED,
    Rule("recipients", "opened", "count", "more", ("2",)),
    Rule("surveys", "score", "last", "at_most", ("6",)),
)


@cache
def slow_sets() -> tuple[set[str], ...]:
    """The people who meet each of the rules, one by one."""
    bought, orders = sales(), frames()["orders"]
    kinds = bought.assign(category=bought.category.str.strip().str.lower())
    rugs, known = kinds[kinds.category == "rugs"], kinds[kinds.category.notna()]
    by_person = bought.groupby("person")
    lines, paid = by_person.order_id.nunique(), by_person.amount.sum()
    lately = bought[bought.date > orders.date.max() - pd.Timedelta("30D")]
    first = by_person.date.min()
    contacts = frames()["contacts"].assign(person=person("contacts"))
    sent = frames()["recipients"].assign(person=person("recipients"))
    sent = sent[sent.person.notna()]
    end = frames()["recipients"].date.max()
    opens = sent[sent.opened].groupby("person").size()
    answers = frames()["surveys"].assign(person=person("surveys"))
    answers["text"] = answers.score.astype(str)
    last = answers.sort_values(["date", "text"]).groupby("person").score.last()
    return (
        set(lines.index[lines >= 5]),
        everybody() - set(paid.index[paid.round(4) >= 100]),
        set(rugs.person),
        set(known.person) - set(rugs.person),
        set(kinds[kinds.category.str.contains("am", na=False)].person),
        everybody() - set(known.person),
        everybody() - set(lately.person),
        set(first.index[first < "2026-01-20"]),
        set(contacts[contacts.city == "Moscow"].person),
        set(contacts[(~contacts.consent).fillna(value=False)].person),
        set(sent[sent.clicked & (sent.date > end - pd.Timedelta("40D"))].person),
        set(opens.index[opens > 2]),
        set(last.index[last <= 6]),
    )


def slow(rule: Rule) -> set[str]:
    return slow_sets()[RULES.index(rule)]


def test_each_rule_finds_the_people_that_a_slow_reader_finds():
    found = persons(engine())
    assert found.people == len(everybody()) == 60
    assert found.silent == ("posts",)
    assert found.nameless["orders"] == frames()["orders"].customer_id.isna().sum() > 0
    for rule, alone in zip(RULES, size_of(engine(), of(*RULES, match="any")).alone, strict=True):
        assert alone == len(slow(rule)), rule
        assert 0 < alone < 60, rule
    both = size_of(engine(), of(*RULES[:3]))
    parts = [slow(rule) for rule in RULES[:3]]
    assert both.alone == tuple(map(len, parts))
    assert both.after == tuple(len(set.intersection(*parts[:n])) for n in (1, 2, 3))
    assert both.nameless == sum(found.nameless.values())


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(RULES), min_size=1, max_size=3, unique=True), st.randoms())
def test_all_is_an_intersection_and_any_a_union_in_whatever_order(rules, random):
    parts = [slow(rule) for rule in rules]
    every, some = (size_of(engine(), of(*rules, match=match)) for match in ("all", "any"))
    assert every.people == len(set.intersection(*parts))
    assert some.people == len(set.union(*parts))
    assert every.people <= min(map(len, parts)) <= some.people
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert size_of(engine(), of(*shuffled)).people == every.people


def test_a_filter_gives_what_a_file_of_these_people_alone_gives():
    segment = of(COUNT, CLICKED, match="any")
    chosen = slow(COUNT) | slow(CLICKED)
    grains = [grain for grain in frames() if grain != "posts"]
    alone = FrameEngine(**{grain: frames()[grain][person(grain).isin(chosen)] for grain in grains})
    filters = Filters(segment=segment)
    found, wanted = compute(engine(), KEYS, filters=filters), compute(alone, KEYS)
    # What is measured against the end of the facts moves with the rows that are left.
    moving = {"immature"}
    assert len(found.values) == len(wanted.values) > 10
    for one, other in zip(found.values, wanted.values, strict=True):
        assert (one.metric, one.grain, one.n) == (other.metric, other.grain, other.n)
        assert one.value == pytest.approx(other.value), one.metric
        assert set(one.flags) - moving == set(other.flags) - moving, one.metric
    lacking = {one.metric: one.needs for one in found.missing if one.grain == "posts"}
    assert lacking["posts"] == ("customer_id",)
    assert "posts" not in {one.metric for one in found.values}
    assert [step.count for step in funnel(engine(), filters)] == [
        step.count for step in funnel(alone)
    ]
    assert fullest_weeks(engine(), filters) == fullest_weeks(alone)
    orders = next(one for one in found.values if one.metric == "orders")
    assert lineage(engine(), orders, filters=filters).total == orders.n
    customers, own = history(engine(), filters), history(alone)
    assert (customers.people, customers.orders.count().to_pyarrow().as_py()) == (
        own.people,
        own.orders.count().to_pyarrow().as_py(),
    )
    assert acquired(engine(), filters) == ()


def test_periods_under_a_segment_are_each_its_own():
    segment = of(CLICKED)
    early = Filters(end=pd.Timestamp("2026-02-28").date(), segment=segment)
    late = Filters(start=pd.Timestamp("2026-03-01").date(), segment=segment)
    whole = compute(engine(), ["orders"], filters=Filters(segment=segment)).values[0].value
    parts = [compute(engine(), ["orders"], filters=one).values[0].n for one in (early, late)]
    dated = frames()["orders"].date.notna() & person("orders").isin(slow(CLICKED))
    assert sum(parts) == (dated & ~frames()["orders"].is_return).sum()
    assert 0 < whole < frames()["orders"].order_id.nunique()


def test_scores_are_those_of_the_customers_page():
    plain = FrameEngine(orders=frames()["orders"])
    whole = rfm(history(plain))
    names, scores = ("recency", "frequency", "money"), range(1, 6)
    rules = (Rule("orders", name, "score", "is", (str(n),)) for name in names for n in scores)
    found = size_of(plain, of(*rules, match="any")).alone
    assert found == tuple(n for name in names for n in getattr(whole, name).sizes)


def test_what_the_data_do_not_have_is_met_by_nobody_and_said():
    rules = (
        CLICKED,
        Rule("deals", "rows", "count", "at_most", ("0",)),
        Rule("orders", "city", "any", "is_empty"),
        Rule("posts", "post_type", "any", "is_empty"),
    )
    size = size_of(engine(), of(*rules))
    assert size.unmet == ((1, "no_rows"), (2, "no_field"), (3, "no_people"))
    assert (size.people, size.emptied_by) == (0, 1)
    assert size_of(engine(), of(*rules, match="any")).people == len(slow(CLICKED))
    nobody = FrameEngine(posts=frames()["posts"])
    assert persons(nobody) is None
    assert size_of(nobody, of(COUNT)).of == 0
    assert who_is_in(nobody, of(COUNT)) is None
    assert compute(nobody, ["posts"], filters=Filters(segment=of(COUNT))).values == ()
    empty = compute(engine(), ["revenue"], filters=Filters(segment=of(*rules[:2])))
    assert [one.value for one in empty.values] == [None]


def test_amounts_of_two_currencies_are_not_added():
    data = frames()["orders"].assign(currency=np.where(np.arange(300) % 2, "RUB", "EUR"))
    mixed = FrameEngine(orders=data)
    assert size_of(mixed, of(RULES[1])).unmet == ((0, "mixed_currency"),)
    assert size_of(mixed, of(COUNT)).people == len(slow(COUNT))


def test_one_key_beside_two_customers_joins_nobody():
    contacts = pd.DataFrame(
        {
            "customer_id": ["1", "2", "3", None, None],
            "email": ["a@x.ru", "a@x.ru", "b@x.ru", "c@x.ru", None],
            "phone": [None, None, "+7 900 000-00-01", "89000000002", "9000000002"],
            "city": ["Tula", "Tula", "Omsk", "Omsk", "Omsk"],
        }
    )
    told = FrameEngine(
        contacts=contacts,
        recipients=pd.DataFrame(
            {
                "email": ["A@x.ru", "b@x.ru", None, None],
                "phone": [None, None, "89000000001", "79000000002"],
                "clicked": True,
                "delivered": True,
            }
        ),
    )
    # 1, 2, a@ of both, 3 with its e-mail and phone, c@ with its phone.
    assert persons(told).people == 5
    omsk = of(Rule("contacts", "city", "any", "is", ("Omsk",)))
    clicks = compute(told, ["messages_sent"], filters=Filters(segment=omsk)).values[0]
    assert (size_of(told, omsk).people, clicks.value) == (2, 3)


def test_many_segments_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(membership, "_IN_MEMORY", 2)
    own = FrameEngine(**frames())
    sizes = [
        size_of(own, of(replace(COUNT, values=(str(number),)))).people for number in (1, 3, 5, 3)
    ]
    assert sizes[0] > sizes[1] == sizes[3] > sizes[2] == len(slow(COUNT))
    assert len(own.once("segments", dict).found) == 2
