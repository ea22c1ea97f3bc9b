"""The 日报 button: the report of yesterday as text to copy and a picture to copy or download."""

from __future__ import annotations

import base64

import pandas as pd
import streamlit as st

from dashboard import data, panels, panels_cards, panels_overview, periods
from dashboard.format import is_missing
from dashboard.labels import lang, t
from dashboard.periods import View
from dashboard.picture import NoFont, picture
from dashboard.preferences import red_up
from dashboard.report import Report, daily_report, report_text
from queries import METRICS
from queries.overview.moved import reasons

ON_REPORT = ("sales", "visitors", "conversion_rate", "sales_per_buyer", "paid_orders", "refunds", "net_sales", "spend",
             "mer", "ad_cost_ratio", "live_sales")  # fmt: skip


def button(shown: View) -> None:
    """One press makes the report and opens it."""
    if st.button(t("report.button"), icon=":material/summarize:", type="primary", key="report"):
        _open(shown)


def make(shown: View) -> Report:
    """The report of yesterday for the shops of the page, whatever period the page shows."""
    day = periods.view("yesterday", "prev", shown.today, shops=shown.shops, display=shown.display)
    found = panels_cards.answer(day)
    late = panels_overview.late(day)
    shops = data.shops()
    names = shops["name"] if day.shops is None else shops.loc[shops["shop"].isin(day.shops), "name"]
    ages = data.ask("overview/as_of", day_to=day.day_to, shops=day.shops)["as_of"].dropna()
    sold = data.measure("sales", day.day_to.replace(day=1), day.day_to, None, shops=day.shops)
    so_far = [] if day.display else [("sales", str(r.currency), float(r.value)) for r in sold.itertuples() if not is_missing(r.value)]
    return daily_report(
        day.day_from, ("、" if lang() == "zh" else ", ").join(map(str, names)), panels_cards.without_twins(found.cards, ON_REPORT),
        reasons(found.moved, found.by_channel), late[late["state"].isin(["missing", "partial"])],
        None if ages.empty else pd.Timestamp(ages.min()).to_pydatetime(), METRICS, lang(), so_far,
    )  # fmt: skip


def _open(shown: View) -> None:
    @st.dialog(t("report.button"), width="large")
    def body() -> None:
        with panels.guard():
            report = make(shown)
            st.caption(t("report.copy_hint"))
            st.code(report_text(report), language=None, wrap_lines=True)
            try:
                png = picture(report, red_up())
            except NoFont as error:
                panels.failed(error)
                return
            handed_out(png, f"daybook-{report.day:%Y-%m-%d}.png")

    body()


def handed_out(png: bytes, name: str) -> None:
    """A picture to look at, download and copy."""
    with st.container(horizontal=True):
        st.download_button(
            t("report.download"), png, name, "image/png", icon=":material/download:", key="report_png", on_click="ignore"
        )
        _copy_button(png)
    st.image(png, width="stretch")


def _copy_button(png: bytes) -> None:
    """Puts the picture on the clipboard where the browser allows it (this machine, or https)."""
    words = [t(f"report.{key}") for key in ("copy_picture", "copied", "copy_failed")]
    code = f"""<button class="db-copy" id="db-copy">{words[0]}</button><script>
    document.getElementById('db-copy').onclick = async (press) => {{
      const bytes = Uint8Array.from(atob('{base64.b64encode(png).decode()}'), c => c.charCodeAt(0));
      try {{
        await navigator.clipboard.write([new ClipboardItem({{'image/png': new Blob([bytes], {{type: 'image/png'}})}})]);
        press.target.textContent = '{words[1]}';
      }} catch (refused) {{ press.target.textContent = '{words[2]}'; }}
    }};</script>"""
    st.html(code, unsafe_allow_javascript=True)
