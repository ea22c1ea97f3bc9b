"""Bad files: each ends in a message that says what is wrong and what to do, and the book is unchanged."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from connectors import errors
from connectors.files import csvfile, interpretation, preview, seal
from connectors.files import workbook as workbooks
from warehouse.book import Book
from warehouse.commit import commit, open_warehouse

PLAN = "日期,计划ID,计划名字,场景ID,场景名字,展现量,点击量,花费,总成交金额\n2026-11-01,88000000001,日常,1,关键词,100,10,12.50,30\n2026-11-02,88000000002,日常,1,关键词,200,20,7.50,40\n"


def sealed(book: Book) -> list[str]:
    """Everything below packages/, unfinished folders too, and scratch files."""
    found = [path for root in (book.packages, book.root / "tmp") if root.exists() for path in root.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(book.root)) for path in found)


def refused(book: Book, path: Path, error: type[Exception], *words: str) -> None:
    """Import and preview both refuse with this error, these words, and leave nothing behind."""
    before = sealed(book)
    for act in (seal, preview):
        with pytest.raises(error) as caught:
            act(book, path, shop="one")
        for word in (path.name, *words):
            assert word in str(caught.value)
    assert sealed(book) == before


def sample(shared: Path, tmp_path: Path, start: str) -> Path:
    """A private copy of the sample whose name begins so."""
    source = next(p for p in sorted((shared / "apis" / "samples" / "exports").iterdir()) if p.name.startswith(start))
    return Path(shutil.copy(source, tmp_path / source.name))


def test_empty_file(book: Book, tmp_path: Path) -> None:
    """0 bytes, or blanks only, is no export."""
    path = tmp_path / "计划报表.csv"
    path.write_bytes(b"")
    refused(book, path, errors.EmptyFile, "0 bytes", "Export it again")
    path.write_bytes(b"\r\n \r\n,,\r\n")
    refused(book, path, errors.EmptyFile, "no rows")


def test_header_without_rows_says_nothing_about_any_day(book: Book, tmp_path: Path) -> None:
    """A header alone tells no day, so it must not count as a day with nothing."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN.splitlines()[0] + "\n", encoding="utf-8")
    refused(book, path, errors.EmptyFile, "no rows below it")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("start", ["罗盘_直播间列表", "【生意参谋平台】商品_全部_2026-11-10"])
def test_truncated_workbook(book: Book, shared: Path, tmp_path: Path, start: str, share: float) -> None:
    """A workbook whose download stopped is refused, .xlsx and .xls alike."""
    path = sample(shared, tmp_path, start)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refused(book, path, errors.TruncatedFile, "cut off", "again")


def test_truncated_gzip(book: Book, tmp_path: Path) -> None:
    """A compressed file that ends before its end mark is refused."""
    path = tmp_path / "计划报表.csv.gz"
    path.write_bytes(gzip.compress(PLAN.encode() * 200)[:-40])
    refused(book, path, errors.TruncatedFile, "cut off")


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_flipped_bytes_inside_compressed_data(book: Book, shared: Path, tmp_path: Path, place: float) -> None:
    """Compressed data that no longer unpack are an error with a remedy, in gzip and in workbooks."""
    packed = tmp_path / "计划报表.csv.gz"
    packed.write_bytes(gzip.compress("".join(f"{PLAN}{n * 7919}" for n in range(3000)).encode()))
    for path in (packed, sample(shared, tmp_path, "流量综合趋势")):
        raw = bytearray(path.read_bytes())
        start = int(len(raw) * place)
        raw[start : start + 40] = bytes(255 - byte for byte in raw[start : start + 40])
        path.write_bytes(bytes(raw))
        with pytest.raises(errors.FileError, match=r"again|import that"):
            seal(book, path, shop="one")
    assert sealed(book) == []


def test_truncated_csv_is_reported_and_its_last_row_waits(book: Book, tmp_path: Path) -> None:
    """The line that is cut off goes to quarantine with the reason; the others count."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN[: PLAN.rindex("7.50")], encoding="utf-8")
    look = preview(book, path, shop="one")
    assert look.bad_rows == 1 and "the file ends within this line" in look.bad[0]["value"]
    assert {entry["name"]: float(entry["sum"]) for entry in look.sums}["花费"] == 12.5


def test_wrong_encoding(book: Book, tmp_path: Path) -> None:
    """Bytes that are no text in any known encoding are refused, at the start and far inside."""
    path = tmp_path / "计划报表.csv"
    path.write_bytes(PLAN.encode() + b"2026-11-03,\xff\xfe\xff\x00\xff,\n")
    refused(book, path, errors.WrongEncoding, "UTF-8")
    path.write_bytes(PLAN.encode() + PLAN.splitlines()[1].encode().join([b"\n"] * 9000) + b"2026-11-03,\xff\x81\xff,x,1,y,1,1,1,1\n")
    refused(book, path, errors.WrongEncoding, "UTF-8")


@pytest.mark.parametrize("text", ["<html><body><table><tr><td>日期</td></tr></table>", "\ufeff  <!DOCTYPE html><title>登录</title>", "<?xml version='1.0'?><Workbook/>"])
def test_web_page_saved_as_workbook(book: Book, tmp_path: Path, text: str) -> None:
    """HTML and XML under a workbook's name are recognised by their first characters."""
    path = tmp_path / "报表.xls"
    path.write_text(text, encoding="utf-8")
    refused(book, path, errors.HtmlWorkbook, "web page", "Save as")


