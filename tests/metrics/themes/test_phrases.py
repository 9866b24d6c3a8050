"""Other phrases, against counting every n-gram of every text in plain loops."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
import pytest

from crm_metrics.metrics.themes.corpus import ENGLISH, NOTHING, OTHER, RUSSIAN, corpus_of
from crm_metrics.metrics.themes.dictionary import Theme
from crm_metrics.metrics.themes.matching import Index, matches
from crm_metrics.metrics.themes.phrases import phrases
from crm_metrics.metrics.themes.words import lists, stems

WORDS = (
    *("мастер", "мастера", "пришёл", "зеркало", "окно", "окна", "не", "в", "доставка"),
    *("window", "windows", "of", "light", "big"),
)


def made(seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    marks = np.array([" ", " ", " ", ". "])
    return [
        "".join(
            f"{random.choice(WORDS)}{random.choice(marks)}" for _ in range(random.integers(3, 9))
        )
        for _ in range(150)
    ]


def slowly(texts: list[str]) -> dict[str, int]:
    """How many texts have each phrase of stems, before any is left to a longer one."""
    known, found, forms = lists(), Counter(), defaultdict(Counter)
    for text in texts:
        own, written = set(), defaultdict(set)
        for sentence in re.split(r"\.", text.replace("ё", "е").lower()):
            words = sentence.split()
            for size in (1, 2, 3):
                for start in range(len(words) - size + 1):
                    part = words[start : start + size]
                    ends = {part[0], part[-1]}
                    bad_start = part[0] in known.negations and size == 1
                    if "доставка" in part or ends & known.stop or part[-1] in known.negations:
                        continue
                    if (
                        bad_start
                        or min(map(len, {part[-1], *(set() if part[0] == "не" else {part[0]})})) < 3
                    ):
                        continue
                    stem = " ".join(stems(part))
                    own.add(stem)
                    written[stem].add(" ".join(part))
        found.update(own)
        for stem, all_forms in written.items():
            forms[stem].update(all_forms)
    return {
        min(forms[stem], key=lambda form: (-forms[stem][form], form)): count
        for stem, count in found.items()
        if count >= 2
    }


@pytest.mark.parametrize("seed", range(3))
def test_phrases_are_those_of_plain_loops(seed):
    texts = made(seed)
    corpus = corpus_of(enumerate(texts))
    dictionary = (Theme("delivery", "Доставка", "Delivery", ("доставка",)),)
    covered = matches(Index(corpus), dictionary).covered
    found = phrases(corpus, np.ones(len(texts), dtype=np.int64), covered, most=1000)
    slow = slowly(texts)
    assert {one.phrase: one.answers for one in found}.items() <= slow.items()
    left = set(slow) - {one.phrase for one in found}
    for phrase in left:  # only what a longer one has nearly always
        assert any(
            f" {phrase} " in f" {other} " and other != phrase and slow[other] >= 0.8 * slow[phrase]
            for other in slow
        ), phrase
    twice = phrases(corpus, np.full(len(texts), 2), covered, most=1000)
    assert [(one.phrase, one.answers) for one in twice[: len(found)]] == [
        (one.phrase, 2 * one.answers) for one in found
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Всё хорошо", RUSSIAN),
        ("Great", ENGLISH),
        ("ok", ENGLISH),
        ("The café was naïve and nice", ENGLISH),
        ("Удобный UI, сайт норм", RUSSIAN),
        ("Très bien", OTHER),
        ("el pedido llegó muy tarde", OTHER),
        ("Дуже зручний сервіс, дякую", OTHER),
        ("非常好", OTHER),
        ("…", NOTHING),
        ("100", NOTHING),
        ("👍👍", NOTHING),
        ("N/A", NOTHING),
        ("нет.", NOTHING),
        ("No comments!", NOTHING),
        ("Нет отопления", RUSSIAN),
    ],
)
def test_kinds_of_texts(text, kind):
    assert corpus_of([(1, text)]).kinds.tolist() == [kind]


def test_no_text_is_no_phrase():
    empty = corpus_of([])
    assert phrases(empty, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)) == ()
