"""The mapping page: a file nobody knows, what is in it, which column fills what; kept, and used from then on."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import panels, submit
from dashboard.labels import lang, t
from dashboard.panels_typed import CURRENCIES
from dashboard.uploads import Upload

SAMPLE_ROWS = 8
SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\b")
EXAMPLE = date(2026, 11, 30)


def draw(upload: Upload) -> None:
    """Ask what the file is; on saving, the upload is looked at again with the mapping."""
    st.info(t("imports.map_title"), icon=":material/schema:")
    head = _sheet(upload)
    st.caption(t("imports.map_sample"))
    rows = pd.DataFrame(head.rows[:SAMPLE_ROWS], columns=head.headers, dtype="string")
    st.dataframe(rows, hide_index=True, height=38 + 35 * min(len(head.rows), 5))
    presets = submit.presets.presets()
    guess = submit.presets.best_preset(head.headers)
    left, right = st.columns(2)
    preset = left.selectbox(
        t("imports.map_table"), list(presets), index=list(presets).index(guess), key=f"mp_{upload.key}_{head.sheet}",
        format_func=lambda p: presets[p]["label"][lang()],
    )  # fmt: skip
    name = right.text_input(
        t("imports.map_name"), f"my_{preset}", help=t("imports.map_name_help"), key=f"mn_{upload.key}_{preset}"
    )
    chosen = _columns(upload, preset, head.headers)
    left, right = st.columns(2)
    forms = list(submit.presets.DATE_FORMATS)
    likely = date_form([row[head.headers.index(h)] for h in chosen.values() if h in head.headers for row in head.rows])
    date_format = left.selectbox(
        t("imports.map_date_format"), forms, index=forms.index(likely), key=f"md_{upload.key}_{likely}",
        format_func=lambda form: f"{EXAMPLE:{form}}" if form else t("imports.map_date_auto"),
    )  # fmt: skip
    currency = right.selectbox(t("forms.currency"), CURRENCIES, key=f"mc_{upload.key}")
    gone = submit.presets.missing(preset, chosen)
    if gone:
        words = [presets[preset]["columns"][column][lang()] for column in gone]
        st.caption(f":orange[{t('imports.map_missing', columns=t('imports.comma').join(words))}]")
    if st.button(t("imports.map_look"), type="primary", disabled=bool(gone), key=f"ml_{upload.key}"):
        with panels.guard():
            upload.mapping = submit.presets.mapping(preset, name.strip(), chosen, currency=currency, date_format=date_format)
            submit.look(upload)
            st.rerun()


def date_form(cells: list[str]) -> str:
    """Day or month first, where the cells that look like 9/14/2014 settle it; '' where they do not."""
    found = [(int(m[1]), int(m[2])) for cell in cells if (m := SLASHED.match(str(cell)))]
    if any(second > 12 for _, second in found) and all(first <= 12 for first, _ in found):
        return "%m/%d/%Y"
    if any(first > 12 for first, _ in found) and all(second <= 12 for _, second in found):
        return "%d/%m/%Y"
    return ""


def _sheet(upload: Upload) -> submit.Head:
    """The sheet to map: the only one, or the one chosen."""
    sheets: list[submit.Head] = upload.report
    names = [head.sheet for head in sheets]
    if len(names) == 1:
        return sheets[0]
    picked = st.selectbox(t("imports.map_sheet"), range(len(names)), format_func=lambda n: names[n], key=f"ms_{upload.key}")
    return sheets[picked]


def _columns(upload: Upload, preset: str, headers: list[str]) -> dict[str, str]:
    """Column -> header as chosen, likely ones filled in."""
    columns = submit.presets.presets()[preset]["columns"]
    likely = submit.presets.suggest(preset, headers)
    options = ["", *headers]
    chosen: dict[str, str] = {}
    for place, (name, column) in enumerate(columns.items()):
        if place % 3 == 0:
            row = st.columns(3)
        label = column[lang()] + (" *" if column.get("needed") else "")
        index = options.index(likely[name]) if likely.get(name) in options else 0
        chosen[name] = row[place % 3].selectbox(
            label, options, index=index, key=f"mm_{upload.key}_{preset}_{name}", format_func=lambda h: h or t("imports.map_none")
        )
    return chosen