def test_password_protected_workbook(book: Book, tmp_path: Path) -> None:
    """An encrypted workbook is an OLE file with a stream EncryptedPackage."""
    path = tmp_path / "报表.xlsx"
    path.write_bytes(workbooks.OLE + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(4000))
    refused(book, path, errors.LockedWorkbook, "password")


def test_ids_in_scientific_notation_wait(book: Book, tmp_path: Path) -> None:
    """6.9E+18 has lost digits: the row is kept out and listed, never stored under a wrong id."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN.replace("88000000002", "8.8E+18"), encoding="utf-8")
    look = preview(book, path, shop="one")
    assert [(bad["name"], bad["value"]) for bad in look.bad] == [("计划ID", "8.8E+18")]
    manifest = seal(book, path, shop="one").manifest
    with book.lock(), open_warehouse(book) as con:
        outcome = commit(con, book, manifest, interpretation(manifest, book))
        assert con.execute("SELECT count(*) FROM fact.ad_day WHERE campaign_id LIKE '8.8%' OR campaign_id LIKE '8800000000000%'").fetchone() == (0,)
    assert outcome.quarantined == 1


def test_numeric_ids_that_lost_their_digits_wait(book: Book, tmp_path: Path) -> None:
    """An 18-digit id stored as a number has 15 true digits; 12-digit ids are still whole."""
    path = tmp_path / "计划报表.xlsx"
    rows = [line.split(",") for line in PLAN.splitlines()]
    with xlsxwriter.Workbook(str(path)) as book_:
        sheet = book_.add_worksheet()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                sheet.write(y, x, cell) if x != 1 or y == 0 else sheet.write_number(y, x, [0, 754299529443, 690000000000000123][y])
    look = preview(book, path, shop="one")
    assert [bad["name"] for bad in look.bad] == ["计划ID"] and look.bad[0]["row_no"] == 3


def test_workbook_that_unpacks_to_a_giant(book: Book, tmp_path: Path) -> None:
    """200 MB of blanks pack into 200 kB: refused before anything is unpacked."""
    path = tmp_path / "报表.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(b" " * 1_000_000)
    refused(book, path, errors.WorkbookTooLarge, "unpack")


def test_workbook_with_a_cell_far_out(book: Book, tmp_path: Path) -> None:
    """A cell in XFD1048576 makes a grid of 17 billion cells: refused before it is made."""
    path = tmp_path / "报表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book_:
        sheet = book_.add_worksheet()
        sheet.write(0, 0, "日期")
        sheet.write(1_048_575, 16_383, "x")
    started = time.monotonic()
    refused(book, path, errors.WorkbookTooLarge, "row 1,048,576")
    assert time.monotonic() - started < 20


def test_archive_of_exports(book: Book, tmp_path: Path) -> None:
    """A zip with a CSV inside is not guessed at."""
    path = tmp_path / "报表.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("计划报表.csv", PLAN)
    refused(book, path, errors.FileError, "Unpack")


def test_file_still_being_written(book: Book, tmp_path: Path) -> None:
    """A file that grows, or that somebody holds open for writing, is not read half."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN, encoding="utf-8")
    stop = threading.Event()

    def grow() -> None:
        with path.open("a", encoding="utf-8") as stream:
            while not stop.is_set():
                stream.write(PLAN.splitlines()[1] + "\n")
                stream.flush()
                time.sleep(0.02)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        refused(book, path, errors.FileChanging, "still being written", "Wait")
    finally:
        stop.set()
        writer.join()
    assert seal(book, path, shop="one").manifest.parts[0].rows >= 2


def test_unfinished_download(book: Book, tmp_path: Path) -> None:
    """A browser's own name for a download in progress is taken at its word."""
    path = tmp_path / "计划报表.csv.crdownload"
    path.write_text(PLAN, encoding="utf-8")
    refused(book, path, errors.FileChanging, "still being written")


@pytest.mark.parametrize("module,name", [(csvfile, "write_part"), (os, "fsync")])
def test_no_disk_space(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """A full disk while parts are written or flushed leaves no half package."""
    path = tmp_path / "计划报表.csv"
    path.write_text(PLAN, encoding="utf-8")
    seal(book, path, shop="two")
    before = sealed(book)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, name, full)
        with pytest.raises(Exception, match=r"No space left.*Free some space") as caught:
            seal(book, path, shop="one")
        assert isinstance(caught.value, errors.OpsError)
    assert sealed(book) == before
    assert not seal(book, path, shop="one").already


def test_broken_insides(book: Book, shared: Path, tmp_path: Path) -> None:
    """An archive that opens but holds garbage is refused, not read as empty."""
    good = sample(shared, tmp_path, "罗盘_直播间列表")
    path = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            raw = source.read(member)
            target.writestr(member.filename, raw[: len(raw) // 2] if "sheet1" in member.filename else raw)
    with pytest.raises(errors.ConnectorError):
        seal(book, path, shop="one")
    assert sealed(book) == []


def ole_sector_count(path: Path) -> int:
    return (path.stat().st_size - 512) // (1 << struct.unpack_from("<H", path.read_bytes(), 30)[0])


def test_whole_ole_samples_pass_the_truncation_check(shared: Path) -> None:
    """The check must not refuse a good .xls."""
    files = list((shared / "apis" / "samples" / "exports").glob("*.xls"))
    assert len(files) == 4 and all(ole_sector_count(path) > 1 for path in files)
    check: Callable[[Path], None] = workbooks.check
    for path in files:
        check(path)
