"""python -m queries over a real published book: formats, exit codes, order list, scopes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

import queries
from queries.__main__ import main
from tests.queries.facts import ROOT
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.marts import load_marts
from warehouse.publish import publish
from warehouse.reader import Reader


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Two shops, one order each on the 1st, and a brushing order in shop a."""
    made = Book(tmp_path_factory.mktemp("book")).ensure()
    with made.lock(), open_warehouse(made) as con:
        for shop in ("a", "b"):
            con.execute(
                "INSERT INTO fact.shop BY NAME SELECT $1 AS shop, $1 AS name, 'tmall' AS platform, 'CNY' AS currency",
                [shop],
            )
        con.execute("INSERT INTO fact.source VALUES ('list', 'orders', 10, NULL, 'tmall', '订单', 'Orders')")
        _order(con, "a", "1", 100.10, False)
        _order(con, "a", "2", 50, True)
        _order(con, "b", "3", 7.25, False)
        con.execute("INSERT INTO fact.touched SELECT DISTINCT shop, paid_at::DATE FROM fact.order_head")
        publish(made, con, load_marts(ROOT / "queries" / "marts"), queries.metric_sources())
    return made


def _order(con: duckdb.DuckDBPyConnection, shop: str, number: str, amount: float, brush: bool) -> None:
    con.execute(
        "INSERT INTO fact.order_head BY NAME SELECT $1 AS shop, 'list' AS source, $2 AS order_id, 'x' AS buyer, TIMESTAMP '2026-11-01 09:00:00' AS created_at, "
        "TIMESTAMP '2026-11-01 10:00:00' AS paid_at, $3 AS placed_amount, $3 AS paid_amount, 'CNY' AS currency, 0 AS refund_amount, 1 AS units, $4 AS is_brush, "
        "TIMESTAMP '2026-11-02 08:00:00' AS as_of, 'paid' AS status, 'p' AS package",
        [shop, number, amount, brush],
    )


def asked(book: Book, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words, "--data", str(book.root)])
    out, err = capsys.readouterr()
    return code, out, err


METRIC = ("metric", "sales", "--from", "2026-11-01", "--to", "2026-11-01")


def test_json_is_a_list_of_objects(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(book, capsys, *METRIC, "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {"currency": "CNY", "value": 107.35, "unit": "money", "basis": "支付日口径，退款前", "source": "list", "bound": "exact", "as_of": "2026-11-02T08:00:00",
         "state": "partial", "days": 1}
    ]  # fmt: skip


def test_by_shop_and_for_one_shop(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = asked(book, capsys, *METRIC, "--by", "shop", "--format", "json")
    assert [(row["shop"], row["value"]) for row in json.loads(out)] == [("a", 100.1), ("b", 7.25)]
    _, out, _ = asked(book, capsys, *METRIC, "--shop", "b", "--format", "csv")
    assert out.splitlines()[1].startswith("CNY,7.25,money")


def test_not_known_is_null(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = asked(
        book,
        capsys,
        "metric",
        "visitors",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-02",
        "--by",
        "day",
        "--format",
        "json",
    )
    assert [(row["day"], row["value"]) for row in json.loads(out)] == [("2026-11-01", None), ("2026-11-02", None)]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("metric", "gmv", "--from", "2026-11-01", "--to", "2026-11-01"), "visitors"),
        ((*METRIC, "--by", "campaign"), "day, shop, platform, channel, item"),
        (("metric", "sales", "--from", "2026-11-02", "--to", "2026-11-01"), "before"),
        (("run", "nothing/here"), "overview/shops"),
        (("run", "sources/freshness", "--param", "day_from=soon"), "DATE"),
        (("run", "sources/freshness", "--param", "wrong=1"), "wrong"),
    ],
)
def test_wrong_usage_exits_2_and_names_what_is_valid(
    book: Book, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], named: str
) -> None:
    code, out, err = asked(book, capsys, *words)
    assert (code, out) == (2, "")
    assert named in err


def test_an_empty_book_exits_1_and_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = asked(Book(tmp_path / "none"), capsys, *METRIC)
    assert code == 1
    assert "import" in err


def test_list_names_queries_and_metrics(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(book, capsys, "list", "--format", "json")
    names = {row["name"] for row in json.loads(out)}
    assert code == 0
    assert {"sales", "overview/shops", "detail/orders"} <= names


def test_the_order_list_shows_what_counts_and_what_is_left_out(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = asked(
        book,
        capsys,
        "run",
        "detail/orders",
        "--param",
        "day_from=2026-11-01",
        "--param",
        "day_to=2026-11-01",
        "--param",
        "shops=a",
        "--format",
        "json",
    )
    assert [(row["order_id"], row["flag"], row["counts"]) for row in json.loads(out)] == [
        ("1", None, True),
        ("2", "brush", False),
    ]


def test_a_scope_sees_only_its_shops_orders(book: Book) -> None:
    reader = Reader(book, ["b"])
    days = {"day_from": date(2026, 11, 1), "day_to": date(2026, 11, 1)}
    assert list(queries.run("detail/orders", reader, shops=["a", "b"], **days).shop) == ["b"]
    assert list(queries.metric(reader, "sales", date(2026, 11, 1), date(2026, 11, 1), shops=["a", "b"]).value) == [7.25]
    reader.close()
