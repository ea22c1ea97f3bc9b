"""数据导入 on hand-made books and on a book of one imported file."""

from __future__ import annotations

import math
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import worker
from connectors import files
from dashboard import submit, uploads
from tests.dashboard.conftest import TODAY, YESTERDAY, HandBook
from tests.dashboard.pages import opened as shown
from tests.dashboard.pages.opened import opened
from warehouse.book import Book
from warehouse.errors import PackageError
from warehouse.packages import iter_manifests

AT = datetime(2026, 11, 13, 9)
MACRO = "生意参谋_宏观监控_日_20261101_20261115.xls"


def _package(name: str, **more: Any) -> dict[str, Any]:
    return {
        "package": name, "source": "alimama_plan", "kind": "file", "shop": "a", "file_name": f"{name}.csv", "sealed_at": AT,
        "as_of": AT, "rows_read": 5, "rows_stored": 4, "rows_quarantined": 0, "state": "committed", **more,
    }  # fmt: skip


@pytest.fixture
def used(handbook: HandBook) -> HandBook:
    """A Tmall shop whose campaign report reached yesterday two days ago, and then stopped for two days."""
    handbook.shop("a")
    handbook.add("source", [{"source": "alimama_plan", "kind": "ads", "rank": 10, "label_zh": "阿里妈妈 计划报表", "label_en": "Campaigns"}])
    handbook.add("package", [_package("p1")])
    days = [{"day": YESTERDAY - timedelta(days=back)} for back in (2, 3, 5)]
    handbook.add("coverage", days, shop="a", source="alimama_plan", target="ad_day", account="", is_partial=False, as_of=AT)
    return handbook


def words(at: AppTest) -> str:
    """Everything the page says."""
    return shown.words(at) + "\n".join(str(e.value) for e in at.markdown)


def followed(upload: uploads.Upload) -> str:
    """The state an upload ends in, as the page follows it."""
    deadline = time.monotonic() + 60
    while upload.working and time.monotonic() < deadline:
        submit.settle(upload)
        time.sleep(0.02)
    return upload.state


def tab(at: AppTest, name: str) -> str:
    """The page's words with the tab chosen."""
    at.session_state["imports_tab"] = name
    at.run()
    assert not at.exception and "db-error" not in words(at)
    return words(at)


def test_the_page_opens_with_what_is_missing(used: HandBook) -> None:
    """Two days behind, the days named, and where to download it."""
    page = words(opened("imports"))
    assert "还差 1 个文件" in page
    assert "缺 2 天" in page and "11-11" in page and "11-12" in page
    assert "下载位置：阿里妈妈" in page


def test_a_book_with_nothing_shows_the_first_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty book has no checklist: it says what can be imported and keeps the place to drop files."""
    monkeypatch.setenv("DAYBOOK_DATA", str(tmp_path / "empty"))
    at = opened("imports")
    page = words(at)
    assert not at.exception and "db-error" not in page
    assert "还没有导入过文件" in page
    assert len(at.get("file_uploader")) == 1


def test_gaps_of_daily_files_are_listed(used: HandBook) -> None:
    """Day 4 back is missing between days that are there; the last two are the end gap."""
    at = opened("imports")
    tab(at, "coverage")
    gaps = next(frame.value for frame in at.dataframe if "gap_from" in frame.value.columns)
    assert sorted(gaps["days"]) == [1, 2]


def test_quarantine_says_why_and_offers_two_ways(used: HandBook) -> None:
    """The reason is in plain words, not in the reader's code."""
    row = {"part": "raw", "target": "ad_day", "row_no": 7, "name": "花费", "value": "abc", "reason": "not a money", "raw": "{}"}
    used.add("quarantine", [row], package="p1", shop="a", source="alimama_plan")
    at = opened("imports")
    tab(at, "quarantine")
    shown = next(frame.value for frame in at.dataframe if "why" in frame.value.columns)
    assert list(shown["why"]) == ["不是数字"]
    assert {"重新读取", "接受"} <= {button.label for button in at.button}


