"""Daybook's entry script: page frame, navigation, style. Run by app.py, or `streamlit run dashboard/main.py`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

_ROOT = Path(__file__).resolve().parent.parent
if str(_ROOT) not in sys.path:  # `streamlit run` puts dashboard/ on the path, not the project
    sys.path.insert(0, str(_ROOT))

from dashboard import access, login, panels, panels_phone, preferences, waves  # noqa: E402
from dashboard.labels import one_language, t  # noqa: E402
from dashboard.warm import PAGES, warm  # noqa: E402
from warehouse.errors import NoBook  # noqa: E402

_ICON = str(Path(__file__).with_name("icon.png"))  # a file: a named icon would be fetched from the internet
_ICONS = {
    "overview": "space_dashboard",
    "traffic": "filter_alt",
    "ads": "campaign",
    "live": "live_tv",
    "plan": "flag",
    "imports": "upload_file",
    "onair": "sensors",
}


def _script(name: str) -> Callable[[], None]:
    """A page: its module is imported when it is opened, and what goes wrong is said on it."""

    def run() -> None:
        try:
            importlib.import_module(f"dashboard.pages.{name}").render()
        except NoBook:
            panels.empty()
        except Exception as error:  # shown with its remedy, logged whole
            panels.failed(error)

    return run


def _page(name: str, *, is_hidden: bool = False) -> StreamlitPage:
    title = t("onair.nav") if name == "onair" else t(f"nav.{name}")
    return st.Page(
        _script(name), title=title, icon=f":material/{_ICONS[name]}:", url_path="home" if name == "overview" else name,
        default=name == "overview", visibility="hidden" if is_hidden else "visible",
    )  # fmt: skip


def main() -> None:
    """Draw the frame and the chosen page."""
    st.set_page_config(
        page_title=t("common.title"), page_icon=_ICON, layout="wide", initial_sidebar_state="collapsed"
    )
    warm()
    waves.ahead()
    panels.style()
    st.logo(_ICON, size="small")
    is_phone = access.on_phone()
    if is_phone:
        panels_phone.keep_out()
    else:
        login.require()
    pages = {name: _page(name) for name in (access.ON_PHONE if is_phone else PAGES)}
    st.session_state["import_page"] = pages.get("imports")
    twin = st.Page(_script("overview"), title=t("nav.overview"), url_path="overview", visibility="hidden")  # the first page's own address is "/"
    log = [] if is_phone else [_page("onair", is_hidden=True)]
    page = st.navigation([*pages.values(), *log, twin], position="top")
    st.session_state["page"] = page.url_path or "overview"
    panels.demo_mark()
    page.run()
    preferences.remember()


if __name__ == "__main__":
    with one_language():
        main()
