"""Makes the sample data: half a year of "Тёплый дом", a shop of home textiles that does not exist.

Each file has the shape of a real vendor's export. The story in it:

- email converts visitors best, and its click rate rose in July when the list was segmented;
- visitors from social networks and from advertising convert alike: that difference is noise;
- a quarter of the orders come by email, and who orders by it keeps to it;
- of three sales people one notes little in the CRM: most leads nobody touched are hers;
- the base of contacts has what such bases have: copies of people, numbers and addresses that
  lead nowhere, names nobody can use, buyers of years ago, people whose consent nobody noted;
- support answers slower at weekends; happy clients are those answered early;
- at lunch and on Mondays fewer calls are picked up, and later;
- the chat answers in minutes by day; who writes at night gets a bot and an answer in the morning;
- the push test (`ab_push_text.csv`) has a winner: B's true click rate is 4.8 % against 3.4 %;
- the SMS test (`ab_sms_sender.csv`) has none: both arms are drawn at 3.6 %.

Run `python sample_data/make.py` to make the files again: the same bytes each time.
"""

from __future__ import annotations

from pathlib import Path

from calendar_and_bytes import stream
from channel_exports import hootsuite, mailchimp, metrika, vk_ads
from contact_cards import bitrix24_contacts
from contact_exports import chat_messages, sipuni
from customer_exports import google_forms, orders, support_survey, zendesk
from sales_exports import amocrm, crm_activities
from trial_exports import ab_push_text, ab_sms_sender

HERE = Path(__file__).parent
FILES = {
    "mailchimp_campaigns.csv": mailchimp,
    "vk_ads.xlsx": vk_ads,
    "yandex_metrika_sources.csv": metrika,
    "amocrm_deals.csv": amocrm,
    "zendesk_tickets.csv": zendesk,
    "google_forms_survey.csv": google_forms,
    "hootsuite_posts.csv": hootsuite,
    "orders.csv": orders,
    "ab_push_text.csv": ab_push_text,
    "ab_sms_sender.csv": ab_sms_sender,
    "sipuni_calls.csv": sipuni,
    "chat_messages.csv": chat_messages,
    "crm_activities.csv": crm_activities,
    "support_survey.csv": support_survey,
    "bitrix24_contacts.csv": bitrix24_contacts,
}


def main() -> None:
    """Write every file of the story into this folder."""
    for name, make in FILES.items():
        (HERE / name).write_bytes(make(stream(name)))
        print(f"{name}: {(HERE / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
