"""Phones held equal to phonenumbers, one by one, over numbers of many countries and shapes."""

from __future__ import annotations

import random

import phonenumbers
import pyarrow as pa
from phonenumbers import NumberParseException, PhoneNumberFormat

from crm_metrics.audit.cleaning.numbering import valid_by_pattern
from crm_metrics.audit.cleaning.phones import (
    DAMAGED,
    FORM,
    INVALID,
    PLACEHOLDER,
    SEVERAL,
    UNCLEAR,
    read_phones,
    read_phones_of,
    usual_region,
)


def slow(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if valid else None


def corpus(seed: random.Random, region: str) -> list[str]:
    """Examples of a country, written in three ways, with digits changed, lost and put in front."""
    found = []
    for _ in range(80):
        kind = seed.choice([0, 1, 2])
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        text = phonenumbers.format_number(example, seed.choice([0, 1, 2]))
        if seed.random() < 0.7:
            own = (seed.choice("0123456789") if seed.random() < 0.3 else one for one in text)
            text = "".join(
                new if old.isdigit() else old for old, new in zip(text, own, strict=True)
            )
        if seed.random() < 0.3:
            text = seed.choice(["", "8", "0", "7", "1"]) + text.replace("+", "")
        found.append(text)
    return found + ["".join(seed.choices("0123456789", k=seed.randint(6, 13))) for _ in range(30)]


def test_the_quick_way_says_valid_only_where_phonenumbers_says_the_same():
    seed = random.Random(8)
    told = valid = 0
    for region in ("RU", "US", "DE", "GB", "KZ", "UA", "BY", "IT", "BR", "FR", "KY", None):
        texts = corpus(seed, region or "RU")
        quick = valid_by_pattern(pa.array(texts), region).to_pylist()
        for text, number in zip(texts, quick, strict=True):
            expected = slow(text, region)
            assert number in {None, expected}, (text, region)
            told += number is not None
            valid += expected is not None
    assert told > 0.8 * valid > 200


def test_verdicts_of_what_people_write():
    cases = {
        "+79165821374": (None, "+79165821374"),
        "8 (916) 582-13-74": (FORM, "+79165821374"),
        "9165821374": (FORM, "+79165821374"),
        "'+79165821375": (None, "+79165821375"),
        "79165821374.0": (FORM, "+79165821374"),
        "+7 916 582-13-74 доб. 12": (FORM, "+79165821374"),
        "8 916 582-13-74, 8 903 771-20-46": (SEVERAL, "+79165821374"),
        "+49 30 901820": (FORM, "+4930901820"),
        "+7 916 582-13-7": (INVALID, None),
        "8 916 582-13-744": (INVALID, None),
        "123": (INVALID, None),
        "7,91658E+10": (DAMAGED, None),
        "+7 (999) 999-99-99": (PLACEHOLDER, None),
        "8 000 000 00 00": (PLACEHOLDER, None),
        "+7 916 123-45-67": (PLACEHOLDER, None),
        "перезвонить": (PLACEHOLDER, None),
    }
    told = read_phones(pa.array(list(cases)), "RU").to_pylist()
    found = {text: tuple(one.values()) for text, one in zip(cases, told, strict=True)}
    assert found == cases
    assert read_phones(pa.array(["916 582-13-74"]), None)["verdict"].to_pylist() == [UNCLEAR]


def test_numbers_without_a_code_are_of_their_own_country_or_the_usual_one():
    values = pa.array(["8 916 582-13-74", "030 901820", "(212) 736-5000"])
    told = read_phones_of(values, pa.array(["RU", "DE", "US"]))
    assert told["e164"].to_pylist() == ["+79165821374", "+4930901820", "+12127365000"]
    assert usual_region(pa.array(["+4930901820", "+49 30 901821", "89165821374"])) == "DE"
    assert usual_region(values) == "RU"
    assert usual_region(pa.array(["030 901820"])) is None
