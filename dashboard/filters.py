"""The row above every page: period, comparison, shops, platforms; its state lives in the link.

`view()` draws the row and returns a `View`; the arithmetic of periods is in periods.py. The link holds codes, not
labels, so it opens alike in both languages: ?period=last7&compare=year&shop=a&shop=b.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, periods, preferences
from dashboard.format import range_label
from dashboard.labels import lang, t, text
from dashboard.periods import COMPARES, PERIODS, Promotion, View

__all__ = ["View", "view"]

_FIELDS = {"period": "yesterday", "compare": "prev", "promo": "", "from": "", "to": "", "cur": ""}
_LISTS = ("shop", "platform")


def view(*, compare: bool = True, note: bool = True) -> View:
    """Draw the row and give what it says. `compare=False` leaves the comparison switch out (the View still has one).

    `note` writes the exact days under the row, with the reason when 今日 is greyed; such a page compares whole days only
    and shows each shop's own currency, and says so. Raises NoBook on an empty book.
    """
    state = _state()
    frame = data.shops()
    chosen = _chosen(frame, state)
    today = data.today(chosen)
    hour = _last_hour(today, chosen)
    if state["period"] == "today" and hour is None:
        state["period"] = "yesterday"
    promos = _promotions(chosen, today)
    with st.container(key="filters", horizontal=True, gap="small", vertical_alignment="center"):
        _segment("period", PERIODS, state)
        _dates(state, promos, today)
        if compare:
            _segment("compare", COMPARES, state)
        _shop_popover(frame, state, chosen)
        preferences.popover(_displays(), state)
    result = periods.view(
        str(state["period"]), str(state["compare"]), today, promotions=promos, promotion=str(state["promo"]),
        custom=_custom(state, today), shops=chosen, platforms=tuple(state["platform"]), display=state["cur"] or None,
        hour_to=hour,
    )
    _write_link(state)
    _grey_today(hour is None)
    st.session_state["today_off"] = hour is None
    if note:
        days(result, is_plain=True)
    return result


def _state() -> dict[str, Any]:
    """The row's state, kept per session; a link that the reader (not we) changed wins over it.

    Opening another page clears the link: then the state stays. Going back to a bare link of the same page is the
    reader's doing and means the defaults (writing the state again would trap the back button).
    """
    state: dict[str, Any] | None = st.session_state.get("view_state")
    link = {k: st.query_params.get_all(k) for k in (*_FIELDS, *_LISTS) if k in st.query_params}
    page = st.session_state.get("page")
    is_new_page = page != st.session_state.get("view_page")
    st.session_state["view_page"] = page
    if state is None or (link != st.session_state.get("view_link") and (link or not is_new_page)):
        state = {k: (link[k][0] if link.get(k) else v) for k, v in _FIELDS.items()}
        state |= {k: list(link.get(k, [])) for k in _LISTS}
        if state["period"] not in PERIODS:
            state["period"] = "yesterday"
        if state["compare"] not in COMPARES:
            state["compare"] = "prev"
        st.session_state["view_state"] = state
    return state


def _write_link(state: dict[str, Any]) -> None:
    """Put what differs from the defaults into the address, and the language with it."""
    link = {k: [str(state[k])] for k, v in _FIELDS.items() if state[k] and state[k] != v}
    link |= {k: [str(x) for x in state[k]] for k in _LISTS if state[k]}
    st.session_state["view_link"] = link
    wanted = link | {k: st.query_params.get_all(k) for k in st.query_params if k not in (*_FIELDS, *_LISTS)}
    if st.session_state.get("lang_chosen"):
        wanted["lang"] = [lang()]
    if {k: st.query_params.get_all(k) for k in st.query_params} != wanted:
        st.query_params.from_dict(wanted)


def _segment(field: str, options: tuple[str, ...], state: dict[str, Any]) -> None:
    key = f"f_{field}"
    st.session_state[key] = state[field]
    st.segmented_control(
        t(f"filter.{field}"), options, key=key, required=True, format_func=_option_label(lang()),
        label_visibility="collapsed", on_change=_took, args=(field, key),
    )


def _option_label(language: str) -> Any:
    return lambda option: text(language, f"filter.{option}")


def _took(field: str, key: str) -> None:
    value = st.session_state[key]
    st.session_state["view_state"][field] = list(value) if field in _LISTS else value


def _took_dates(key: str) -> None:
    value = st.session_state[key]
    if isinstance(value, tuple | list) and len(value) == 2:
        state = st.session_state["view_state"]
        state["from"], state["to"] = value[0].isoformat(), value[1].isoformat()


def _dates(state: dict[str, Any], promos: tuple[Promotion, ...], today: date) -> None:
    """The extra control that 大促 and 自定义 need."""
    if state["period"] == "promo" and promos:
        ids = [p.id for p in promos]
        state["promo"] = state["promo"] if state["promo"] in ids else ids[0]
        names = {p.id: p.label(lang()) for p in promos}
        st.session_state["f_promo"] = state["promo"]
        st.selectbox(
            t("filter.which_promo"), ids, key="f_promo", format_func=names.__getitem__, width=220,
            label_visibility="collapsed", on_change=_took, args=("promo", "f_promo"),
        )
    if state["period"] == "custom":
        first, last = _custom(state, today) or periods.last_days(today, 7)
        state["from"], state["to"] = first.isoformat(), last.isoformat()
        st.session_state["f_days"] = (first, last)
        st.date_input(
            t("filter.pick_days"), key="f_days", format="YYYY-MM-DD", width=230, max_value=today,
            label_visibility="collapsed", on_change=_took_dates, args=("f_days",),
        )


def _shop_popover(frame: pd.DataFrame, state: dict[str, Any], chosen: tuple[str, ...] | None) -> None:
    names = dict(zip(frame["shop"], frame["name"], strict=True))
    label = t("filter.all_shops") if chosen is None else t("filter.n_shops", n=len(chosen))
    if chosen is not None and len(chosen) == 1:
        label = names[chosen[0]]
    with st.popover(label, icon=":material/storefront:", key="shops"):
        platforms = sorted({str(p) for p in frame["platform"]})
        _pills("platform", platforms, {p: _platform(p) for p in platforms}, state)
        _pills("shop", list(names), names, state)


def _pills(field: str, options: list[str], names: dict[str, str], state: dict[str, Any]) -> None:
    key = f"f_{field}"
    st.session_state[key] = [x for x in state[field] if x in options]
    st.pills(
        t(f"filter.{field}s"), options, key=key, selection_mode="multi", format_func=lambda x: names[x],
        on_change=_took, args=(field, key),
    )


def _platform(code: str) -> str:
    try:
        return t(f"platform.{code}")
    except KeyError:
        return code


def _chosen(frame: pd.DataFrame, state: dict[str, Any]) -> tuple[str, ...] | None:
    """Shops left by both filters; None when neither narrows. Unknown names in a link are dropped."""
    state["platform"] = [p for p in state["platform"] if p in set(frame["platform"])]
    state["shop"] = [s for s in state["shop"] if s in set(frame["shop"])]
    if not state["platform"] and not state["shop"]:
        return None
    kept = frame
    if state["platform"]:
        kept = kept[kept["platform"].isin(state["platform"])]
    if state["shop"]:
        both = kept[kept["shop"].isin(state["shop"])]
        kept = both if len(both) else frame[frame["shop"].isin(state["shop"])]
    return tuple(str(s) for s in kept["shop"])


def _last_hour(today: date, chosen: tuple[str, ...] | None) -> int | None:
    """Last hour of today that any chosen shop has figures for; None without hourly data."""
    frame = data.ask("overview/last_hour", day=today, shops=chosen)
    value = frame["hour"].iloc[0] if len(frame) else None
    return None if value is None or pd.isna(value) else int(value)


def _promotions(chosen: tuple[str, ...] | None, today: date) -> tuple[Promotion, ...]:
    def make() -> tuple[Promotion, ...]:
        return periods.promotions(data.ask("overview/promotions", shops=chosen), today)

    return data.kept("overview/promotions", make, chosen, today)


def _displays() -> list[str]:
    return [str(c) for c in data.ask("overview/displays")["display"]]


def _custom(state: dict[str, Any], today: date) -> tuple[date, date] | None:
    """The days chosen, none of them after today: a link may name later ones."""
    try:
        first, last = date.fromisoformat(str(state["from"])), date.fromisoformat(str(state["to"]))
    except ValueError:
        return None
    first, last = min(first, last), max(first, last)
    return min(first, today), min(last, today)


def _grey_today(off: bool) -> None:
    """Without hourly data the 今日 option cannot be pressed (the reason stands under the row)."""
    if off:
        place = PERIODS.index("today") + 1
        st.html(f"<style>.st-key-f_period button:nth-of-type({place}){{opacity:.38;pointer-events:none}}</style>")


def days(shown: View, *, is_plain: bool = False) -> None:
    """The exact days shown and compared with, and why 今日 is greyed. `is_plain`: neither equal hours nor a display
    currency on this page."""
    language, year = lang(), shown.today.year
    now = range_label(shown.day_from, shown.day_to, language, year)
    words = t("filter.versus", range=now, before=range_label(shown.compare_from, shown.compare_to, language, year))
    if shown.hour_to is not None and is_plain:
        words = t("filter.so_far", range=now)
    elif shown.hour_to is not None:
        words += " · " + t("filter.hours", hour=shown.hour_to + 1)
    if shown.display and is_plain:
        words += " · " + t("filter.own_currency")
    off = bool(st.session_state.get("today_off"))
    st.caption(words, help=t("filter.today_off") if off else None, width="content")
