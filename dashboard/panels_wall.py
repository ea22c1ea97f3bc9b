"""大屏: the running session on a dark screen that refreshes itself: pace, landing, what is needed, what changes."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts_together, data, panels, wall_rows
from dashboard.charts_together import Line
from dashboard.choice import choose
from dashboard.format import DASH, change, divide, duration, exact, fmt, is_missing
from dashboard.labels import lang, t
from dashboard.parts import label
from dashboard.wall_rows import METRIC, Running
from queries.live.landing import FIGURES, LAST, NEEDED, needed

LOOK_S = 10.0  # between two looks at new figures
BACK_DAYS = 7
HIDDEN = "•••"
PALE = "#c6cfdb"  # text on the dark screen
UNITS = {"live_sales": "money", "orders": "count", "enters": "count"}
_CSS = Path(__file__).with_name("wall.css")


def is_wanted() -> bool:
    """Does the link ask for the wall (?wall=1)?"""
    return st.query_params.get("wall") == "1"


def show() -> None:
    """The wall for the session in the link, else the newest one of the shops in the link."""
    st.html(_CSS)
    with panels.guard():
        st.fragment(_screen, run_every=LOOK_S)()
    with panels.guard():
        _controls()


def _screen() -> None:
    row = _row()
    found = None if row is None else wall_rows.running(row, data.now(data.zone(str(row["shop"]))), _number("hours"))
    if row is None or found is None or found.rows.empty:
        st.html(f'<div class="db-wall"><div class="top"><b>{escape(t("wall.title"))}</b><span>{escape(t("wall.nothing"))}</span></div></div>')
        return
    figure = _figure(found)
    st.html(screen_html(found, figure, _number("goal") or wall_rows.goal(row, figure), _is_public()))
    _chart(found, figure)


def _row() -> Any:
    """The session to show, as a row of live/history; None when there is none in the last days."""
    shops = tuple(st.query_params.get_all("shop")) or None
    session = st.query_params.get("session")
    if not session:
        today = data.today(shops)
        listed = data.ask("live/sessions", day_from=today - timedelta(days=BACK_DAYS), day_to=today + timedelta(days=1), shops=shops)
        begun = [str(r.session) for r in listed.itertuples() if r.started_at <= data.now()]
        if not begun:
            return None
        session = begun[0]
    rows = data.ask("live/history", session=session, shops=shops)
    return None if rows.empty else rows.iloc[0]


def screen_html(found: Running, figure: str, goal: float | None, is_public: bool) -> str:
    """All that is written on the wall; with `is_public` no amount and no count of it is in the text."""
    main = found.rows[found.rows["figure"] == figure].iloc[0]
    money = str(found.row["currency"])
    boxes = [_sold(found, main, goal, money, is_public)]
    if found.is_running:
        boxes += [_landing(main, goal, money, is_public), _needed(found, main, goal, money, is_public)]
    rest = [_small(found, row, money, is_public) for row in found.rows.to_dict("records") if row["figure"] != figure]
    return (
        f'<div class="db-wall">{_top(found)}<div class="big">{"".join(boxes)}</div><div class="call">{_calls(found)}</div>'
        f'<div class="rest">{"".join(rest)}</div></div>'
    )


def _top(found: Running) -> str:
    row = found.row
    who = next((str(w) for w in (row["account_name"], row["title"], row["account"]) if not is_missing(w) and w), t("wall.title"))
    state = f'<em class="{"" if found.is_running else "off"}">{escape(t("wall.on_air" if found.is_running else "wall.over"))}</em>'
    lasted = t("wall.lasted", length=duration(found.minute * 60, lang()))
    words = [lasted, t("wall.data_to", at=f"{found.at:%H:%M}")]
    return f'<div class="top"><b>{escape(who)}</b>{state}{"".join(f"<span>{escape(w)}</span>" for w in words)}</div>'


def _sold(found: Running, main: Any, goal: float | None, money: str, is_public: bool) -> str:
    name, unit = _name(found, main["figure"]), UNITS[main["figure"]]
    lines = []
    if goal:
        due = goal * _share_due(found, main)
        ahead = float(main["so_far"]) / due - 1 if due > 0 else None
        shown = "" if is_public else _amount(goal, unit, money) + " · "
        reached = t("wall.reached", share=f"{float(main['so_far']) / goal:.0%}")
        lines.append(f"<i>{escape(t('wall.goal'))}</i> {escape(shown + reached)}")
        if found.is_running:
            lines.append(f'<i title="{escape(t("wall.due_tip"))}">{escape(t("wall.due"))}</i> {_change(ahead)}')
    for column in ("median_now", "best_now"):
        against = _change(change(main["so_far"], main[column]))
        lines.append(f'<i title="{escape(t("wall.same_tip", n=LAST))}">{escape(t(f"wall.{column}"))}</i> {against}')
    return _box(name, _hidden(main["so_far"], unit, money, is_public), lines, _exact(main["so_far"], unit, money, is_public))


def _share_due(found: Running, main: Any) -> float:
    """Share of a session that the account has by now as a rule; of the time where nothing is known."""
    usual = divide(main["median_now"], main["median_end"])
    linear = found.minute / max(found.length, 1)
    return linear if usual is None or main["sessions"] < NEEDED else min(usual, 1.0)


def _landing(main: Any, goal: float | None, money: str, is_public: bool) -> str:
    unit, lines = UNITS[main["figure"]], []
    if main["word"] != "ok":
        reason = t(f"wall.no_{main['word']}", n=int(main["sessions"]), needed=NEEDED)
        return _box(t("wall.landing"), t("live.few") if main["word"] == "few" else "…", [escape(reason)], t("wall.landing_tip", n=NEEDED))
    if is_public:
        usual = divide(main["middle"], main["median_end"])
        big = HIDDEN if usual is None else f"{usual:.0%}"
        lines.append(escape(t("wall.of_usual")))
    else:
        big = _amount(main["middle"], unit, money)
        band = f"{_amount(main['low'], unit, money)} – {_amount(main['high'], unit, money)}"
        lines.append(f"<i>{escape(t('wall.band'))}</i> {escape(band)}")
    if goal:
        word = "sure" if main["low"] >= goal else "hopeful" if main["middle"] >= goal else "hard" if main["high"] >= goal else "out"
        tone = "up" if word in ("sure", "hopeful") else "down"
        lines.append(f'<span class="{tone}">{escape(t(f"wall.{word}"))}</span>')
    return _box(t("wall.landing"), big, lines, t("wall.landing_tip", n=int(main["sessions"])))


def _needed(found: Running, main: Any, goal: float | None, money: str, is_public: bool) -> str:
    left, unit = found.length - found.minute, UNITS[main["figure"]]
    rest = t("wall.left", length=duration(left * 60, lang()))
    if not goal:
        return _box(t("wall.needed"), "…", [escape(t("wall.no_goal")), f"<i>{escape(rest)}</i>"], t("wall.needed_tip"))
    want, pace = needed(goal, float(main["so_far"]), left), float(main["so_far"]) / max(found.minute, 1)
    times = divide(want, pace)
    said = t("wall.done") if want == 0 else "" if times is None or is_missing(want) else t("wall.times", times=f"{times:.2f}")
    if is_public:
        big = "✓" if want == 0 else "…" if times is None or is_missing(want) else f"×{times:.2f}"
        lines = [escape(t("wall.done") if want == 0 else t("wall.times_public"))]
    else:
        big = _amount(want, unit, money)
        lines = [f'<span class="{"up" if want <= pace else "down"}">{escape(said)}</span>', f"<i>{escape(t('wall.pace'))}</i> {escape(_amount(pace, unit, money))}"]
    return _box(t("wall.needed"), big, [*lines, f"<i>{escape(rest)}</i>"], t("wall.needed_tip"))


def _small(found: Running, row: Any, money: str, is_public: bool) -> str:
    unit = UNITS[row["figure"]]
    lines = [f"<i>{escape(t('wall.median_now'))}</i> {_change(change(row['so_far'], row['median_now']))}"]
    if found.is_running and row["word"] == "ok" and not is_public:
        middle, low, high = (_amount(row[c], unit, money) for c in ("middle", "low", "high"))
        lines.append(f"<i>{escape(t('wall.landing'))}</i> {escape(f'{middle}（{low} – {high}）' if lang() == 'zh' else f'{middle} ({low} – {high})')}")
    value = escape(_hidden(row["so_far"], unit, money, is_public))
    return f'<div class="box"><div class="k">{escape(_name(found, row["figure"]))}</div><b>{value}</b>{"".join(f"<div class=s>{w}</div>" for w in lines)}</div>'


def _calls(found: Running) -> str:
    word, by, times, link = found.call
    said = []
    for item in found.items.to_dict("records"):
        said.append(("", t("wall.item", name=str(item["title"])[:24], times=f"{item['times']:.1f}")))
    if word:
        what = t("review.link", n=link) if link else t("wall.this_part")
        said.append((word, t(f"wall.{word}", what=what, by=t(f"wall.by_{by}"), times=f"{times - 1:+.0%}")))
    if not said:
        return f'<div class="quiet">{escape(t("wall.quiet"))}</div>' if found.is_running else ""
    return "".join(f'<div class="{tone}" title="{escape(t("wall.call_tip"))}">{escape(words)}</div>' for tone, words in said)


def _chart(found: Running, figure: str) -> None:
    unit, main = UNITS[figure], found.rows[found.rows["figure"] == figure].iloc[0]
    usual = data.kept("live/usual", lambda: charts_together.usual(found.past, figure), str(found.row["session"]), str(found.row["shop"]), figure)
    lines = [
        Line(t("wall.now"), found.frame), Line(t("wall.usual"), usual, is_usual=True),
        Line(t("wall.best"), charts_together.best(found.past, figure)),
    ]  # fmt: skip
    end = (found.length, main["low"], main["middle"], main["high"]) if found.is_running and main["word"] == "ok" else None
    fig = charts_together.together(
        lines, figure, unit=unit, currency=str(found.row["currency"]), lang=lang(), title=_name(found, figure), landing=end, is_public=_is_public(),
        words={"minute": t("live.minute_tick"), "landing": t("wall.landing")},
    )  # fmt: skip
    fig.update_layout(font={"color": PALE}, legend={"font": {"size": 15, "color": PALE}}, hoverlabel={"bgcolor": "#1d2736", "font": {"color": PALE}})
    panels.chart(fig, t("wall.alt"), "wall_chart")


def _controls() -> None:
    """What the wall shows, kept in the link; amounts that were typed are not drawn for the public."""
    with st.container(key="wall_controls", horizontal=True, vertical_alignment="bottom"):
        choose(t("wall.figure"), "figure", FIGURES, {f: label(METRIC[f]) for f in FIGURES})
        if not _is_public():
            st.number_input(t("wall.goal"), min_value=0.0, value=_number("goal"), key="wall_goal", on_change=_took, args=("goal",), help=t("wall.goal_tip"), width=180)
            st.number_input(t("wall.hours"), 0.5, 24.0, _number("hours"), 0.5, key="wall_hours", on_change=_took, args=("hours",), help=t("wall.hours_tip"), width=180)
        st.checkbox(t("wall.public"), _is_public(), key="wall_public", on_change=_took, args=("public",), help=t("wall.public_tip"))
        st.button(t("wall.leave"), key="wall_leave", on_click=_leave, icon=":material/close:")


def _took(what: str) -> None:
    value = st.session_state[f"wall_{what}"]
    if value:
        st.query_params[what] = "1" if value is True else f"{value:g}" if value < 1e6 else str(value)
    else:
        st.query_params.pop(what, None)


def _leave() -> None:
    for name in ("wall", "public", "goal", "hours", "figure"):
        st.query_params.pop(name, None)


def _is_public() -> bool:
    return st.query_params.get("public") == "1"


def _number(name: str) -> float | None:
    """A number of the link; None when it is not one above 0."""
    try:
        value = float(st.query_params.get(name, ""))
    except ValueError:
        return None
    return value if 0 < value < 1e12 and (name != "hours" or 0.5 <= value <= 24) else None


def _figure(found: Running) -> str:
    """The figure in the link, else the first that the session states."""
    stated = found.rows["figure"].tolist()
    wanted = st.query_params.get("figure")
    return wanted if wanted is not None and wanted in stated else str(stated[0])


def _name(found: Running, figure: str) -> str:
    return label(METRIC[figure]) + (t("review.counted") if figure == "live_sales" and found.sales_from == "orders" else "")


def _amount(value: Any, unit: str, money: str) -> str:
    rounded = value if is_missing(value) or unit == "money" else round(float(value), 0 if value >= 10 else 1)
    return fmt(rounded, unit, money, lang())


def _hidden(value: Any, unit: str, money: str, is_public: bool) -> str:
    return HIDDEN if is_public else _amount(value, unit, money)


def _exact(value: Any, unit: str, money: str, is_public: bool) -> str:
    return "" if is_public else exact(value, unit, money)


def _change(share: float | None) -> str:
    """A signed share in colour; a dash when unknown."""
    if share is None or pd.isna(share):
        return DASH
    return f'<span class="{"up" if share >= 0 else "down"}">{share:+.0%}</span>'


def _box(name: str, value: str, lines: list[str], tip: str) -> str:
    body = "".join(f'<div class="s">{line}</div>' for line in lines)
    return f'<div class="box" title="{escape(tip)}"><div class="k">{escape(name)}</div><div class="v">{escape(value)}</div>{body}</div>'
