"""The contract stub itself: it speaks HTTP as a platform does, and breaks as told."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.stub.faults import KINDS, Faults
from tests.stub.played import Played
from tests.stub.server import Call, Refused, Reply, Stub, serve_in_process
from tests.stub.world import World

ROWS = {"code": 0, "total": 3, "data": [{"id": "6910000000000000001"}, {"id": "2"}, {"id": "3"}]}


class Shop:
    """A platform with a list; `acted` counts what reached it."""

    def __init__(self) -> None:
        self.acted = 0

    def answer(self, call: Call) -> Reply:
        self.acted += 1
        if call.path == "/crash":
            raise KeyError("mistake")
        if call.query.get("size", "3") != "3":
            raise Refused("size must be 3", Reply(200, {"code": 40000, "message": "size"}))
        if call.path == "/echo":
            return Reply(200, {"query": call.query, "raw": call.raw_query, "sent": call.body.decode(), "key": call.headers.get("access-token")})
        return Reply(200, ROWS)

    def throttled(self) -> Reply:
        return Reply(200, {"code": 60000})

    def expired(self) -> Reply:
        return Reply(200, {"code": 40102})

    def server_error(self) -> Reply:
        return Reply(200, {"code": 50000})

    def short_page(self, reply: Reply) -> Reply:
        rows = reply.data()
        return Reply(200, rows | {"data": rows["data"][1:]})

    def doubled(self, reply: Reply) -> Reply:
        rows = reply.data()
        return Reply(200, rows | {"data": [*rows["data"], rows["data"][0]]})


def mount_shop(stub: Stub, name: str) -> None:
    """For a child process: mounts a Shop."""
    stub.mount(name, Shop())


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as running:
        yield running


def raw(stub: Stub, path: str, times: int = 1) -> list[bytes]:
    """What single reads of one kept-alive socket give; b"RST" where the line was reset."""
    host, port = stub.url.removeprefix("http://").split(":")
    got = []
    with socket.create_connection((host, int(port)), timeout=5) as line:
        for _ in range(times):
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            try:
                got.append(line.recv(65536))
            except ConnectionResetError:
                got.append(b"RST")
    return got


def test_a_connection_is_kept_and_each_answer_comes_in_one_piece(stub: Stub) -> None:
    """Head and body are one write: a single read has both, twice on the same socket."""
    stub.mount("shop", Shop())
    for answer in raw(stub, "/shop/list", 2):
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n") and f"Content-Length: {len(body)}".encode() in head
        assert json.loads(body) == ROWS


def test_a_call_is_given_as_it_was_sent(stub: Stub) -> None:
    """Query decoded once, the raw query beside it, header names in lower case, the body untouched."""
    base = stub.mount("shop", Shop())
    answer = requests.post(f"{base}/echo?q=a%2520b%2Bc&empty=", data="汉=字".encode(), headers={"Access-Token": "K"}, timeout=5).json()
    assert answer == {"query": {"q": "a%20b+c", "empty": ""}, "raw": "q=a%2520b%2Bc&empty=", "sent": "汉=字", "key": "K"}
    assert (stub.violations, [(call.platform, call.path, call.fault) for call in stub.calls]) == ([], [("shop", "/echo", "")])


def test_what_breaks_the_contract_is_written_down(stub: Stub) -> None:
    """A refusal is answered in the platform's words; that, a mistake of the stub and a wrong address are all violations."""
    base = stub.mount("shop", Shop())
    refused = requests.get(f"{base}/list?size=4", timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (200, 40000)
    assert requests.get(f"{base}/crash", timeout=5).status_code == 500
    assert requests.get(f"{stub.url}/other/list", timeout=5).status_code == 404
    assert requests.post(f"{base}/list", data=(part for part in (b"a", b"b")), timeout=5).status_code == 400
    assert len(stub.violations) == 4
    assert stub.violations[0] == "shop: size must be 3"
    assert "KeyError: 'mistake'" in stub.violations[1]


def refusing(error: type[Exception]) -> Callable[[str], None]:
    def check(url: str) -> None:
        with pytest.raises(error):
            requests.get(url, timeout=5).json()

    return check


def answering(status: int, body: Any = None, starts: str = "", **headers: str) -> Callable[[str], None]:
    def check(url: str) -> None:
        answer = requests.get(url, timeout=5)
        assert answer.status_code == status
        assert answer.text.startswith(starts)
        assert body is None or answer.json() == body
        assert {name: answer.headers[name.replace("_", "-")] for name in headers} == headers

    return check


SEEN: dict[str, Callable[[str], None]] = {
    "reset": refusing(requests.ConnectionError),
    "cut": refusing(requests.RequestException),
    "drip": answering(200, ROWS),
    "http_500": answering(500, starts="Internal Server Error"),
    "http_502_html": answering(502, starts="<!DOCTYPE html>", Content_Type="text/html; charset=utf-8"),
    "html_200": answering(200, starts="<!DOCTYPE html>", Content_Type="text/html; charset=utf-8"),
    "empty_200": answering(200, starts="", Content_Length="0"),
    "broken_gzip": refusing(requests.exceptions.ContentDecodingError),
    "cut_gzip": refusing(requests.exceptions.JSONDecodeError),
    "truncated_json": refusing(requests.exceptions.JSONDecodeError),
    "too_many": answering(429, Retry_After="1"),
    "too_many_page": answering(429, starts="<!DOCTYPE html>"),
    "busy_503": answering(503, {"error": "busy"}, Retry_After="1"),
    "throttled": answering(200, {"code": 60000}),
    "expired": answering(200, {"code": 40102}),
    "server_error": answering(200, {"code": 50000}),
    "short_page": answering(200, ROWS | {"data": ROWS["data"][1:]}),  # type: ignore[index]
    "doubled": answering(200, ROWS | {"data": [*ROWS["data"], ROWS["data"][0]]}),  # type: ignore[misc,index]
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_each_fault_looks_so_to_a_client(stub: Stub, kind: str, seed: int) -> None:
    """`requests` sees what the fault is called, wherever in the answer it strikes; the log names it."""
    stub.faults = Faults(seed, 1.0, kinds=[kind], drip_s=0.1)
    SEEN[kind](stub.mount("shop", Shop()) + "/list")
    assert [call.fault for call in stub.calls] == [kind]
    assert stub.violations == []


def test_broken_lines_on_a_raw_socket(stub: Stub) -> None:
    """Reset: not a byte, then RST. Cut: a part of the stated length, then RST. Truncated: the stated length is right, the JSON is not."""
    stub.mount("shop", Shop())
    stub.faults = Faults(1, 1.0, kinds=["reset"])
    assert raw(stub, "/shop/list") == [b"RST"]
    for kind in ("cut", "truncated_json", "cut_gzip"):
        stub.faults = Faults(1, 1.0, kinds=[kind])
        head, _, body = raw(stub, "/shop/list")[0].partition(b"\r\n\r\n")
        stated = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
        assert 0 < len(body) < stated if kind == "cut" else len(body) == stated
        if kind == "cut_gzip":
            with pytest.raises(EOFError):
                gzip.decompress(body)


def call(path: str = "/list", body: bytes = b"", **query: str) -> Call:
    return Call("GET", path, query, "", {}, body)


def drawn(faults: Faults, shop: Shop, request: Call) -> str:
    fault = faults.pick("shop", request.path, request, shop)
    kind = fault.kind if fault else ""
    faults.settle("shop", request.path, request, shop, kind)
    return kind


def test_the_plan_is_the_same_in_whatever_order_requests_come() -> None:
    """What befalls the n-th try of a request depends on the seed and the request, not on its neighbours."""
    requests_ = [call(page=str(page)) for page in range(40)]
    one, other, third = Faults(7, 0.5), Faults(7, 0.5), Faults(8, 0.5)
    forth = [drawn(one, Shop(), request) for request in requests_]
    back = [drawn(other, Shop(), request) for request in reversed(requests_)][::-1]
    budgeted = {"short_page", "doubled"}  # so many per endpoint, whoever comes first
    assert [(a, b) for a, b in zip(forth, back, strict=True) if a != b and not {a, b} & budgeted] == []
    assert {kind for kind in forth if kind} - budgeted
    assert forth != [drawn(third, Shop(), request) for request in requests_]


def test_a_request_fails_only_so_often_in_a_row_whatever_its_signature() -> None:
    """Two failures, then an answer, although clock, signature and token differ from try to try; another page counts for itself."""
    faults, shop = Faults(3, 1.0, kinds=["http_500"], max_in_row=2), Shop()
    tries = [call(page="1", sign=str(n), timestamp=str(n), access_token=str(n)) for n in range(6)]
    assert [drawn(faults, shop, request) for request in tries] == ["http_500", "http_500", ""] * 2
    bodies = [call(page="2", body=json.dumps({"cursor": "x", "sign": n}).encode()) for n in range(3)]
    assert [drawn(faults, shop, request) for request in bodies] == ["http_500", "http_500", ""]
    forms = [call(page="3", body=f"method=a&timestamp={n}".encode()) for n in range(3)]
    assert [drawn(faults, shop, request) for request in forms] == ["http_500", "http_500", ""]


def test_wrong_rows_come_a_few_times_per_endpoint_only() -> None:
    """A missing row fails a whole window, so many pages must not each have their own."""
    faults, shop = Faults(3, 1.0, kinds=["short_page", "doubled"], max_wrong=2), Shop()
    met = [drawn(faults, shop, call(page=str(page))) for page in range(9)]
    assert all(met[:2]) and met[2:] == [""] * 7


def test_a_relentless_endpoint_never_recovers_while_others_do() -> None:
    """However often it is asked, at whatever rate; faults that would leave a right answer are not used there."""
    faults, shop = Faults(3, 0.0, relentless=["shop/list"]), Shop()
    met = [drawn(faults, shop, call()) for _ in range(60)]
    assert all(met) and not {"drip", "short_page", "doubled"} & set(met)
    assert drawn(faults, shop, call("/token")) == ""


def test_a_fault_strikes_before_or_after_the_platform_acted(stub: Stub) -> None:
    """Of resets some lose an answer of work done, some the request; a throttle never does work; `spared` is kept."""
    shop = Shop()
    base = stub.mount("shop", shop)
    stub.faults = Faults(5, 1.0, kinds=["http_500"], max_in_row=99)
    for page in range(30):
        requests.get(f"{base}/list?page={page}", timeout=5)
    lost = sum(call.lost for call in stub.calls)
    assert shop.acted == lost and 5 < lost < 25

    stub.faults = Faults(5, 1.0, kinds=["throttled", "too_many", "expired"], max_in_row=99)
    for page in range(20):
        requests.get(f"{base}/list?page={page}", timeout=5)
    assert shop.acted == lost
    shop.spared = lambda call: {"after", "empty_200"}  # type: ignore[attr-defined]
    stub.faults = Faults(5, 1.0, kinds=["empty_200", "cut", "http_500"], max_in_row=99)
    for page in range(20):
        assert requests.get(f"{base}/list?page={page}", timeout=5).status_code == 500
    assert shop.acted == lost


def test_a_platforms_own_time_goes_on_while_pages_are_turned(stub: Stub) -> None:
    """With `tick_s` every answer finds the platform so much later, so that a list is another one on its next page; a test's clock stands."""

    class Clock(Played):
        tick_s = 2.0

        def answer(self, call: Call) -> Reply:
            return Reply(200, {"now": self.now()})

    base = stub.mount("clock", Clock(World.of(), lambda: 100.0))
    assert [requests.get(f"{base}/now", timeout=5).json()["now"] for _ in range(3)] == [100, 102, 104]


def test_a_misspelt_fault_is_refused() -> None:
    """A plan that would silently do nothing is an error."""
    with pytest.raises(ValueError, match="htp_500"):
        Faults(1, 1.0, kinds=["htp_500"])


def test_requests_wait_beside_each_other_and_are_counted() -> None:
    """Latency overlaps over connections; calls within a stretch and calls at once can be told afterwards."""
    with Stub(latency_s=0.2) as stub:
        base = stub.mount("shop", Shop())
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda page: requests.get(f"{base}/list?page={page}", timeout=5).status_code, range(4)))
        assert answers == [200] * 4 and stub.most_at_once["shop"] >= 2
        assert stub.most_within(60, "shop") == stub.most_within(60, "shop", "/list") == 4
        assert stub.most_within(60, "shop", "/other") == 0


def test_the_same_stub_in_a_process_of_its_own() -> None:
    """It answers there, and what it saw is handed over at the end."""
    with serve_in_process("tests.connectors.api.test_stub:mount_shop", latency_s=0.001, name="far") as served:
        assert requests.get(f"{served.url}/far/list", timeout=5).json() == ROWS
        requests.get(f"{served.url}/far/list?size=9", timeout=5)
    assert served.violations == ["far: size must be 3"]
    assert [(call.platform, call.path, call.fault) for call in served.calls] == [("far", "/list", "")] * 2
    assert served.most_at_once == {"far": 1}
