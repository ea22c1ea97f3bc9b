"""Writing a run sheet: for any session, past or to come; blank, copied from the last one, or from a filled workbook."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, submit_script
from dashboard.labels import lang, t
from dashboard.panels_typed import save, shop_names
from dashboard.submit_script import FIELDS, SheetError
from warehouse.errors import OpsError

FROM = ("here", "copy", "file")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL = time(20, 0)  # when no session of the room is known
SHOWN_FAULTS = 5


def button(shops: tuple[str, ...] | None) -> None:
    """Opens the sheet of the next session of the room that was last on air: its usual hour, today or else tomorrow."""
    if st.button(t("sheet.button"), icon=":material/edit_note:", key="sheet_open"):
        names = [shop for shop in shop_names() if shops is None or shop in shops]
        if not names:
            panels.empty(t("onair.no_shop"))
            return
        rooms = data.rooms()
        seen = rooms[rooms["shop"].isin(names)]
        shop = str(seen["shop"].iloc[0]) if len(seen) else names[0]
        hour = seen["last_at"].iloc[0].floor("30min").time() if len(seen) else USUAL
        now = data.now(data.zone(shop))
        day = now.date() if datetime.combine(now.date(), hour) > now.replace(tzinfo=None) else now.date() + timedelta(days=1)
        opened(shop, None, datetime.combine(day, hour))


def opened(shop: str, account: str | None, at: datetime) -> None:
    """The editor over the page, with this session chosen. account None: the room last on air."""

    @st.dialog(t("sheet.title"), width="large")
    def body() -> None:
        with panels.guard():
            form(shop, account, at)

    body()


def form(shop: str, account: str | None, at: datetime) -> None:
    """The sheet of one session as a table to fill, with where its rows come from and where they go."""
    shop, account, sheet_at = _which(shop, account, at)
    found = data.ask("live/sheets", shop=shop, account=account, sheet_at=sheet_at)
    here, before = _rows(found[~found["is_before"]]), _rows(found[found["is_before"]])
    names = {"here": t("sheet.from_here" if here else "sheet.from_blank"), "copy": t("sheet.from_copy"), "file": t("sheet.from_file")}
    source = st.segmented_control(t("sheet.from"), FROM, default="here", required=True, format_func=lambda o: names[o], key="sheet_from")
    rows, mark = here, "here"
    if source == "copy":
        rows, mark = before, "copy"
        st.caption(t("sheet.copied", at=f"{found.loc[found['is_before'], 'sheet_at'].iloc[0]:%m-%d %H:%M}") if before else t("sheet.nothing_to_copy"))
    elif source == "file":
        rows, mark = _uploaded()
    edited = _editor(rows, f"sheet_{shop}_{account}_{sheet_at:%Y%m%d%H%M}_{mark}_{data.generation()}")
    with st.container(horizontal=True):
        if st.button(t("sheet.save"), type="primary", key="sheet_save"):
            _save(lambda: submit_script.save(shop, data.zone(shop), account, sheet_at, edited, here))
        name = f"daybook-{t('sheet.file')}-{sheet_at:%Y-%m-%d-%H%M}.xlsx"
        st.download_button(t("sheet.download"), lambda: submit_script.template(rows, lang()), name, XLSX, icon=":material/download:", key="sheet_xlsx", on_click="ignore")
        if here and st.button(t("sheet.remove"), key="sheet_remove"):
            _save(lambda: submit_script.remove(shop, data.zone(shop), account, sheet_at, here))


def _which(shop: str, account: str | None, at: datetime) -> tuple[str, str, datetime]:
    """Shop, account ('' where the shop has one at most) and planned start, as chosen."""
    names = shop_names()
    one, two, three, four = st.columns(4)
    shop = one.selectbox(t("common.shop"), list(names), index=list(names).index(shop), format_func=lambda s: names[s], key="sheet_shop")
    seen = data.rooms()
    rooms = [str(name) for name in dict.fromkeys(seen.loc[seen["shop"] == shop, "account_name"]) if name]
    options = rooms if len(rooms) > 1 else [""]
    options = [account, *options] if account is not None and account not in options else options
    room = two.selectbox(t("onair.account"), options, index=options.index(account) if account in options else 0, key="sheet_room",
                         format_func=lambda name: name or (rooms[0] if rooms else t("sheet.any_room")))  # fmt: skip
    day = three.date_input(t("sheet.day"), at.date(), format="YYYY-MM-DD", key="sheet_day")
    hour = four.time_input(t("sheet.start"), at.time().replace(second=0, microsecond=0), step=300, key="sheet_time")
    return shop, room, datetime.combine(day, hour)


def _rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: row[name] for name in FIELDS} for row in found.to_dict("records")]


def _uploaded() -> tuple[list[dict[str, Any]], str]:
    """The rows of the workbook that was dropped, and a mark that changes with it."""
    file = st.file_uploader(t("sheet.upload"), type=["xlsx", "xls"], key="sheet_upload")
    if file is None:
        return [], "file"
    try:
        return submit_script.read(file.name, file.getvalue()), f"file_{file.file_id}"
    except SheetError as error:
        _faults(error)
        return [], "file"


def _faults(error: SheetError) -> None:
    lines = [t(f"sheet.fault_{each.code}", where=each.where, value=each.value) for each in error.faults[:SHOWN_FAULTS]]
    more = [t("sheet.fault_more", n=len(error.faults) - SHOWN_FAULTS)] if len(error.faults) > SHOWN_FAULTS else []
    st.error("  \n".join([*lines, *more]), icon=":material/error:")


def _editor(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    frame = pd.DataFrame(rows, columns=list(FIELDS)).astype(dict.fromkeys(FIELDS[1:], "object"))
    frame["minute"] = pd.to_numeric(frame["minute"]).astype("Int64")
    number = st.column_config.NumberColumn(t("sheet.minute"), min_value=0, max_value=submit_script.LAST_MINUTE, step=1, help=t("sheet.minute_help"))
    config = {name: st.column_config.TextColumn(t(f"sheet.{name}"), max_chars=submit_script.LONGEST) for name in FIELDS[1:]}
    edited = st.data_editor(frame, num_rows="dynamic", hide_index=True, key=key, column_config={"minute": number, **config}, height=380)
    return [{name: None if pd.isna(row[name]) else row[name] for name in FIELDS} for row in edited.to_dict("records")]


def _save(submission: Any) -> None:
    try:
        save(submission)
    except SheetError as error:
        _faults(error)
    except OpsError as error:
        panels.failed(error)
