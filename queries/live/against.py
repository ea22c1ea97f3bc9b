"""A run sheet against what happened on air: late, early, swapped, skipped, and what nobody planned. Pure.

Both are counted in minutes since their own start, so a room that opens late is not late in every row. A planned row is what was
explained under its link number or item id; the same link explained several times goes to the rows nearest in time, each once.
Rows that keep the order of the sheet are on time within TOLERANCE minutes, else late or early; those that broke it are swapped
(as few rows as explain the order, and of these the ones furthest from their minute). What is planned past the end was not reached.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

TOLERANCE = 2
COLUMNS = (
    "minute", "until", "segment", "link_no", "item_id", "name", "host", "action", "offer", "duty",
    "word", "actual", "actual_until", "late", "on_air", "host_was", "offer_at",
)  # fmt: skip


def against(sheet: pd.DataFrame, events: pd.DataFrame, length: int) -> pd.DataFrame:
    """COLUMNS, in order of the plan, then what was explained beside it (extra, minute NULL).

    sheet: rows of live/script; events: rows of live/events; length: minutes of the session, 0 when unknown.
    word: on_time | late | early | swapped | skipped | not_reached | no_link (nothing to hold it against) | unknown (nobody
    logged and no file tells what was explained) | extra. late: minutes after the plan, negative before it.
    """
    planned = sheet.sort_values("minute", kind="stable").to_dict("records")
    windows = _windows(events, length)
    taken = _matched(planned, windows)
    swapped = _swapped(planned, windows, taken)
    rows = [_row(row, windows[taken[place]] if place in taken else None, events) for place, row in enumerate(planned)]
    for place, row in enumerate(rows):
        row["word"] = _word(row, place in swapped, bool(windows), length)
    spare = [window for at, window in enumerate(windows) if at not in set(taken.values())]
    rows += [_row(None, window, events) | {"word": "extra"} for window in spare]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _windows(events: pd.DataFrame, length: int) -> list[dict[str, Any]]:
    """What was explained, by time, each with its end where one is known."""
    if not len(events):
        return []
    shown: list[dict[str, Any]] = events[events["kind"] == "explain"].sort_values("minute", kind="stable").to_dict("records")
    for place, window in enumerate(shown):
        after = shown[place + 1]["minute"] if place + 1 < len(shown) else length or None
        end = window["minute_to"] if pd.notna(window["minute_to"]) else after
        window["end"] = None if end is None else max(int(end), int(window["minute"]))
    return shown


def _keys(row: dict[str, Any]) -> set[str]:
    """What a row may be known by: the number in its link (3号 is 3), its item."""
    link, item = str(row["link_no"] or "").strip(), str(row["item_id"] or "").strip()
    number = re.search(r"\d+", link)
    told = f"#{int(number[0])}" if number else f"#{link}"
    return ({told} if link else set()) | ({item} if item else set())


def _matched(planned: list[dict[str, Any]], windows: list[dict[str, Any]]) -> dict[int, int]:
    """Place of a planned row -> place of its window; nearest pairs first, none used twice."""
    pairs = sorted(
        (abs(int(window["minute"]) - int(row["minute"])), place, at)
        for place, row in enumerate(planned) for at, window in enumerate(windows) if _keys(row) & _keys(window)
    )  # fmt: skip
    taken: dict[int, int] = {}
    for _, place, at in pairs:
        if place not in taken and at not in taken.values():
            taken[place] = at
    return taken


def _swapped(planned: list[dict[str, Any]], windows: list[dict[str, Any]], taken: dict[int, int]) -> set[int]:
    """The rows outside the longest run that kept the order of the sheet; of several such runs the one nearest to its minutes."""
    places = sorted(taken)
    starts = [int(windows[taken[place]]["minute"]) for place in places]
    best: list[tuple[int, int, list[int]]] = []  # rows kept, minus the minutes they are off, which
    for n, place in enumerate(places):
        off = abs(starts[n] - int(planned[place]["minute"]))
        before = max((best[m] for m in range(n) if taken[places[m]] < taken[place]), key=lambda run: run[:2], default=(0, 0, []))
        best.append((before[0] + 1, before[1] - off, [*before[2], place]))
    kept = max(best, key=lambda run: run[:2], default=(0, 0, []))[2]
    return set(places) - set(kept)


def _row(row: dict[str, Any] | None, window: dict[str, Any] | None, events: pd.DataFrame) -> dict[str, Any]:
    source = row or window or {}
    out: dict[str, Any] = {name: str(source.get(name) or "") for name in ("segment", "link_no", "item_id", "host", "action", "offer", "duty")}
    title = source.get("title")
    out["name"] = str(source.get("text") or "") or (str(title) if pd.notna(title) else "")
    out |= {"minute": None, "until": None, "actual": None, "actual_until": None, "late": None, "on_air": None, "host_was": "", "offer_at": None}
    if row is not None:
        out |= {"minute": int(row["minute"]), "until": int(row["until"]) if pd.notna(row["until"]) else None}
    if window is not None:
        out |= {"actual": int(window["minute"]), "actual_until": window["end"]}
        out["on_air"] = None if window["end"] is None else window["end"] - out["actual"]
        out["late"] = None if row is None else out["actual"] - out["minute"]
        out["host_was"] = host_at(events, out["actual"])
    if out["offer"]:
        out["offer_at"] = _offer(events, out)
    return out


def host_at(events: pd.DataFrame, minute: int) -> str:
    """Who was logged as host last before or in this minute; '' when nobody was."""
    said = events[(events["kind"] == "host") & (events["minute"] <= minute) & (events["text"] != "")].sort_values("minute", kind="stable")
    return str(said["text"].iloc[-1]) if len(said) else ""


def _offer(events: pd.DataFrame, row: dict[str, Any]) -> int | None:
    """The minute in which a coupon or lucky bag was given while the row was on air (while planned, if that is not known)."""
    is_known = row["actual"] is not None
    first, end = (row["actual"], row["actual_until"]) if is_known else (row["minute"], row["until"])
    if not len(events):
        return None
    given = events[events["kind"].isin(["coupon", "lucky_bag"]) & (events["minute"] >= first)]
    given = given if end is None else given[given["minute"] < max(end, first + 1)]
    return int(given["minute"].min()) if len(given) else None


def _word(row: dict[str, Any], is_swapped: bool, is_told: bool, length: int) -> str:
    if row["late"] is not None:
        on_time = "on_time" if abs(row["late"]) <= TOLERANCE else "late" if row["late"] > 0 else "early"
        return "swapped" if is_swapped else on_time
    if length and row["minute"] >= length:
        return "not_reached"
    if not (row["link_no"] or row["item_id"]):
        return "no_link"
    return "skipped" if is_told else "unknown"
