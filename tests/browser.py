"""A headless browser on the system's Chromium, for tests and for the pictures in docs/img."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("overview", "traffic", "ads", "live", "plan", "imports")
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === 'notRunning'
        && document.querySelectorAll('[data-testid="stMain"] [data-testid="stVerticalBlock"] > *').length > 0
        && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
}"""


def setup() -> ModuleType:
    """The setup script, which knows how to find the browser."""
    spec = importlib.util.spec_from_file_location("daybook_setup", ROOT / ".ci" / "setup.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; fails saying what to install when there is none."""
    path = setup().find_chromium()
    assert path, "No Chromium found. On Debian: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def settle(page: Page, seconds: float = 60) -> None:
    """Wait until the page's script has ended and nothing on it is stale."""
    page.wait_for_function(SETTLED, timeout=seconds * 1000)
    page.wait_for_timeout(300)  # charts draw after the script
    page.wait_for_function(SETTLED, timeout=seconds * 1000)


def opened_page(browser: Browser, address: str, height: int, patience_ms: int) -> Page:
    """A Chinese desk before this address, once it has settled."""
    page = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": height}).new_page()
    page.set_default_timeout(patience_ms)
    page.goto(address)
    settle(page, 120)
    return page


WRONG = '.db-error, [data-testid="stException"], [data-testid="stAlertContentError"], [role="dialog"]'


def errors_on(page: Page) -> list[str]:
    """What the page says went wrong, folded details too."""
    return [" ".join(text.split()) for text in page.locator(WRONG).all_text_contents()]
