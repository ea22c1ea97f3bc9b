"""The server and its worker: who may ask, what a monitor sees, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

import app
from tests.running import Server, alive, kill, mentioning, wait_for
from warehouse.book import Book
from warehouse.shown import MARK, own, receiving, shown


def answer(scope_type: str, client: str, host: str) -> list[Message]:
    """What the middleware sends for one request; an inner application that always says 204."""
    sent: list[Message] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def receive() -> Message:
        return {"type": f"{scope_type}.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", host.encode())]
    scope = {"type": scope_type, "client": (client, 5000), "headers": headers, "path": "/", "method": "GET"}
    asyncio.run(app.LoopbackOnly(inner)(scope, receive, send))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "LOCALHOST:8501", "[::1]:8501"])
@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_this_computer_is_let_in(client: str, host: str) -> None:
    """Every name of this computer works."""
    assert answer("http", client, host)[0]["status"] == 204


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("192.168.1.20", "127.0.0.1:8501"),  # another computer that lies about the name
        ("10.0.0.5", "daybook.local"),
        ("127.0.0.1", "evil.example"),  # a web page that pointed its own name here
        ("127.0.0.1", "localhost.evil.example:8501"),
        ("127.0.0.1", ""),
        ("127.0.0.1", "127.0.0.1.evil.example"),
        ("", "localhost"),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_everybody_else_is_refused(kind: str, client: str, host: str) -> None:
    """Pages and WebSockets alike: neither a foreign address nor a foreign name gets in."""
    first = answer(kind, client, host)[0]
    if kind == "http":
        assert first["status"] == 403
    else:
        assert (first["type"], first["code"]) == ("websocket.close", 1008)


def test_a_refusal_says_what_to_do() -> None:
    """In both languages, naming the file to edit."""
    body = answer("http", "192.168.1.20", "x")[1]["body"].decode()
    assert "登录" in body and "configure login" in body and "secrets.toml.example" in body


def test_a_dead_worker_is_started_again(tmp_path: Path) -> None:
    """And again, each time after a longer pause, until the server stops; then none is left."""
    note = tmp_path / "starts"
    script = f"import time; open({str(note)!r}, 'a').write(str(time.monotonic()) + chr(10)); raise SystemExit(3)"
    keeper = app.Keeper([sys.executable, "-c", script])
    keeper.start()
    wait_for(lambda: note.exists() and len(note.read_text().split()) >= 3, 20, "three starts")
    keeper.stop()
    starts = [float(text) for text in note.read_text().split()]
    assert starts[1] - starts[0] >= app.BACK_OFF_S[0] and starts[2] - starts[1] >= app.BACK_OFF_S[1]
    assert keeper.restarts >= 2 and not keeper.alive


def test_a_deaf_worker_is_killed(tmp_path: Path) -> None:
    """A worker that does not notice the closed pipe does not outlive the server either."""
    keeper = app.Keeper([sys.executable, "-c", "import time; time.sleep(600)"])
    keeper.start()
    wait_for(lambda: keeper.alive, 10, "the process")
    assert keeper.process is not None
    keeper.stop()
    assert not alive(keeper.process.pid)


def publish_something(book: Book) -> None:
    """Just what says that a book holds a published package."""
    package = book.ensure().packages / "2026-11" / "20261101T000000000000-x-y-00000000"
    package.mkdir(parents=True)
    (package / "manifest.json").write_text("{}")
    (book.serving / "CURRENT").write_text("g1")


def test_the_demo_is_shown_only_while_ones_own_book_is_empty(tmp_path: Path) -> None:
    """The first real import opens one's own book, and a demo never takes an import."""
    mine, demo = Book(tmp_path), Book(tmp_path / "demo")
    assert shown(mine.root).root == mine.root, "no demo made: the empty book itself"
    publish_something(demo)
    (demo.root / MARK).write_text("{}")
    assert shown(mine.root).root == demo.root
    assert receiving(mine.root).root == mine.root and receiving(demo.root).root == mine.root
    publish_something(mine)
    assert shown(mine.root).root == mine.root
    assert shown(demo.root).root == demo.root, "named, it is still shown"
    assert own(demo.root).root == demo.root


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with Server(folder / "data", folder / "log") as running:
        yield running


def test_health_is_answered(server: Server) -> None:
    """A monitor sees what is shown and whether the worker lives."""
    server.wait_for_worker()
    status, body = server.get("/healthz")
    state = json.loads(body)
    assert status == 200 and state["status"] == "ok" and state["worker"] == "up"
    assert state["book"] == str(server.data.resolve())


def test_metrics_are_numbers(server: Server) -> None:
    """One name and one number a line, for Prometheus."""
    server.wait_for_worker()
    status, body = server.get("/metrics")
    assert status == 200 and all(re.fullmatch(r"daybook_\w+ (NaN|[\d.]+)", line) for line in body.splitlines())
    assert "daybook_worker_up 1" in body


def test_the_page_itself_is_answered(server: Server) -> None:
    """The shell of the page comes from the same address."""
    status, body = server.get("/")
    assert status == 200 and "<div id=\"root\">" in body


def test_a_foreign_name_is_refused_by_the_running_server(server: Server) -> None:
    """The middleware is really in front of everything, static files too."""
    for path in ("/", "/healthz", "/_stcore/health", "/_stcore/host-config"):
        assert server.get(path, Host="evil.example")[0] == 403, path


def test_it_listens_on_loopback_only(server: Server) -> None:
    """Bound to 127.0.0.1, so that another computer cannot even connect."""
    port = int(server.url.rpartition(":")[2])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_killed_worker_comes_back(server: Server) -> None:
    """SIGKILL to the worker: the server starts another, pages are answered all the while."""
    first = server.wait_for_worker()
    kill(first)
    assert server.get("/")[0] == 200
    second = server.wait_for_worker(but=first)
    assert second != first and not alive(first)


def test_a_killed_server_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGKILL to the server: its worker sees the pipe close and ends."""
    with Server(tmp_path / "data", tmp_path / "log") as running:
        worker = running.wait_for_worker()
        running.process.kill()
        running.process.wait()
        wait_for(lambda: not alive(worker), 10, "the worker to end")
    assert mentioning(str(tmp_path)) == []


def test_it_stops_when_asked(tmp_path: Path) -> None:
    """SIGTERM ends server and worker within seconds."""
    with Server(tmp_path / "data", tmp_path / "log") as running:
        running.wait_for_worker()
        started = time.monotonic()
    assert time.monotonic() - started < 10 and mentioning(str(tmp_path)) == []


def test_streamlit_run_starts_the_same_server(tmp_path: Path) -> None:
    """`streamlit run app.py` works too, with the worker beside it."""
    command = ("-m", "streamlit", "run", "app.py", "--server.port", "0")
    with Server(tmp_path / "data", tmp_path / "log", command) as running:
        running.wait_for_worker()
        assert running.get("/healthz", Host="evil.example")[0] == 403
    assert mentioning(str(tmp_path)) == []
