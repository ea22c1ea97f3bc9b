"""python -m connectors: exit codes, formats, whose file it is, undo; through the same worker as the pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from connectors.__main__ import main
from connectors.printing import formatted
from warehouse.book import Book
from warehouse.reader import Reader

PLAN = "日期,计划ID,计划名字,展现量,点击量,花费,总成交金额\n2026-11-01,88000000001,日常,100,10,12.50,30\n"


def run(book: Book, *words: str) -> int:
    return main([words[0], "--data", str(book.root), *words[1:]])


def ask(book: Book, sql: str) -> list[tuple[object, ...]]:
    reader = Reader(book)
    try:
        return [tuple(row) for row in reader.query(sql).itertuples(index=False)]
    finally:
        reader.close()


def item_file(shared: Path) -> Path:
    return next(p for p in sorted((shared / "apis/samples/exports").iterdir()) if "商品_全部_2026-11-10" in p.name)


def test_import_publishes_and_again_changes_nothing(book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when stored, 0 and a word when the file is in already; the figures are published."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN, encoding="utf-8")
    assert run(book, "import", str(path), "--shop", "one") == 0
    assert ask(book, "SELECT shop, sum(spend)::DOUBLE FROM campaign_day GROUP BY 1") == [("one", 12.5)]
    assert run(book, "import", str(path), "--shop", "one", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out.split(").\n", 1)[1])
    assert said[0]["already"] is True and said[0]["package"]
    assert run(book, "status") == 0 and run(book, "doctor") == 0 and run(book, "list", "--format", "csv") == 0


def test_exit_codes(book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 nothing stored and why, 2 usage, 3 stored with rows in quarantine."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN, encoding="utf-8")
    assert run(book, "import", str(path)) == 1 and "--shop ID" in capsys.readouterr().err
    assert run(book, "import", str(tmp_path / "none.csv"), "--shop", "one") == 1 and "no file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as usage:
        run(book, "import")
    assert usage.value.code == 2
    path.write_text(PLAN + PLAN.splitlines()[1].replace("12.50", "?") + "\n", encoding="utf-8")
    assert run(book, "preview", str(path)) == 3 and "not a money" in capsys.readouterr().out
    assert not list(book.packages.glob("*/*"))
    assert run(book, "import", str(path), "--shop", "one") == 3 and "quarantine" in capsys.readouterr().out


def test_a_file_of_another_shop_is_stopped_and_undo_brings_the_figures_back(book: Book, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Item ids that belong to 'one' stop an import for 'two'; forced in and undone, every figure is as before."""
    first = item_file(shared)
    assert run(book, "import", str(first), "--shop", "one") == 0
    figures = ask(book, "SELECT shop, day, item_id, sales FROM item_day ORDER BY ALL")
    other = Path(shutil.copy(next(p for p in first.parent.iterdir() if "商品_全部_2026-11-11" in p.name), tmp_path))
    assert run(book, "import", str(other), "--shop", "two") == 1
    assert "belong to the shop 'one'" in capsys.readouterr().err and len(list(book.packages.glob("*/*"))) == 1
    assert run(book, "import", str(other), "--shop", "two", "--force-shop", "--format", "json") == 0
    package = json.loads(capsys.readouterr().out)[0]["package"]
    assert ask(book, "SELECT shop, day, item_id, sales FROM item_day ORDER BY ALL") != figures
    assert run(book, "undo", package) == 0
    assert ask(book, "SELECT shop, day, item_id, sales FROM item_day ORDER BY ALL") == figures
    assert run(book, "replay") == 0 and "came out the same" in capsys.readouterr().out


def test_backup_and_restore(book: Book, shared: Path, tmp_path: Path) -> None:
    """A backup restored elsewhere shows the same figures."""
    assert run(book, "import", str(item_file(shared)), "--shop", "one") == 0
    assert run(book, "backup", str(tmp_path / "b.tar")) == 0
    other = Book(tmp_path / "other")
    assert run(other, "restore", str(tmp_path / "b.tar")) == 0
    sql = "SELECT shop, day, item_id, sales FROM item_day ORDER BY ALL"
    assert ask(other, sql) == ask(book, sql)


def test_tables_line_up_and_missing_is_blank() -> None:
    """Chinese letters take two places; None is blank, never 0."""
    assert formatted([{"名称": "花费", "n": 1}, {"名称": "x", "n": None}], "table") == "名称  n\n花费  1\nx"
    assert formatted([{"a": None}], "json") == '[\n {\n  "a": null\n }\n]'
    assert formatted([], "json") == "[]"
