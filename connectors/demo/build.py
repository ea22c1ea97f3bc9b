"""Make the demo's book, or add the days it lacks: simulate, write export files, hand them in like anybody's files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors import files, forms
from connectors.demo import douyin, douyin_files, evening, jd, live_files, tmall, tmall_files, tmall_sycm, truth
from connectors.demo.outbox import Known, Outbox, months
from connectors.demo.plan import log, quarter_plan
from connectors.demo.seasons import days_between
from connectors.demo.typed import submissions
from connectors.plan.seal import seal_plan
from warehouse.book import Book
from warehouse.errors import OpsError
from warehouse.shown import MARK

SEED = 20_261
AUTHOR = "demo"
ITEM_DAYS, SOURCE_DAYS, EVENINGS = 45, 14, 8
QUARTER = 3
Progress = Callable[[str], None]


@dataclass
class Mark:
    """What the simulator knows of the book it made; the file that says "this book is a demo"."""

    seed: int
    first: str
    volume: float
    extra: list[str]                # days that got a session whatever their weekday
    last: str = ""                  # the last whole day handed in; empty while the demo is being made
    typed: str = ""                 # the month up to which targets were typed
    logged: str = ""                # the day up to which the activity log was kept
    aired: str = ""                 # the day up to which run sheets and logs of the air were typed
    sealed: list[str] = field(default_factory=list)     # digests of files handed in
    files: Known = field(default_factory=dict)


@dataclass(frozen=True)
class Built:
    """What a run did: export files written and packages sealed (0 when the demo was up to date)."""

    root: Path
    last: date
    written: int
    sealed: int


def today_there() -> date:
    """The calendar day in the demo shops' zone."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def is_stale(book: Book, today: date | None = None) -> bool:
    """Does this demo lack yesterday (or was it never finished)? False for a book that is no demo."""
    mark = _read(book.root)
    return mark is not None and mark.last < ((today or today_there()) - timedelta(days=1)).isoformat()


def refresh(book: Book, today: date | None = None) -> Built:
    """Add to a demo the days it lacks; commit is the caller's."""
    mark = _read(book.root)
    return build(book.root, today, seed=mark.seed if mark else SEED)


def build(
    root: Path, today: date | None = None, seed: int = SEED, *, volume: float = 1.0, history: int = 13, progress: Progress | None = None
) -> Built:  # fmt: skip
    """Make or complete the demo in the book at `root`, so that it holds the day before `today`; commit is the caller's.

    history: whole months before the running one; volume: 1 is about 170,000 order rows in 13 months. Both, and the seed,
    are settled when the demo is first made. The same seed and day give the same files.
    Raises OpsError when the book holds anything that is not the demo's.
    """
    day, say = today or today_there(), progress or (lambda _: None)
    book, mark = Book(root.resolve()), _read(root)
    yesterday = day - timedelta(days=1)
    if mark is None:
        mark = _new_mark(book, yesterday, seed, volume, history)
    if mark.last >= yesterday.isoformat():
        return Built(book.root, date.fromisoformat(mark.last), 0, 0)
    book.ensure()
    _write(book.root, mark)
    written, live = write_files(book.root, mark, day, say)
    _write(book.root, mark)
    sealed = _type(book, mark, yesterday, live) + _seal(book, mark, say)
    mark.last = yesterday.isoformat()
    _write(book.root, mark)
    return Built(book.root, yesterday, written, sealed)


def _new_mark(book: Book, yesterday: date, seed: int, volume: float, history: int) -> Mark:
    if next(book.packages.glob("*/[!.]*/manifest.json"), None) is not None:
        raise OpsError(
            f"{book.root} already holds packages that are not the demo's. The demo gets a book of its own: "
            "name an empty or new directory with --data, for example data/demo."
        )
    first = yesterday.replace(day=1)
    for _ in range(history):
        first = (first - timedelta(days=1)).replace(day=1)
    return Mark(seed, first.isoformat(), volume, [yesterday.isoformat()])


