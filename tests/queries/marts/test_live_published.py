"""A live report that starts after midnight finds the session of the evening before when it is published later."""

from __future__ import annotations

import queries
from tests.queries.facts import ROOT
from warehouse.book import Book
from warehouse.commit import open_warehouse
from warehouse.marts import load_marts
from warehouse.publish import publish
from warehouse.reader import Reader

TELL = (
    "INSERT INTO fact.live_session BY NAME SELECT 'a' AS shop, $1 AS source, '1' AS account, $2::TIMESTAMP AS started_at, "
    "TIMESTAMP '2026-11-12 02:00:00' AS ended_at, 5 AS viewers, 9 AS views, TIMESTAMP '2026-11-20' AS as_of"
)


def test_a_later_report_touches_the_night_before(book: Book) -> None:
    marts = load_marts(ROOT / "queries" / "marts")
    with book.lock(), open_warehouse(book) as con:
        con.execute("INSERT INTO fact.shop BY NAME SELECT 'a' AS shop, 'douyin' AS platform, 'CNY' AS currency")
        for source, kind, start in (
            ("rooms", "sessions", "2026-11-11 23:55:00"),
            ("detail", "session_detail", "2026-11-12 00:01:00"),
        ):
            con.execute("INSERT INTO fact.source VALUES ($1, $2, 10, NULL, 'douyin', $1, $1)", [source, kind])
            con.execute("INSERT INTO fact.package BY NAME SELECT $1 AS package, $1 AS source, 'a' AS shop, 'committed' AS state", [source])
            con.execute(TELL, [source, start])
            con.execute("INSERT INTO fact.touched VALUES ('a', $1::DATE)", [start[:10]])
            publish(book, con, marts, queries.metric_sources())
    reader = Reader(book)
    found = reader.query("SELECT CAST(day AS TEXT) AS day, sources FROM live_session")
    assert found.values.tolist() == [["2026-11-11", "detail+rooms"]]
    reader.close()
