"""Public reference numbers: complete, from where they are said to be, never more than that."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from crm_metrics.metrics import CATALOGUE
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.references import (
    all_benchmarks,
    benchmarks_of,
    complaint_limits,
    differences,
)
from crm_metrics.texts import LANGUAGES, has

TO_COME = {"hard_bounce_rate", "soft_bounce_rate"}
# Norms that were never verified: nobody may be held against them.
UNVERIFIED = r"hubspot|unisender|sendsay|mail\.ru|yandex|яндекс|acsi|ltv|cac|repeat|retention|nps"


def test_every_number_has_its_source_year_quality_and_aggregator():
    assert len(all_benchmarks()) > 50
    for one in all_benchmarks():
        assert one.source
        assert one.aggregator
        assert 2015 <= one.year <= 2026
        assert one.quality in ("verified", "secondary")
        assert (one.quality == "secondary") == bool(one.quoted_by)
        assert one.value_to is None or one.value_to > one.value > 0
        address = urlsplit(one.url)
        assert address.scheme == "https"
        assert address.path.strip("/")


def test_numbers_are_in_the_units_of_metrics_that_exist():
    units = {metric.key: metric.unit for metric in CATALOGUE}
    for one in all_benchmarks():
        assert one.key in units or one.key in TO_COME
        if units.get(one.key, "share") == "share":
            assert 0 < one.value < 1


def test_nothing_that_was_never_verified_is_there():
    for one in all_benchmarks():
        told = f"{one.key} {one.source} {one.segment} {one.quoted_by}"
        assert not re.search(UNVERIFIED, told, re.IGNORECASE), told


def test_every_code_has_its_words():
    for lang in LANGUAGES:
        for one in all_benchmarks():
            assert has(f"references.aggregator.{one.aggregator}", lang), one.aggregator
            assert has(f"references.segment.{one.segment}", lang), one.segment
            assert has(f"references.quality.{one.quality}", lang)


def test_the_latest_come_first_and_other_channels_are_left_out():
    email = benchmarks_of("click_rate", "email")
    assert [one.year for one in email] == sorted((one.year for one in email), reverse=True)
    assert {one.channel for one in email} == {"email"}
    assert benchmarks_of("click_rate", "push") == ()
    assert {one.channel for one in benchmarks_of("click_rate")} == {"email", "sms"}


@pytest.mark.parametrize(
    ("source", "metric", "expected"),
    [
        ("Mindbox", "open_rate", ("aggregator",)),
        ("MailerLite", "open_rate", ("formula", "aggregator")),
        ("Campaign Monitor", "click_rate", ("formula_unstated", "aggregator_unstated")),
        ("Klaviyo help", "click_rate", ("other",)),
    ],
)
def test_what_is_made_otherwise_is_said(source, metric, expected):
    value = Value(metric, "of_delivered", "campaigns", {}, 0.1, 0.1, 0.1, 1, {})
    one = next(one for one in benchmarks_of(metric) if one.source == source and not one.quoted_by)
    assert differences(one, value) == expected


def test_the_limits_of_complaints_are_read_from_the_file():
    wanted, most = complaint_limits()
    assert (wanted.value, most.value) == (0.001, 0.003)
