"""手机查看 on the pages: the switch with its QR code for this computer, and what a phone does when its time is over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from html import escape

import segno
import streamlit as st

from dashboard import access, lan, panels
from dashboard.labels import t
from dashboard.phone import HOURS, LETTERS, SWITCH, Pass
from warehouse.errors import OpsError

POLL_MS = 4000
_SCRIPT = """<script>
if (!window.daybookPhone) {
  window.daybookPhone = true;
  const cover = document.createElement('div');
  cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;display:none;place-items:center;padding:2rem;text-align:center;font-size:1.1rem;background:Canvas;color:CanvasText';
  cover.textContent = %(lost)s;
  document.body.append(cover);
  let missed = 0;
  const look = async () => {
    try {
      const answer = await fetch('/phone/pass', { cache: 'no-store' });
      if (answer.status === 401 || answer.status === 403) { location.replace('/phone'); return; }
      missed = answer.ok ? 0 : missed + 1;
    } catch { missed += 1; }
    cover.style.display = missed > 1 ? 'grid' : 'none';
  };
  setInterval(look, %(every)d);
  document.addEventListener('visibilitychange', () => document.hidden || look());
}
</script>"""


def keep_out() -> None:
    """On a phone: go back to the passcode page when the code has ended, and cover the figures while nobody answers."""
    st.html(_SCRIPT % {"lost": json.dumps(t("phone.lost")), "every": POLL_MS}, unsafe_allow_javascript=True)


def section() -> None:
    """The switch as a part of the settings."""
    if access.seat() == access.HERE:
        panels.section(t("phone.title"), t("phone.where"))
        switch()


def popover() -> None:
    """The switch behind a button, on this computer's own pages only."""
    if access.seat() == access.HERE:
        _popover()


@st.fragment
def _popover() -> None:
    """What is behind the button is made when it is opened: looking for addresses asks the system, which may ask the network."""
    behind = st.popover(t("phone.title"), icon=":material/qr_code_2:", key="phone", on_change="rerun")
    if behind.open:
        with behind:
            switch()


def switch() -> None:
    """Off: where and for how long; on: the QR code, the code in letters, until when."""
    if access.seat() != access.HERE:
        return
    standing = SWITCH.standing()
    if standing is None:
        _off()
    else:
        _on(standing)


def _off() -> None:
    st.caption(t("phone.what"))
    known = lan.addresses()
    if not known:
        panels.remark(t("phone.no_network"))
        return
    address = st.selectbox(t("phone.address"), known, key="phone_address", help=t("phone.address_help")) if len(known) > 1 else known[0]
    hours = st.segmented_control(t("phone.hours"), HOURS, default=HOURS[-1], key="phone_hours", required=True, format_func=lambda h: t("phone.n_hours", n=h))
    st.button(t("phone.turn_on"), key="phone_on", type="primary", on_click=_turn_on, args=(address, hours or HOURS[-1]))
    _trouble()


def _on(standing: Pass) -> None:
    code = f"{standing.code[: LETTERS // 2]} {standing.code[LETTERS // 2 :]}"
    image = segno.make(standing.link, error="m").svg_data_uri(scale=6, border=4, light="white")
    until = t("phone.until", at=f"{datetime.fromtimestamp(standing.until):%m-%d %H:%M}")
    st.html(
        f'<div class="db-phone"><img src="{image}" alt="{escape(t("phone.qr"))}" width="220"><p>{escape(t("phone.scan"))}</p>'
        f'<p><b class="address">http://{escape(standing.host)}</b></p><p>{escape(t("phone.code"))} <b class="code">{escape(code)}</b></p>'
        f"<p>{escape(until)}</p></div>"
    )
    st.button(t("phone.turn_off"), key="phone_off", on_click=_turn_off)
    _trouble()
    st.caption(t("phone.plain_text"))


def _turn_on(address: str, hours: int) -> None:
    _try(lambda: SWITCH.turn_on(address, hours))


def _turn_off() -> None:
    _try(SWITCH.turn_off)


def _try(deed: Callable[[], object]) -> None:
    st.session_state.pop("phone_trouble", None)
    try:
        deed()
    except OpsError as error:
        st.session_state["phone_trouble"] = str(error)


def _trouble() -> None:
    if "phone_trouble" in st.session_state:
        st.error(st.session_state["phone_trouble"], icon=":material/error:")