def _read(root: Path) -> Mark | None:
    path = root / MARK
    return Mark(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _write(root: Path, mark: Mark) -> None:
    _save(root / MARK, asdict(mark))


def _save(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(fresh, path)


def write_files(root: Path, mark: Mark, today: date, say: Progress) -> tuple[int, douyin.Douyin]:
    """Simulate up to the small hours of `today`, write what changed into exports/ and the truth beside it.

    Returns how many files that was, and the shop that goes live.
    """
    days = days_between(date.fromisoformat(mark.first), today)
    extra = frozenset(map(date.fromisoformat, mark.extra))
    say(f"simulating {len(days) - 1} days of three shops")
    shops = (tmall.simulate(mark.seed, days, mark.volume), jd.simulate(mark.seed, days, mark.volume))
    live = douyin.simulate(mark.seed, days, mark.volume, extra)
    folder = root / "exports.new"
    shutil.rmtree(folder, ignore_errors=True)
    out = Outbox(folder)
    say("writing export files")
    _write_tmall(out, shops[0], today)
    _write_jd(out, shops[1], today)
    _write_douyin(out, live, today)
    fresh = out.keep(root / "exports", mark.files)
    _save(root / "truth.json", {"seed": mark.seed, "first": mark.first, "last": days[-2].isoformat(), **truth.truth(*shops, live)})
    return len(fresh), live


def _write_tmall(out: Outbox, shop: tmall.Tmall, today: date) -> None:
    days = shop.history.days
    spans = months(days[0], days[-2], today, every=QUARTER)
    tmall_files.write_orders(out, shop, months(days[0], today, today, overlap=2))
    tmall_files.write_refunds(out, shop, spans)
    tmall_files.write_ads(out, shop, spans)
    tmall_files.write_commission(out, shop, spans)
    tmall_sycm.write_macro(out, shop, spans)
    # some days were never downloaded, and the source tree of yesterday is not out yet
    tmall_sycm.write_items(out, shop, [d for d in days[-1 - ITEM_DAYS : -1] if d.toordinal() % 29 != 4])
    tmall_sycm.write_sources(out, shop, [d for d in days[-2 - SOURCE_DAYS : -2] if d.toordinal() % 17 != 6])


def _write_jd(out: Outbox, shop: jd.Jd, today: date) -> None:
    days = shop.history.days
    jd.write_orders(out, shop, months(days[0], today, today, overlap=2))
    jd.write_items(out, shop, months(days[0], days[-3], today))     # a day late
    jd.write_ads(out, shop, months(days[0], days[-2], today, every=QUARTER))


def _write_douyin(out: Outbox, shop: douyin.Douyin, today: date) -> None:
    days = shop.history.days
    douyin_files.write_orders(out, shop, months(days[0], today, today, overlap=2))
    douyin_files.write_hours(out, shop, months(days[0], days[-2], today, every=QUARTER))
    live_files.write_list(out, shop, months(days[0], days[-2], today))     # the list reaches back 31 days at most
    live_files.write_minutes(out, shop.sessions[-EVENINGS:])
    live_files.write_details(out, shop, EVENINGS)


def _type(book: Book, mark: Mark, yesterday: date, live: douyin.Douyin) -> int:
    """Hand in what a person types: settings, targets and the plan once a month, what was done every day, sheet and log of each evening."""
    month, done = f"{yesterday:%Y-%m}", []
    plan = quarter_plan(date.fromisoformat(mark.first), yesterday, mark.volume)
    if mark.typed < month:
        done = [forms.submit_rows(book, table, rows, AUTHOR) for table, rows in submissions(date.fromisoformat(mark.first), yesterday, mark.volume)]
        done.append(seal_plan(book, plan, AUTHOR))
    if rows := log(plan, date.fromisoformat(mark.logged or mark.first), yesterday):
        done.append(forms.submit_rows(book, "activity", rows, AUTHOR))
    if rows := evening.events(live, date.fromisoformat(mark.aired) if mark.aired else None):
        done.append(forms.submit_rows(book, "live_event", rows, AUTHOR))
    mark.typed, mark.logged, mark.aired = month, yesterday.isoformat(), yesterday.isoformat()
    _write(book.root, mark)
    return len(done)


def _seal(book: Book, mark: Mark, say: Progress) -> int:
    """Hand in every file that was not handed in yet."""
    waiting = [(key.split(" ")[0], entry) for key, entry in mark.files.items() if entry[0] not in mark.sealed]
    for number, (shop, (digest, name)) in enumerate(waiting, 1):
        say(f"{number}/{len(waiting)} {Path(name).name}")
        files.seal(book, book.root / "exports" / name, shop=shop, author=AUTHOR)
        mark.sealed.append(digest)
    mark.sealed = [entry[0] for entry in mark.files.values()]
    return len(waiting)
