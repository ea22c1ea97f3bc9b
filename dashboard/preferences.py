"""What a reader sets once: language, up/down colours, display currency; kept in cookies for a year."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.labels import COOKIE, LANGS, lang, t

_NAMES = {"zh": "中文", "en": "English"}
_COLOUR_COOKIE = "daybook_updown"
COLOURS = ("red_up", "green_up")


def red_up() -> bool:
    """Whether a rise is red: the reader's choice, else yes in Chinese and no in English."""
    chosen = st.session_state.get("updown") or st.context.cookies.to_dict().get(_COLOUR_COOKIE)
    return (chosen == "red_up") if chosen in COLOURS else lang() == "zh"


def popover(displays: list[str], state: dict[str, Any]) -> None:
    """The settings button: language, colours, and the display currency when rates are typed."""
    with st.popover(t("filter.settings"), icon=":material/tune:", key="settings"):
        language_switch()
        st.session_state["p_updown"] = "red_up" if red_up() else "green_up"
        st.segmented_control(
            t("filter.colours"), COLOURS, key="p_updown", required=True, on_change=_took_colour,
            format_func=lambda code: t(f"filter.{code}"),
        )
        if displays:
            st.session_state["p_cur"] = state["cur"] if state["cur"] in displays else ""
            st.selectbox(
                t("filter.currency"), ["", *displays], key="p_cur", help=t("filter.currency_help"),
                format_func=lambda code: code or t("filter.currency_own"), on_change=_took_currency,
            )


def language_switch() -> None:
    """中文 / English; remembered in the link and in a cookie."""
    st.session_state["p_lang"] = lang()
    st.segmented_control(
        t("filter.language"), LANGS, key="p_lang", required=True, format_func=_NAMES.__getitem__, on_change=_took_lang
    )


def remember() -> None:
    """Write choices made in this session into cookies (once per change). Call once per run."""
    waiting = st.session_state.pop("cookies_to_set", None)
    if waiting:
        lines = "".join(f"document.cookie='{k}={v};path=/;max-age=31536000;samesite=lax';" for k, v in waiting.items())
        st.html(f"<script>{lines}</script>", unsafe_allow_javascript=True)


def _keep(cookie: str, value: str) -> None:
    st.session_state.setdefault("cookies_to_set", {})[cookie] = value


def _took_lang() -> None:
    st.session_state["lang"] = st.session_state["p_lang"]
    st.session_state["lang_chosen"] = True
    _keep(COOKIE, str(st.session_state["p_lang"]))


def _took_colour() -> None:
    st.session_state["updown"] = st.session_state["p_updown"]
    _keep(_COLOUR_COOKIE, str(st.session_state["p_updown"]))


def _took_currency() -> None:
    st.session_state["view_state"]["cur"] = st.session_state["p_cur"]
