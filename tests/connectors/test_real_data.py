"""Public data comes in through saved mappings and matches its truth.json, computed elsewhere with pandas."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.files import interpretation, seal
from connectors.files.mapping import layout_of, read_mapping, saved_mappings
from warehouse.book import Book
from warehouse.commit import Outcome, commit, open_warehouse

MAPPINGS = Path(__file__).resolve().parents[1] / "fixtures" / "mappings"


def bring(book: Book, path: Path, mapping: str | None, shop: str = "real") -> Outcome:
    """Import one file, with a mapping file or with what the book remembers."""
    raw = read_mapping(MAPPINGS / f"{mapping}.toml") if mapping else None
    manifest = seal(book, path, shop=shop, mapping=raw).manifest
    with book.lock(), open_warehouse(book) as con:
        return commit(con, book, manifest, interpretation(manifest, book))


def ask(book: Book, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(book.warehouse), read_only=True) as con:
        return con.execute(f"USE fact; {sql}").fetchall()


def truth(shared: Path, folder: str) -> tuple[Path, dict[str, Any]]:
    path = shared / "data" / folder
    return path, json.loads((path / "truth.json").read_text(encoding="utf-8"))


def test_online_retail_year(book: Book, shared: Path) -> None:
    """541,909 invoice lines: sales, orders, buyers and cancellations, also by month."""
    path, want = truth(shared, "online_retail_uci")
    assert bring(book, path / "online_retail_all.csv.gz", "online_retail").quarantined == 0
    check_retail(book, want, list(want["by_month"]))


@pytest.mark.slow
def test_online_retail_daily_files(book: Book, shared: Path) -> None:
    """The 20 raw December files, one by one through the remembered mapping, are December's month."""
    path, want = truth(shared, "online_retail_uci")
    files = [file for file in sorted((path / "by-day").glob("*.csv")) if file.name.startswith("2010-12")]
    for number, file in enumerate(files):
        assert bring(book, file, "online_retail" if not number else None).quarantined == 0
    check_retail(book, None, [month for month in want["by_month"] if month["m"] == "2010-12"])


def check_retail(book: Book, want: dict[str, Any] | None, months: list[dict[str, Any]]) -> None:
    paid_only = "FILTER (paid_at IS NOT NULL)"
    figures = f"count(*), count(paid_at), sum(paid_amount) {paid_only}, count(DISTINCT buyer) {paid_only}"
    heads = ask(book, f"SELECT strftime(created_at, '%Y-%m') m, {figures} FROM order_head GROUP BY 1 ORDER BY 1")
    lost = dict(ask(book, "SELECT strftime(done_at, '%Y-%m'), sum(amount) FROM refund GROUP BY 1"))
    for month, (name, orders, paid, sales, buyers) in zip(months, heads, strict=True):
        assert (name, orders, paid) == (month["m"], month["orders"], month["orders_with_positive_sale"])
        assert float(sales) == pytest.approx(month["gross_sales"], abs=0.01)
        assert float(-lost[name]) == pytest.approx(month["cancel_amount"], abs=0.01)
        assert buyers == month["known_buyers"]
    if want:
        totals = ask(book, "SELECT count(*), count(paid_at), sum(paid_amount), count(DISTINCT buyer) FILTER (paid_at IS NOT NULL) FROM order_head")[0]
        assert totals == (want["orders"], want["orders_with_positive_sale"], Decimal("10655622.4840"), want["known_buyers"])
        assert ask(book, "SELECT count(*), sum(amount) FROM refund") == [(want["cancel_invoices"], Decimal("896812.4900"))]
        assert ask(book, "SELECT sum(paid_amount) FROM order_line") == [(Decimal("10655622.4840"),)]


def test_website_daily_visitors(book: Book, shared: Path) -> None:
    """Quoted thousands and M/D/YYYY: three metrics a day, per year as in the truth."""
    path, want = truth(shared, "website_daily_visitors")
    assert bring(book, path / "daily-website-visitors.csv", "site_traffic").quarantined == 0
    columns = {"visitors": "Unique.Visits", "page_views": "Page.Loads", "new_visitors": "First.Time.Visits"}
    found = {(metric, year): (days, int(value)) for metric, year, days, value in ask(book, "SELECT metric, year(day), count(*), sum(value) FROM observation GROUP BY ALL")}
    for year in want["by_year"]:
        for metric, column in columns.items():
            assert found[metric, year["year"]][1] == year[column]
    assert sum(days for (metric, _), (days, _) in found.items() if metric == "visitors") == want["rows"]


def test_ads_campaigns(book: Book, shared: Path) -> None:
    """Eleven campaigns: spend, clicks, revenue, and return recomputed from sums."""
    path, want = truth(shared, "ads_campaigns_feb2021")
    assert bring(book, path / "Marketing.csv", "ads_campaigns").quarantined == 0
    rows = ask(book, "SELECT lower(campaign), sum(impressions), sum(spend), sum(clicks), sum(leads), sum(attributed_orders), sum(attributed_sales) FROM ad_day GROUP BY 1")
    names = ("impressions", "spend", "clicks", "leads", "orders", "revenue")
    assert {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in rows} == {
        name: {key: entry[key] for key in names} for name, entry in want["by_campaign_casefold"].items()
    }
    total = ask(book, "SELECT sum(attributed_sales) / sum(spend), min(day)::TEXT, max(day)::TEXT FROM ad_day")[0]
    assert total[0] == pytest.approx(want["total"]["roas"], abs=1e-6) and total[1:] == (want["date_min"], want["date_max"])


