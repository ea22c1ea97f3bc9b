"""The table in which people type their campaigns: a line per phase, with the shop it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, submit
from dashboard.labels import t
from dashboard.panels_typed import save, shop_names

COLUMNS = ("name", "phase", "day", "day_to", "shop")
LINES = 200


def editor() -> None:
    """Typed campaigns, newest first, in a fold; saved as a package."""
    with st.expander(t("promo.type"), icon=":material/edit_calendar:"):
        st.caption(t("promo.type_help"))
        before = typed(data.ask("promotion/phases"))
        edited = st.data_editor(
            before, key=f"campaigns_{data.generation()}", num_rows="add", hide_index=True, placeholder="",
            column_order=COLUMNS, column_config=_columns(),
        )  # fmt: skip
        if st.button(t("forms.save"), type="primary", key="campaigns_save"):
            rows = changes(before, edited)
            save(lambda: submit.save_promotions(rows), bool(rows))


def _columns() -> dict[str, Any]:
    config, shops = st.column_config, shop_names()
    return {
        "name": config.TextColumn(t("promo.name"), required=True),
        "phase": config.TextColumn(t("promo.phase"), default=""),
        "day": config.DateColumn(t("promo.first"), format="YYYY-MM-DD", required=True),
        "day_to": config.DateColumn(t("promo.last"), format="YYYY-MM-DD", required=True),
        "shop": config.SelectboxColumn(t("common.shop"), options=["", *shops], format_func=lambda shop: shops.get(str(shop), str(shop)), default=""),
    }


def typed(stored: pd.DataFrame) -> pd.DataFrame:
    """The answer of promotion/phases as the editor shows it: newest first, days as dates, promotion is the line's id."""
    frame = stored[["promotion", *COLUMNS]].copy()
    for column in ("day", "day_to"):
        frame[column] = pd.to_datetime(frame[column]).dt.date if len(frame) else pd.Series(dtype="object")
    return frame.sort_values("day", ascending=False, kind="stable").head(LINES).reset_index(drop=True)


def changes(before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    """What to store: new lines with an id of their own, changed lines under the id they have."""
    known = {str(line["promotion"]): _line(line) for line in before.to_dict("records")}
    rows, taken = [], set(known)
    for record in after.to_dict("records"):
        line, ident = _line(record), _text(record.get("promotion"))
        if known.get(ident) == line:
            continue
        if not ident:
            ident = _free("-".join(str(line[part]) for part in ("name", "phase", "day", "shop") if line[part]), taken)
            taken.add(ident)
        rows.append({"promotion": ident, **line})
    return rows


def _line(record: dict[Any, Any]) -> dict[str, Any]:
    """Cells as stored; an empty last day is the first one's."""
    first, last = _day(record.get("day")), _day(record.get("day_to"))
    return {"name": _text(record.get("name")), "phase": _text(record.get("phase")), "day": first, "day_to": last or first, "shop": _text(record.get("shop"))}


def _free(ident: str, taken: set[str]) -> str:
    n, found = 1, ident
    while found in taken:
        n += 1
        found = f"{ident}-{n}"
    return found


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
