"""Made-up people of a CRM, Russian and English, with namesakes as there are in any base."""

from __future__ import annotations

import numpy as np
import pandas as pd


def words(text: str, between: str = " ") -> list[str]:
    """The words of a line."""
    return text.split(between)


MEN = words(
    "Александр Алексей Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий Владимир"
    " Вячеслав Георгий Григорий Денис Дмитрий Евгений Иван Игорь Илья Кирилл Константин Леонид"
    " Максим Михаил Никита Николай Олег Павел Пётр Роман Сергей Станислав Степан Тимофей Фёдор"
    " Юрий Ярослав Руслан Тимур Глеб Марат"
)
WOMEN = words(
    "Анастасия Анна Валентина Валерия Варвара Вера Виктория Галина Дарья Екатерина Елена"
    " Елизавета Инна Ирина Ксения Лариса Людмила Маргарита Марина Мария Надежда Наталья Нина"
    " Ольга Полина Светлана София Тамара Татьяна Юлия Алина Диана Жанна Зоя Кира"
)
SURNAMES = words(
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов"
    " Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев"
    " Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв"
    " Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков"
    " Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров"
    " Давыдов Беляев Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов"
    " Куликов Карпов Власов Мельников Денисов Гаврилов Тихонов Казаков Афанасьев Данилов"
    " Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов Щербаков Назаров Калинин"
    " Исаев Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв"
    " Голубев Кудрявцев Прохоров Наумов Потапов Журавлёв Овчинников Трофимов Леонов Соболев"
    " Ермаков Колесников Гончаров Емельянов Никифоров Грачёв Котов Гришин Ефремов Архипов"
    " Громов Кириллов Малышев Панов Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов"
    " Ерёмин Тихомиров Галкин Лукьянов Михеев Скворцов Юдин Белоусов Нестеров Симонов Прокофьев"
    " Харитонов Князев Цветков Левин Митрофанов Воронов Аксёнов Софронов Мальцев Логинов Горшков"
)
FIRST = words(
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard"
    " Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty"
    " Anthony Sandra Mark Margaret Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua"
    " Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy Stephanie Ronald"
    " Rebecca Jason Laura Edward Helen Jeffrey Amy Ryan Anna"
)
LAST = words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez"
    " Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris"
    " Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill"
    " Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips"
    " Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers"
    " Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson"
    " Watson Brooks Chavez Wood Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders"
    " Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman"
    " Butler Henderson Barnes Fisher Vasquez Simmons Graham Murray Ford Hamilton Wallace Woods"
)
CITIES = words(
    "Москва|Санкт-Петербург|Новосибирск|Екатеринбург|Казань|Нижний Новгород|Самара|Омск|Уфа|Пермь"
    "|Воронеж|Волгоград|Краснодар|Тюмень|Ижевск|Томск|Тула|Сочи|Тверь|Калуга",
    "|",
)
TOWNS = words("New York|Chicago|Houston|Phoenix|Dallas|Austin|Boston|Denver|Seattle|Portland", "|")
PROVIDERS = {
    "ru": {
        "mail.ru": 5,
        "yandex.ru": 5,
        "gmail.com": 4,
        "bk.ru": 1,
        "list.ru": 1,
        "inbox.ru": 1,
        "rambler.ru": 1,
    },
    "en": {"gmail.com": 8, "yahoo.com": 3, "outlook.com": 3, "hotmail.com": 2, "icloud.com": 1},
}
_ROOTS = words(
    "Север Альфа Вектор Строй Техно Медиа Агро Лайт Нова Прайм Сфера Гранд Дельта Форум Компас"
)
_KINDS = words("торг строй сервис пром трейд софт логистик мед дом авто")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"),
        strict=True,
    )
)


def latin(text: str) -> str:
    """The text as a passport writes it in Latin letters."""
    low = "".join(_LATIN.get(one, one) for one in text.lower()).replace("_", "")
    return " ".join(word.capitalize() for word in low.split(" "))


