"""Many sessions of one room at once: rows for hosts and slots with the item mix held equal, and the course of its figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard import data
from dashboard.reviews import Review, review
from queries.live.against import host_at
from queries.live.equal import effects
from queries.live.trend import Trend, trend

DAYS, MOST = 84, 40  # how far back, and how many sessions at most
SLOT_HOURS = 2
FIGURES = {
    "live_sales": "money", "live_sales_per_hour": "money", "viewers": "person", "acu": "count", "avg_watch_s": "seconds", "gpm_views": "money",
    "click_to_pay_rate": "rate", "new_followers": "count",
}  # fmt: skip
COLUMNS = ["session", "host", "item", "slot", "minutes", "exposure", "sales"]


def room(row: Any) -> pd.DataFrame:
    """The sessions of the session's own room and currency in the twelve weeks up to it, newest first (rows of live/sessions)."""
    last: date = pd.Timestamp(row["day"]).date()
    found = data.ask("live/sessions", day_from=last - timedelta(days=DAYS), day_to=last, shops=(str(row["shop"]),))
    name = found["account"].fillna(found["account_name"]).fillna("")
    mine = row["account"] if not pd.isna(row["account"]) else row["account_name"]
    own = found[(name == ("" if pd.isna(mine) else mine)) & (found["currency"] == row["currency"]) & (found["started_at"] <= row["started_at"])]
    return own.head(MOST)


def equal(row: Any, of: str) -> tuple[pd.DataFrame, int, str]:
    """effects() per host or slot, how many sessions had segments and sales to go by, and the basis: online or minute."""
    return data.kept("live/equal", lambda: _equal(row, of), str(row["session"]), str(row["shop"]), of)


def _equal(row: Any, of: str) -> tuple[pd.DataFrame, int, str]:
    found = [(str(session), review(str(session), (str(row["shop"]),))) for session in room(row)["session"]]
    known = [(session, one) for session, one in found if len(one.parts) and (one.parts["origin"] == "stated").all()]
    basis = "online" if known and all((one.parts["basis"] == "online").all() for _, one in known) else "minute"
    rows = [line for session, one in known for line in _lines(session, str(row["shop"]), one, basis)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return effects(frame, of), int(frame["session"].nunique()), basis


def _lines(session: str, shop: str, one: Review, basis: str) -> list[tuple[Any, ...]]:
    """A row per explained segment with known sales."""
    sheet = data.ask("live/script", session=session, shops=(shop,))
    started = data.ask("live/history", session=session, shops=(shop,))["started_at"].iloc[0]
    curve = one.curve.assign(sold=pd.to_numeric(one.curve["live_sales"]), people=pd.to_numeric(one.curve["online"]))
    rows = []
    for part in one.parts.itertuples():
        inside = curve[curve["minute"].between(part.first, part.last) & curve["sold"].notna()]
        if basis == "online":
            inside = inside[inside["people"].notna()]
        item = str(part.item_id or part.name)
        if inside.empty or not (item or part.link_no):
            continue
        at = started + timedelta(minutes=int(part.first))
        host = host_at(one.events, int(part.first)) or _planned_host(sheet, int(part.first))
        exposure = float(inside["people"].sum()) if basis == "online" else float(len(inside))
        rows.append((session, host, item, _slot(at.hour), float(len(inside)), exposure, float(inside["sold"].sum())))
    return rows


def _planned_host(sheet: pd.DataFrame, minute: int) -> str:
    """Who the run sheet has in a minute; '' where it names nobody."""
    so_far = sheet[(sheet["minute"] <= minute) & (sheet["host"] != "")]
    return str(so_far["host"].iloc[-1]) if len(so_far) else ""


def _slot(hour: int) -> str:
    first = hour // SLOT_HOURS * SLOT_HOURS
    return f"{first:02d}:00–{first + SLOT_HOURS:02d}:00"


def trends(row: Any) -> dict[str, Trend]:
    """The trend of each figure over the room's sessions; figures that no session states are left out."""
    found = room(row).sort_values("started_at")
    at = [pd.Timestamp(v).to_pydatetime() for v in found["started_at"]]
    told = {name: trend(at, [None if pd.isna(v) else float(v) for v in found[name]]) for name in FIGURES}
    return {name: one for name, one in told.items() if one.median is not None}
