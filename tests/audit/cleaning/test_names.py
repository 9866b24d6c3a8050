"""Names of people, companies and nobody, as they stand in real bases."""

from __future__ import annotations

import pyarrow as pa

from crm_metrics.audit.cleaning.homoglyphs import one_script
from crm_metrics.audit.cleaning.names import (
    CAPS,
    DIGITS,
    INCOMPLETE,
    JUNK_WORD,
    LETTERS,
    MAIL,
    MIXED,
    read_names,
)


def test_verdicts_of_what_stands_for_names():
    cases = {
        None: "Иван Петров|Testa Maria|Null Peter|Мамедов Али оглы|ООО Ромашка|John Smith 3rd"
        "|Анна-Мария Склодовская|Петров И.И. Иван|Li Wei|Xüsniyyə Əliyeva|Гость Анна",
        JUNK_WORD: "тест|Test User|без имени|new lead|user|йцукен фыва|Тестовый Клиент|asdf",
        DIGITS: "Клиент 123|+79165821374|Сергей 2",
        MAIL: "anna@mail.ru|www.shop.ru|Иван ivan@mail.ru",
        LETTERS: "-|ааа|xxxx|???",
        INCOMPLETE: "Иван|O'Neil|И. Петров|Петров И.И.|Petrov I.",
    }
    for verdict, names in cases.items():
        told = read_names(pa.array(names.split("|")))["verdict"].to_pylist()
        assert told == [verdict] * len(told), names


def test_writings_and_what_they_would_be():
    cases = {
        "ИВАНОВ ИВАН": (CAPS, "Иванов Иван"),
        "O'NEIL JOHN": (CAPS, "O'Neil John"),
        "ПЕТРОВ-ВОДКИН КУЗЬМА": (CAPS, "Петров-Водкин Кузьма"),
        "VAN DER BERG ANNA": (CAPS, "van der Berg Anna"),
        "Cергей Иванов": (MIXED, "Сергей Иванов"),
        "Jоhn Smith": (MIXED, "John Smith"),
        "ООО РОМАШКА": (None, None),
        "Иван Петров": (None, None),
        "Анна Smith": (None, None),
        "Li Wei": (None, None),
    }
    told = read_names(pa.array(list(cases))).to_pylist()
    found = {
        name: (one["writing"], one["suggestion"]) for name, one in zip(cases, told, strict=True)
    }
    assert found == cases
    # All letters have twins: the word is of the script that the rest of the name is in.
    assert one_script("Cepгей Xop Pоса") == "Сергей Xop Роса"
