"""A plan goes through the one door: each save a package and a version, undo brings the one before back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

import worker
from connectors.plan.build import build
from connectors.plan.planfile import parse_toml
from connectors.plan.seal import seal_plan
from warehouse.book import Book
from warehouse.packages import package_dir
from warehouse.reader import Reader
from warehouse.replay import replay
from warehouse.undo import seal_deed

TEXT = """
[plan]
id = "budget"
title = "11 月推广预算"
state = "issued"
shop = "tm"
start = 2026-11-01
end = 2026-11-30
[[node]]
id = "all"
kind = "budget"
metric = "spend"
target = "5万"
[[node]]
id = "ztc"
parent = "all"
kind = "budget"
metric = "spend"
scope = { purse = "直通车" }
target = "2-3万"
owner = "李"
[[node]]
id = "sales"
kind = "flow"
metric = "sales"
target = "××"
"""
NINE, TEN = datetime(2026, 11, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, 2, tzinfo=UTC)


def rows(book: Book, sql: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if pd.isna(cell) else cell for cell in row)
        for row in Reader(book).query(sql).itertuples(index=False, name=None)
    ]


def test_a_saved_plan_is_read_back_as_it_was_typed(book: Book) -> None:
    """Numbers beside the words they were typed in; a band has two ends; a blank stays blank and a draft."""
    seal_plan(book, parse_toml(TEXT, "budget.toml"), "主管", now=NINE)
    worker.commit_all(book)
    assert rows(
        book, "SELECT node, target, target_min, target_max, shop, state, owner FROM plan_node ORDER BY seq"
    ) == [
        ("all", 50000, None, None, "tm", "issued", None),
        ("ztc", None, 20000, 30000, "tm", "issued", "李"),
        ("sales", None, None, None, "tm", "draft", None),
    ]
    header, nodes = (
        Reader(book).query(f"SELECT spec FROM {table}").spec for table in ("plan", "plan_node ORDER BY seq")
    )
    raw = {
        "plan": json.loads(header[0]),
        "node": [{k: v for k, v in json.loads(text).items() if k != "_"} for text in nodes],
    }
    assert build(raw, "budget.toml") == parse_toml(TEXT, "budget.toml")


def test_the_months_target_is_the_plans(book: Book) -> None:
    """A plan's whole-month target of a shop stands where cards look for it; one purse's does not."""
    seal_plan(book, parse_toml(TEXT, "budget.toml"), "主管", now=NINE)
    worker.commit_all(book)
    assert rows(book, "SELECT shop, metric, month, value FROM target") == [
        ("tm", "spend", pd.Timestamp(2026, 11, 1), 50000)
    ]


def test_every_save_is_a_version_and_undo_brings_the_one_before_back(book: Book) -> None:
    """5万 becomes 6万, then the second save is undone: 5万 again, one version, and a replay says the same."""
    seal_plan(book, parse_toml(TEXT, "budget.toml"), "主管", now=NINE)
    second = seal_plan(
        book, parse_toml(TEXT.replace('"5万"', '"6万"'), "budget.toml"), "老板", comment="加预算", now=TEN
    )
    worker.commit_all(book)
    assert rows(book, "SELECT target FROM plan_node WHERE node = 'all'") == [(60000,)]
    assert rows(book, "SELECT author, comment, nodes FROM plan_version ORDER BY version") == [
        ("主管", None, 3),
        ("老板", "加预算", 3),
    ]
    changed = Reader(book).query("SELECT node, before, after FROM plan_change WHERE before IS NOT NULL")
    assert list(changed.node) == ["all"]
    assert json.loads(changed.before[0])["target"] == "5万"
    assert json.loads(changed.after[0])["target"] == "6万"
    seal_deed(book, "undo", second.id, author="主管")
    worker.commit_all(book)
    assert rows(book, "SELECT target FROM plan_node WHERE node = 'all'") == [(50000,)]
    assert rows(book, "SELECT versions FROM plan") == [(1,)]
    assert replay(book, worker.interpreter(book)).same


def test_a_removed_plan_is_gone_and_its_versions_are_not(book: Book) -> None:
    """Taking a plan away is a version too."""
    plan = parse_toml(TEXT, "budget.toml")
    seal_plan(book, plan, "主管", now=NINE)
    seal_plan(book, plan, "主管", removed=True, now=TEN)
    worker.commit_all(book)
    assert rows(book, "SELECT count(*) FROM plan") == [(0,)]
    assert rows(book, "SELECT count(*) FROM plan_node") == [(0,)]
    assert rows(book, "SELECT count(*) FROM target") == [(0,)]
    assert rows(book, "SELECT count(*) FROM plan_version") == [(2,)]


def test_the_original_file_is_kept(book: Book, tmp_path: Path) -> None:
    """The bytes of the file a plan was read from lie in its package."""
    source = tmp_path / "预算.toml"
    source.write_text(TEXT, encoding="utf-8")
    sealed = seal_plan(book, parse_toml(TEXT, source.name), "主管", original=source, now=NINE)
    assert (package_dir(book, sealed.id) / "original.toml").read_bytes() == source.read_bytes()
