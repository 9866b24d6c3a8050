"""Every field a column can mean, with the kind of its values.

The kind decides the type in a facts table: text, id and category are VARCHAR, count is BIGINT,
money, rate, duration and number are DOUBLE (rates are fractions, durations seconds), flag is
BOOLEAN, date is DATE, timestamp is TIMESTAMP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crm_metrics.errors import NotFoundError

Kind = Literal[
    "text",
    "id",
    "category",
    "count",
    "money",
    "rate",
    "duration",
    "number",
    "flag",
    "date",
    "timestamp",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One meaning of a column; its words are `field.<key>.name` and `field.<key>.help` in texts."""

    key: str
    kind: Kind
    personal: bool = False


_BY_KIND: dict[Kind, str] = {
    "text": "subject text comment tags url user_agent bounce_reason title campaign_name adset_name"
    " ad_name event_name lost_reason",
    "id": "campaign_id message_id post_id adset_id ad_id conversation_id call_id response_id"
    " registration_id order_id deal_id contact_id object_id",
    "category": "channel platform account source message_type segment variant currency language"
    " utm_source utm_medium utm_campaign utm_term utm_content country region city status"
    " bounce_type event_type author_type post_type page keyword agent team priority initiator"
    " direction line survey_type question polarity ticket_type product category pipeline stage"
    " deal_type email_status lifecycle_stage type activity_type result origin owner role",
    "count": "sent delivered bounces bounces_hard bounces_soft opens_unique opens_total"
    " opens_machine"
    " clicks_unique clicks_total unsubscribes complaints replies reads forwards conversions orders"
    " sessions followers followers_gained followers_lost reach impressions views video_views likes"
    " comments shares saves clicks engagements follows negative page_views posts users new_users"
    " engaged_sessions events leads reopens conversations resolved quantity invited",
    "money": "revenue cost cpc cpa profit amount margin",
    "rate": "open_rate click_rate ctor bounce_rate unsubscribe_rate complaint_rate conversion_rate"
    " engagement_rate probability",
    "duration": "session_duration first_reply_time first_reply_business_time resolution_time"
    " wait_time talk_time total_time callback_time duration minutes_attended",
    "number": "pages_per_session roas value score scale_min scale_max",
    "flag": "is_control converted bounced opened open_is_machine clicked click_is_machine replied"
    " unsubscribed"
    " complained is_paid is_missed is_answered attended lead is_return is_closed consent"
    " is_active",
    "date": "date period_end",
    "timestamp": "time converted_at sent_at delivered_at opened_at clicked_at replied_at"
    " unsubscribed_at ts published_at created_at first_reply_at resolved_at closed_at"
    " invited_at started_at ended_at responded_at"
    " registered_at joined_at left_at processed_at paid_at expected_close_at updated_at"
    " last_activity_at next_task_at due_at done_at last_login_at consent_at",
}
_PERSONAL: dict[Kind, str] = {
    "id": "customer_id email phone caller callee",
    "text": "full_name first_name last_name contact_name author company",
}

FIELDS: dict[str, Field] = {
    key: Field(key, kind, personal)
    for words, personal in ((_BY_KIND, False), (_PERSONAL, True))
    for kind, keys in words.items()
    for key in keys.split()
}


def field_named(key: str) -> Field:
    """The field with this key; raises NotFoundError("unknown_field")."""
    try:
        return FIELDS[key]
    except KeyError:
        raise NotFoundError("unknown_field", field=key) from None


def is_personal(key: str | None) -> bool:
    """Whether the field's values name or reach a person, so that views mask them."""
    return key in FIELDS and FIELDS[key].personal
