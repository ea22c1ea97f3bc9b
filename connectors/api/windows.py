"""Windows of time: what an endpoint may be asked for at once, and what is still to be asked.

Inside, a window is half-open [start, end) in whole Unix seconds; only `params` turns it into what the platform wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

DAY = 86_400


@dataclass(frozen=True, order=True)
class Window:
    """[start, end) in Unix seconds."""

    start: int
    end: int

    def days(self, zone: str) -> tuple[date, date]:
        """First and last calendar day it touches, in the zone."""
        return local(self.start, zone).date(), local(max(self.end - 1, self.start), zone).date()


@dataclass(frozen=True)
class Reach:
    """What is known when windows are planned: Unix seconds of now, of the wanted start, and of the account's first sync."""

    now: int
    since: int
    first_sync: int
    zone: str


class WindowKind(Protocol):
    """How an endpoint takes its time range."""

    def plan(self, reach: Reach, done: Sequence[Window]) -> list[Window]: ...

    def params(self, window: Window, zone: str) -> dict[str, Any]: ...


def local(instant: int, zone: str) -> datetime:
    """The clock on the wall in the zone, without its zone."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).replace(tzinfo=None)


def midnight(day: date, zone: str) -> int:
    """Unix seconds of the start of a calendar day in the zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())


def whole_day(day: date, zone: str) -> Window:
    """From the start of a calendar day in the zone to that of the next."""
    return Window(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def merged(windows: Iterable[Window]) -> list[Window]:
    """The same time in as few windows as possible, in order."""
    result: list[Window] = []
    for window in sorted(windows):
        if result and window.start <= result[-1].end:
            result[-1] = Window(result[-1].start, max(result[-1].end, window.end))
        elif window.end > window.start:
            result.append(window)
    return result


def gaps(wanted: Window, done: Iterable[Window]) -> list[Window]:
    """What of the wanted time lies in none of the done windows."""
    found, start = [], wanted.start
    for window in merged(done):
        if window.start > start:
            found.append(Window(start, min(window.start, wanted.end)))
        start = max(start, window.end)
        if start >= wanted.end:
            break
    if start < wanted.end:
        found.append(Window(start, wanted.end))
    return [window for window in found if window.end > window.start]


@dataclass(frozen=True)
class Span:
    """A range of instants. Parameter names are dotted paths.

    unit: s | ms | text ("2026-11-20 10:00:00" in `text_zone`) | iso (UTC, "...Z") | iso_plain (UTC, no suffix)
    end_inclusive: the end second itself is asked for too, so it is sent one unit earlier
    most: longest window; overlap: how much of what was asked is asked again; lag: what of the present is left alone
    keeps: how far back the platform answers
    """

    start: str
    end: str
    unit: str = "s"
    most: timedelta = timedelta(days=1)
    overlap: timedelta = timedelta(minutes=15)
    lag: timedelta = timedelta(0)
    keeps: timedelta | None = None
    end_inclusive: bool = False
    text_zone: str = "Asia/Shanghai"

    def plan(self, reach: Reach, done: Sequence[Window]) -> list[Window]:
        """Gaps from `since` until now, the tail of what is done once more; oldest first, none longer than `most`."""
        end = reach.now - int(self.lag.total_seconds())
        start = reach.since if self.keeps is None else max(reach.since, reach.now - int(self.keeps.total_seconds()))
        if end <= start:
            return []
        known = merged(done)
        if known:
            known[-1] = Window(known[-1].start, max(known[-1].start, min(known[-1].end, end) - int(self.overlap.total_seconds())))
        most = int(self.most.total_seconds())
        return [piece for gap in gaps(Window(start, end), known) for piece in _cut(gap, most)]

    def params(self, window: Window, zone: str) -> dict[str, Any]:
        if self.end_inclusive and self.unit == "ms":
            return {self.start: self._said(window.start), self.end: self._said(window.end) - 1}
        end = window.end - (1 if self.end_inclusive else 0)
        return {self.start: self._said(window.start), self.end: self._said(end)}

    def _said(self, instant: int) -> Any:
        if self.unit == "s":
            return instant
        if self.unit == "ms":
            return instant * 1000
        if self.unit == "text":
            return local(instant, self.text_zone).strftime("%Y-%m-%d %H:%M:%S")
        moment = datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return moment + ("Z" if self.unit == "iso" else "")


def _cut(window: Window, most: int) -> list[Window]:
    return [Window(start, min(start + most, window.end)) for start in range(window.start, window.end, most)]


@dataclass(frozen=True)
class Days:
    """A range of calendar days of the account's zone, replaced whole; the last `back` days are asked again every time.

    today: False when the platform gives a day only after it has ended
    fills: False when only the last `back` days are asked for again, and what is missing before them is another endpoint's
    form: strftime of a day, or "%s" for Unix seconds of its start; number: sent as a number; end_form: when the end differs
    """

    start: str
    end: str = ""  # "" the endpoint takes one day at a time
    form: str = "%Y-%m-%d"
    end_form: str = ""
    most: int = 30
    back: int = 15
    keeps: int | None = None
    today: bool = True
    end_inclusive: bool = True
    number: bool = False
    fills: bool = True

    def plan(self, reach: Reach, done: Sequence[Window]) -> list[Window]:
        """Missing days since `since`, and the last `back` once more; oldest first, at most `most` days in one.

        A day that was last asked for while it still moved is to be missing in `done` (see `settled`), so that a pause leaves none half told.
        """
        last = local(reach.now, reach.zone).date() - timedelta(days=0 if self.today else 1)
        first = local(reach.since, reach.zone).date()
        if self.keeps is not None:
            first = max(first, last - timedelta(days=self.keeps - 1))
        fresh = max(first, last - timedelta(days=self.back - 1)) if self.back else last + timedelta(days=1)
        known = merged(done)
        wanted = [
            day for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
            if day >= fresh or (self.fills and gaps(whole_day(day, reach.zone), known))
        ]  # fmt: skip
        return [Window(midnight(run[0], reach.zone), midnight(run[-1] + timedelta(days=1), reach.zone)) for run in _runs(wanted, 1 if not self.end else self.most)]

    def settled(self, at: int, zone: str) -> int:
        """Until when figures asked for at that moment stand for good; what came later was still moving then."""
        last = local(at, zone).date() - timedelta(days=0 if self.today else 1)
        return midnight(last - timedelta(days=self.back - 1), zone) if self.back else at

    def params(self, window: Window, zone: str) -> dict[str, Any]:
        first, last = window.days(zone)
        said = {self.start: self._said(first, zone, self.form)}
        if self.end:
            said[self.end] = self._said(last if self.end_inclusive else last + timedelta(days=1), zone, self.end_form or self.form)
        return said

    def _said(self, day: date, zone: str, form: str) -> Any:
        text = str(midnight(day, zone)) if form == "%s" else day.strftime(form)
        return int(text) if self.number else text


def _runs(days: Sequence[date], most: int) -> list[list[date]]:
    """Days that follow each other, at most `most` together."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1) and len(runs[-1]) < most:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


@dataclass(frozen=True)
class Whole:
    """No range: the list as it stands now, asked once in every `hours`."""

    hours: int = 24

    def plan(self, reach: Reach, done: Sequence[Window]) -> list[Window]:
        asked = max((window.end for window in done), default=0)
        return [Window(reach.now - 1, reach.now)] if reach.now - asked >= self.hours * 3600 else []

    def params(self, window: Window, zone: str) -> dict[str, Any]:
        return {}
