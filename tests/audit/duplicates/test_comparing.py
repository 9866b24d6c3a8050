"""Names in one alphabet, pairs of blocks against all pairs, groups without chains."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from crm_metrics.audit.duplicates.blocking import Blocks, combined, pairs_of
from crm_metrics.audit.duplicates.grouping import groups_of
from crm_metrics.audit.duplicates.likeness import likeness
from crm_metrics.audit.duplicates.name_keys import name_tokens


def test_one_name_however_it_is_written():
    same = [
        "Наталья Соловьёва|Solovyova Natalya|Наташа Соловьева|НАТАЛИЯ СОЛОВЬЁВА|Natalia Solovyeva",
        "Юрий Щербаков|Shcherbakov Yury|Юра Щербаков|Yuriy Scherbakov",
        "Дмитрий Жуков|Dmitry Zhukov|Дима Жуков|Dmitriy Zhukov|Dima Zhukov",
        "Юлия Хохлова|Julia Khokhlova|Юля Хохлова|Yuliya Hohlova",
        "Robert Smith|Bob Smith|Smith, Rob",
        "Сергей Орлов|Cepгей Opлов|Sergei Orlov|Серёжа Орлов",
        "Zoë O’Neil|Zoe ONeil",
    ]
    for line in same:
        assert len({name_tokens(name) for name in line.split("|")}) == 1, line
    assert len({name_tokens(line.split("|")[0]) for line in same}) == len(same)


def test_slips_and_initials_are_alike_and_relatives_are_not():
    counts = {"ivanov": 900, "ivanova": 800, "petrov": 700, "marina": 400, "karina": 300}

    def alike(one: str, other: str) -> bool:
        return likeness(name_tokens(one), name_tokens(other), counts) is not None

    assert alike("Петров Олег", "Птеров Олег")
    assert alike("Charles Brown", "Brown C.")
    assert alike("Петров Олег Ильич", "Олег Петров")
    assert not alike("Иванов Саша", "Иванова Александра")
    assert not alike("Иванова Анна", "Иванова Алла")
    assert not alike("Иванова Марина", "Иванова Карина")
    assert not alike("Петров Олег", "Петров Игорь")


def test_pairs_are_those_of_blocks_within_the_limit():
    random = np.random.default_rng(8)
    for _ in range(60):
        keys, words = random.integers(0, 6, 40), random.integers(0, 3, 40)
        rows = list(zip(keys.tolist(), words.tolist(), strict=True))[: random.integers(41)]
        _holds_all_pairs(rows, int(random.integers(2, 7)))


def _holds_all_pairs(rows: list[tuple[int, int]], limit: int) -> None:
    key = np.array([one for one, _ in rows], dtype=np.int64)
    word = np.array([other for _, other in rows], dtype=np.int64)
    every = np.arange(len(rows))
    finer = Blocks("phone", every, combined(key, word))
    found = pairs_of([Blocks("phone", every, key, finer)], len(rows), limit)
    sizes = {one: (key == one).sum() for one in set(key.tolist())}
    fine = {one: rows.count(one) for one in set(rows)}
    expected = {
        (left, right)
        for left, right in combinations(range(len(rows)), 2)
        if (key[left] == key[right] and sizes[key[left]] <= limit)
        or (rows[left] == rows[right] and fine[rows[left]] <= limit)
    }
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == expected
    assert len(found.first) == len(expected)
    skipped = sum(sizes[one] > limit and fine[one, other] > limit for one, other in rows)
    assert found.skipped.get("phone", 0) == skipped


def test_a_chain_does_not_make_its_ends_one():
    """1-2, 2-3 and 3-4 are alike; 2 is the best and keeps its neighbours, 4 stands alone."""
    first, second = np.array([1, 2, 3]), np.array([2, 3, 4])
    rank = np.array([9, 3, 0, 2, 1])
    found = groups_of(first, second, rank, np.array([0, 0, 0]))
    assert found.contact.tolist() == [2, 1, 3]
    assert found.group.tolist() == [1, 1, 1]
    assert found.pair.tolist() == [-1, 0, 1]
