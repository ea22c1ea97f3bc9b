"""Sealed packages: what was received, value for value, before it is understood.

A package is written under a temporary name, flushed and renamed; a folder with its final name never changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from warehouse.book import Book
from warehouse.errors import BookError, PackageError
from warehouse.failpoint import reach

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One text table of a package. `first_row`: the number its first row had in the original sheet."""

    name: str
    file: str
    kind: str  # parquet | ndjson | bytes (a file as it came, not read)
    rows: int
    sha256: str
    sheet: str = ""
    first_row: int = 1


@dataclass(frozen=True)
class Manifest:
    """What a package is, where it came from and what it claims to cover.

    `day_from`/`day_to` are the *stated* window (ISO dates), `as_of` shop-local ISO time of the export,
    `facts` what the file name or the user told, `refers` the package that this one undoes or accepts.
    """

    id: str
    source: str
    kind: str  # file | form | plan | api | undo | accept
    shop: str
    sealed_at: str
    account: str = ""
    platform: str = ""
    currency: str = ""
    zone: str = ""
    as_of: str | None = None
    day_from: str | None = None
    day_to: str | None = None
    author: str = ""
    file_name: str = ""
    sha256: str = ""
    complete: bool = True
    removed_columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    mapping: dict[str, Any] | None = None
    cursor: str | None = None
    refers: str | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def part_by_name(self) -> dict[str, Part]:
        return {part.name: part for part in self.parts}


def package_dir(book: Book, package: str) -> Path:
    """Folder of a sealed package; its month is the first six digits of the id."""
    return book.packages / f"{package[:4]}-{package[4:6]}" / package


def load_manifest(path: Path) -> Manifest:
    """The manifest of the package folder `path`. Raises PackageError when it cannot be read."""
    try:
        raw = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**{**raw, "parts": [Part(**part) for part in raw["parts"]]})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PackageError(
            f"The package {path.name} has no readable {MANIFEST} ({error}). Restore the folder from a backup, "
            "or move it out of packages/ and import its original file again."
        ) from error


def iter_manifests(book: Book, known: Collection[str] = ()) -> Iterator[Manifest]:
    """Every sealed package but the `known` ones, oldest first."""
    if book.packages.is_dir():
        for path in sorted(book.packages.glob("[!.]*/[!.]*")):  # a package still being written lies in a hidden folder
            if path.name not in known:
                yield load_manifest(path)


def undone_ids(book: Book) -> set[str]:
    """Ids of packages that a later package undid."""
    paths = book.packages.glob("*/*-undo-*")
    return {manifest.refers for manifest in map(load_manifest, paths) if manifest.refers}


def standing(book: Book, source: str) -> Iterator[Manifest]:
    """Packages of a source that nobody took back, newest first."""
    gone = undone_ids(book)
    for path in sorted(book.packages.glob(f"*/*-{source}-*"), reverse=True):
        manifest = load_manifest(path)
        if manifest.source == source and manifest.id not in gone:
            yield manifest


def find_by_sha(book: Book, sha256: str, shop: str) -> Manifest | None:
    """The standing package that was made from the same bytes for the same shop, if any."""
    gone = undone_ids(book)
    for path in sorted(book.packages.glob(f"*/*-{sha256[:8]}*")):
        manifest = load_manifest(path)
        if manifest.sha256 == sha256 and manifest.shop == shop and manifest.id not in gone:
            return manifest
    return None


def new_id(source: str, shop: str, sha256: str, now: datetime) -> str:
    """An id that sorts by time: `<UTC time>-<source>-<shop>-<first 8 of sha>`; unsafe characters become `_`."""
    safe = [re.sub(r"[^\w.]+", "_", text)[:40] for text in (source, shop)]
    return "-".join([now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f"), *safe, sha256[:8]])


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class PackageWriter:
    """Write a package and seal it with one rename.

    with PackageWriter(book, source="jd_orders", kind="file", shop="jd", sha256=digest) as writer:
        writer.add_file("raw", "parquet", path, rows=10)
        manifest = writer.seal(as_of="2026-11-12T09:00:00")

    Leaving the block without `seal` removes everything. Raises BookError when the disk is full.
    """

    def __init__(self, book: Book, *, source: str, kind: str, shop: str, sha256: str = "", now: datetime | None = None):
        self.book = book.ensure()
        self.now = now or datetime.now(UTC)
        self.sha256 = sha256 or uuid.uuid4().hex
        self.source, self.kind, self.shop = source, kind, shop
        self.dir = book.packages / f".{uuid.uuid4().hex}"
        self.parts: list[Part] = []
        self._sealed = False

    def __enter__(self) -> PackageWriter:
        self.dir.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._sealed:
            shutil.rmtree(self.dir, ignore_errors=True)
        if isinstance(error, OSError) and error.errno == 28:
            raise BookError(
                f"No space left on the disk that holds {self.book.root}. Nothing was imported. Free some space and import again."
            ) from error

    def path(self, name: str, kind: str) -> Path:
        """Where to write the part `name`; hand the finished file to `add_file`."""
        return self.dir / f"{name}.{'parquet' if kind == 'parquet' else 'ndjson'}"

    def add_file(self, name: str, kind: str, path: Path, rows: int, sheet: str = "", first_row: int = 1) -> Part:
        """Take a finished file (made at `self.path(name, kind)`) as a part."""
        reach("seal.part")
        part = Part(name, path.name, kind, rows, file_sha256(path), sheet, first_row)
        self.parts.append(part)
        return part

    def add_records(self, name: str, records: Iterable[Mapping[str, Any]]) -> Part:
        """Write records as newline-delimited JSON, one per line."""
        path, count = self.path(name, "ndjson"), 0
        with path.open("w", encoding="utf-8") as stream:
            for record in records:
                stream.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
                count += 1
        return self.add_file(name, "ndjson", path, count)

    def seal(self, **fields: Any) -> Manifest:
        """Write the manifest, flush everything, rename. `fields`: further Manifest fields."""
        manifest = Manifest(
            id=new_id(self.source, self.shop, self.sha256, self.now), source=self.source, kind=self.kind, shop=self.shop,
            sealed_at=self.now.astimezone(UTC).isoformat(), sha256=self.sha256, parts=self.parts, **fields,
        )  # fmt: skip
        target = package_dir(self.book, manifest.id)
        while target.exists():
            manifest = replace(manifest, id=f"{manifest.id}_")
            target = package_dir(self.book, manifest.id)
        (self.dir / MANIFEST).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
        for path in self.dir.iterdir():
            flush(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        reach("seal.rename")
        os.rename(self.dir, target)
        self._sealed = True
        flush(target.parent)
        reach("seal.done")
        return manifest


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk itself."""
    if path.is_dir() and os.name == "nt":  # a directory cannot be opened for flushing there
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(book: Book, older_than_s: float = 86_400.0, now: float | None = None) -> int:
    """Remove temporary folders that a killed writer left behind; returns how many."""
    clock = datetime.now(UTC).timestamp() if now is None else now
    stale = [p for p in book.packages.glob(".*") if p.is_dir() and clock - p.stat().st_mtime > older_than_s]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)
