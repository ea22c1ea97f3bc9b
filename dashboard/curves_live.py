"""A session's minutes, and sessions beside each other, as light SVG curves; the same figures as charts_live and charts_together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from dashboard.axes import GREY, PALETTE
from dashboard.charts_live import COLOURS, every_minute, groups, hover_clock, ticks
from dashboard.charts_review import Band, Mark
from dashboard.charts_together import Line
from dashboard.curve_svg import Axis, Drawn, Panel, Stretch, curve
from dashboard.format import exact, fmt, is_missing
from queries.live.landing import Floats

TALLEST, OTHER = 210, 110  # pixels of the first panel, of the others


def minute_curve(
    df: pd.DataFrame, bands: Sequence[Band], marks: Sequence[Mark], *, started_at: datetime, names: Mapping[str, str], words: Mapping[str, str],
    currency: str | None, lang: str, alt: str,
) -> str:  # fmt: skip
    """People, clicks and orders, sales, over one axis, with segments and what happened on air. df, names, words: as charts_live.minute_curve."""
    frame = every_minute(df)
    step = max(int(frame["minute"].diff().dropna().min()), 1) if len(frame) > 1 else 1
    base = int(frame["minute"].min())
    shown = groups(frame)
    panels = [
        Panel([_drawn(frame, column, names[column], COLOURS[column]) for column in group], OTHER if place else TALLEST, _top(frame, group, currency, lang))
        for place, group in enumerate(shown)
    ]  # fmt: skip

    def at(minute: int) -> int:
        return (minute - base) // step

    axis = Axis(
        len(frame), [(at(minute), said) for minute, said in ticks(frame, started_at, words)], _hover(frame, shown, started_at, names, words, currency),
        [(at(mark.minute), mark.text) for mark in marks],
        [Stretch(max(at(band.first), 0), min(at(band.last), len(frame) - 1), band.word, band.name, band.is_inferred) for band in bands],
        [at(1440 - started_at.hour * 60 - started_at.minute)],
    )  # fmt: skip
    return curve(panels, axis, alt)


def _drawn(frame: pd.DataFrame, column: str, name: str, colour: str) -> Drawn:
    values = [None if is_missing(v) else float(v) for v in frame[column]]
    return Drawn(name, colour, values, is_bar=column in ("live_sales", "orders"), is_bold=column == "online")


def _top(frame: pd.DataFrame, group: Sequence[str], currency: str | None, lang: str) -> str:
    most = max(float(pd.to_numeric(frame[column]).max()) for column in group)
    return fmt(most, "money" if list(group) == ["live_sales"] else "count", currency, lang)


def _hover(
    frame: pd.DataFrame, shown: Sequence[Sequence[str]], started_at: datetime, names: Mapping[str, str], words: Mapping[str, str], currency: str | None
) -> list[str]:  # fmt: skip
    columns = [column for group in shown for column in group]
    said = []
    for record in frame[["minute", *columns]].to_dict("records"):
        figures = (f"{names[c]} {exact(record[c], 'money' if c == 'live_sales' else 'count', currency)}" for c in columns)
        said.append("\n".join([hover_clock(started_at, int(record["minute"]), words), *figures]))
    return said


def together(drawn: Sequence[tuple[Line, Floats]], *, unit: str, currency: str | None, lang: str, minute: str, alt: str) -> str:
    """One line a session. drawn: charts_together.value_lines; minute: "{n}′"."""
    colours = iter(PALETTE)
    rows = [
        Drawn(line.name, GREY if line.is_usual else next(colours), [None if np.isnan(v) else float(v) for v in values], is_bold=not line.is_usual, is_dotted=line.is_usual)
        for line, values in drawn
    ]
    length = max(len(row.values) for row in rows)
    most = max((value for row in rows for value in row.values if value is not None), default=0.0)
    hover = [
        "\n".join([minute.format(n=at), *(f"{row.name} {exact(row.values[at], unit, currency)}" for row in rows if at < len(row.values))]) for at in range(length)
    ]
    marks = [(at, minute.format(n=at)) for at in range(0, length, 30 if length <= 240 else 60)]
    return curve([Panel(rows, TALLEST + 60, fmt(most, unit, currency, lang))], Axis(length, marks, hover), alt)
