"""One compact editor of goals: begin with one's own, a guide's or one that is set; save, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

import streamlit as st

from crm_metrics.errors import CrmMetricsError
from crm_metrics.findings.goals import goal_name, source_text, target_text
from crm_metrics.findings.wording import channel_name, metric_name
from crm_metrics.metrics.declared import DECLARED, declaration
from crm_metrics.metrics.goals import (
    Goal,
    Judged,
    Preset,
    goals_file,
    goals_in,
    presets,
    read_goals,
    with_goal,
    without,
    write_goals,
)
from crm_metrics.metrics.goals.goal import Aim
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary, lang
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label

_NEW: Final = "new"
_GUIDE, _SET = "guide:", "set:"
_ALL: Final = ""
_FACTORS = {"share": 100.0, "seconds": 1 / 60}
_NOTICE: Final = "_goals_notice"


def goals_editor(channels: Sequence[str], language: str, *, metric: str | None = None) -> None:
    """Draw the editor, folded; `channels` are those of the data, to set a goal for one.

    A goal of one's own begins with `metric`.
    """
    for code, params in st.session_state.pop(_NOTICE, []):
        st.toast(t(code, language, **params), icon=":material/check:")
    folded = st.expander(
        t("goals.edit", language), icon=":material/flag:", on_change="rerun", key="goals_editor"
    )
    if not folded.open:
        return
    goals = read_goals(workspace().folder)
    with folded:
        start = _start(goals, language)
        kept, begun = _begun(start, goals)
        goal = _fields(begun, start, channels, language, metric)
        turn = _turn()
        with st.container(horizontal=True):
            st.button(
                main_label(t("goals.save", language), ":material/check:", plain=goal is None),
                key="goal_save",
                type="primary",
                disabled=goal is None,
                on_click=boundary()(_save),
                args=(goal, kept),
            )
            if kept is not None:
                st.button(
                    t("goals.remove", language),
                    key="goal_remove",
                    icon=":material/delete:",
                    on_click=boundary()(_remove),
                    args=(kept,),
                )
            if goals:
                st.download_button(
                    t("goals.download", language),
                    data=lambda: goals_file(read_goals(workspace().folder)),
                    file_name="goals.json",
                    mime="application/json",
                    key="goals_download",
                    icon=":material/download:",
                    on_click="ignore",
                )
        key = f"goals_file_{turn}"
        st.file_uploader(
            t("goals.upload", language),
            type=["json", "toml"],
            max_upload_size=1,
            key=key,
            on_change=boundary()(_load),
            args=(key,),
        )


def _start(goals: Sequence[Goal], language: str) -> str:
    """What to set: a goal of one's own, one of a guide, or one that is set already."""
    words = {_NEW: t("goals.new", language)}
    words |= {f"{_SET}{at}": _set_words(goal, language) for at, goal in enumerate(goals)}
    words |= {f"{_GUIDE}{at}": _preset_words(one, language) for at, one in enumerate(presets())}
    return st.selectbox(
        t("goals.start", language),
        list(words),
        format_func=lambda key: words.get(key, ""),
        key=f"goal_start_{_turn()}_{language}",
        help=t("goals.start_help", language),
    )


def _set_words(goal: Goal, language: str) -> str:
    return t("goals.change_one", language, goal=_goal_words(goal, language))


def _preset_words(preset: Preset, language: str) -> str:
    guide = t(f"goals.guide.{preset.guide}", language)
    if preset.target is None:
        name = metric_name(preset.metric, language)
        return t("goals.preset_open", language, guide=guide, metric=name)
    return t("goals.preset", language, guide=guide, goal=_goal_words(preset.goal(), language))


def _goal_words(goal: Goal, language: str) -> str:
    target = target_text(Judged(goal, "na"), language)
    return f"{goal_name(goal, language)}: {target}"


def _begun(start: str, goals: Sequence[Goal]) -> tuple[Goal | None, Goal | Preset | None]:
    """The goal that is changed, and what the fields begin with."""
    if start.startswith(_SET):
        goal = goals[int(start.removeprefix(_SET))]
        return goal, goal
    if start.startswith(_GUIDE):
        return None, presets()[int(start.removeprefix(_GUIDE))]
    return None, None


def _fields(
    begun: Goal | Preset | None,
    start: str,
    channels: Sequence[str],
    language: str,
    metric: str | None,
) -> Goal | None:
    """Ask for the parts of a goal; None until its number is there."""
    key = f"{start}_{_turn()}_{language}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = _metric(begun.metric if begun else metric, key, language)
        channel = _channel(begun, channels, key, language)
        relative = _measure(begun, key, language)
        target = _number(begun, chosen, key, language, relative=relative)
        aim = _aim(begun, chosen, key, language)
        label = st.text_input(
            t("goals.label", language),
            value=source_text(begun, language) if isinstance(begun, Goal) and begun.label else "",
            max_chars=120,
            key=f"goal_label_{key}",
            width=220,
        )
    if target is None:
        return None
    same = begun is not None and begun.metric == chosen
    return Goal(
        metric=chosen,
        target=target,
        relative=relative,
        channel=channel or None,
        grain=begun.grain if begun and same else None,
        variant=begun.variant if begun and same else None,
        aim=aim,
        label=label.strip(),
        guide=begun.guide if begun and same and _as_begun(begun, target) else None,
    )


