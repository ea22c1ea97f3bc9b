"""The on-air log: big buttons for what happens in a live room, what was pressed, and taking the last press back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import streamlit as st

from dashboard import data, panels, submit_onair
from dashboard.choice import choose
from dashboard.columns import Col
from dashboard.format import plain
from dashboard.labels import t
from dashboard.panels_typed import form_message
from dashboard.submit import FormError
from dashboard.submit_onair import KINDS, Press
from warehouse.errors import OpsError

BLOCK, LAST_LINK = 20, 100  # links are shown twenty at a time
SHOWN, BACK_HOURS = 12, 12
LOOK_S = 5.0  # between two looks at what others logged
_CSS = Path(__file__).with_name("onair.css")


def style() -> None:
    """Buttons for a thumb, also on a narrow phone."""
    st.html(_CSS)


def where() -> tuple[str, str, str] | None:
    """Shop, its zone and the account on air ('' where the shop has one at most); None without a shop."""
    frame = data.shops()
    if frame.empty:
        panels.empty(t("onair.no_shop"))
        return None
    seen = data.rooms()
    order = [*dict.fromkeys(seen["shop"]), *(s for s in frame["shop"] if s not in set(seen["shop"]))]
    names = dict(zip(frame["shop"], frame["name"], strict=True))
    order = [str(s) for s in order if s in names]
    with st.container(horizontal=True, key="onair_where"):
        shop = choose(t("common.shop"), "shop", order, names, as_list=len(order) > 3)
        rooms = [str(a) for a in dict.fromkeys(seen.loc[seen["shop"] == shop, "account_name"]) if a]
        account = choose(t("onair.account"), "room", rooms, {}, as_list=len(rooms) > 3) if len(rooms) > 1 else ""
    return shop, data.zone(shop), account


def buttons(shop: str, zone: str, account: str) -> None:
    """Links by number, the one being explained coloured, then what else happens; a remark typed before goes with the press."""
    blocks = [str(first) for first in range(1, LAST_LINK, BLOCK)]
    first = int(choose(t("onair.links"), "links", blocks, {b: f"{b}–{int(b) + BLOCK - 1}" for b in blocks}))
    current = next((each.link_no for each in _listed(shop, zone) if each.kind == "explain"), "")
    with st.form("onair", clear_on_submit=True, enter_to_submit=False, border=False):
        with st.container(key="onair_links"):
            for number in range(first, first + BLOCK):
                args = (shop, zone, account, "explain", str(number))
                kind: Literal["primary", "secondary"] = "primary" if str(number) == current else "secondary"
                st.form_submit_button(str(number), key=f"onair_{number}", on_click=_press, args=args, width="stretch", type=kind)
        st.text_input(t("onair.text"), key="onair_text", placeholder=t("onair.text_hint"), max_chars=submit_onair.LONGEST, label_visibility="collapsed")
        with st.container(key="onair_kinds"):
            for what in KINDS[1:]:
                st.form_submit_button(t(f"onair.{what}"), key=f"onair_{what}", on_click=_press, args=(shop, zone, account, what), width="stretch")


def _press(shop: str, zone: str, account: str, kind: str, link_no: str = "") -> None:
    """One press; what goes wrong is said on the page in the same run."""
    text = str(st.session_state.get("onair_text") or "").strip()
    st.session_state.pop("onair_trouble", None)
    if kind == "note" and not text:
        st.session_state["onair_trouble"] = t("onair.note_empty")
        return
    try:
        _mine().insert(0, submit_onair.press(shop, zone, account, kind, link_no, text))
    except OpsError as error:
        _failed(error)


def _take_back(made: Press) -> None:
    st.session_state.pop("onair_trouble", None)
    try:
        submit_onair.take_back(made)
    except OpsError as error:
        _failed(error)
        return
    st.session_state["onair_mine"] = [each for each in _mine() if _key(each) != _key(made)]
    st.session_state.setdefault("onair_gone", []).append(_key(made))


def _failed(error: OpsError) -> None:
    st.session_state["onair_trouble"] = form_message(error) if isinstance(error, FormError) else str(error)


def _mine() -> list[Press]:
    """What this page logged, newest first: shown at once, before the figures have it."""
    mine: list[Press] = st.session_state.setdefault("onair_mine", [])
    return mine


def _key(made: Press) -> tuple[Any, ...]:
    return made.shop, made.account, made.at, made.kind


def log(shop: str, zone: str) -> None:
    """What was logged in the last hours, also by others, and the last press to take back."""
    st.fragment(_log, run_every=LOOK_S)(shop, zone)


def _log(shop: str, zone: str) -> None:
    trouble = st.session_state.get("onair_trouble")
    if trouble:
        st.error(trouble, icon=":material/error:")
    listed = _listed(shop, zone)
    if not listed:
        panels.remark(t("onair.nothing"))
        return
    mine = [each for each in _mine() if each.shop == shop]
    last = mine[0] if mine else listed[0]
    words = t("onair.undo", what=f"{last.at:%H:%M} {said(last.kind, last.link_no, last.text)}")
    st.button(words, key="onair_undo", icon=":material/undo:", on_click=_take_back, args=(last,), width="stretch")
    lines = [f"`{each.at:%H:%M:%S}` {plain(said(each.kind, each.link_no, each.text))}" for each in listed[:SHOWN]]
    with st.container(key="onair_log"):
        st.markdown("  \n".join(lines))


def _listed(shop: str, zone: str) -> list[Press]:
    """What was logged lately, newest first: what the figures hold, and this page's own that they do not hold yet."""
    since = (data.now(zone) - timedelta(hours=BACK_HOURS)).replace(minute=0, second=0, microsecond=0)  # one answer an hour to keep
    found = data.ask("live/logged", shop=shop, since=since)
    stored = [
        Press(shop, zone, str(r.account), r.at.to_pydatetime(), str(r.kind), str(r.link_no), str(r.text)) for r in found.itertuples()
    ]
    known, gone = {_key(each) for each in stored}, st.session_state.get("onair_gone", [])
    waiting = [each for each in _mine() if each.shop == shop and _key(each) not in known]
    return sorted((each for each in [*waiting, *stored] if _key(each) not in gone), key=lambda each: each.at, reverse=True)


def said(kind: str, link_no: str = "", text: str = "", title: str = "") -> str:
    """An event in words: 讲解3号链接, 换主播 小李, 福袋."""
    known = kind in (*KINDS, "pin")
    what = t("onair.explain_no", n=link_no) if kind == "explain" and link_no else t(f"onair.{kind}") if known else kind
    return " ".join(each for each in (what, title, text) if each)


def logged(row: Any, shops: tuple[str, ...] | None) -> None:
    """What happened on air in one session, in order; nothing where nobody logged and no platform told."""
    found = data.ask("live/events", session=str(row["session"]), shops=shops)
    if found.empty:
        return
    columns = {
        "at": Col(t("live.at")), "minute": Col(t("live.minute"), "count"), "what": Col(t("onair.what"), is_long=True),
        "until": Col(t("onair.until"), where="wide"),
    }  # fmt: skip
    name, of = f"live_events_{row['session']}", (str(row["session"]), shops)
    panels.table(lambda: _told(found), columns, name, title=t("onair.events"), note=t("onair.events_help"), height=260, of=of)


def _told(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "at": [f"{at:%H:%M:%S}" for at in found["at"]],
            "minute": found["minute"],
            "what": [said(r.kind, r.link_no or "", r.text or "", "" if pd.isna(r.title) else r.title) for r in found.itertuples()],
            "until": ["" if pd.isna(until) else f"{until:%H:%M}" for until in found["until"]],
        }
    )


