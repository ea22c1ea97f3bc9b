"""How pages hand something in: typed rows, files, deeds. The only dashboard module that knows the connectors.

Everything becomes a sealed package of one's own book, and the worker commits it; without a worker (a page opened
alone) a writer is started for it. Pages then wait with `wait_published` or follow an upload with `settle`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from connectors import files, forms, presets
from connectors.errors import AmbiguousFile, UnknownFile, WrongShop
from connectors.files.layout import layouts
from connectors.files.peek import Head, peek
from connectors.forms import FormError
from dashboard import data, uploads
from dashboard.access import not_on_phone
from dashboard.labels import lang
from dashboard.uploads import Upload
from warehouse.book import Book
from warehouse.errors import NoBook, PackageError
from warehouse.heartbeat import LATE_S, last_beat
from warehouse.shown import is_demo, receiving, shown
from warehouse.undo import seal_deed

__all__ = [
    "FormError", "Head", "accept_package", "bring_in", "expected_files", "look", "presets", "retry_package", "save_costs", "save_fx",
    "save_notes", "save_promotions", "save_shop", "save_targets", "save_typed", "take", "undo_package", "wait_published",
]  # fmt: skip

ROOT = Path(__file__).resolve().parents[1]
AUTHOR = "page"
PATIENCE_S = 20.0
_writers: dict[Path, subprocess.Popen[bytes]] = {}


def book() -> Book:
    """The book that takes what is handed in: one's own, never the demo."""
    return receiving(None)


def shows_demo() -> bool:
    """Are the pages showing the demo?"""
    return is_demo(shown(None))


def save_costs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Dated cost lines: shop, item_id ('' = whole shop), kind, day, value, currency, is_removed. Returns package ids.

    Raises FormError naming the row; nothing of the submission is stored then.
    """
    return save_rows("cost", rows)


def save_targets(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Month targets: shop, metric, month (any day of it), value (empty removes), currency."""
    nodes = [forms.target_row(str(r["shop"]), str(r["metric"]), _day(r["month"]), r.get("value"), str(r.get("currency") or "")) for r in rows]
    return save_rows("plan_node", nodes)


