"""Reading and recognising: encodings, header rows, spellings, layouts that look alike, whose file it is, what is left out."""

from __future__ import annotations

import random
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import errors
from connectors.files import encoding, header, inbox, interpretation, preview, seal
from connectors.files.csvfile import repair
from connectors.files.facts import said
from connectors.files.layout import layouts
from connectors.files.privacy import is_personal, pseudonym_sql
from connectors.files.reader import read
from connectors.files.recognise import bind, find_table, fit
from connectors.files.shop import Shop, choose_shop
from connectors.files.workbook import cell_text
from tests.connectors import mutations
from warehouse.book import Book
from warehouse.commit import commit, open_warehouse
from warehouse.errors import MissingColumn
from warehouse.packages import package_dir

PLAN = layouts()["alimama_plan"]
HEAD = "日期,计划ID,计划名字,展现量,点击量,花费,总成交金额"
LINE = "2026-11-01,88000000001,日常,100,10,12.50,30"


def write(path: Path, text: str, codec: str = "utf-8") -> Path:
    path.write_bytes(text.encode(codec))
    return path


def part_rows(book: Book, path: Path, **more: str) -> list[tuple[object, ...]]:
    """What the sealed part of a file holds."""
    manifest = seal(book, path, shop="one", **more).manifest  # type: ignore[arg-type]
    return duckdb.connect().execute(f"FROM read_parquet('{package_dir(book, manifest.id) / manifest.parts[0].file}')").fetchall()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_gives_the_same_cells(book: Book, tmp_path: Path, codec: str, delimiter: str) -> None:
    """One table, written ten ways, is one table."""
    path = write(tmp_path / "计划报表.csv", f"{HEAD}\r\n{LINE}\r\n".replace(",", delimiter), codec)
    assert part_rows(book, path) == [tuple(LINE.split(","))]


def test_ascii_beginning_may_go_on_in_gb18030(book: Book, tmp_path: Path) -> None:
    """The encoding shows only after 300 kB: the file is read again with the right one."""
    start = "Day,Campaign,Currency code,Clicks,Impr.,Cost,Conversions,Conv. value\n"
    line = "2026-11-01,Brand,USD,1,2,3.00,0.00,0.00\n"
    path = write(tmp_path / "Google Ads.csv", start + line * 8000 + line.replace("Brand", "品牌"), "gb18030")
    rows = part_rows(book, path)
    assert len(rows) == 8001 and rows[-1][1] == "品牌"


def test_gb18030_head_is_not_cut_inside_a_character() -> None:
    """A head that ends within a character is still that encoding."""
    raw = ("花费," * 200_000).encode("gb18030")[: encoding.HEAD_BYTES - 1]
    assert encoding.detect(raw + raw[:1], "x.csv", lambda _: 0) == "gb18030"


@pytest.mark.parametrize("one,other", [
    ("花费(元)", "花费（元）"), ("花费", "花费（元）"), (" 收货地址\t", "收货地址"), ("商品ID", "商品id"), ("Revenue ($)", "Revenue"), ("\ufeffOrder ID", "order id"),
])  # fmt: skip
def test_spellings_of_one_header(one: str, other: str) -> None:
    """Blanks, widths, case and money units do not make another column."""
    assert header.normal(one) == header.normal(other)


@pytest.mark.parametrize("one,other", [("观看-成交率(人数)", "观看-成交率(次数)"), ("直播时长(分钟)", "直播时长(秒)"), ("花费(万元)", "花费(元)")])
def test_units_that_change_the_meaning_stay(one: str, other: str) -> None:
    """(人数) and (次数) are different figures."""
    assert header.normal(one) != header.normal(other)


def test_names_of_columns_are_unique_for_sql() -> None:
    """Duplicates, also in another case, get a number; an empty header its place."""
    assert header.unique(["同比", "同比", "", "商品ID", "商品id", "同比"]) == ["同比", "同比__2", "col_3", "商品ID", "商品id__2", "同比__3"]


@pytest.mark.parametrize("cell,text", [
    (5.0, "5"), (0.1528, "0.1528"), (754299529443.0, "754299529443"), (4.1e18, "4.10000000000000E+18"), (1234567890123450.0, "1.23456789012345E+15"),
    (1234567890123457.0, "1234567890123457"), (1e-7, "0.0000001"), (True, "TRUE"), (date(2026, 11, 1), "2026-11-01"), (datetime(2026, 11, 1), "2026-11-01"),
    (datetime(2026, 11, 1, 9, 5), "2026-11-01 09:05:00"), (time(0, 31), "00:31:00"), (timedelta(hours=25, seconds=5), "25:00:05"), ("x", "x"), (float("nan"), ""),
])  # fmt: skip
def test_text_of_a_workbook_cell(cell: object, text: str) -> None:
    """Numbers in their shortest form, never rounded to another id; dates in ISO."""
    assert cell_text(cell) == text


