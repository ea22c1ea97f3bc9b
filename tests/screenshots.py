"""Take the pictures in docs/img from the demo: `make screenshots`, or with names of pages to take fewer.

Every page, Chinese and English, on a desk (1280) and on a phone (390): docs/img/<page>-<lang>-<width>.png; and the 日报
as its button draws it: docs/img/report-<lang>.png.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import PAGES, chromium, errors_on, settle
from tests.running import ROOT, Server

OUT = ROOT / "docs" / "img"
DEMO = ROOT / "data" / "demo"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
WIDTHS = {1280: 860, 390: 844}
TALLEST = 3200
ADDRESS = {"overview": ""}  # the first page has no name of its own in the URL


def main() -> None:
    subprocess.run([sys.executable, "-m", "connectors", "demo", "--data", str(DEMO)], cwd=ROOT, check=True)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Server(DEMO, Path(folder) / "log") as server, chromium() as browser:
        server.wait_for_worker()
        for name in [name for name in sys.argv[1:] if name != "report"] if sys.argv[1:] else PAGES:
            for language in LANGUAGES:
                for width in WIDTHS:
                    take(browser, server.url, name, language, width)
        for language in LANGUAGES if not sys.argv[1:] or "report" in sys.argv[1:] else ():
            take_report(browser, server.url, language)


def take(browser: Browser, url: str, name: str, language: str, width: int) -> None:
    """One picture of the whole page, or of its first 3,200 pixels."""
    context = browser.new_context(locale=LANGUAGES[language], viewport={"width": width, "height": WIDTHS[width]})
    page = context.new_page()
    page.goto(f"{url}/{ADDRESS.get(name, name)}")
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(height, WIDTHS[width]), TALLEST)})
    settle(page)
    wrong = errors_on(page)
    if wrong:
        sys.exit(f"{name} ({language}, {width}) shows an error: {wrong[0]}")
    path = OUT / f"{name}-{language}-{width}.png"
    page.screenshot(path=path)
    context.close()
    slim(path)
    print(path.relative_to(ROOT), path.stat().st_size // 1024, "KB", flush=True)


def slim(path: Path) -> None:
    """A third of the bytes: 256 colours are plenty for a page."""
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def take_report(browser: Browser, url: str, language: str) -> None:
    """The picture that the 日报 button offers for download."""
    page = browser.new_context(locale=LANGUAGES[language], accept_downloads=True).new_page()
    page.goto(url)
    settle(page)
    page.locator(".st-key-report button").click()
    with page.expect_download() as download:
        page.locator(".st-key-report_png button").click()
    path = OUT / f"report-{language}.png"
    download.value.save_as(path)
    page.context.close()
    slim(path)
    print(path.relative_to(ROOT), path.stat().st_size // 1024, "KB", flush=True)


if __name__ == "__main__":
    main()
