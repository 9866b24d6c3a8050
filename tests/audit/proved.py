"""Which checks are held against defects of known number, and which are not yet.

Every check of the catalogue has to be in one of these (`test_declarations`): a new one comes with
made defects, or with a reason why it has none.
"""

from __future__ import annotations

from crm_metrics.audit.catalogue import emails, names, phones
from tests.audit.crm import Kind


def kinds(grain: str, keys: str) -> frozenset[Kind]:
    """These checks of a grain."""
    return frozenset((key, grain) for key in keys.split())


OF_VALUES = frozenset(
    (check.key, check.grain) for part in (names, phones, emails) for check in part.CHECKS
) | kinds("contacts", "phone_missing email_missing dup_exact_email dup_exact_phone dup_fuzzy")
"""Contacts' names, phones, e-mails and duplicates (`made_defects`)."""

OF_STAFF = (
    kinds("deals", "owner_unknown owner_dismissed")
    | kinds("contacts", "owner_unknown owner_dismissed")
    | kinds("staff", "licence_unused")
)
"""Owners against the list of staff, and its use (`made_staff`)."""

OF_CONSENTS = kinds("contacts", "suppressed_but_mailed consent_late")
"""Cards that say to stop, or since when it is allowed (`made_consents`)."""

OF_LINKS = frozenset(
    ("orphan_record", grain) for grain in ("activities", "orders", "deals", "recipients")
)
"""Records that lead to no card (`made_links`)."""

OF_TRADE = (
    kinds(
        "contacts",
        "consent_missing segment_uncovered stale_contact source_missing type_missing"
        " location_missing",
    )
    | kinds(
        "orders",
        "dup_order currency_mixed amount_outlier amount_negative customer_forgotten"
        " unregistered_sales report_mismatch near_duplicate_category field_unused field_default"
        " integration_gap comms_silence",
    )
    | kinds(
        "recipients",
        "email_hard_bounced suppressed_but_mailed complaint_over_limit comms_overload"
        " comms_conflict bot_or_mpp_share",
    )
    | kinds("surveys", "encoding_damaged voice_absent voice_biased")
    | kinds("conversations", "integration_gap sla_broken")
    | kinds("calls", "integration_gap")
    | kinds("traffic", "integration_gap")
)
"""Orders, messages, the voice of clients, and the gaps of their sources (`made_trade`)."""

OF_TOTALS = kinds("campaigns", "report_mismatch")
"""Totals of mailings against lists of recipients (`made_totals`)."""

OF_LISTS = frozenset(
    ("value_not_in_list", grain) for grain in ("contacts", "deals", "activities", "orders")
)
"""Values outside of the user's lists (`made_lists`)."""

OF_SALES = (
    kinds(
        "contacts",
        "lead_and_contact source_missing type_missing location_missing date_impossible id_damaged"
        " encoding_damaged near_duplicate_category field_unused field_default",
    )
    | kinds(
        "deals",
        "source_missing product_missing type_missing deal_overdue deal_no_next_task deal_stalled"
        " deal_older_than_won stage_missing stage_invalid stage_vs_status won_without_amount"
        " closed_without_day lost_reason_missing lost_reason_vague stage_backwards stage_skipped"
        " deal_misclassified lead_untouched first_touch_slow owner_missing owner_inactive"
        " owner_mismatch load_skew dup_deal currency_mixed amount_outlier amount_negative"
        " date_impossible id_damaged encoding_damaged near_duplicate_category field_unused"
        " field_default integration_gap",
    )
    | kinds(
        "activities",
        "task_overdue task_no_result user_inactive user_low_usage usage_spike date_impossible"
        " id_damaged encoding_damaged near_duplicate_category field_unused field_default"
        " integration_gap",
    )
)
"""Deals, what was done and by whom, and the rest of contacts' cells (`made_whole`)."""

INHERENT = {"deal_older_than_won": 0.1, "lead_and_contact": 0.005}
"""Shares of the base that a check may find where all is well: one in ten won deals took longer, and
some namesakes have e-mails of one name with two providers."""

PROVED = OF_TOTALS | OF_LISTS | OF_VALUES | OF_STAFF | OF_LINKS | OF_CONSENTS | OF_TRADE | OF_SALES

UNPROVED = (
    kinds("orders", "date_impossible id_damaged encoding_damaged")
    | kinds("campaigns", "channel_dead")
    | kinds("recipients", "channel_dead")
    | kinds("conversations", "channel_unanswered")
    | kinds("surveys", "voice_one_channel")
)
"""Checks that only examples by hand hold: of orders they are those of deals (`made_whole`), of
channels there are too few for a share (`test_channels`)."""