def people(rows: int, seed: int) -> pd.DataFrame:
    """So many people, each once, with all cells as they should be.

    Columns: lang, first, last, middle (empty for most), full_name, email, phone (E.164), company,
    city, country, and what else a contact has.
    """
    random = np.random.default_rng(seed)
    russian = random.random(rows) < 0.6
    woman = random.random(rows) < 0.5

    def pick(words: list[str], skew: float) -> np.ndarray:
        weights = 1 / (np.arange(len(words)) + 3) ** skew
        return random.choice(np.array(words, dtype=object), rows, p=weights / weights.sum())

    first = np.where(russian, np.where(woman, pick(WOMEN, 0.5), pick(MEN, 0.5)), pick(FIRST, 0.5))
    last = np.where(russian, pick(SURNAMES, 0.6), pick(LAST, 0.6))
    last = np.where(russian & woman, last + "а", last)
    father = pick([one for one in MEN if one[-1] not in "аяй"], 0.5)
    ending = np.where(woman, "овна", "ович")
    middle = np.where(russian & (random.random(rows) < 0.3), father + ending, "")
    full = pd.Series(last + " " + first + " " + middle).str.strip()
    full = full.where(russian, first + " " + last)
    company, site = _companies(random, rows)
    places = np.where(russian, pick(CITIES, 0.8), pick(TOWNS, 0.5))
    return pd.DataFrame(
        {
            "lang": np.where(russian, "ru", "en"),
            "first": first,
            "last": last,
            "middle": middle,
            "full_name": full,
            "email": _emails(random, russian, first, last, site),
            "phone": _phones(random, russian),
            "company": company,
            "city": places,
            "country": np.where(russian, "Россия", "USA"),
            "type": random.choice(
                ["Покупатель", "Партнёр", "Поставщик"], rows, p=[0.8, 0.15, 0.05]
            ),
            "source": random.choice(["Сайт", "Звонок", "Реклама", "Рекомендация"], rows),
            "owner": random.choice([f"Менеджер {one}" for one in "АБВГДЕЖЗ"], rows),
            "created_at": _days(random, "2024-01-01", 800, rows),
            "last_activity_at": _days(random, "2026-03-20", 90, rows),
        }
    )


def _companies(random: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The company and its domain, of a fifth of all; of about 25 people each."""
    count = max(rows // 125, 2)
    number = random.integers(0, count, rows)
    works = random.random(rows) < 0.2
    roots, kinds = np.array(_ROOTS, dtype=object), np.array(_KINDS, dtype=object)
    own = roots[number % len(roots)] + kinds[number // len(roots) % len(kinds)]
    own = own + np.where(number >= len(roots) * len(kinds), "-" + number.astype(str), "")
    name = np.where(works, "ООО " + own, None)
    site = np.array([f"{latin(one).lower()}.ru" for one in own], dtype=object)
    return name, np.where(works, site, None)


def _emails(
    random: np.random.Generator,
    russian: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    site: np.ndarray,
) -> np.ndarray:
    """An address each: of the company, or of a provider, called in one of the usual ways."""
    known: dict[str, str] = {}
    found, used = [], set()
    style = random.integers(0, 4, len(first))
    number = random.integers(0, 10_000, len(first))
    homes = {
        lang: random.choice(
            list(weights), len(first), p=np.array(list(weights.values())) / sum(weights.values())
        )
        for lang, weights in PROVIDERS.items()
    }
    for place, (one, other) in enumerate(zip(first, last, strict=True)):
        for word in (one, other):
            known.setdefault(word, latin(word).lower())
        own, family = known[one], known[other]
        born = 1960 + number[place] % 45
        local = (
            f"{own}.{family}",
            f"{family}{born}",
            f"{own[0]}.{family}{number[place] % 100:02}",
            f"{own}_{family}_{number[place]}",
        )[style[place]]
        home = site[place] or homes["ru" if russian[place] else "en"][place]
        address = f"{local}@{home}"
        while address in used:
            address = f"{local}{random.integers(10, 100_000)}@{home}"
        used.add(address)
        found.append(address)
    return np.array(found, dtype=object)


def _phones(random: np.random.Generator, russian: np.ndarray) -> np.ndarray:
    """A mobile number each, none twice, no run of digits that looks made up."""
    rows = len(russian)
    codes = np.array(["903", "905", "910", "916", "921", "925", "926", "964", "977", "985"])
    areas = np.array(["212", "312", "415", "617", "713", "206", "303", "512", "602", "214"])
    number = random.permutation(9_000_000)[:rows] + 1_000_000
    digits = pd.Series(number).astype(str)
    dull = digits.str.contains(
        r"(?:0000|1111|2222|3333|4444|5555|6666|7777|8888|9999)|1234|4567|7654|0123"
    ) | digits.str.match(r"[01]")
    digits = digits.where(
        ~dull, (2_410_852 + pd.Series(np.arange(rows)) * 13 % 900_000).astype(str)
    )
    code = np.where(russian, "+7" + random.choice(codes, rows), "+1" + random.choice(areas, rows))
    found = pd.Series(code) + digits
    again = found.duplicated()
    while again.any():
        others = random.integers(2_000_000, 9_999_999, int(again.sum()))
        found[again] = [f"+7931{one}" for one in others]
        again = found.duplicated()
    return found.to_numpy(dtype=object)


def _days(random: np.random.Generator, first: str, days: int, rows: int) -> pd.DatetimeIndex:
    return pd.Timestamp(first) + pd.to_timedelta(random.integers(0, days, rows), unit="D")