def save_fx(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Dated rates: currency, display, day, rate (1 currency = rate display)."""
    return save_rows("fx_rate", rows)


def save_typed(rows: Sequence[Mapping[str, Any]], zone: str = "Asia/Shanghai") -> list[str]:
    """Daily figures: shop, metric, day, value (empty removes), currency for money."""
    return save_rows("observation", rows, zone)


def save_notes(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Remarks: shop, note (its id), day, text, author, is_removed."""
    return save_rows("note", rows)


def save_promotions(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Campaigns: promotion (id), shop ('' = all), name, phase, day, day_to."""
    return save_rows("promotion", rows)


def save_shop(row: Mapping[str, Any]) -> list[str]:
    """Settings of one shop, new or known: shop, name, platform, currency, zone, note_pattern."""
    return save_rows("shop", [row], str(row.get("zone") or "Asia/Shanghai"))


@not_on_phone
def save_rows(table: str, rows: Sequence[Mapping[str, Any]], zone: str = "Asia/Shanghai") -> list[str]:
    """Check all rows first, then seal one package per shop."""
    return hand_in(table, rows, zone, AUTHOR)


def hand_in(table: str, rows: Sequence[Mapping[str, Any]], zone: str, author: str) -> list[str]:
    """The same for whoever may: only doors call this, after asking who is there."""
    if shows_demo() and table != "shop":
        raise FormError("demo", table=table)
    by_shop: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_shop[str(row.get("shop") or "")].append(row)
    if not by_shop:
        raise FormError("no_rows", table=table)
    for group in by_shop.values():
        forms.check_rows(table, group)
    target = book()
    packages = [forms.submit_rows(target, table, group, author, zone=zone).id for group in by_shop.values()]
    nudge(target)
    return packages


@not_on_phone
def undo_package(package: str) -> list[str]:
    """Take a package back: what stood before returns. Returns the undo's package id; raises ConfigError."""
    return _deed("undo", package)


@not_on_phone
def accept_package(package: str) -> list[str]:
    """Let the readable rows of a package count without the others."""
    return _deed("accept", package)


@not_on_phone
def retry_package(package: str) -> list[str]:
    """Have a package read again with today's layout or mapping, and wait for it; nothing is left to wait for.

    Raises PackageError with the writer's words when it cannot be read.
    """
    done = subprocess.run(
        _writer(shown(None), "--again", package), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackageError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"The writer ended with {done.returncode}.")
    return []


def _deed(deed: str, package: str) -> list[str]:
    """The deed belongs to the book whose history the page shows: the demo's own packages may be undone too."""
    target = shown(None)
    sealed = seal_deed(target, deed, package, AUTHOR)
    nudge(target)
    return [sealed.id]


@not_on_phone
def take(name: str, stream: BinaryIO) -> Upload:
    """Spool a dropped file to disk and look at it in the background."""
    upload = uploads.spool(book().ensure().root / "uploads", name, stream)
    look(upload)
    return upload


def look(upload: Upload) -> None:
    """Read the file as an import would, storing nothing: state becomes ready, same, unknown or failed."""
    uploads.run(upload, "reading", _look)


def _look(upload: Upload) -> None:
    given = {"layout": upload.layout, "mapping": upload.mapping}
    try:
        found = files.preview(book(), upload.path, shop=upload.shop or None, **given)  # type: ignore[arg-type]
    except UnknownFile:
        upload.report, upload.state = peek(book(), upload.path), "unknown"
        return
    upload.report, upload.doubt, upload.sure = found, found.doubt, False
    upload.shop = upload.shop or found.shop
    upload.state = "same" if found.same else "ready"


@not_on_phone
def bring_in(upload: Upload) -> None:
    """Seal the file as a package of its shop; the writer commits it, `settle` sees when the figures have it."""
    uploads.run(upload, "importing", _bring_in)


def _bring_in(upload: Upload) -> None:
    target = book()
    try:
        sealed = files.seal(
            target, upload.path, shop=upload.shop, author=AUTHOR, layout=upload.layout, mapping=upload.mapping, force_shop=upload.sure
        )
    except WrongShop as error:
        upload.doubt, upload.sure, upload.state = error.other, False, "ready"
        return
    upload.packages = [sealed.manifest.id]
    upload.state = "same" if sealed.already else "committing"
    nudge(target)


def settle(upload: Upload) -> None:
    """Move an upload on once the writer has taken its package or refused it."""
    if upload.state != "committing":
        return
    if in_figures(upload.packages):
        row = data.reader().query(
            "SELECT rows_stored, rows_quarantined FROM package WHERE package = $package", {"package": upload.packages[0]}
        )
        upload.outcome = dict(row.iloc[0])
        upload.state = "done"
        upload.forget()
    elif trouble := refused(upload.packages):
        upload.error, upload.state = PackageError(trouble), "failed"
    else:
        nudge(book())


def choices(upload: Upload) -> dict[str, str]:
    """Readings to choose between when a file fits several layouts equally well: id -> name."""
    found = upload.error.layouts if isinstance(upload.error, AmbiguousFile) else ()
    return {name: layouts()[name].label.get(lang(), name) if name in layouts() else name for name in found}


def expected_files() -> pd.DataFrame:
    """Every export the product knows, for the checklist: source, platform, kind, label_*, where_*, files, cadence, ready."""
    return pd.DataFrame(
        [
            {
                "source": layout.id, "platform": layout.platform, "kind": layout.kind, "cadence": layout.cadence, "ready": layout.ready,
                "label_zh": layout.label.get("zh", layout.id), "label_en": layout.label.get("en", layout.id),
                "where_zh": layout.where.get("zh", ""), "where_en": layout.where.get("en", ""), "files": " / ".join(layout.files),
            }
            for layout in layouts().values()
            if layout.cadence != "none"
        ]
    )  # fmt: skip


def platforms() -> list[str]:
    """Platforms that a shop can be on."""
    return list(forms.tables()["shop"]["columns"]["platform"]["one_of"])


def shop_settings(shop: str) -> dict[str, str]:
    """The settings last typed for a shop, also those no mart shows; {} when nobody typed any."""
    return forms.last_typed(book(), "shop", shop)


def wait_published(packages: Sequence[str], seconds: float = PATIENCE_S) -> bool:
    """Wait until the packages are in the figures; False when it takes longer than `seconds`.

    Raises PackageError with the reason when the writer could not take one.
    """
    deadline = time.monotonic() + seconds
    while not in_figures(packages):
        trouble = refused(packages)
        if trouble:
            raise PackageError(trouble)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def in_figures(packages: Sequence[str]) -> bool:
    """Does the generation that the pages show hold all these packages?"""
    try:
        found = data.reader().query(
            "SELECT count(*) AS n FROM package WHERE list_contains($packages, package)", {"packages": list(packages)}
        )
    except NoBook:
        return False
    return int(found["n"].iloc[0]) == len(packages)


def refused(packages: Sequence[str]) -> str | None:
    """Why the worker could not take one of the packages, in its words."""
    for target in {book().root: book(), shown(None).root: shown(None)}.values():
        said = last_beat(target)
        for package in packages if said else ():
            if package in said.trouble:  # type: ignore[union-attr]
                return said.trouble[package]  # type: ignore[union-attr]
    return None


def nudge(target: Book) -> None:
    """Make sure somebody commits: the worker when one is there, else a writer started for this once."""
    said = last_beat(target)
    running = _writers.get(target.root)
    if (said is not None and said.age_s() < LATE_S) or (running is not None and running.poll() is None):
        return
    _writers[target.root] = subprocess.Popen(_writer(target), cwd=ROOT, stdin=subprocess.DEVNULL)


def _writer(target: Book, *more: str) -> list[str]:
    return [sys.executable, str(ROOT / "worker.py"), "--data", str(target.root), "--once", *more]


def _day(value: object) -> date:
    day: date = pd.Timestamp(str(value)).date()
    return day
