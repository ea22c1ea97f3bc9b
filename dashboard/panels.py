"""What pages are made of: cards, sections, tables with export, charts, and the states when there is nothing to show.

All HTML of the product is written here and in cards.py; every text that comes from data is escaped.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard import data, grids, waves
from dashboard.columns import Col
from dashboard.export_menu import Frame, export, is_gathered, made
from dashboard.format import DASH, exact, fmt, is_missing, pct, range_label
from dashboard.labels import all_labels, lang, t, zone_label
from dashboard.periods import View
from dashboard.preferences import red_up
from warehouse.errors import OpsError

if TYPE_CHECKING:
    import plotly.graph_objects as go


_CSS = Path(__file__).with_name("style.css")
_LOG = logging.getLogger(__name__)
LONG_TABLE, ROW_HEIGHT = 12, 34  # rows from which a table is laid out when it is scrolled to; pixels of a row, about
SHOWN_WHOLE = 11  # letters of a cell that no width cuts off; longer ones are said whole on hover


def style() -> None:
    """The product's style sheet and the reader's up/down colours; called once per run by main.py."""
    up, down = ("red", "green") if red_up() else ("green", "red")
    st.html(f"<style>{_CSS.read_text(encoding='utf-8')}\n"
            f".stApp {{ --db-up-colour: var(--db-{up}); --db-down-colour: var(--db-{down}); }}</style>")  # fmt: skip


def demo_mark() -> None:
    """Says in the corner that the figures are the demo's."""
    if data.is_demo():
        tip, words = escape(t("common.demo_help")), escape(t("common.demo"))
        st.html(f'<div class="db-demo" title="{tip}">{words}</div>')


def section(title: str, note: str = "", tip: str = "") -> None:
    """A panel's heading with a quiet remark beside it."""
    st.html(_section(title, note, tip))


def _section(title: str, note: str, tip: str = "") -> str:
    hover = f' title="{escape(tip)}"' if tip else ""
    return f'<div class="db-section"{hover}><b>{escape(title)}</b><span>{escape(note)}</span></div>'


def as_of(shown: View) -> None:
    """One line: the weakest input's time, whose it is and in which zone; says how far it lags behind the view."""
    line, width = data.kept("overview/as_of_line", lambda: _as_of(shown), shown.day_to, shown.shops, lang())
    st.html(line, width=width)


def _as_of(shown: View) -> tuple[str, Literal["content", "stretch"]]:
    frame = data.ask("overview/as_of", day_to=shown.day_to, shops=shown.shops)
    if frame.empty or frame["last_day"].isna().all():
        return f'<div class="db-asof">{escape(t("common.as_of_none"))}</div>', "stretch"
    weakest = frame.sort_values(["last_day", "as_of"], na_position="first").iloc[0]
    who, zone = str(weakest["name"]), zone_label(str(weakest["zone"]))
    last = weakest["last_day"]
    if is_missing(last):
        words, lag = f"{who}: {t('common.no_data')}", 1
    else:
        key = "common.as_of_day" if is_missing(weakest["as_of"]) else "common.as_of"
        at = "" if is_missing(weakest["as_of"]) else f"{weakest['as_of']:%Y-%m-%d %H:%M}"
        words = t(key, at=at, day=f"{last:%Y-%m-%d}", who=who, zone=zone)
        lag = (shown.day_to - last.date()).days
    late = f'<em>{escape(t("common.as_of_stale", days=lag))}</em>' if lag > 0 and not is_missing(last) else ""
    return f'<div class="db-asof{" db-late" if lag > 0 else ""}">{escape(words)}{late}</div>', "content"


def empty(message: str = "") -> None:
    """Nothing to show: what is missing and where to get it, with a link to the import page."""
    st.html(
        f'<div class="db-empty"><b>{escape(t("common.empty_title"))}</b>'
        f"<p>{escape(message or t('common.empty_book'))}</p></div>"
    )
    page = st.session_state.get("import_page")
    if page is not None:
        try:
            st.page_link(page, label=t("common.go_import"), icon=":material/upload_file:")
        except (StreamlitAPIException, KeyError):  # not part of this navigation (single-page tests)
            _LOG.debug("no import page to link to")


def nothing_in(shown: View) -> str:
    """The message for a period without any figure."""
    return t("common.empty_range", range=range_label(shown.day_from, shown.day_to, lang(), shown.today.year))


