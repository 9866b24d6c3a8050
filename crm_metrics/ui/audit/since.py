"""Since the last audit: what is fixed, what is new, what still comes in, and the channels."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.channel_change import Window, channel_changes
from crm_metrics.audit.remeasure import OUTCOMES, Remeasured, next_audit, remeasure
from crm_metrics.audit.snapshot import (
    Snapshot,
    read_snapshots,
    remove_snapshot,
    snapshot_file,
    snapshot_in,
    write_snapshot,
)
from crm_metrics.findings.audit_changes import channel_line, inflow_line, moved_line
from crm_metrics.texts import date_text, period_text, t
from crm_metrics.ui.address import choose, keep, widget_key
from crm_metrics.ui.audit.asked import AGAINST, as_snapshot, compared_with, earlier_audits
from crm_metrics.ui.audit.brought import bring_in
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary, lang
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label


def since_section(found: Audit, language: str) -> None:
    """Draw what became of the findings of an earlier audit, and keep this one."""
    before = _compared(language)
    if before is None:
        before = _mended(found, language)
    else:
        now = as_snapshot(found, before.today)
        _remeasured(found, remeasure(now, before), language)
        _channels(now.window, before.window, language)
    _this_audit(found, before, language)


def _mended(found: Audit, language: str) -> Snapshot | None:
    """The kept audit of this very day, held against what has changed in the data or the rules."""
    own = as_snapshot(found)
    kept = read_snapshots(workspace().folder)
    before = next((one for one in kept if one.today == own.today), None)
    if before is None or _counts(before) == _counts(own):
        st.info(t("audit.no_earlier", language), icon=":material/history:")
        return None
    _remeasured(found, remeasure(own, before), language)
    return before


def _counts(of: Snapshot) -> list[tuple[str, int, int]]:
    return [(one.id, one.count, one.base) for one in of.found]


def _compared(language: str) -> Snapshot | None:
    """The audit that is compared with; asked where there are several."""
    earlier = earlier_audits()
    before = compared_with(earlier)
    if len(earlier) < 2 or before is None:
        return before
    days = [one.today for one in earlier]
    picked = st.selectbox(
        t("audit.compare_with", language),
        days,
        index=days.index(before.today),
        format_func=lambda day: date_text(day, language),
        key=widget_key(AGAINST, language),
        width=260,
    )
    if picked != before.today:
        keep(AGAINST, [picked.isoformat()])
        st.rerun()
    return before


def _remeasured(found: Audit, told: Remeasured, language: str) -> None:
    days = {
        "before": date_text(told.before, language),
        "now": date_text(told.now, language),
    }
    counts = {outcome: len(told.of(outcome)) for outcome in OUTCOMES}
    st.markdown(esc(t("audit.since_said", language, **days, **counts), limit=500))
    for outcome in OUTCOMES:
        moved = told.of(outcome)
        if not moved:
            continue
        st.markdown(f"**{t(f'audit.outcome.{outcome}', language)}**")
        st.caption(t(f"audit.outcome_means.{outcome}", language))
        lines = [moved_line(one, found, language) for one in moved]
        st.markdown("\n".join(f"- {esc(line, limit=600)}" for line in lines))
    _inflow(told, found, language)


def _inflow(told: Remeasured, found: Audit, language: str) -> None:
    """What still comes in, apart from what has lain there."""
    lines = list(_inflow_lines(told, found, language))
    if not lines:
        return
    st.header(t("audit.inflow_title", language))
    st.caption(t("audit.inflow_means", language))
    st.markdown("\n".join(f"- {esc(line, limit=600)}" for line in lines))


def _inflow_lines(told: Remeasured, found: Audit, language: str) -> Iterator[str]:
    for one in told.of("persisting"):
        line = inflow_line(one, found, language)
        if line:
            yield line


def _channels(now: Window | None, before: Window | None, language: str) -> None:
    """Channels' metrics then and now, what the mix did of it, and that nobody drew lots."""
    st.header(t("audit.channels_title", language))
    if now is None or before is None:
        why = "audit.channels_soon" if now is None else "audit.channels_none"
        st.caption(t(why, language))
        return
    changes = channel_changes(now, before)
    days = {
        "before": period_text((before.start, before.end), language),
        "now": period_text((now.start, now.end), language),
    }
    lines = [line for change in changes if (line := channel_line(change, language))]
    if not lines:
        st.caption(t("audit.channels_none", language))
        return
    st.caption(esc(t("audit.channels_days", language, **days), limit=400))
    st.markdown("\n".join(f"- {esc(line, limit=700)}" for line in lines))
    st.caption(t("audit.observational", language))


def _this_audit(found: Audit, before: Snapshot | None, language: str) -> None:
    """Keep this audit, take it along, bring one from elsewhere, and when to audit again."""
    st.header(t("audit.keep_title", language))
    again = date_text(next_audit(found.today), language)
    st.markdown(esc(t("audit.next_said", language, day=again), limit=300))
    kept = {one.today for one in read_snapshots(workspace().folder)}
    if found.today in kept:
        st.caption(t("audit.kept_already", language, day=date_text(found.today, language)))
    own = as_snapshot(found)
    with st.container(horizontal=True, key="audit_keep"):
        st.button(
            main_label(t("audit.keep", language), ":material/save:"),
            key="audit_keep_now",
            type="primary",
            on_click=boundary()(_keep),
            args=(own,),
        )
        st.download_button(
            t("audit.snapshot", language),
            data=lambda: snapshot_file(own),
            file_name=f"audit-{found.today.isoformat()}.json",
            mime="application/json",
            key="audit_snapshot",
            icon=":material/download:",
            on_click="ignore",
        )
        if before is not None:
            st.button(
                t("audit.forget", language, day=date_text(before.today, language)),
                key="audit_forget",
                icon=":material/delete:",
                on_click=boundary()(_forget),
                args=(before,),
            )
    bring_in("snapshot", _load, language)


def _keep(own: Snapshot) -> None:
    write_snapshot(workspace().folder, own)
    st.toast(t("audit.kept", lang()), icon=":material/check:")


def _forget(before: Snapshot) -> None:
    remove_snapshot(workspace().folder, before.today)
    choose(AGAINST, [])


def _load(data: bytes, file: str) -> None:
    loaded = snapshot_in(data, file=file)
    write_snapshot(workspace().folder, loaded)
    choose(AGAINST, [loaded.today.isoformat()])
    st.toast(t("audit.snapshot_loaded", lang()), icon=":material/check:")
