"""Which domains of e-mails are slips of the hand, and what was meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

# How often the domain that was meant must stand beside the one that is taken for a slip.
_TIMES = 20
_OFTEN = 20
# Where keys are on an English keyboard: each row begins half a key further to the right.
_KEYS = {
    key: complex(place + 0.5 * row, row)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for place, key in enumerate(keys)
}
_SHORT = 4  # a name of so few letters is near too many others


def corrections(
    counts: Mapping[str, int],
    usual: Collection[str],
    real: Collection[str],
    *,
    one_ending: Collection[str] = (),
) -> dict[str, str]:
    """The domain that was meant, for each domain that is a slip.

    `counts` are addresses by domain, `usual` the providers that many people use, `real` domains
    that are no slips however near they are. A slip is one letter off (left out, put in, wrong, or
    two swapped) in the name or in its ending, or any other ending of a provider in `one_ending`; a
    domain is also held against the base's own common ones, of which it must be a twentieth at most.
    """
    known = frozenset(real) | frozenset(usual)
    common = {name for name, count in counts.items() if count >= _OFTEN}
    targets = sorted(frozenset(usual) | {name for name in common if len(_name(name)) > _SHORT + 1})
    lone = {_name(name): name for name in one_ending}
    found = {}
    for domain, count in counts.items():
        if domain in known or "." not in domain:
            continue
        if _name(domain) in lone:
            found[domain] = lone[_name(domain)]
            continue
        near = extract(
            domain, targets, scorer=OSA.distance, score_cutoff=2, limit=5, processor=None
        )
        meant = [name for name, _, _ in near if _slip(domain, name, frozenset(usual))]
        meant = [
            name
            for name in meant
            if counts.get(name, 0) >= _TIMES * count or (name in usual and count < _OFTEN)
        ]
        if meant:
            found[domain] = max(meant, key=lambda name: counts.get(name, 0))
    return found


def _slip(domain: str, meant: str, usual: Collection[str]) -> bool:
    if domain == meant:
        return False
    name, ending = _name(domain), domain.rpartition(".")[2]
    own, end = _name(meant), meant.rpartition(".")[2]
    if name == own:
        # yandex.ry, gmail.con; of a company's name only where it is long: acme.de is not acme.dk.
        return meant in usual and OSA.distance(ending, end) <= (2 if len(own) > _SHORT else 1)
    if ending != end or len(own) < _SHORT:
        return False
    if len(own) == _SHORT:
        # mial.ru, maill.ru, mal.ru, msil.ru: no letter is another, or but that of the key beside.
        return OSA.distance(name, own) == 1 and (set(name) <= set(own) or _beside(name, own))
    return OSA.distance(name, own) == 1


def _beside(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    pairs = [(own, its) for own, its in zip(one, other, strict=True) if own != its]
    return all(
        abs(_KEYS[own] - _KEYS[its]) <= 1.5 for own, its in pairs if {own, its} <= _KEYS.keys()
    )


def _name(domain: str) -> str:
    return domain.rpartition(".")[0]
