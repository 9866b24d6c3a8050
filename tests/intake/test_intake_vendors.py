"""Exports byte by byte in the shape their vendors write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.made import issues_of, read_all, read_one, rows_of

MAILCHIMP = (
    'Title,Subject,List,"Send Date","Send Weekday",'
    '"Total Recipients","Unique Opens","Open Rate"\r\n'
    '"Spring sale","Up to 30% off, today","Main list","Mar 05, 2024 09:30 am",Tuesday,'
    "1204,352,29.58%\r\n"
    '"May ""news""",News,"Main list","May 07, 2024 10:00 am",Tuesday,1300,n/a,n/a\r\n'
)


def test_mailchimp_campaigns(tmp_path: Path) -> None:
    table = read_one(tmp_path, MAILCHIMP, "campaigns.csv")
    assert table.headers[3] == "Send Date"
    assert rows_of(table)[0][1] == "Up to 30% off, today"
    assert rows_of(table)[1][0] == 'May "news"'
    assert table.account.set_aside == {"header": 1}
    assert (table.name, table.file_name) == ("campaigns", "campaigns.csv")


MAILCHIMP_SINGLE = """Email Campaign Report
"Title:","Spring sale"
"Subject Line:","Up to 30% off today"
"Delivery Date/Time:","Mon, Apr 26, 2021 12:25"

"Overall Stats"
"Total Recipients:","1,000"
"Recipients Who Opened:","350 (35.18%)"

"Clicks by URL"
"URL","Total Clicks","Unique Clicks"
"https://example.com/sale","120","80"
"https://example.com/new","20","8"
"""


def test_mailchimp_single_campaign_is_one_record_and_its_links(tmp_path: Path) -> None:
    report, links = read_all(tmp_path, MAILCHIMP_SINGLE)
    assert report.layout == "key_value"
    assert report.headers == (
        *("Title:", "Subject Line:", "Delivery Date/Time:"),
        *("Total Recipients:", "Recipients Who Opened:"),
    )
    assert rows_of(report)[0][3:] == ["1,000", "350 (35.18%)"]
    assert report.account.set_aside == {"preamble": 2, "blank": 1, "continuation": 4}
    assert links.layout == "stacked"
    assert links.name == "Clicks by URL"
    assert links.records == 2
    assert report.account.lines + links.account.lines == 13


MAILCHIMP_AB = """Campaign Report
"Title:","Spring promo AB"
"Delivery Date/Time:","Sat, May 1, 2021 10:15"

"Combination 1 Stats"
"Subject Line:","Up to 30% off"
"Total Recipients:","1,751"

"Combination 2 Stats"
"Subject Line:","Limited time"
"Total Recipients:","1,750"
"""


def test_mailchimp_ab_report_has_a_record_for_each_variant(tmp_path: Path) -> None:
    table = read_one(tmp_path, MAILCHIMP_AB)
    assert rows_of(table) == [
        ["Spring promo AB", "Sat, May 1, 2021 10:15", "Up to 30% off", "1,751"],
        ["Spring promo AB", "Sat, May 1, 2021 10:15", "Limited time", "1,750"],
    ]
    assert table.account.lines == 11
    assert table.account.set_aside == {"preamble": 3, "blank": 2, "continuation": 4}


GA4_HEAD = """# ----------------------------------------
# Traffic acquisition: Session primary channel group
# Account: Demo, Inc
# Property: Demo
# ----------------------------------------
#
# All Users
# Start date: 20260101
# End date: 20260923
"""


