"""What is wrong with an e-mail, and which mailbox it names: by syntax and lists, without DNS."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from email_validator import EmailNotValidError, validate_email

from crm_metrics.audit.cleaning.homoglyphs import TO_LATIN
from crm_metrics.audit.cleaning.typo_domains import corrections

INVALID = "invalid"
SCHEMA: Final = pa.schema(
    [
        ("verdict", pa.string()),
        ("role", pa.bool_()),
        ("disposable", pa.bool_()),
        ("suggestion", pa.string()),
        ("mailbox", pa.string()),
        ("meant", pa.string()),
    ]
)
# What email-validator takes whatever its domain, and what it surely means by it.
_PLAIN = r"^[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*$"
_MIXED = re.compile(r"[a-z][\u0400-\u052f]|[\u0400-\u052f][a-z]")
_BETWEEN = re.compile(r"[;,/|\s]+")
_LONGEST_LOCAL, _LONGEST = 64, 254
_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_YANDEX = frozenset({"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"})


def read_emails(values: pa.Array) -> pa.Table:
    """Of each e-mail: verdict (null: valid), role, disposable, suggestion, mailbox, meant.

    `values` (STRING) are distinct and not blank. A suggestion is what an address was meant to be:
    of a mistyped domain, or of what is not valid for a slip that shows. `mailbox` is the same for
    addresses whose letters come to one place: case, and what Google (dots, "+…") and Yandex
    (domains, "-" for ".", "+…") do not tell apart; null where the address is not valid. `meant` is
    that with a slip put right; null where there is none.
    """
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    parts = pc.extract_regex(texts, r"^(?P<local>[^@]*)@(?P<domain>[^@]*)$")
    local, domain = pc.struct_field(parts, "local"), pc.struct_field(parts, "domain")
    counts = {one["values"]: one["counts"] for one in pc.value_counts(domain).to_pylist()}
    counts.pop(None, None)
    domains = _domains(counts)
    known = pc.index_in(domain, value_set=domains["domain"])
    own = {name: domains[name].take(known) for name in domains if name != "domain"}
    short = pc.and_(
        pc.less_equal(pc.utf8_length(local), _LONGEST_LOCAL),
        pc.less_equal(pc.utf8_length(texts), _LONGEST),
    )
    plain = pc.and_(pc.match_substring_regex(local, _PLAIN), short)
    sure = pc.fill_null(pc.and_(plain, own["valid"]), fill_value=False)
    slow = [_is_valid(text) for text in texts.filter(pc.invert(sure)).to_pylist()]
    valid = pc.replace_with_mask(sure, pc.invert(sure), pa.array(slow, pa.bool_()))
    named = pc.replace_substring_regex(local, r"\+.*$", "")
    role = pc.and_(valid, pc.is_in(named, value_set=pa.array(sorted(_words()["roles"]))))
    mended = [_mended(text) for text in texts.filter(pc.invert(valid)).to_pylist()]
    meant = pc.if_else(valid, pc.binary_join_element_wise(local, own["meant"], "@"), None)
    meant = pc.replace_with_mask(meant, pc.invert(valid), pa.array(mended, pa.string()))
    brief = pc.and_(own["disposable"], pc.is_null(own["meant"]))
    mailbox = pc.if_else(valid, _mailbox(local, domain), None)
    return pa.table(
        [
            pc.if_else(valid, None, INVALID),
            pc.fill_null(role, fill_value=False),
            pc.fill_null(brief, fill_value=False),
            meant,
            mailbox,
            pc.if_else(pc.is_valid(own["meant"]), _mailbox(local, own["meant"]), None),
        ],
        schema=SCHEMA,
    )


def is_free(domain: str) -> bool:
    """Whether anybody gets an address there, so that it tells nothing of who people are."""
    return domain in _words()["free"] or domain in _disposable()


def is_role(local: str) -> bool:
    """Whether the part before "@" is a role's that several people read."""
    return local in _words()["roles"]


def _mailbox(local: pa.Array, domain: pa.Array) -> pa.Array:
    google = pc.is_in(domain, value_set=pa.array(sorted(_GOOGLE)))
    yandex = pc.is_in(domain, value_set=pa.array(sorted(_YANDEX)))
    bare = pc.replace_substring_regex(local, r"^([^+]+)\+.*$", r"\1")
    own = pc.if_else(google, pc.replace_substring(bare, ".", ""), local)
    own = pc.if_else(yandex, pc.replace_substring(bare, "-", "."), own)
    home = pc.if_else(google, "gmail.com", pc.if_else(yandex, "yandex.ru", domain))
    return pc.binary_join_element_wise(own, home, "@")


def _domains(counts: Mapping[str, int]) -> dict[str, pa.Array]:
    """Each different domain with whether it may be one, is disposable, and what it was meant as."""
    names = list(counts)
    words = _words()
    meant = corrections(
        counts, words["usual"], words["real"] | words["free"], one_ending=words["one_ending"]
    )
    return {
        "domain": pa.array(names, pa.string()),
        "valid": pa.array([_is_valid(f"a@{name}") for name in names], pa.bool_()),
        "disposable": pa.array([_is_disposable(name) for name in names], pa.bool_()),
        "meant": pa.array([meant.get(name) for name in names], pa.string()),
    }


def _is_valid(text: str | None) -> bool:
    if text is None:
        return False
    local, _, domain = text.rpartition("@")
    # The standard allows it, but no provider gives such a mailbox: it is a wrong keyboard, or
    # letters that look alike.
    if domain.isascii() and not local.isascii():
        return False
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return not _MIXED.search(text)


def _mended(text: str) -> str | None:
    """The address that was meant by one that is not valid, where that is plain."""
    parts = _BETWEEN.split(text) if text.count("@") > 1 else []
    first = next((part for part in parts if part.count("@") == 1), text)
    for one in (first, text):
        bare = re.sub(r"@+", "@", re.sub(r"\s", "", one.translate(TO_LATIN)).replace(",", "."))
        bare = re.sub(r"\.{2,}", ".", bare).strip(".<>()\"'").replace(".@", "@")
        if bare != text and _is_valid(bare):
            return bare
    return None


def _is_disposable(domain: str) -> bool:
    """Whether the domain, or one that it is below, gives addresses for minutes."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in _disposable() for start in range(len(labels) - 1))


@cache
def _disposable() -> frozenset[str]:
    # Ten thousand names, read where they are asked for.
    from disposable_email_domains import blocklist  # noqa: PLC0415

    return frozenset(blocklist)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    told: Mapping[str, Iterable[str]] = tomllib.loads(
        Path(__file__).with_name("emails.toml").read_text(encoding="utf-8")
    )
    return {name: frozenset(words) for name, words in told.items()}
