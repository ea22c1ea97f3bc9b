"""One window of one endpoint, read to its end and held against what the platform states; records go to a file, one a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from connectors.api.connector import Call
from connectors.api.endpoint import Detail, Endpoint, dig
from connectors.api.http import line_of
from connectors.api.interpret import mappings
from connectors.api.line import Line
from connectors.api.mapping import Mapping as Reading
from connectors.api.paging import Cursor, Reverse, number
from connectors.api.records import Cleaner
from connectors.api.windows import Window, whole_day
from connectors.errors import Incomplete, NotThere, UnexpectedPayload
from warehouse.tables import tables

READS = 3  # a list that moved while it was read is read again


@dataclass
class Pulled:
    """What one window gave. `path`: its records, `lines` of them, `rows` distinct; `began`: Unix seconds; `cleaner` knows every field met."""

    window: Window
    path: Path
    cleaner: Cleaner
    began: float
    rows: int = 0
    lines: int = 0
    pages: int = 0
    complete: bool = True
    why: str = ""


@dataclass
class Kept:
    """Records that other endpoints are asked for one by one. `window`: how much of it they answer for; `short`: some are missing, and why."""

    records: list[Any]
    window: Window
    short: str = ""


Parents = dict[tuple[str, Window], Kept]  # of a run, by (endpoint, window)


class Puller:
    """Pulls windows of one endpoint for one account. `told` hears of every page: rows of it."""

    def __init__(self, line: Line, endpoint: Endpoint, folder: Path, parents: Parents, told: Callable[[int], None]) -> None:
        self.line, self.endpoint, self.folder, self.parents, self.told = line, endpoint, folder, parents, told
        self.readings: tuple[Reading, ...] = mappings(line.connector, endpoint)
        self.declared = tuple(path for reading in self.readings for path in reading.declared)
        self.is_slice = any(tables()[reading.table].merge == "slice" for reading in self.readings)
        self.key_of = _key_of(endpoint.keys)
        self.buyer_key = line.book.buyer_key() if endpoint.buyer else ""
        self.keeps_parents = any(entry.each == endpoint.name for entry in line.connector.endpoints)

    def pull(self, window: Window) -> Pulled:
        """Read the window, again when its count was not met. Raises Incomplete only for tables that are replaced by the day.

        An incomplete list of things that are merged one by one is kept, marked incomplete: what came is true.
        """
        for read in range(1, READS + 1):
            try:
                return self._pull(window)
            except Incomplete as error:
                if read == READS:
                    if self.is_slice:
                        raise
                    done = self._pull(window, strict=False)
                    done.complete, done.why = False, str(error)
                    if self.keeps_parents:
                        self.parents[self.endpoint.name, window].short = str(error)
                    return done
        raise AssertionError("unreachable")

    def _pull(self, window: Window, strict: bool = True) -> Pulled:
        cleaner = Cleaner(self.declared, self.endpoint.personal, self.endpoint.buyer, self.buyer_key)
        path = self.folder / f"{self.endpoint.name}-{window.start}-{window.end}.ndjson"
        done = Pulled(window, path, cleaner, self.line.around.clock())
        kept: list[Any] = []
        with path.open("wb") as sink:
            for asked, parent in self._units(window):
                try:
                    self._unit(window, asked, parent, sink, done, kept, strict)
                except NotThere as error:
                    done.why = str(error)
        if self.endpoint.each:
            parents = self._parents(window)
            done.window = min(done.window, parents.window)
            if parents.short:  # nobody asked for what belongs to the missing ones
                if self.is_slice:
                    raise Incomplete(parents.short)
                done.complete, done.why = False, parents.short
        if self.keeps_parents:
            self.parents[self.endpoint.name, window] = Kept(kept, done.window)
        self._check_fields(done)
        return done

    def _units(self, window: Window) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Parameters to ask with, and what of the parent the records carry."""
        endpoint = self.endpoint
        for option, param in endpoint.over.items():
            values = self.line.account.options.get(option) or []
            for value in values if isinstance(values, list) else [values]:
                yield {param: value}, {}
            return
        for param, known in endpoint.among.items():
            yield from (({param: value}, {}) for value in known)
            return
        if not endpoint.each:
            yield {}, {}
            return
        asked: set[tuple[str, ...]] = set()
        for parent in self._parents(window).records:
            values = {param: dig(parent, path) for path, param in endpoint.each_key.items()}
            mark = tuple(str(value) for value in values.values())
            if mark not in asked and all(value not in (None, "") for value in values.values()) and not (endpoint.each_if and dig(parent, endpoint.each_if) is None):
                asked.add(mark)
                yield values, {path: dig(parent, path) for path in endpoint.each_with}

    def _parents(self, window: Window) -> Kept:
        key = self.endpoint.each, window
        if key not in self.parents:
            endpoint = next(entry for entry in self.line.connector.endpoints if entry.name == self.endpoint.each)
            done = Puller(self.line, endpoint, self.folder, self.parents, lambda rows: None).pull(window)
            with suppress(OSError):
                done.path.unlink()
        return self.parents[key]

    def _unit(self, window: Window, asked: dict[str, Any], parent: dict[str, Any], sink: BinaryIO, done: Pulled, kept: list[Any], strict: bool) -> None:
        """All pages for one set of parameters; every record written, its key counted."""
        line, endpoint = self.line, self.endpoint
        params = {**line.connector.params(endpoint, line.account, window, line.zone), **asked}
        stamp = self._stamp(window, asked, parent)
        ids: set[int] = set()
        stated, rows, stale = None, 0, 0
        for body in line.connector.pages(line, endpoint, params):
            listed = line.connector.records(endpoint, body)
            fresh = self._write(listed, ids, stamp, sink, done, kept)
            done.pages += 1
            done.rows += fresh
            rows += len(listed)
            stale = stale + 1 if listed and not fresh and endpoint.keys else 0
            self._guard(stale)
            if endpoint.total and (value := dig(body, endpoint.total)) is not None:
                stated = max(stated or 0, number(value, endpoint.total))  # it shrinks while rows leave the window: the first count must be met
            if endpoint.until and (last := dig(body, endpoint.until)):
                done.window = min(done.window, _known_until(window, str(last), line.zone))
            self.told(fresh)
        if strict:
            self._check_count(stated, rows, len(ids) if endpoint.keys else rows)

    def _stamp(self, window: Window, asked: dict[str, Any], parent: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = dict(asked)
        if self.endpoint.stamp:
            first, last = window.days(self.line.zone)
            said |= {"from": first.isoformat(), "to": last.isoformat()}
        return ({"_asked": said} if said else {}) | ({"_parent": parent} if parent else {})

    def _write(self, listed: list[Any], ids: set[int], stamp: dict[str, Any], sink: BinaryIO, done: Pulled, kept: list[Any]) -> int:
        """Write the records of a page; returns how many were new. Of one key in a list that is replaced whole the first counts."""
        keys, fresh, lines, detail = self.endpoint.keys, 0, [], self.endpoint.detail
        for entry in listed:
            record = self._detail(detail, entry) if detail else entry
            if not isinstance(record, dict):
                raise UnexpectedPayload(f"{self.endpoint.name}: a record is {type(record).__name__}, not an object. Compare with the saved sample and update the connector.")
            if keys:
                mark = hash(self.key_of(record))
                known = mark in ids
                ids.add(mark)
                if known and self.is_slice:
                    continue
                fresh += not known
            else:
                fresh += 1
            if self.keeps_parents:
                kept.append(dict(record))
            if self.endpoint.keeps_if and not dig(record, self.endpoint.keeps_if):
                continue
            self._check_lists(record)
            done.cleaner.clean(record)
            lines.append(line_of(stamp | record if stamp else record))
        if lines:
            done.lines += len(lines)
            sink.write(b"\n".join(lines) + b"\n")
        return fresh

    def _detail(self, detail: Detail, entry: Any) -> Any:
        """The record itself, by a call of its own."""
        if any(dig(entry, path) not in values for path, values in detail.only.items()):
            return entry
        key = dig(entry, detail.key)
        body = self.line.call(Call(detail.path, {**detail.params, detail.param: key}, detail.method or self.endpoint.method, self.endpoint.base_url))
        record = dig(body, detail.record)
        return {**entry, detail.joined: record} if detail.joined else record

    def _guard(self, stale: int) -> None:
        """Pages of nothing but known records: the platform does not turn the page."""
        limit = 1 if isinstance(self.endpoint.paging, Cursor) else 0 if isinstance(self.endpoint.paging, Reverse) else 2
        if limit and stale >= limit:
            raise UnexpectedPayload(f"{self.endpoint.name}: a whole page of records that were already given. The list goes round; nothing was stored of this window.")

    def _check_count(self, stated: int | None, rows: int, distinct: int) -> None:
        if stated is not None and distinct < stated:
            raise Incomplete(f"{self.endpoint.name}: {distinct:,} of {stated:,} records came. The window will be asked for again.")
        if stated is None and self.is_slice and distinct < rows:
            raise Incomplete(f"{self.endpoint.name}: the report moved while it was read ({rows - distinct:,} rows came twice). The window will be asked for again.")

    def _check_lists(self, record: Mapping[str, Any]) -> None:
        for reading in self.readings:
            if reading.each and not isinstance(dig(record, reading.each), (list, type(None))):
                raise UnexpectedPayload(f"{self.endpoint.name}: '{reading.each}' is no list any more. Compare with the saved sample and update {reading.stem}.sql.")

    def _check_fields(self, done: Pulled) -> None:
        """A field that a mapping needs and no record has: the contract changed."""
        seen = done.cleaner.seen
        for reading in self.readings if done.rows else ():
            if reading.each and not any(path.startswith(reading.each + ".") for path in seen):
                continue
            gone = [path for path in reading.needed if path not in seen and not path.startswith(("_asked.", "_parent."))]
            if gone:
                raise UnexpectedPayload(
                    f"{self.line.connector.label_en} {self.endpoint.name}: the field '{gone[0]}' is gone. Nothing was stored of this window. "
                    f"Compare with the saved sample and update {reading.stem}.sql."
                )


def _key_of(keys: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Any]:
    """A record's key as text; the usual single field without detours."""
    if len(keys) == 1 and "." not in keys[0]:
        name = keys[0]
        return lambda record: str(record.get(name))
    return lambda record: tuple(str(dig(record, key)) for key in keys)


def _known_until(window: Window, last: str, zone: str) -> Window:
    """The window up to the end of the last day that a platform knows. Raises UnexpectedPayload for what is no day."""
    try:
        end = whole_day(date.fromisoformat(last[:10]), zone).end
    except ValueError:
        raise UnexpectedPayload(f"The last day known should be a date and is {last[:40]!r}. Compare with the saved sample and update the connector.") from None
    return Window(window.start, max(window.start, min(window.end, end)))
