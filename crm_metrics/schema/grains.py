"""What one row of a facts table stands for, and the fields that such a row can carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from crm_metrics.errors import NotFoundError
from crm_metrics.schema.fields import Kind, field_named


@dataclass(frozen=True, slots=True)
class Grain:
    """A kind of facts table.

    `own` are its own fields; `required` holds groups of which at least one field each must be
    mapped before the grain can be built; `dated_by` lists the fields that give the row its cohort
    date, best first; `channel` is the channel of such rows where nothing else says it.
    """

    key: str
    own: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    dated_by: tuple[str, ...]
    channel: str | None = None

    def unmet(self, given: Collection[str]) -> tuple[tuple[str, ...], ...]:
        """The groups of `required` of which none of the given fields is one."""
        return tuple(group for group in self.required if not set(group).intersection(given))


_COMMON = (
    "date time channel platform account source campaign_id campaign_name message_type segment"
    " variant is_control customer_id currency utm_source utm_medium utm_campaign utm_term"
    " utm_content tags url language email phone full_name first_name last_name company country"
    " region city owner agent status comment converted converted_at revenue"
)
COMMON: tuple[str, ...] = tuple(_COMMON.split())


def _grain(key: str, own: str, required: str, dated_by: str, channel: str | None = None) -> Grain:
    groups = tuple(tuple(group.split("|")) for group in required.split())
    return Grain(key, tuple(own.split()), groups, tuple(dated_by.split()), channel)


GRAINS: dict[str, Grain] = {
    grain.key: grain
    for grain in (
        _grain(
            "campaigns",
            "sent_at subject sent delivered bounces bounces_hard bounces_soft opens_unique"
            " opens_total"
            " opens_machine clicks_unique clicks_total unsubscribes complaints replies reads"
            " forwards"
            " conversions orders cost open_rate click_rate ctor bounce_rate unsubscribe_rate"
            " complaint_rate conversion_rate sessions",
            "sent|delivered|open_rate|opens_unique|clicks_unique|click_rate",
            "date sent_at",
        ),
        _grain(
            "recipients",
            "message_id sent_at delivered delivered_at bounced bounce_type opened opened_at"
            " opens_total"
            " open_is_machine clicked clicked_at click_is_machine clicks_total replied replied_at"
            " unsubscribed"
            " unsubscribed_at complained",
            "email|phone|customer_id|message_id opened|opened_at|clicked|clicked_at|converted"
            "|converted_at"
            "|delivered|delivered_at|bounced|status|opens_total|clicks_total",
            "date sent_at delivered_at",
        ),
        _grain(
            "events",
            "ts event_type message_id conversation_id author author_type text user_agent"
            " bounce_type"
            " bounce_reason value",
            "ts|date event_type|author|text",
            "date ts",
        ),
        _grain(
            "posts",
            "post_id published_at post_type text followers reach impressions views video_views"
            " likes"
            " comments shares saves clicks engagements follows negative is_paid engagement_rate"
            " click_rate",
            "reach|impressions|views|engagements|likes|followers",
            "date published_at",
            "social",
        ),
        _grain(
            "page_days",
            "followers followers_gained followers_lost reach impressions views engagements"
            " page_views"
            " posts clicks likes comments shares users engagement_rate",
            "followers|followers_gained|reach|impressions|views|engagements|page_views|users",
            "date",
            "social",
        ),
        _grain(
            "traffic",
            "page sessions users new_users engaged_sessions page_views events conversions orders"
            " bounce_rate pages_per_session session_duration clicks impressions bounces"
            " engagement_rate"
            " conversion_rate click_rate",
            "sessions|users|new_users|page_views|clicks|events|conversions",
            "date",
            "web",
        ),
        _grain(
            "spend",
            "period_end adset_name adset_id ad_name ad_id keyword impressions reach clicks"
            " conversions"
            " leads profit cost cpc cpa click_rate orders roas conversion_rate follows",
            "cost|impressions|clicks",
            "date",
            "ads",
        ),
        _grain(
            "conversations",
            "conversation_id created_at first_reply_at first_reply_time first_reply_business_time"
            " resolved_at resolution_time reopens replies team subject priority initiator score"
            " closed_at",
            "conversation_id|created_at|first_reply_time|first_reply_at|resolved_at"
            "|resolution_time",
            "date created_at",
            "chat",
        ),
        _grain(
            "support_stats",
            "team conversations resolved first_reply_time resolution_time score",
            "conversations|resolved|first_reply_time agent|team|channel",
            "date",
            "chat",
        ),
        _grain(
            "calls",
            "call_id started_at direction caller callee line wait_time talk_time total_time"
            " callback_time"
            " is_missed is_answered ended_at score cost",
            "started_at|talk_time|total_time|wait_time|direction|is_answered|is_missed|call_id"
            "|caller|callee"
            "|converted",
            "date started_at",
            "phone",
        ),
        _grain(
            "surveys",
            "response_id survey_type question score scale_min scale_max polarity started_at"
            " responded_at"
            " duration"
            " conversation_id ended_at invited_at invited",
            "score|comment|responded_at",
            "date invited_at responded_at started_at ended_at",
        ),
        _grain(
            "attendance",
            "event_name registered_at attended joined_at left_at minutes_attended ticket_type"
            " cost lead"
            " order_id amount quantity registration_id created_at",
            "attended|joined_at|registered_at|minutes_attended|ticket_type|registration_id",
            "date registered_at created_at joined_at",
            "event",
        ),
        _grain(
            "orders",
            "order_id created_at amount margin quantity processed_at paid_at is_return product"
            " category"
            " cost",
            "amount|revenue|order_id",
            "date created_at paid_at",
        ),
        _grain(
            "deals",
            "deal_id title pipeline stage amount probability created_at expected_close_at closed_at"
            " updated_at last_activity_at next_task_at lost_reason deal_type product is_closed"
            " contact_name",
            "stage|status|deal_id|pipeline",
            "date created_at",
        ),
        _grain(
            "contacts",
            "contact_id created_at updated_at last_activity_at unsubscribed_at email_status consent"
            " consent_at lifecycle_stage type",
            "email|phone|full_name|contact_id|first_name",
            "date created_at",
        ),
        _grain(
            "activities",
            "activity_type ts object_id due_at done_at result origin",
            "activity_type ts|date|due_at|done_at",
            "date ts due_at",
        ),
        _grain(
            "staff",
            "is_active role last_login_at",
            "owner|full_name|first_name|last_name|email is_active|status|role|last_login_at",
            "date",
        ),
    )
}


def grain_named(key: str) -> Grain:
    """The grain with this key; raises NotFoundError("unknown_grain")."""
    try:
        return GRAINS[key]
    except KeyError:
        raise NotFoundError("unknown_grain", grain=key) from None


def fields_of(grain: str) -> tuple[str, ...]:
    """Keys of every field that a row of this grain can carry: its own, then the common ones."""
    own = grain_named(grain).own
    return own + tuple(key for key in COMMON if key not in own)


def kind_of(field: str, grain: str) -> Kind:
    """The kind of a field's values on this grain; raises NotFoundError("unknown_field")."""
    return _KIND_ON_GRAIN.get((grain, field)) or field_named(field).kind


# A message to one person is delivered or not; a campaign has a count of the delivered.
_KIND_ON_GRAIN: dict[tuple[str, str], Kind] = {("recipients", "delivered"): "flag"}