def _as_begun(begun: Goal | Preset, target: float) -> bool:
    """Whether the target is still the guide's own, so that the guide may be named for it."""
    return begun.target is None or abs(begun.target - target) < 1e-9


def _metric(first: str | None, key: str, language: str) -> str:
    keys = list(dict.fromkeys(metric.key for metric in DECLARED))
    ordered = sorted(keys, key=lambda one: metric_name(one, language).casefold())
    return st.selectbox(
        t("goals.metric", language),
        ordered,
        index=ordered.index(first) if first in ordered else 0,
        format_func=lambda one: metric_name(one, language),
        key=f"goal_metric_{key}",
        width=280,
    )


def _channel(begun: Goal | Preset | None, channels: Sequence[str], key: str, language: str) -> str:
    own = begun.channel if begun and begun.channel else _ALL
    options = list(dict.fromkeys((_ALL, *channels, own)))
    return st.selectbox(
        t("goals.channel", language),
        options,
        index=options.index(own),
        format_func=lambda one: (
            channel_name(one, language) if one else t("goals.together", language)
        ),
        key=f"goal_channel_{key}",
        width=220,
    )


def _measure(begun: Goal | Preset | None, key: str, language: str) -> bool:
    options = ("as_value", "as_change")
    chosen = st.segmented_control(
        t("goals.measure", language),
        options,
        default=options[1 if begun and begun.relative else 0],
        format_func=lambda one: t(f"goals.{one}", language),
        key=f"goal_measure_{key}",
        required=True,
    )
    return chosen == "as_change"


def _number(
    begun: Goal | Preset | None, metric: str, key: str, language: str, *, relative: bool
) -> float | None:
    """The target in the engine's units, asked in those that people use."""
    unit = declaration(metric, begun.grain if begun and begun.metric == metric else None).unit
    factor = 100.0 if relative else _FACTORS.get(unit, 1.0)
    same = begun is not None and begun.metric == metric and begun.relative == relative
    first = begun.target * factor if begun and same and begun.target is not None else None
    label = "goals.target_change" if relative else "goals.target"
    words = {} if relative else {"unit": t(f"report.unit.{unit}", language)}
    typed = st.number_input(
        t(label, language, **words),
        value=round(first, 6) if first is not None else None,
        format="%g",
        step=1.0,
        key=f"goal_target_{metric}_{relative}_{key}",
        help=t("goals.target_help", language),
        width=160,
    )
    return None if typed is None else typed / factor


def _aim(begun: Goal | Preset | None, metric: str, key: str, language: str) -> Aim | None:
    if declaration(metric).direction != "neutral":
        return None
    options = ("up", "down")
    chosen = st.segmented_control(
        t("goals.aim", language),
        options,
        default=(begun.aim if begun else None) or "up",
        format_func=lambda one: t(f"goals.aim_{one}", language),
        key=f"goal_aim_{key}",
        required=True,
    )
    return cast("Aim", chosen)


def _save(goal: Goal, kept: Goal | None) -> None:
    folder = workspace().folder
    goals = read_goals(folder)
    if kept is not None and kept.place != goal.place:
        goals = without(goals, kept)
    write_goals(folder, with_goal(goals, goal))
    _done("goals.saved", goal)


def _remove(goal: Goal) -> None:
    folder = workspace().folder
    write_goals(folder, without(read_goals(folder), goal))
    _done("goals.removed", goal)


def _load(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    try:
        found = goals_in(file.getvalue(), file=file.name)
    except CrmMetricsError:
        st.session_state["_goals_turn"] = _turn() + 1
        raise
    folder = workspace().folder
    goals = read_goals(folder)
    for goal in found:
        goals = with_goal(goals, goal)
    write_goals(folder, goals)
    st.session_state[_NOTICE] = [("goals.loaded", {"count": len(found)})]
    st.session_state["_goals_turn"] = _turn() + 1


def _done(code: str, goal: Goal) -> None:
    name = esc(goal_name(goal, lang()), limit=120)
    st.session_state[_NOTICE] = [(code, {"name": name})]
    st.session_state["_goals_turn"] = _turn() + 1


def _turn() -> int:
    """Widgets of a new turn are new ones, so that they begin again after each save."""
    return int(st.session_state.get("_goals_turn", 0))