def test_ga4_standard_report(tmp_path: Path) -> None:
    text = GA4_HEAD + (
        "\nSession primary channel group (Default channel group),Sessions,Engagement rate\n"
        "Organic Search,5320,0.6409774436\nDirect,2108,0.4278937381\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers[1:] == ("Sessions", "Engagement rate")
    assert table.how.header_lines == (11,)
    assert table.account.set_aside == {"header": 1, "preamble": 9, "blank": 1}
    assert "# Start date: 20260101" in table.preamble


def test_ga4_overview_is_several_tables(tmp_path: Path) -> None:
    text = GA4_HEAD + (
        "\nNth week,New users\n0000,10\n0001,14\n\n"
        "# Start date: 20260101\n# End date: 20260923\n"
        "Session manual source,Sessions\ngoogle,100\nchatgpt.com,12\n\n"
        "Country,Active users,New users\nSpain,5,1\n"
    )
    tables = read_all(tmp_path, text)
    assert [table.layout for table in tables] == ["stacked"] * 3
    assert [table.headers[0] for table in tables] == [
        *("Nth week", "Session manual source", "Country"),
    ]
    assert [rows_of(table)[0] for table in tables] == [
        *(["0000", "10"], ["google", "100"], ["Spain", "5", "1"]),
    ]
    assert sum(table.account.lines for table in tables) == text.count("\n")
    # The account and the dates at the head of the file hold for every table of it.
    assert all(set(tables[0].preamble) <= set(table.preamble) for table in tables)
    assert "# Start date: 20260101" in tables[2].preamble


def test_reports_with_the_same_header_under_titles_of_their_own_stay_apart(tmp_path: Path) -> None:
    text = (
        "Website Demo\nDate range: 2024-03-01 - 2024-03-31\n\n"
        "Countries\nlabel,nb_visits,nb_actions\nGermany,5,20\nFrance,3,12\n\n"
        "Keywords\nlabel,nb_visits,nb_actions\nshoes,5,20\nboots,3,12\n"
    )
    countries, keywords = read_all(tmp_path, text)
    assert (countries.name, keywords.name) == ("Countries", "Keywords")
    assert rows_of(countries) == [["Germany", "5", "20"], ["France", "3", "12"]]
    assert rows_of(keywords) == [["shoes", "5", "20"], ["boots", "3", "12"]]
    assert "Date range: 2024-03-01 - 2024-03-31" in keywords.preamble
    assert countries.account.lines + keywords.account.lines == text.count("\n")


def test_ga4_explore_total_comes_first_with_a_cell_too_many(tmp_path: Path) -> None:
    text = (
        "# ----------------------------------------\n# Demo property\n"
        "# Free form-Free form 1\n# 20260723-20260922\n"
        "# ----------------------------------------\n\n"
        "Date,Page path and screen class,Active users,Views\n"
        ",,4150,6280,Grand total\n"
        "20260826,/,4100,6150\n20260826,/news,50,130\n"
    )
    table = read_one(tmp_path, text)
    assert rows_of(table) == [["20260826", "/", "4100", "6150"], ["20260826", "/news", "50", "130"]]
    assert table.account.set_aside == {"header": 1, "preamble": 5, "blank": 1, "total": 1}
    assert table.issues == ()


def test_universal_analytics_total_without_a_name_and_the_day_table(tmp_path: Path) -> None:
    text = (
        "# ----------------------------------------\n# Landing Pages\n# 20201001-20201031\n"
        "# ----------------------------------------\n\n"
        "Landing Page,Sessions,New Users,Bounce Rate\n"
        '/,"1,240",760,45.00%\n/a,60,40,50.00%\n,"1,300",800,45.23%\n\n'
        'Day Index,Sessions\n10/1/20,700\n10/2/20,600\n,"1,300"\n'
    )
    pages, days = read_all(tmp_path, text)
    assert [row[0] for row in rows_of(pages)] == ["/", "/a"]
    assert pages.account.set_aside["total"] == 1
    assert [row[0] for row in rows_of(days)][:2] == ["10/1/20", "10/2/20"]


def test_yandex_metrica_totals_first(tmp_path: Path) -> None:
    text = (
        '\ufeff"Интервал дат визита","Визиты","Посетители","Отказы","Время на сайте"\n'
        '"Итого и средние","95034","20226","0.17","00:03:45"\n'
        '"2025-09-01 - 2025-09-30","70304","20640","0.14","00:04:15"\n'
        '"2025-10-01 - 2025-10-31","24730","9800","0.2","00:03:02"\n'
    )
    table = read_one(tmp_path, text)
    assert table.how.encoding == "utf-8-sig"
    assert table.headers[0] == "Интервал дат визита"
    assert [row[1] for row in rows_of(table)] == ["70304", "24730"]
    assert table.account.set_aside == {"header": 1, "total": 1}


def test_hootsuite_preamble_padded_with_commas(tmp_path: Path) -> None:
    text = (
        "Post performance,,,,\n"
        '"Mar 1, 2024 - Mar 31, 2024",,,,\n'
        "Date (GMT),Post ID,Social Network,Impressions,Likes,Comments\n"
        '2024-03-01 14:30,111_222,Facebook,"1,200",60,15\n'
        "2024-03-02 09:00,333,Instagram,5000,250,40\n"
    )
    table = read_one(tmp_path, text)
    assert table.preamble == ("Post performance", "Mar 1, 2024 - Mar 31, 2024")
    assert table.headers[0] == "Date (GMT)"
    assert table.account.set_aside == {"header": 1, "preamble": 2}
    assert rows_of(table)[0][3] == "1,200"


def test_google_ads_preamble_and_totals(tmp_path: Path) -> None:
    text = (
        'Campaign report\n"September 1, 2026 - September 30, 2026"\n'
        "Campaign status,Campaign,Budget,Currency code,Impr.,Clicks,CTR\n"
        'Enabled,Brand,1000.00,USD,"40,000",900,2.25%\n'
        "Enabled,Total Wine,50.00,USD,100,5,5.00%\n"
        "Paused,Old promo,10.00,USD,0,0, --\n"
        'Total: Campaigns,,,USD,"40,100",905,2.26%\n'
        ' Total: account,,,USD,"40,100",905,2.26%\n'
        "Total: Search,,,USD,100,5,5.00%\n"
    )
    table = read_one(tmp_path, text)
    assert [row[1] for row in rows_of(table)] == ["Brand", "Total Wine", "Old promo"]
    assert table.account.set_aside == {"header": 1, "preamble": 2, "total": 3}


def test_google_ads_for_excel_is_utf16_with_tabs(tmp_path: Path) -> None:
    text = "Campaign report\nAll time\nCampaign\tImpr.\tClicks\nBrand\t40000\t900\nПоиск\t10\t1\n"
    table = read_one(tmp_path, b"\xff\xfe" + text.encode("utf-16-le"))
    assert (table.how.encoding, table.how.delimiter) == ("utf-16-le", "\t")
    assert rows_of(table) == [["Brand", "40000", "900"], ["Поиск", "10", "1"]]
    bare = read_one(tmp_path, text.encode("utf-16-le"))
    assert rows_of(bare) == rows_of(table)
    assert issues_of(bare) == {"encoding_guessed": 1}


def test_yandex_direct_preamble_and_total_last(tmp_path: Path) -> None:
    text = (
        "Отчет по кампаниям\nПериод: 26.07.2023 - 05.08.2023\n\n\n"
        "Дата;Кампания;№ Объявления;Показы;Клики;Расход (руб.)\n"
        "26.07.2023;Новостройки;M-98765;100;20;500,50\n"
        "27.07.2023;Новостройки;M-98765;50;2;80,00\n"
        "Итого;;—;150;22;580,50\n"
    )
    table = read_one(tmp_path, text.encode("cp1251"))
    assert table.how.encoding == "cp1251"
    assert table.preamble[1] == "Период: 26.07.2023 - 05.08.2023"
    assert table.account.set_aside == {"header": 1, "preamble": 2, "blank": 2, "total": 1}
    assert rows_of(table)[1][5] == "80,00"


def test_meta_page_metric_obeys_the_separator_hint(tmp_path: Path) -> None:
    text = (
        'sep=,\r\n"Facebook follows"\r\n"Date","Primary"\r\n'
        '"2025-08-01T00:00:00","20"\r\n"2025-08-02T00:00:00","34"\r\n'
    )
    table = read_one(tmp_path, text.encode("utf-16"))
    assert table.headers == ("Date", "Primary")
    assert table.preamble == ("sep=,", "Facebook follows")
    assert table.records == 2


def test_google_forms_in_russian_with_line_breaks(tmp_path: Path) -> None:
    text = (
        '"Отметка времени","Насколько вероятно, что вы порекомендуете нас?","Что улучшить?"\r\n'
        '"15.03.2024 10:05:12","9","Доставку,\r\nупаковку"\r\n'
        '"15.03.2024 11:20:00","6",""\r\n'
    )
    table = read_one(tmp_path, text)
    assert table.headers[1] == "Насколько вероятно, что вы порекомендуете нас?"
    assert rows_of(table)[0][2] == "Доставку,\nупаковку"
    assert table.account.lines == 4
    assert table.account.set_aside == {"header": 1, "continuation": 1}


def test_google_forms_in_english(tmp_path: Path) -> None:
    text = "Timestamp,Email Address,Score\n3/15/2024 10:05:12,p@example.com,9\n"
    table = read_one(tmp_path, text)
    assert table.headers == ("Timestamp", "Email Address", "Score")
    assert table.records == 1


def test_surveymonkey_two_header_rows(tmp_path: Path) -> None:
    text = (
        "Respondent ID,Start Date,How likely are you to recommend us?,"
        "Which brands do you use?,,,What to improve?\n"
        ",,Response,Lenovo,HP,Other (please specify),Open-Ended Response\n"
        "118000000001,03/15/2024 10:05:12 AM,9,Lenovo,,,Delivery\n"
        "118000000002,03/15/2024 11:05:12 AM,7,,HP,Acer,\n"
    )
    table = read_one(tmp_path, text)
    assert table.how.header_lines == (1, 2)
    assert table.headers == (
        *("Respondent ID", "Start Date", "How likely are you to recommend us?"),
        *("Which brands do you use? / Lenovo", "Which brands do you use? / HP"),
        *("Which brands do you use? / Other (please specify)", "What to improve?"),
    )
    assert table.records == 2


def test_surveymonkey_few_questions_over_many_choices(tmp_path: Path) -> None:
    choices = [f"Product {place}" for place in range(1, 71)]
    first = ["Respondent ID", "Start Date", "End Date", "Likely?", "Which do you use?"]
    text = (
        f"{','.join(first)}{',' * 69},Better?\n"
        f",,,Response,{','.join(choices)},Open-Ended Response\n"
        f"1,03/15/2024,03/15/2024,9,Product 1{',' * 69},Delivery\n"
        f"2,03/16/2024,03/16/2024,7{',' * 70}Product 70,\n"
    )
    table = read_one(tmp_path, text)
    assert table.how.header_lines == (1, 2)
    assert table.headers[:5] == (*first[:4], "Which do you use? / Product 1")
    assert table.headers[73:] == ("Which do you use? / Product 70", "Better?")
    assert table.account.set_aside == {"header": 2}


def test_qualtrics_three_header_rows(tmp_path: Path) -> None:
    text = (
        "StartDate,Finished,Q1\nStart Date,Finished,How likely?\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""finished""}","{""ImportId"":""QID1""}"\n'
        "2026-01-01 10:00:00,1,9\n2026-01-02 10:00:00,1,10\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers == ("StartDate", "Finished", "Q1")
    assert table.account.set_aside == {"header": 3}


def test_facebook_legacy_insights_descriptions_and_duplicates(tmp_path: Path) -> None:
    text = (
        "Post ID,Type,Posted,Lifetime Post Total Reach,Lifetime Organic Video Views,"
        "Lifetime Organic Video Views\n"
        ",,,Lifetime: The total number of people your Page post was served to. (Unique Users),"
        '"Lifetime: Number of times your video was viewed, in total. (Total Count)",'
        "Lifetime: Number of times your video was viewed. (Unique Users)\n"
        "951_980,Photo,10/1/2015 21:00,8,,\n951_981,Video,10/2/2015 21:00,18,5,4\n"
    )
    table = read_one(tmp_path, text)
    assert table.headers[3:] == (
        "Lifetime Post Total Reach",
        "Lifetime Organic Video Views",
        "Lifetime Organic Video Views (2)",
    )
    assert table.account.set_aside == {"header": 2}
    assert issues_of(table) == {"duplicate_headers": 1}


def test_amocrm_in_cp1251_with_semicolons(tmp_path: Path) -> None:
    text = (
        "ID;Название сделки;Бюджет, ₽;Источник;Дата создания;Источник\n"
        '101;"Поставка; май";45 000;Сайт;31.08.2026 23:50:30;\n'
        "102;Ромашка;;Звонок;01.09.2026 10:00:00;реклама\n"
    ).replace("₽", "руб.")
    table = read_one(tmp_path, text.encode("cp1251"))
    assert (table.how.encoding, table.how.delimiter) == ("cp1251", ";")
    assert table.headers[3] == "Источник"
    assert table.headers[5] == "Источник (2)"
    assert rows_of(table)[0][1:3] == ["Поставка; май", "45 000"]
    assert issues_of(table) == {"duplicate_headers": 1, "encoding_guessed": 1}


def test_chatwoot_footer_and_preamble(tmp_path: Path) -> None:
    csat = (
        "Agent Name,Rating,Feedback Comment,Recorded date\n"
        "Ann Lee (ann@example.com),5,Great,2024-03-05 10:12:00 UTC\n"
        "Oleg,4,,2024-03-06 10:12:00 UTC\n"
        "Reporting period 2024-03-01 to 2024-03-31\n"
    )
    table = read_one(tmp_path, csat)
    assert table.records == 2
    assert table.account.set_aside == {"header": 1, "footer": 1}
    agents = (
        "Отчётный период с 2024-03-01 по 2024-03-31\n\n"
        "Agent name,Assigned conversations,Avg first response time\n"
        "Ann Lee,42,12 minutes 30 seconds\nOleg Petrov,0,--\n"
    )
    table = read_one(tmp_path, agents)
    assert table.headers[0] == "Agent name"
    assert table.preamble == ("Отчётный период с 2024-03-01 по 2024-03-31",)


def test_zendesk_tickets(tmp_path: Path) -> None:
    text = (
        '"Summation column","Id","Requester","Subject","Tags","Status","Created at"\n'
        '"1","15","Pat Fox","Where is, my order?","vip delivery","Closed","2024-03-05 10:12"\n'
        '"1","16","Lee Ray","Refund","","Open","2024-03-06 11:00"\n'
    )
    table = read_one(tmp_path, text)
    assert table.headers[:2] == ("Summation column", "Id")
    assert rows_of(table)[0][3] == "Where is, my order?"


def test_zoom_sections_and_nul_bytes(tmp_path: Path) -> None:
    text = (
        "Attendee Report\n"
        'Report Generated:,"03/13/2024 09:00:00 AM"\n'
        "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)\n"
        "Spring demo,999 0000 1111,03/12/2024 07:00:00 PM,75\n\n"
        "Host Details\nAttended,User Name,Email\nYes,Host,host@example.com\n"
        "Attendee Details\nAttended,User Name,First Name,Email,Time in Session (minutes)\n"
        "Yes,Pat\x00 Fox,Pat,p@example.com,39\nNo,Lee Ray,Lee,l@example.com,--\n"
    )
    tables = read_all(tmp_path, text)
    assert [table.name for table in tables][1:] == ["Host Details", "Attendee Details"]
    assert rows_of(tables[2])[0] == ["Yes", "Pat Fox", "Pat", "p@example.com", "39"]
    assert sum(table.account.lines for table in tables) == text.count("\n")


@pytest.mark.parametrize("pad", ["", ",", ",,,"])
def test_zoom_sections_of_the_same_columns(tmp_path: Path, pad: str) -> None:
    head = "Attended,User Name,Email,Time in Session (minutes),Join Time\n"
    joined = "2024-03-12 19:01:10"
    text = (
        f"Host Details{pad}\n{head}Yes,Host,host@example.com,85,{joined}\n"
        f"Attendee Details{pad}\n{head}Yes,Pat,p@example.com,39,{joined}\n"
        "No,Lee,l@example.com,--,--\n"
    )
    hosts, attendees = read_all(tmp_path, text)
    assert (hosts.name, attendees.name) == ("Host Details", "Attendee Details")
    assert [row[1] for row in rows_of(hosts)] == ["Host"]
    assert [row[1] for row in rows_of(attendees)] == ["Pat", "Lee"]


def test_matomo_scheduled_reports(tmp_path: Path) -> None:
    text = (
        "Visits Summary\nnb_visits,nb_actions,bounce_rate\n5,16,20%\n\n"
        'Country\nlabel,nb_visits,revenue\nPoland,4,"$13,351.11"\nFrance,1,$10\n'
    )
    summary, country = read_all(tmp_path, text)
    assert (summary.name, country.name) == ("Visits Summary", "Country")
    assert rows_of(country)[0][2] == "$13,351.11"


def test_blank_lines_in_the_middle_are_counted(tmp_path: Path) -> None:
    text = "Name,Created,Sum\nAnn,2024-01-01,5\n\n,,\nBob,2024-01-02,6\n \nCat,2024-01-03,7\n"
    table = read_one(tmp_path, text)
    assert [row[0] for row in rows_of(table)] == ["Ann", "Bob", "Cat"]
    assert table.account.set_aside == {"header": 1, "blank": 3}


def test_glued_exports_repeat_the_header(tmp_path: Path) -> None:
    part = "Name,Created,Sum\nAnn,2024-01-01,5\nBob,2024-01-02,6\n"
    table = read_one(tmp_path, part * 2)
    assert table.records == 4
    assert table.account.set_aside == {"header": 2}
