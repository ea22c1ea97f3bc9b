"""下播快报: eight numbers typed when a session ends give its page and a picture at once; what the files made of them later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import access, data, panels, submit
from dashboard.choice import put
from dashboard.columns import Col
from dashboard.flash_report import TYPED, flash_report, named, said
from dashboard.format import is_missing, pct
from dashboard.labels import lang, t
from dashboard.panels_live import session_name
from dashboard.panels_report import handed_out
from dashboard.panels_typed import save, shop_names
from dashboard.picture import NoFont, picture
from dashboard.preferences import red_up
from queries import METRICS
from queries.live.flash import FIGURES, changed

LONGEST_H = 24
TYPED_FIGURES = ("viewers", "pcu", "live_sales", "orders", "new_followers", "ad_spend")


def button(shops: tuple[str, ...] | None) -> None:
    """Opens the eight numbers."""
    if st.button(t("flash.button"), icon=":material/bolt:", key="flash_open"):

        @st.dialog(t("flash.title"), width="large")
        def body() -> None:
            with panels.guard():
                form(shops)

        body()


def form(shops: tuple[str, ...] | None) -> None:
    """Which room, when, and the eight numbers."""
    names = {shop: name for shop, name in shop_names().items() if shops is None or shop in shops}
    if not names:
        panels.empty(t("onair.no_shop"))
        return
    st.caption(t("flash.help"))
    seen = data.rooms()
    order = [shop for shop in dict.fromkeys([*seen["shop"], *names]) if shop in names]
    left, right = st.columns(2)
    shop = left.selectbox(t("common.shop"), order, format_func=lambda s: names[s], key="flash_shop")
    rooms = seen[(seen["shop"] == shop) & (seen["account_name"] != "")].drop_duplicates("account_name")
    options = list(rooms["account_name"]) or [""]
    room = right.selectbox(t("onair.account"), options, format_func=lambda name: name or t("sheet.any_room"), key="flash_room")
    ids = dict(zip(rooms["account_name"], rooms["account"], strict=True))
    zone, currency = data.zone(shop), str(data.shops().set_index("shop").loc[shop, "currency"] or "CNY")
    with st.form("flash", border=True):
        typed = _fields(zone, currency)
        pressed = st.form_submit_button(t("flash.save"), type="primary", key="flash_save")
    if not pressed:
        return
    if not typed.pop("hours") or all(typed[name] is None for name in TYPED_FIGURES):
        st.error(t("flash.empty"), icon=":material/error:")
        return
    account = str(ids.get(room) or "")
    put("session", f"{typed['started_at']:%Y%m%dT%H%M%S}-{account or room or TYPED}")
    save(lambda: submit.save_rows("live_session", [{"shop": shop, "account": account, "account_name": room, "currency": currency} | typed], zone))


def _fields(zone: str, currency: str) -> dict[str, Any]:
    """Start, length and the other seven, as typed; a session that just ended began today, or yesterday before midnight."""
    now = data.now(zone)
    first = (now - timedelta(hours=4)).replace(tzinfo=None)
    one, two, three, four = st.columns(4)
    day = one.date_input(t("sheet.day"), first.date(), max_value=now.date(), format="YYYY-MM-DD", key="flash_day")
    hour = two.time_input(t("flash.start"), first.replace(minute=0, second=0, microsecond=0).time(), step=300, key="flash_time")
    hours = three.number_input(t("flash.hours"), value=None, min_value=0, max_value=LONGEST_H, step=1, key="flash_hours")
    minutes = four.number_input(t("flash.minutes"), value=None, min_value=0, max_value=59, step=1, key="flash_minutes")
    start, seconds = datetime.combine(day, hour), int(hours or 0) * 3600 + int(minutes or 0) * 60
    out: dict[str, Any] = {"started_at": start, "ended_at": start + timedelta(seconds=seconds), "duration_s": seconds, "hours": seconds}
    places = st.columns(4)
    for place, column in enumerate(TYPED_FIGURES):
        unit = FIGURES[column][1]
        words = named(column, METRICS, lang()) + (f" {currency}" if unit == "money" else "")
        step = {"min_value": 0.0, "format": "%.2f"} if unit == "money" else {"min_value": 0, "step": 1}
        out[column] = places[place % 4].number_input(words, value=None, key=f"flash_{column}", **step)
    out["avg_watch_s"] = places[2].number_input(t("flash.stay"), value=None, min_value=0, step=1, key="flash_avg_watch_s")
    return out


def show(rows: pd.DataFrame, shops: tuple[str, ...] | None) -> None:
    """Of a session that was typed: the eight figures as typed and as they are now."""
    typed = typed_of(rows, shops)
    if typed:
        _changed(rows.iloc[0], typed)


def picture_button(rows: pd.DataFrame, shops: tuple[str, ...] | None) -> None:
    """The picture of the eight figures, of any session. Not on a phone that was let in: it reads only."""
    help_words = t("flash.picture_help")
    if not access.on_phone() and st.button(t("flash.picture"), icon=":material/bolt:", type="tertiary", key="flash_picture", help=help_words):
        _picture(rows, typed_of(rows, shops))


def typed_of(rows: pd.DataFrame, shops: tuple[str, ...] | None) -> dict[str, Any]:
    """What was typed of the session; {} where nothing was."""
    found = data.ask("live/typed", session=str(rows["session"].iloc[0]), shops=shops)
    return {str(name): value for name, value in found.iloc[0].to_dict().items()} if len(found) else {}


def _changed(row: Any, typed: dict[str, Any]) -> None:
    """What was typed beside what the page counts with; before any file came there is one column only."""
    held, money = changed(typed, row), str(row["currency"])
    is_alone = str(row["sources"]) == TYPED
    lines = []
    for column, each in zip([c for c in FIGURES if not is_missing(typed[c])], held.itertuples(), strict=True):
        moved = "" if is_missing(each.difference) else t("flash.same") if abs(each.difference) < 0.005 else pct(each.share)
        now = t("flash.not_out") if is_missing(each.now) else said(each.now, each.unit, money, lang())
        lines.append({"figure": named(column, METRICS, lang()), "typed": said(each.typed, each.unit, money, lang()), "now": now, "change": moved})
    columns = {"figure": Col(t("live.figure")), "typed": Col(t("flash.typed"))}
    if not is_alone:
        columns |= {"now": Col(t("flash.now")), "change": Col(t("flash.change"))}
    panels.table(pd.DataFrame(lines), columns, f"live_flash_{row['session']}", title=t("flash.title"),
                 note=t("flash.alone" if is_alone else "flash.replaced"))  # fmt: skip


def _picture(rows: pd.DataFrame, typed: dict[str, Any]) -> None:
    @st.dialog(t("flash.picture"), width="large")
    def body() -> None:
        row = rows.iloc[0]
        name = session_name(next(rows.itertuples()))
        report = flash_report(rows, typed, name, shop_names().get(str(row["shop"]), str(row["shop"])), METRICS, lang())
        try:
            handed_out(picture(report, red_up()), f"daybook-{row['started_at']:%Y-%m-%d-%H%M}.png")
        except NoFont as error:
            panels.failed(error)

    body()