def note(message: str) -> None:
    """A quiet box where a panel has nothing to show: what is missing and what brings it."""
    st.html(f'<div class="db-note"><p>{escape(message)}</p></div>')


def remark(message: str) -> None:
    """A quiet line under a panel."""
    st.html(f'<div class="db-asof">{escape(message)}</div>')


def failed(error: Exception, title: str = "") -> None:
    """An error with its remedy; unknown errors keep their detail folded and are logged whole. `title`: what failed.

    A kind of error that has words of its own in the reader's language says them first.
    """
    title = title or t("common.error_title")
    if isinstance(error, OpsError):
        key = f"error.{type(error).__name__}"
        words, detail = (t(key), str(error)) if key in all_labels() and lang() != "en" else (str(error), "")
        more = f'<p class="m">{escape(detail)}</p>' if detail else ""
        st.html(f'<div class="db-error"><b>{escape(title)}</b><p>{escape(words)}</p>{more}</div>')
        return
    _LOG.exception("panel failed", exc_info=error)
    st.html(
        f'<div class="db-error"><b>{escape(title)}</b><p>{escape(t("common.error_unknown"))}</p>'
        f"<details><summary>{escape(t('common.error_more'))}</summary>"
        f"<code>{escape(type(error).__name__)}: {escape(str(error)[:600])}</code></details></div>"
    )


@contextmanager
def guard() -> Iterator[None]:
    """Keep one failing panel from taking the page down: `with panels.guard(): …`."""
    try:
        yield
    except Exception as error:  # shown and logged; Streamlit's own stops are BaseException
        failed(error)


def chart(fig: go.Figure, alt: str, key: str) -> None:
    """A plotly figure in the page's theme; `alt` says in words what it shows."""
    waves.before_chart()
    st.plotly_chart(
        fig, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
    )


def table(df: Frame, columns: Mapping[str, Col], name: str, *, title: str = "", note: str = "", of: Hashable = None, height: int = 0) -> None:
    """A short table (up to about 50 rows) in short numbers with exact values on hover, heading and export.

    `of`: all that decides what `df` and `columns` hold beside the book and the language; then the table is written
    once per generation. `height`: pixels above which it scrolls inside itself.

    columns: {column of df: Col}; exports carry the same columns under their headings, exact.
    """

    def written() -> str:
        return _table_html(made(df), columns, height)

    head = ""
    if is_gathered():  # one element instead of two
        head = _section(title, note)
        export(_exported(df, columns), name, title)
    else:
        heading(title, df, columns, name, note)
    st.html(head + (written() if of is None else data.kept(f"table/{name}", written, of, lang())))


def grid(
    df: Frame, columns: Mapping[str, Col], name: str, *, title: str = "", note: str = "", height: int = 420, of: Hashable = None
) -> None:  # fmt: skip
    """A long table that sorts, searches and scrolls inside itself, with exact numbers, heading and export; `of` as in `table`."""
    heading(title, df, columns, name, note)
    shown, config, length = grid_parts(df, columns) if of is None else kept_grid(df, columns, name, of)
    st.dataframe(
        shown, hide_index=True, height=min(height, 38 + 35 * max(length, 1)), column_config=config, placeholder=DASH
    )


def kept_grid(df: Frame, columns: Mapping[str, Col], name: str, of: Hashable, *, is_short: bool = False) -> tuple[Any, dict[str, Any], int]:
    """`grid_parts`, made once per generation and reader's choice; `of` as in `table`."""
    return data.kept(f"grid/{name}", lambda: grid_parts(df, columns, is_short=is_short), of, lang(), red_up())


def grid_parts(df: Frame, columns: Mapping[str, Col], *, is_short: bool = False) -> tuple[Any, dict[str, Any], int]:
    """What a scrolling table is given: numbers that sort (rates in percent), written as people read them, the
    settings of its columns, and how many rows it has. `is_short` writes 12.3万 instead of every digit."""
    frame = made(df)
    columns = {name: col for name, col in columns.items() if col.where != "export"}
    shown = frame[list(columns)].copy()
    for column, col in columns.items():
        if col.unit not in ("text", "day"):
            shown[column] = pd.to_numeric(shown[column]).astype(float) * (100 if col.unit == "rate" else 1)
    is_styled = len(frame) <= grids.MOST_ROWS
    config = {column: column_config(col, is_styled) for column, col in columns.items()}
    return (grids.styled(frame, shown, columns, is_short=is_short) if is_styled else shown), config, len(frame)