def test_header_row_is_found_below_titles_and_columns_may_move(book: Book, tmp_path: Path) -> None:
    """Titles above, columns shuffled, one renamed to a known alias, one added: the same figures, the new one reported."""
    path = write(tmp_path / "计划报表.csv", "标题\n\n统计,2026\n花费（元）,计划名称,日期,计划ID,总成交金额,新列\n12.50,日常,2026-11-01,88000000001,30,x\n")
    look = preview(book, path, shop="one")
    assert {entry["name"]: float(entry["sum"]) for entry in look.sums} == {"花费": 12.5, "总成交金额": 30.0}
    assert (look.layout, look.unknown, look.day_from) == ("alimama_plan", ["新列"], "2026-11-01")


def test_an_alias_does_not_take_a_column_that_is_there_itself() -> None:
    """消耗 stands for 花费 only where 花费 is not a column of its own."""
    view = PLAN.views[0]
    assert bind(["消耗", "花费"], view)["花费"] == "花费"
    assert bind(["消耗"], view)["花费"] == "消耗"


def test_two_layouts_that_fit_equally_are_not_guessed(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names both and how to choose; --layout chooses."""
    twin = replace(PLAN, id="alimama_twin", files=())
    monkeypatch.setattr(sys.modules["connectors.files.seal"], "layouts", lambda: {"alimama_plan": PLAN, "alimama_twin": twin})
    path = write(tmp_path / "x.csv", f"{HEAD}\n{LINE}\n")
    with pytest.raises(errors.AmbiguousFile, match=r"alimama_plan and alimama_twin.*--layout") as caught:
        seal(book, path, shop="one")
    assert caught.value.layouts == ("alimama_plan", "alimama_twin")
    assert seal(book, path, shop="one", layout="alimama_plan").manifest.source == "alimama_plan"


def test_unknown_file_names_the_nearest_layout_and_what_it_misses(book: Book, tmp_path: Path) -> None:
    """The operator learns which column would have made it known, and how to map it."""
    path = write(tmp_path / "x.csv", "日期,计划ID,计划名字,展现量,点击量,总成交金额\n2026-11-01,1,a,1,1,1\n")
    with pytest.raises(errors.UnknownFile, match=r"misses 花费.*--mapping") as caught:
        seal(book, path, shop="one")
    assert caught.value.headers[:2] == ("日期", "计划ID")


def test_a_declared_column_that_is_gone_stops_the_file(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certain layout without a column it must have is an error that names the column, not a file of blanks."""
    twin = replace(PLAN.views[0], required=("日期", "计划ID"))
    monkeypatch.setattr(sys.modules["connectors.files.seal"], "layouts", lambda: {"alimama_plan": replace(PLAN, views=(twin,))})
    path = write(tmp_path / "x.csv", f"{HEAD.replace('花费', '费用合计')}\n{LINE}\n")
    with pytest.raises(MissingColumn, match=r"花费.*alias"):
        seal(book, path, shop="one")


@pytest.mark.parametrize("shuffle", range(3))
def test_every_sample_is_recognised_with_its_columns_in_any_order(shared: Path, tmp_path: Path, shuffle: int) -> None:
    """Each sample still fits its own layout, and no other one better, after its columns were shuffled."""
    for number, path in enumerate(sorted((shared / "apis" / "samples" / "exports").iterdir())):
        if path.suffix == ".json" or number % 3 != shuffle or path.name.startswith("直播间详情页"):
            continue
        content = mutations.load(path)
        for grid in content.sheets.values():
            mutations.shuffle_columns(grid, random.Random(number))
        folder = tmp_path / str(number)
        folder.mkdir()
        before, after = (read(each, folder, frozenset()) for each in (path, mutations.save(content, folder)))
        names = [max((m for layout in layouts().values() if (m := fit(source, layout))), key=lambda m: (m.required, m.known)).layout.id for source in (before, after)]
        assert names[0] == names[1], path.name


def test_facts_of_names_and_titles() -> None:
    """The name's export time and days, and a title's window."""
    assert said(PLAN, "计划报表_20261116_110330.csv", []).as_of == "2026-11-16T11:03:30"
    assert said(layouts()["doudian_orders"], "1794787200_x.csv", []).as_of == "2026-11-16T08:00:00"
    item = said(layouts()["sycm_item_all"], "【生意参谋平台】商品_全部_2026-11-10_2026-11-12.xls", [])
    assert (item.day_from, item.day_to) == ("2026-11-10", "2026-11-12")
    google = said(PLAN, "x.csv", [["Campaign report"], ["November 1, 2026 - November 5, 2026"]])
    assert (google.day_from, google.day_to) == ("2026-11-01", "2026-11-05")


@pytest.mark.parametrize("name,goes", [("收货人姓名", True), ("联系手机", True), ("买家会员昵称", True), ("详细地址", True), ("Email", True), ("Billing Street", True), ("物流单号", True),
                                       ("主播昵称", False), ("达人昵称", False), ("手机订单数", False), ("旺旺咨询量", False), ("商品名称", False), ("店铺名称", False)])  # fmt: skip
def test_what_is_personal(name: str, goes: bool) -> None:
    """Buyers' data go, hosts' and shops' names stay."""
    assert is_personal(name, PLAN, frozenset()) is goes


def test_personal_data_and_buyer_names_never_reach_a_package(book: Book, shared: Path, tmp_path: Path) -> None:
    """Names are gone from every byte of the package; the buyer is a pseudonym, the same for the same name, none for a masked one."""
    source = next(p for p in sorted((shared / "apis/samples/exports").iterdir()) if p.name.startswith("ExportOrderList"))
    content = mutations.load(source)
    head, body = content.sheets[""][0], content.sheets[""][1:]
    place = {name: head.index(name) for name in ("买家会员名", "收货人姓名", "联系手机", "收货地址")}
    for number, row in enumerate(body):
        row[place["收货人姓名"]], row[place["联系手机"]], row[place["收货地址"]] = "张三丰甲", "'13800138000", "某某路一百号"
        row[place["买家会员名"]] = ["甲买家真名", "甲买家真名", "乙买家真名", "买***0", "##abc##", "", "-"][number % 7]
    manifest = seal(book, mutations.save(content, tmp_path), shop="one").manifest
    path = package_dir(book, manifest.id) / manifest.parts[0].file
    rows = duckdb.connect().execute(f"FROM read_parquet('{path}')").fetchall()
    assert not [cell for row in rows for cell in row if cell and any(word in str(cell) for word in ("张三丰", "13800138000", "一百号", "真名", "***0"))]
    buyers = [row[0] for row in duckdb.connect().execute(f'SELECT "买家会员名" FROM read_parquet(\'{path}\')').fetchall()]
    assert buyers[0] == buyers[1] != buyers[2] and len(buyers[0]) == 16 and buyers[3:7] == [None] * 4
    assert {"收货人姓名", "联系手机", "收货地址"} <= set(manifest.removed_columns)


def test_a_pseudonym_needs_the_key() -> None:
    """Another key gives another pseudonym; wrappers around the id do not."""
    def hashed(key: str, cell: str) -> str:
        return str(duckdb.connect().execute(f"SELECT {pseudonym_sql(key).format(c='c')} FROM (SELECT ? AS c)", [cell]).fetchone()[0])  # type: ignore[index]

    assert hashed("k", "buyer1") == hashed("k", '="buyer1"') == hashed("k", "\tbuyer1") != hashed("other", "buyer1")


def test_the_same_bytes_again_change_nothing(book: Book, tmp_path: Path) -> None:
    """Under another name too; for another shop it is another file."""
    path = write(tmp_path / "计划报表_20261116_110330.csv", f"{HEAD}\n{LINE}\n")
    first = seal(book, path, shop="one")
    again = seal(book, Path(shutil.copy(path, tmp_path / "copy.csv")), shop="one")
    assert (first.already, again.already, again.manifest.id) == (False, True, first.manifest.id)
    assert not seal(book, path, shop="two").already
    assert len(list(book.packages.glob("*/*"))) == 2


def test_the_same_file_handed_in_twice_at_once_is_one_package(book: Book, tmp_path: Path) -> None:
    """Four threads, one file: one of them seals it, the others are told so."""
    path = write(tmp_path / "计划报表.csv", f"{HEAD}\n{LINE}\n")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: seal(book, path, shop="one"), range(4)))
    assert sorted(each.already for each in made) == [False, True, True, True]
    assert len({each.manifest.id for each in made}) == 1


