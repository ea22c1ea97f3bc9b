"""KPI cards as HTML: value, two changes with a word for good or bad, a small curve, the month's plan line.

One element for all cards: eight cards cost one message instead of eight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard.format import exact, fmt, pct
from dashboard.labels import lang, t


@dataclass(frozen=True)
class Delta:
    """One comparison: its name, relative change (None = undefined), the value it is compared with."""

    label: str
    rate: float | None
    before: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Rail:
    """A plan line: share reached (None = not out), share of time gone, and the words under it."""

    share: float | None
    elapsed: float
    words: str


@dataclass(frozen=True)
class Kpi:
    """One card. `value` None reads `off` (未出数). good: up, down or none. spark: None is a gap."""

    label: str
    value: float | None
    unit: str
    currency: str | None = None
    good: str = "up"
    tip: str = ""
    mark: str = ""
    off: str = ""
    deltas: Sequence[Delta] = ()
    spark: Sequence[float | None] = ()
    rail: Rail | None = None
    note: str = ""


def show(kpis: Sequence[Kpi]) -> None:
    """Draw the cards in a grid that reflows down to two columns on a phone."""
    st.html(html(kpis))


def html(kpis: Sequence[Kpi]) -> str:
    """The grid of `show` as text in the reader's language; colours are the page's, so it may be kept."""
    return f'<div class="db-cards">{"".join(_card(k) for k in kpis)}</div>'


def _card(kpi: Kpi) -> str:
    mark = f"<i>{escape(kpi.mark)}</i>" if kpi.mark else ""
    if kpi.value is None:
        value = f'<div class="v off">{escape(kpi.off or t("common.not_out"))}</div>'
    else:
        whole = exact(kpi.value, kpi.unit, kpi.currency)
        value = f'<div class="v" title="{escape(whole)}">{escape(fmt(kpi.value, kpi.unit, kpi.currency, lang()))}</div>'
    deltas = "".join(_delta(d, kpi) for d in kpi.deltas)
    parts = [
        f'<div class="k" title="{escape(kpi.tip)}"><span>{escape(kpi.label)}</span>{mark}</div>',
        value,
        f'<div class="d">{deltas}</div>',
        sparkline(kpi.spark),
        _rail(kpi.rail) if kpi.rail else "",
        f'<div class="n">{escape(kpi.note)}</div>' if kpi.note else "",
    ]
    return f'<div class="db-card">{"".join(parts)}</div>'


def _delta(delta: Delta, kpi: Kpi) -> str:
    tone, word = "", ""
    if delta.rate is not None and abs(delta.rate) >= 0.0005:
        tone = "db-up" if delta.rate > 0 else "db-down"
        if kpi.good in ("up", "down"):
            word = t("common.good") if (delta.rate > 0) == (kpi.good == "up") else t("common.bad")
    elif delta.rate is not None:
        word = t("common.flat")
    hover = exact(delta.before, kpi.unit, kpi.currency) + (f" · {delta.note}" if delta.note else "")
    star = "*" if delta.note and delta.rate is not None else ""
    small = f"<small>{escape(word)}</small>" if word else ""
    return (
        f'<span title="{escape(hover)}"><u>{escape(delta.label)}</u>'
        f'<span class="{tone}">{escape(pct(delta.rate))}</span>{star}{small}</span>'
    )


def _rail(rail: Rail) -> str:
    width = 0.0 if rail.share is None else min(max(rail.share, 0.0), 1.0) * 100
    tick = min(max(rail.elapsed, 0.0), 1.0) * 100
    bar = f'<div class="rail"><b style="width:{width:.1f}%"></b><i style="left:{tick:.1f}%"></i></div>'
    return f'<div class="p">{bar}{escape(rail.words)}</div>'


def sparkline(points: Sequence[float | None], width: int = 160, height: int = 30) -> str:
    """A small line as an image (inline SVG is stripped from pages), gaps where a value is missing, a dot at the last."""
    known = [p for p in points if p is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or 1.0
    step = width / (len(points) - 1)
    runs: list[list[str]] = [[]]
    last = (0.0, 0.0)
    for place, point in enumerate(points):
        if point is None:
            runs.append([])
            continue
        last = (place * step, height - 3 - (point - low) / spread * (height - 6))
        runs[-1].append(f"{last[0]:.1f},{last[1]:.1f}")
    lines = "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="#3b78e7" stroke-width="1.6" '
        'stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
        for run in runs if len(run) > 1
    )
    dot = f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.2" fill="#3b78e7"/>'
    box = f'viewBox="-3 0 {width + 6} {height}" preserveAspectRatio="none"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{lines}{dot}</svg>'
    return f'<img class="s" alt="" src="data:image/svg+xml,{quote(svg)}">'
