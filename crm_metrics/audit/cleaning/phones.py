"""What is wrong with a phone, and how it is written so that every system dials it (E.164)."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import NumberParseException, PhoneNumberFormat

from crm_metrics.audit.cleaning.numbering import valid_by_pattern

DAMAGED, INVALID, PLACEHOLDER, SEVERAL, FORM, UNCLEAR = (
    "excel_number",
    "no_such_number",
    "nobodys_number",
    "several_numbers",
    "not_international",
    "no_country",
)
"""Spoilt by Excel; no number of any country; nobody's; more than one; not E.164; no country known.

Numbers of `several` and `form` are valid, and those of `unclear` may be.
"""
SCHEMA: Final = pa.schema([("verdict", pa.string()), ("e164", pa.string())])

_DAMAGED = r"^\s*\+?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}\s*$"
_MARK = r"^\s*'"  # by which an export tells a spreadsheet that the cell is a text
_NOT_DIGITS = r"[^0-9]"
_AFTER = r"\.0+\s*$"  # a number that a spreadsheet took for a fraction
_BETWEEN = re.compile(r"[;,/|\n]| и | or | или ")
_RUN: Final = 7
_RUNS = "|".join((*(str(digit) * _RUN for digit in range(10)), "1234567", "7654321", "0123456"))
# The end of the number, or all of it: "+7 (999) 999-99-99", "123456789".
_NOBODYS = rf"(?:{_RUNS})0?$|^(?:[0-9]{{0,3}})(?:12345678|0123456)[0-9]{{0,2}}$|^([0-9]{{0,2}})?0+$"
_SHORTEST = 5


def read_phones(values: pa.Array, region: str | None) -> pa.Table:
    """The verdict of each phone, null where it is E.164, and its E.164 form where it is valid.

    `values` (STRING) are distinct and not blank; `region` (ISO 3166) is the country of numbers
    that are written without their code.
    """
    values = pc.replace_substring_regex(values, _MARK, "")
    texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(values, _AFTER, ""))
    digits = pc.replace_substring_regex(texts, _NOT_DIGITS, "")
    damaged = pc.match_substring_regex(texts, _DAMAGED)
    placeholder = pc.and_(
        pc.invert(damaged),
        pc.or_(pc.match_substring_regex(digits, _NOBODYS), pc.equal(digits, "")),
    )
    e164 = valid_by_pattern(texts, region)
    rest = pc.and_(pc.is_null(e164), pc.invert(pc.or_(damaged, placeholder)))
    slow = [_read(text, region) for text in texts.filter(rest).to_pylist()]
    verdict = pc.if_else(pc.equal(e164, values), None, FORM)
    verdict = pc.replace_with_mask(verdict, rest, pa.array([one for one, _ in slow], pa.string()))
    e164 = pc.replace_with_mask(e164, rest, pa.array([one for _, one in slow], pa.string()))
    nobodys = pc.or_(damaged, placeholder)
    verdict = pc.if_else(nobodys, pc.if_else(damaged, DAMAGED, PLACEHOLDER), verdict)
    return pa.table([verdict, pc.if_else(nobodys, None, e164)], schema=SCHEMA)


def read_phones_of(values: pa.Array, regions: pa.Array) -> pa.Table:
    """`read_phones`, each value in a region of its own (null: unknown)."""
    parts, places = [], []
    for region in regions.unique().to_pylist():
        own = pc.is_null(regions) if region is None else pc.equal(regions, region)
        place = pc.indices_nonzero(pc.fill_null(own, fill_value=False))
        parts.append(read_phones(values.take(place), region))
        places.append(place)
    if len(parts) < 2:
        return parts[0] if parts else SCHEMA.empty_table()
    order = pc.sort_indices(pa.concat_arrays(places))
    return pa.concat_tables(parts).take(order)


def usual_region(values: pa.Array) -> str | None:
    """The country that most numbers with a code are of; None where too few have one.

    `values` (STRING) are phones as they are written. Where none has a code, "8 9…" and "79…" of
    eleven digits tell Russia, for no other country writes so.
    """
    digits = pc.replace_substring_regex(values, r"[\s()\x{a0}.-]", "")
    abroad = digits.filter(pc.match_substring_regex(digits, r"^\+[1-9][0-9]{7,14}$"))
    russian = pc.match_substring_regex(digits, r"^[78][3489][0-9]{9}$")
    counts: dict[str, int] = {"RU": pc.sum(russian).as_py() or 0}
    for one in pc.value_counts(pc.utf8_slice_codeunits(abroad, 1, 4)).to_pylist():
        if region := _region_of(one["values"]):
            counts[region] = counts.get(region, 0) + one["counts"]
    best = max(counts, key=lambda region: counts[region])
    return best if counts[best] * 20 >= len(values) > 0 else None


def _region_of(begin: str) -> str | None:
    for length in (1, 2, 3):
        region = phonenumbers.region_code_for_country_code(int(begin[:length]))
        if region not in {"ZZ", "001"}:
            return str(region)
    return None


def _read(text: str, region: str | None) -> tuple[str | None, str | None]:
    number = _parsed(text, region)
    if number:
        return (None if number == text else FORM), number
    parts = [part for part in _BETWEEN.split(text) if len(re.sub(r"\D", "", part)) >= _SHORTEST]
    if len(parts) > 1 and (valid := [one for part in parts if (one := _parsed(part, region))]):
        return SEVERAL, valid[0]
    if region is None and not text.startswith("+") and re.fullmatch(r"[\d\s().-]{7,20}", text):
        return UNCLEAR, None
    return INVALID, None


def _parsed(text: str, region: str | None) -> str | None:
    """The E.164 form of a valid number; "7 916…" of a number without "+" is tried with one."""
    digits = re.sub(r"\D", "", text)
    tries = [text] if text.startswith("+") or len(digits) < 10 else [text, f"+{digits}"]
    for one in tries:
        try:
            number = phonenumbers.parse(one, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return None