def test_damaged_lines_are_kept_with_the_reason(book: Book, tmp_path: Path) -> None:
    """An open quotation mark and a line with too many cells spoil themselves, not their neighbours."""
    path = write(tmp_path / "计划报表.csv", f'{HEAD}\n{LINE}\n2026-11-02,2,"日常,1,1,1,1\n2026-11-03,3,a,b,1,1,5.00,7,8\n{LINE.replace("11-01", "11-04")}\n')
    look = preview(book, path, shop="one")
    assert [(bad["row_no"], bad["name"]) for bad in look.bad if bad["name"] == "_damage"] == [(3, "_damage"), (4, "_damage")]
    assert look.bad_rows == 2 and {entry["name"]: float(entry["sum"]) for entry in look.sums}["花费"] == 25.0


def test_short_rows_inside_a_file_are_filled(tmp_path: Path) -> None:
    """Exporters leave out empty cells at a line's end: that is no damage unless the file ends there."""
    path = write(tmp_path / "x.csv", "a,b,c\n1,2\n3,4,5\n6")
    sheet = read(path, tmp_path).sheets[0]
    assert repair(sheet, 1, 3, tmp_path / "out.csv") == ["the file ends within this line: 1 of 3 cells"]


def test_shop_by_choice_by_name_or_asked() -> None:
    """The operator's word first, then the one known shop that the file names; else a question that lists the shops."""
    shops = [Shop("tm", "示例旗舰店"), Shop("jd", "京东自营")]
    assert choose_shop(shops, "f", "tm", []) == "tm"
    assert choose_shop(shops, "f", None, ["示例旗舰店"]) == "tm"
    with pytest.raises(errors.ShopNeeded, match=r"tm .*jd"):
        choose_shop(shops, "f", None, ["没见过"])
    with pytest.raises(errors.WrongShop, match="--shop jd"):
        choose_shop(shops, "f", "tm", ["京东自营"])
    assert choose_shop(shops, "f", "tm", ["京东自营"], force=True) == "tm"
    with pytest.raises(errors.ShopNeeded):
        choose_shop(shops, "f", "../x", [])