def test_differences_between_sources_are_shown_with_the_source_in_use(used: HandBook) -> None:
    """核对: 100 in use, 90 elsewhere, ten apart."""
    same = {"shop": "a", "currency": "CNY", "day": YESTERDAY, "metric": "sales", "chosen_value": 100}
    used.add("check_day", [
        {"source": "alimama_plan", "value": 100, "is_chosen": True, "difference": 0, **same},
        {"source": "other", "value": 90, "is_chosen": False, "difference": -10, **same},
    ])  # fmt: skip
    at = opened("imports")
    tab(at, "check")
    shown = next(frame.value for frame in at.dataframe if "largest_difference" in frame.value.columns)
    assert float(shown["largest_difference"].iloc[0]) == -10
    assert shown["used"].iloc[0] == "阿里妈妈 计划报表"


@pytest.mark.parametrize("name", ["coverage", "quarantine", "history", "check", "targets", "typed", "settings"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_draws_in_both_languages(used: HandBook, name: str, language: str) -> None:
    """No tab fails on a small book, in either language."""
    at = opened("imports")
    at.session_state["lang"] = language
    assert tab(at, name)


@pytest.fixture
def own(tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A real book with one imported sample; pages opened without the worker."""
    book = Book(tmp_path / "own").ensure()
    monkeypatch.setenv("DAYBOOK_DATA", str(book.root))
    monkeypatch.setenv("DAYBOOK_TODAY", "2026-11-16")
    files.seal(book, shared / "apis" / "samples" / "exports" / MACRO, shop="tm1")
    worker.commit_all(book)
    monkeypatch.setattr(submit, "nudge", worker.commit_all)
    return book


def sales(book: Book) -> float:
    found = worker.queries.metric(submit.data.reader(), "sales", TODAY.replace(day=1), TODAY.replace(day=15))
    return float(found["value"].iloc[0]) if len(found) else math.nan


def test_a_target_typed_on_the_page_is_stored_and_shown(own: Book) -> None:
    """The package is sealed, committed, and the editor shows what is stored; empty again removes it."""
    at = opened("imports")
    tab(at, "targets")
    packages = submit.save_targets([{"shop": "tm1", "metric": "sales", "month": TODAY, "value": 120000, "currency": "CNY"}])
    assert submit.wait_published(packages)
    stored = submit.data.reader().query("SELECT shop, metric, month::TEXT AS month, value, currency FROM target")
    assert stored.to_dict("records") == [{"shop": "tm1", "metric": "sales", "month": "2026-11-01", "value": 120000, "currency": "CNY"}]
    submit.save_targets([{"shop": "tm1", "metric": "sales", "month": TODAY, "value": None}])
    assert submit.data.reader().query("SELECT * FROM target").empty


def test_typed_visitors_of_one_day_leave_the_others_alone(own: Book) -> None:
    """Typing Monday and Friday, then Friday anew: Monday stays, Friday is the later value."""
    for day, value in (("2026-11-02", 5), ("2026-11-06", 6), ("2026-11-06", 7)):
        submit.save_typed([{"shop": "tm1", "metric": "new_followers", "day": day, "value": value}])
    with worker.open_warehouse(own) as con:
        rows = con.execute("SELECT day::TEXT, value::INT FROM fact.observation WHERE source = 'typed' ORDER BY day").fetchall()
    assert rows == [("2026-11-02", 5), ("2026-11-06", 7)]


def test_undo_takes_the_figures_back(own: Book) -> None:
    """49,425.40 as the sample states it, then unknown again."""
    assert sales(own) == pytest.approx(49425.40)
    package = next(iter(iter_manifests(own))).id
    assert submit.wait_published(submit.undo_package(package))
    assert math.isnan(sales(own))  # not covered any more: unknown, not 0


def test_rows_that_cannot_be_read_are_accepted_or_read_again(own: Book, shared: Path, tmp_path: Path) -> None:
    """A campaign report with one damaged cell: its day waits, reading it again changes nothing, accepting it counts the rest."""
    sample = shared / "apis" / "samples" / "exports" / "计划报表_20261116_110330.csv"
    lines = sample.read_bytes().decode("gb18030").split("\n")
    cells = lines[1].split(",")
    lost, day = cells[9], cells[0]
    lines[1] = ",".join([*cells[:9], "abc", *cells[10:]])
    damaged = tmp_path / sample.name
    damaged.write_bytes("\n".join(lines).encode("gb18030"))
    package = files.seal(own, damaged, shop="tm1").manifest.id
    worker.commit_all(own)
    waiting = submit.data.ask("sources/quarantine", shops=None, package=package, max_rows=10)
    assert list(waiting["value"]) == ["abc"] and list(waiting["name"]) == ["花费"]
    assert submit.wait_published(submit.retry_package(package))
    assert len(submit.data.ask("sources/quarantine", shops=None, package=package, max_rows=10)) == 1
    assert list(submit.data.ask("sources/quarantine_packages", shops=None)["rows_waiting"]) == [1]
    assert submit.wait_published(submit.accept_package(package))
    assert submit.data.ask("sources/quarantine_packages", shops=None).empty
    found = submit.data.reader().query("SELECT sum(spend)::DECIMAL(18,2) AS spend FROM campaign_day WHERE is_chosen")
    assert float(found["spend"].iloc[0]) == pytest.approx(21647.2 - float(lost)), day


def test_a_reading_that_fails_again_says_why(own: Book) -> None:
    """The writer's own words reach the page."""
    with pytest.raises(PackageError, match="no package"):
        submit.retry_package("20260101T000000000000-nothing-tm1-00000000")


def test_a_dropped_file_goes_through_its_states(own: Book, shared: Path) -> None:
    """Looked at, sealed for its shop, in the figures, its spooled copy gone; the same bytes again change nothing."""
    path = shared / "apis" / "samples" / "exports" / "ExportOrderList_示例旗舰店.csv"
    for expected in ("done", "same"):
        with path.open("rb") as stream:
            upload = submit.take(path.name, stream)
        assert followed(upload) == "ready"
        assert upload.report.rows == 40
        upload.shop = "tm1"
        submit.bring_in(upload)
        assert followed(upload) == expected
        assert upload.path.exists() == (expected == "same")
    kinds = [manifest.source for manifest in iter_manifests(own)]
    assert kinds.count("taobao_order_master") == 1


def test_a_broken_file_says_what_to_do(own: Book) -> None:
    """An empty file fails with the importer's own words; nothing is left in the list of packages."""
    before = len(list(iter_manifests(own)))
    empty = own.root / "empty.csv"
    empty.write_bytes(b"")
    with empty.open("rb") as stream:
        upload = submit.take(empty.name, stream)
    assert followed(upload) == "failed" and "empty" in str(upload.error)
    assert len(list(iter_manifests(own))) == before


def test_an_upload_never_leaves_its_folder(tmp_path: Path) -> None:
    """A file name is a name, not a path."""
    source = tmp_path / "x"
    source.write_bytes(b"1")
    with source.open("rb") as stream:
        upload = uploads.spool(tmp_path / "up", "..\\..\\etc/passwd", stream)
    assert upload.path.parent.parent == tmp_path / "up" and upload.name == "passwd"
    upload.forget()
    assert not upload.path.exists()
    shutil.rmtree(tmp_path / "up")


def test_on_the_demo_nothing_can_be_typed_but_a_shop_of_ones_own(own: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo stays what the simulator made; a first shop of one's own opens one's own book."""
    mine = tmp_path / "mine"
    shutil.copytree(own.root, mine / "demo")
    (mine / "demo" / "demo.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("DAYBOOK_DATA", str(mine))
    at = opened("imports")
    assert "演示账本" in words(at)
    tab(at, "settings")
    with pytest.raises(submit.FormError, match="demo"):
        submit.save_targets([{"shop": "tm1", "metric": "sales", "month": TODAY, "value": 1}])
    packages = submit.save_shop({"shop": "new", "name": "新店", "platform": "jd", "currency": "CNY", "zone": "Asia/Shanghai"})
    assert submit.wait_published(packages)
    assert list(submit.data.shops()["shop"]) == ["new"]
    assert len(list(iter_manifests(Book(mine / "demo")))) == 1


def test_a_file_of_another_platform_asks_first(own: Book, shared: Path) -> None:
    """A Pinduoduo report for a Tmall shop: the button waits until somebody is sure."""
    path = shared / "apis" / "samples" / "exports" / "拼多多_推广报表.xlsx"
    with path.open("rb") as stream:
        upload = submit.take(path.name, stream)
    assert followed(upload) == "ready"
    upload.shop = "tm1"
    at = AppTest.from_string("from dashboard.pages import imports\nimports.render()\n", default_timeout=60)
    at.session_state["lang"] = "zh"
    at.session_state["uploads"] = [upload]
    at.run()
    assert "这是拼多多的文件，而所选店铺在天猫" in words(at)
    button = next(b for b in at.button if b.key == f"in_{upload.key}")
    assert button.disabled
    at.checkbox[0].check().run()
    assert not next(b for b in at.button if b.key == f"in_{upload.key}").disabled
