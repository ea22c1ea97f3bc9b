"""Curves over minutes as plain SVG: there with the page itself, where a chart library takes a browser most of a second to load. Pure.

Lines and bars are stretched to the width of the page, words stand beside them as text of the page, and every minute has a
strip whose hover says its figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

TALL = 1000  # height of a panel in its own units
SAFE = " /:;=,()'.-"  # what an address may hold unquoted inside double quotes
STYLE = (
    "path{vector-effect:non-scaling-stroke}.line{fill:none;stroke-width:1.3}.bold{stroke-width:2.3}.grid,.edge,.rule{stroke:rgba(128,136,148,.28);fill:none}"
    ".edge{stroke:rgba(128,136,148,.45)}.dashed{stroke-dasharray:4 3}.rule{stroke:rgba(128,136,148,.7);stroke-dasharray:2 3}"
    ".good{fill:rgba(59,120,231,.13)}.poor{fill:rgba(217,154,43,.17)}"
)


@dataclass(frozen=True)
class Drawn:
    """One row of figures, a value a minute from 0 on; None is a gap. colour: CSS; is_bar; is_bold; is_dotted."""

    name: str
    colour: str
    values: Sequence[float | None]
    is_bar: bool = False
    is_bold: bool = False
    is_dotted: bool = False


@dataclass(frozen=True)
class Panel:
    """Figures with one scale. height: pixels; top: what the upper end of the scale is called."""

    rows: Sequence[Drawn]
    height: int
    top: str


@dataclass(frozen=True)
class Stretch:
    """Minutes first to last, inclusive. tone: good, poor or ''; is_dashed: its border is inferred."""

    first: int
    last: int
    tone: str = ""
    name: str = ""
    is_dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """length: minutes drawn; ticks: minute and its words; hover: a text a minute; marks: minute and what happened; lines: minutes with a rule."""

    length: int
    ticks: Sequence[tuple[int, str]]
    hover: Sequence[str] = ()
    marks: Sequence[tuple[int, str]] = ()
    bands: Sequence[Stretch] = ()
    lines: Sequence[int] = field(default=())


def curve(panels: Sequence[Panel], axis: Axis, alt: str) -> str:
    """The panels under each other over one axis, with a legend, as HTML; every text escaped."""
    named = [row for panel in panels for row in panel.rows]
    legend = "".join(f'<span><i style="background:{row.colour}"></i>{escape(row.name)}</span>' for row in named)
    drawn = "".join(_panel(panel, axis) for panel in panels)
    marks = "".join(f'<u style="left:{_share(minute + 0.5, axis)}" title="{escape(said)}"></u>' for minute, said in axis.marks if 0 <= minute < axis.length)
    names = "".join(
        f'<em style="left:{_share((band.first + band.last + 1) / 2, axis)}">{escape(band.name)}</em>'
        for band in axis.bands if band.name and band.last + 1 - band.first >= 0.06 * axis.length
    )  # fmt: skip
    strips = "".join(f'<b title="{escape(said)}"></b>' for said in axis.hover)
    ticks = "".join(f'<s style="left:{_share(minute, axis)}">{escape(said)}</s>' for minute, said in axis.ticks)
    return (
        f'<figure class="db-curve" role="img" aria-label="{escape(alt)}"><div class="legend">{legend}</div><div class="plot">{drawn}'
        f'<div class="names">{names}</div><div class="strips">{strips}</div><div class="marks">{marks}</div></div><div class="ticks">{ticks}</div></figure>'
    )


def _panel(panel: Panel, axis: Axis) -> str:
    top = max((value for row in panel.rows for value in row.values if value is not None), default=0.0) or 1.0
    bands = "".join(_band(band) for band in axis.bands)
    rules = "".join(f'<path class="rule" d="M{minute} 0V{TALL}"/>' for minute in axis.lines if 0 < minute < axis.length)
    grid = f'<path class="grid" d="M0 {TALL // 2}H{axis.length}M0 {TALL}H{axis.length}"/>'
    rows = "".join(_row(row, top) for row in panel.rows)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {axis.length} {TALL}" preserveAspectRatio="none"><style>{STYLE}</style>{bands}{grid}{rules}{rows}</svg>'
    return f'<div class="panel" style="height:{panel.height}px"><q>{escape(panel.top)}</q><img alt="" src="data:image/svg+xml,{quote(svg, safe=SAFE)}"></div>'


def _band(band: Stretch) -> str:
    fill = f'<rect class="{band.tone}" x="{band.first}" y="0" width="{band.last + 1 - band.first}" height="{TALL}"/>' if band.tone in ("good", "poor") else ""
    edge = f'<path class="edge{" dashed" if band.is_dashed else ""}" d="M{band.first} 0V{TALL}"/>' if band.first > 0 else ""
    return fill + edge


def _row(row: Drawn, top: float) -> str:
    if row.is_bar:
        bars = "".join(f"M{minute}.1 {TALL}V{TALL * (1 - value / top):.0f}h.8V{TALL}z" for minute, value in enumerate(row.values) if value)
        return f'<path d="{bars}" fill="{row.colour}"/>'
    path, pen = [], "M"
    for minute, value in enumerate(row.values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{minute}.5 {TALL * (1 - max(value, 0.0) / top):.0f}")
        pen = "L"
    style = ' stroke-dasharray="3 3"' if row.is_dotted else ""
    return f'<path class="line{" bold" if row.is_bold else ""}" d="{"".join(path)}" stroke="{row.colour}"{style}/>'


def _share(minute: float, axis: Axis) -> str:
    return f"{100 * minute / max(axis.length, 1):.2f}%"