def test_inbox_imports_moves_and_explains(book: Book, tmp_path: Path) -> None:
    """A good file moves to .done, a strange one stays with its reason and is not tried again until it changes."""
    folder = book.inbox / "one"
    folder.mkdir()
    write(folder / "计划报表.csv", f"{HEAD}\n{LINE}\n")
    write(folder / "怪.csv", "a,b\n1,2\n")
    write(folder / "later.csv.crdownload", "a")
    write(book.inbox / "stray.csv", f"{HEAD}\n{LINE}\n")
    told: list[str] = []
    waiting = inbox.scan_inbox(book, told.append)
    assert set(waiting) == {"one/怪.csv", "stray.csv"} and "mapping" in waiting["one/怪.csv"] and "inbox/<shop>/" in waiting["stray.csv"]
    assert (book.inbox / ".done" / "one" / "计划报表.csv").is_file() and not (folder / "计划报表.csv").exists()
    assert inbox.scan_inbox(book, told.append) == waiting and told == ["怪.csv", "计划报表.csv"]
    write(folder / "怪.csv", f"{HEAD}\n{LINE.replace('11-01', '11-02')}\n")
    assert "one/怪.csv" not in inbox.scan_inbox(book) and not list(folder.glob("*.txt"))


def test_preview_stores_nothing_and_agrees_with_the_import(book: Book, tmp_path: Path) -> None:
    """What the preview counts is what the commit stores."""
    path = write(tmp_path / "计划报表.csv", f"{HEAD}\n{LINE}\n{LINE.replace('11-01', '11-02').replace('12.50', '?')}\n")
    look = preview(book, path)
    assert not any(book.packages.rglob("*.parquet")) and look.shop == "" and (look.rows, look.bad_rows) == (2, 1)
    manifest = seal(book, path, shop="one").manifest
    with book.lock(), open_warehouse(book) as con:
        outcome = commit(con, book, manifest, interpretation(manifest, book))
    assert (outcome.rows, outcome.quarantined) == (look.rows, look.bad_rows)


def test_a_view_is_found_on_its_own_sheet_only(shared: Path, tmp_path: Path) -> None:
    """店铺来源 has two sheets of one shape; each view takes its own."""
    path = next(p for p in (shared / "apis/samples/exports").iterdir() if p.name.startswith("生意参谋_店铺来源"))
    source = read(path, tmp_path)
    views = layouts()["sycm_shop_source"].views
    assert [[sheet.name for sheet in source.sheets if find_table(sheet, view)] for view in views] == [["全店流量来源"], ["分载体流量来源"]]