def heading(title: str, df: Frame, columns: Mapping[str, Col], name: str, note: str = "") -> None:
    """Title on the left, export on the right."""
    titled(title, note, _exported(df, columns), name)


def _exported(df: Frame, columns: Mapping[str, Col]) -> Frame:
    return lambda: made(df)[list(columns)].rename(columns={c: col.label for c, col in columns.items()})


def titled(title: str, note: str, out: Frame, name: str, tip: str = "") -> None:
    """A panel's heading on the left and the export of `out` (its columns are headings already) on the right."""
    alone = nullcontext() if is_gathered() else st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    with alone:
        section(title, note, tip)
        export(out, name, title)


def column_config(col: Col, is_styled: bool = False) -> Any:
    """How the scrolling table shows a column of this unit; `is_styled`: its cells are written already."""
    if col.unit == "day":
        return st.column_config.DateColumn(col.label, format="YYYY-MM-DD")
    if col.unit == "text":
        return st.column_config.TextColumn(col.label)
    if is_styled:
        return st.column_config.NumberColumn(col.label)
    formats = {"rate": "%.2f%%", "money": "accounting", "ratio": "%.2f", "hours": "%.1f"}
    return st.column_config.NumberColumn(col.label, format=formats.get(col.unit, "localized"))


def _table_html(df: pd.DataFrame, columns: Mapping[str, Col], height: int) -> str:
    columns = {name: col for name, col in columns.items() if col.where != "export"}
    heads = "".join(_tag("th", escape(c.label), _align(c)) for c in columns.values())
    widest = {
        k: max((abs(float(v)) for v in df[k] if not is_missing(v)), default=0.0) for k, c in columns.items() if c.bar
    }
    rows = "".join(
        f"<tr{_row_class(record)}>"
        + "".join(_cell(record, k, c, widest.get(k, 0.0)) for k, c in columns.items())
        + "</tr>"
        for record in _records(df)
    )
    body = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    tall = (len(df) + 1) * ROW_HEIGHT
    is_late = len(df) >= LONG_TABLE
    style = (f"max-height:{height}px;" if height else "") + (f"--tall:{min(tall, height or tall)}px" if is_late else "")
    return _tag("div", f'<table class="db-table n">{body}</table>', "db-scroll late" if is_late else "db-scroll", style=style)


def _records(df: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows as dictionaries; much quicker than DataFrame.to_dict for a few rows."""
    names = [str(name) for name in df.columns]
    yield from (dict(zip(names, row, strict=True)) for row in zip(*(df[name].tolist() for name in names), strict=True))


def _row_class(record: Mapping[Any, Any]) -> str:
    return "" if "_head" not in record else ' class="h"' if record["_head"] else ' class="sub"'


def _align(col: Col) -> str:
    side = "l" if col.unit in ("text", "day") else ""
    return f"{side}{' w' if col.where == 'wide' else ''}{' long' if col.is_long else ''}"


def _cell(record: Mapping[Any, Any], column: str, col: Col, widest: float) -> str:
    value = record[column]
    if col.unit in ("text", "day"):
        words = "" if is_missing(value) else (f"{value:%Y-%m-%d}" if col.unit == "day" else str(value))
        return _tag("td", escape(words), _align(col), words if len(words) > SHOWN_WHOLE else "")
    currency, unit = col.currency_of(record), col.unit_of(record)
    words = pct(value) if col.tone and unit == "rate" else fmt(value, unit, currency, lang(), signed=bool(col.tone))
    tone = ""
    if col.tone and not is_missing(value) and float(value) != 0:
        tone = " db-up" if float(value) > 0 else " db-down"
    share = abs(float(value)) / widest * 100 if col.bar and widest and not is_missing(value) else 0
    kind, hover = f"{_align(col)}{tone}{' bar' if share else ''}", exact(value, unit, currency)
    return _tag("td", escape(words), kind, hover if hover != words else "", f"--w:{share:.1f}%" if share else "")


def _tag(name: str, body: str, kind: str, hover: str = "", style: str = "") -> str:
    """An element; an attribute that says nothing is left out, since a browser checks each one of every cell of a page."""
    facts = {"class": kind.strip(), "style": style, "title": hover}
    return f"<{name}" + "".join(f' {fact}="{escape(value)}"' for fact, value in facts.items() if value) + f">{body}</{name}>"
