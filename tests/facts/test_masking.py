"""Personal values as they are shown."""

from __future__ import annotations

import pytest

from crm_metrics.facts import mask


@pytest.mark.parametrize(
    ("value", "field", "shown"),
    [
        ("anna@example.com", "email", "a***@example.com"),
        ("+7 912 345-67-89", "phone", "+7 *** ** 89"),
        ("89123456789", "caller", "8 *** ** 89"),
        ("Иван Петров", "full_name", "И*** П***"),
        ("Иван", "first_name", "И***"),
        ("ООО Ромашка", "company", "О*** Р***"),
        ("ivan@example.com", "full_name", "i***@example.com"),
        ("Иван Петров @petrov", "full_name", "И*** П*** @***"),
        ("ivan@home", "customer_id", "i***"),
        ("42", "phone", "***"),
        ("A-1001", "customer_id", "A***"),
        ("write to anna@example.com or +7 (912) 345-67-89", "comment",
         "write to a***@example.com or +7 *** ** 89"),
        ("2024-03-05 10:00:00", "date", "2024-03-05 10:00:00"),
        ("Spring sale", "campaign_name", "Spring sale"),
        ("12 345", None, "12 345"),
        ("", "email", ""),
        (None, "email", ""),
    ],
)  # fmt: skip
def test_mask(value: str | None, field: str | None, shown: str):
    assert mask(value, field) == shown


def test_an_address_in_a_damaged_line_leaves_the_fields_around_it():
    line = "21: 2024-01-20,bob@example.com,1;ann@example.org|0"
    assert mask(line, None) == "21: 2024-01-20,b***@example.com,1;a***@example.org|0"