def test_ads_facebook(book: Book, shared: Path) -> None:
    """One row per ad; no revenue stays unknown, it does not become 0."""
    path, want = truth(shared, "ads_kag_facebook")
    assert bring(book, path / "KAG_conversion_data.csv", "ads_facebook").quarantined == 0
    row = ask(book, "SELECT count(*), count(DISTINCT ad_id), sum(impressions), sum(clicks), sum(spend), sum(leads), sum(attributed_orders), count(attributed_sales) FROM ad_day")[0]
    total = want["total"]
    assert row[:4] == (total["rows"], want["distinct_ads"], total["impressions"], total["clicks"])
    assert float(row[4]) == pytest.approx(total["spend"], abs=0.01)
    assert row[5:] == (total["conv"], total["approved"], 0)
    days = dict(ask(book, "SELECT day::TEXT, sum(clicks)::INT FROM ad_day GROUP BY 1"))
    assert days == {entry["day"]: entry["clicks"] for entry in want["by_day"]}


def test_ad_channel_quality(book: Book, shared: Path) -> None:
    """889 channels: conversion weighted by visitors, two unknown dwell times stay unknown."""
    path, want = truth(shared, "ads_channel_quality_cn")
    assert bring(book, path / "ad_performance.csv", "ad_channels").quarantined == 0
    row = ask(book, "SELECT count(*), sum(visitors), sum(paying_buyers) / sum(visitors), count(*) - count(stay_s) FROM source_day")[0]
    assert row[0] == want["channels" if "channels" in want else "rows"] and row[3] == want["nulls"]["平均停留时间"]
    assert float(row[1]) == pytest.approx(want["sum_daily_uv"], abs=0.01) and row[2] == pytest.approx(want["uv_weighted_order_conversion"], abs=1e-6)
    kinds = {name: (channels, float(uv)) for name, channels, uv in ask(book, "SELECT level1, count(*), sum(visitors) FROM source_day GROUP BY 1")}
    assert kinds == {name: (entry["channels"], pytest.approx(entry["uv"], abs=0.01)) for name, entry in want["by_coop"].items()}


def test_live_hours_and_the_hours_that_were_polled(book: Book, shared: Path) -> None:
    """740 channel-hours; 61 of the 351 polled hours had nobody live, the other 129 hours are unknown and have no row."""
    path, want = truth(shared, "live_hourly_viewers")
    assert bring(book, path / "hourly_viewers.csv", "live_hours").quarantined == 0
    assert bring(book, path / "observed_hours.csv", "live_polled").quarantined == 0
    row = ask(book, "SELECT count(*), count(DISTINCT account), sum(online) FROM live_minute WHERE source = 'live_hours'")[0]
    assert row == (want["channel_hours"], want["channels"], want["viewer_hours"])
    hours = ask(book, "SELECT happened_at::TEXT, sum(online)::BIGINT FROM live_minute GROUP BY 1")
    assert len(hours) == want["observed_hours"] and sum(1 for _, viewers in hours if viewers == 0) == want["observed_hours_with_nobody_live"]
    assert max(hours, key=lambda hour: hour[1]) == (want["peak_total"]["when"] + ":00", want["peak_total"]["viewers"])


def test_taobao_behaviour(book: Book, shared: Path) -> None:
    """No header, unix seconds, Shanghai days; the line that is cut off waits in quarantine and is no visit of 1970."""
    path, want = truth(shared, "taobao_behaviour")
    outcome = bring(book, path / "UserBehavior_1day_96k.csv.gz", "taobao_behaviour", "day")
    assert (outcome.quarantined, outcome.stored) == (1, 96168)
    assert "ends within this line" not in str(ask(book, "SELECT reason FROM quarantine")) and ask(book, "SELECT count(*) FROM quarantine WHERE shop = 'day'")[0][0] >= 1
    assert bring(book, path / "UserBehavior_43users.csv", "taobao_behaviour", "users").quarantined == 0
    for shop, file in (("day", "UserBehavior_1day_96k.csv.gz"), ("users", "UserBehavior_43users.csv")):
        kinds = dict(ask(book, f"SELECT kind, count(*) FROM visit WHERE shop = '{shop}' GROUP BY 1"))
        total = want[file]["total"]
        assert kinds == {"view": total["pv"], "cart": total["cart"], "favourite": total["fav"], "buy": total["buy"]}
        days = ask(book, f"SELECT happened_at::DATE::TEXT, count(*) FILTER (kind = 'view'), count(DISTINCT visitor) FROM visit WHERE shop = '{shop}' GROUP BY 1 ORDER BY 1")
        assert days == [(day["day"], day["pv"], day["uv"]) for day in want[file]["by_day_asia_shanghai"]]


def test_a_mapping_is_kept_for_its_shop_and_survives_writing(book: Book, shared: Path) -> None:
    """The mapping in the book says what the operator's file said, and another shop does not get it unasked."""
    path, _ = truth(shared, "ads_campaigns_feb2021")
    bring(book, path / "Marketing.csv", "ads_campaigns")
    kept = tomllib.loads((book.mappings / "ads_campaigns.toml").read_text(encoding="utf-8"))
    assert kept.pop("shops") == ["real"]
    assert kept == read_mapping(MAPPINGS / "ads_campaigns.toml")
    assert [layout.id for layout in saved_mappings(book, "real")] == ["ads_campaigns"] and saved_mappings(book, "other") == []
    assert layout_of(kept).loads[0].table == "ad_day"
