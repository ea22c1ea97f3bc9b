"""Pages of the demo book over a real server: reruns by WebSocket, first sight in a browser, beside a bare Streamlit page."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import websockets
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.timing import Row, median

ROOT = Path(__file__).resolve().parents[2]
BARE = "import streamlit as st\nst.title('bare')\nst.button('again')\nst.write('the end')\n"
DEMO = ROOT / "data" / "demo"
RUNS, PAIRS = 15, 15
SHOWN = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return app.dataset.testScriptState === 'notRunning' && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
        && charts.every(chart => chart.querySelector('.main-svg')) && [...document.images].every(image => image.complete);
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(*command: str) -> Iterator[str]:
    """Start a server on a free port (`{port}` in the command) and wait until it answers."""
    port = free_port()
    process = subprocess.Popen([word.format(port=port) for word in command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(9000):  # the demo may have to be made first
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


async def _one_session(host: str, runs: int, page: str, query: str) -> list[float]:
    """Milliseconds from asking for a rerun to `script_finished`, the first two runs not counted."""
    times = []
    async with websockets.connect(f"ws://{host}/_stcore/stream", subprotocols=[websockets.Subprotocol("streamlit")], max_size=None) as socket_:
        for _ in range(runs + 2):
            message = BackMsg()
            message.rerun_script.page_name, message.rerun_script.query_string = page, f"lang=zh&{query}".rstrip("&")
            start = time.perf_counter()
            await socket_.send(message.SerializeToString())
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(bytes(await socket_.recv()))  # type: ignore[arg-type]
                if answer.WhichOneof("type") == "script_finished":
                    break
            times.append(1000 * (time.perf_counter() - start))
    return times[2:]


def reruns(host: str, sessions: int, page: str = "", query: str = "") -> list[float]:
    """Of so many browsers at once; page: its name in the address, query: of the link."""

    async def together() -> list[list[float]]:
        return await asyncio.gather(*(_one_session(host, RUNS, page, query) for _ in range(sessions)))

    return [value for times in asyncio.run(together()) for value in times]


def first_sight(browser: Browser, url: str, *selectors: str) -> list[float]:
    """Milliseconds until each selector is visible, medians of five openings with a warm browser cache."""
    seen: list[list[float]] = []
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.new_page()  # a tab that stays: without one each opening would start a window, whose own frame the browser loads beside the page
    for _ in range(7):
        page, times = context.new_page(), []
        start = time.perf_counter()
        page.goto(url, wait_until="commit")
        for selector in selectors:
            page.locator(selector).first.wait_for(state="visible", timeout=60_000)
            times.append(1000 * (time.perf_counter() - start))
        seen.append(times)
        page.close()
    context.close()
    return [median([times[number] for times in seen[2:]]) for number in range(len(selectors))]


def whole_sight(browser: Browser, url: str, opened: str, plain: str, ended: str) -> tuple[float, float]:
    """Milliseconds until the page's script has ended, `opened` is visible, and every chart is drawn; and of the bare page `plain`
    until `ended` is: medians of openings in turn, so that a busy minute of the machine falls on both.
    """
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.new_page()  # see first_sight
    pairs = []
    for _ in range(PAIRS + 2):
        own = _opening(context, url, opened, SHOWN)
        pairs.append((own, _opening(context, plain, ended)))
    context.close()
    return median([own for own, _ in pairs[2:]]), median([other for _, other in pairs[2:]])


def _opening(context: BrowserContext, url: str, selector: str, condition: str = "") -> float:
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(selector).first.wait_for(state="visible", timeout=60_000)
    if condition:
        page.wait_for_function(condition, timeout=60_000, polling="raf")
    took = 1000 * (time.perf_counter() - start)
    page.close()
    return took


@contextmanager
def bare() -> Iterator[str]:
    """A page of three lines, served."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.py"
        path.write_text(BARE, encoding="utf-8")
        with served(sys.executable, "-m", "streamlit", "run", str(path), "--server.port", "{port}", "--server.headless", "true") as host:
            yield host


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()


def rows(_sizes: list[int]) -> list[Row]:
    table: list[Row] = []
    with bare() as plain, served(sys.executable, "app.py", "--data", str(DEMO), "--demo", "--port", "{port}") as ours:
        for sessions, aim in ((1, 60), (16, 350)):
            own, other = median(reruns(ours, sessions)), median(reruns(plain, sessions))
            table.append(Row(f"rerun of the overview, {sessions} sessions", f"{own:.0f} ms p50", f"bare page {other:.0f} ms", f"{own / other:.1f}x", f"{aim} ms", own <= aim))
        with chromium() as browser:
            (base,) = first_sight(browser, f"http://{plain}/", "text=the end")
            cards, charts = first_sight(browser, f"http://{ours}/", "text=支付金额", ".js-plotly-plot .main-svg")
    table.append(Row("KPI cards visible", f"{cards:.0f} ms", f"bare page {base:.0f} ms", f"+{cards - base:.0f} ms", "+350 ms", cards - base <= 350))
    table.append(Row("charts and tables visible", f"{charts:.0f} ms", f"bare page {base:.0f} ms", f"+{charts - base:.0f} ms", "+600 ms", charts - base <= 600))
    return table
