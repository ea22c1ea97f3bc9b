"""How lists are turned over, page by page. Each kind ends only at the platform's own end marker, and never goes round for ever."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.errors import TooMuch, UnexpectedPayload

MOST_PAGES = 20_000
Ask = Callable[[Mapping[str, Any]], Any]  # page parameters (dotted path -> value) -> decoded answer


class Paging(Protocol):
    """Yields decoded answers; `count` says how many records one holds, `stated` is filled with the total a probe learned."""

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]: ...


def _at(body: Any, path: str) -> Any:
    from connectors.api.endpoint import dig

    return dig(body, path)


def number(value: Any, path: str) -> int:
    """A whole number that a platform states, as number or text. Raises UnexpectedPayload."""
    try:
        return int(str(value).strip())
    except (TypeError, ValueError):
        raise UnexpectedPayload(f"'{path}' should be a number of records or pages and is {value!r}. Compare with the saved sample and update the connector.") from None


def _end_mark(body: Any, path: str, rows: int) -> Any:
    """What stands where the platform says whether the list goes on. Raises UnexpectedPayload when records came and nothing stands there."""
    from connectors.api.endpoint import has

    if rows and not has(body, path):
        raise UnexpectedPayload(f"'{path}' is gone, so the end of the list is unknown. Compare with the saved sample and update the connector.")
    return _at(body, path)


def _too_many() -> UnexpectedPayload:
    return UnexpectedPayload(f"More than {MOST_PAGES:,} pages for one window. The platform never says where the list ends; ask for a shorter window.")


@dataclass(frozen=True)
class Single:
    """One answer is all."""

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        yield ask({})


@dataclass(frozen=True)
class PageNumber:
    """Pages by number. The end is, of what is stated: `last` (path of the last page's number), `more` (path of a flag) or
    `total` (path of the number of records: every page is asked for). `text`: numbers are sent as text.
    `cap`: rows after which the platform answers no more; a longer list is refused at its first page (TooMuch)."""

    param: str
    size_param: str
    size: int
    first: int = 1
    last: str = ""
    more: str = ""
    total: str = ""
    text: bool = False
    cap: int = 0

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        page = self.first
        while True:
            body = ask({self.param: self._said(page), **({self.size_param: self._said(self.size)} if self.size_param else {})})
            if self.cap and self.total and number(_at(body, self.total) or 0, self.total) > self.cap:
                raise TooMuch(f"More than {self.cap:,} rows in one window.")
            yield body
            if not self._goes_on(body, page, count(body)):
                return
            page += 1
            if page - self.first >= MOST_PAGES:
                raise _too_many()

    def _said(self, value: int) -> Any:
        return str(value) if self.text else value

    def _goes_on(self, body: Any, page: int, rows: int) -> bool:
        if self.more:
            return truth(_end_mark(body, self.more, rows))
        if self.last:
            stated = _end_mark(body, self.last, rows)
            return stated is not None and page - self.first + 1 < number(stated, self.last)
        stated = _at(body, self.total)
        if stated is None and rows:
            raise UnexpectedPayload(f"'{self.total}' is gone, so the end of the list is unknown. Compare with the saved sample and update the connector.")
        return stated is not None and (page - self.first + 1) * self.size < number(stated, self.total)


@dataclass(frozen=True)
class Reverse:
    """Pages from the last to the first, so that a list ordered by change loses nothing when rows change meanwhile.

    A probe for page 1 (with `probe` parameters) tells `total`; then every page from the last down is read with `walk`. A list of one
    page is whole with the probe.
    """

    param: str
    size_param: str
    size: int
    total: str
    probe: Mapping[str, Any]
    walk: Mapping[str, Any]
    text: bool = False

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        size = {self.size_param: self._said(self.size)}
        first = ask({self.param: self._said(1), **size, **self.probe})
        total = number(_at(first, self.total), self.total)
        last = math.ceil(total / self.size)
        if last > MOST_PAGES:
            raise _too_many()
        yield first  # its rows count too; they come again when page 1 is read last
        for page in range(last if last > 1 else 0, 0, -1):
            yield ask({self.param: self._said(page), **size, **self.walk})

    def _said(self, value: int) -> Any:
        return str(value) if self.text else value


@dataclass(frozen=True)
class Cursor:
    """A token for the next page. It ends where `next` is missing, empty or one of `ends`, or where `more` says no.

    `first`: sent for the first page (None: the parameter is left out). An empty page with a token goes on.
    `smallest`: a page that the platform finds too much is asked for again at half the size, down to this one (0: never).
    """

    param: str
    next: str
    size_param: str = ""
    size: int = 0
    first: Any = None
    ends: tuple[Any, ...] = ("nomore",)
    more: str = ""
    next_url: str = ""  # path of a link whose absence ends the list, though a token is still there
    total: str = ""  # path of the number of records: so many read is the end, whatever the token says
    smallest: int = 0

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        size, token, seen, rows = self.size, self.first, set(), 0
        for _ in range(MOST_PAGES):
            try:
                body = ask({**({self.size_param: size} if self.size_param else {}), **({self.param: token} if token is not None else {})})
            except TooMuch:
                if not self.smallest or size // 2 < self.smallest:
                    raise
                size //= 2
                continue
            yield body
            if self.more:
                _end_mark(body, self.more, count(body))
            rows += count(body) if self.total else 0
            if self.total and rows >= number(_at(body, self.total), self.total):
                return
            token = _at(body, self.next)
            over = token is None or token == "" or token in self.ends or (self.more and not truth(_at(body, self.more)))
            if over or (self.next_url and not _at(body, self.next_url)):
                if self.more and truth(_at(body, self.more)) and token in (None, ""):
                    raise UnexpectedPayload(f"'{self.more}' says there is more, but '{self.next}' is empty. Nothing was stored of this window; try again.")
                return
            if token in seen:
                raise UnexpectedPayload("The next page has a token that was used before: the list goes round. Nothing was stored of this window; try again later.")
            seen.add(token)
        raise _too_many()


@dataclass(frozen=True)
class Offset:
    """Rows to skip; it ends where our own counter has reached the stated `total`, or where none is stated ("") at a page that is not full."""

    param: str
    size_param: str
    size: int
    total: str = ""

    def pages(self, ask: Ask, count: Callable[[Any], int]) -> Iterator[Any]:
        skip = 0
        for _ in range(MOST_PAGES):
            body = ask({self.param: skip, self.size_param: self.size})
            yield body
            skip += self.size
            if self._over(body, skip, count(body)):
                return
        raise _too_many()

    def _over(self, body: Any, skip: int, rows: int) -> bool:
        if not self.total:
            return rows < self.size
        stated = _at(body, self.total)
        if stated is None and rows == self.size:
            raise UnexpectedPayload(f"'{self.total}' is gone, so the end of the list is unknown. Compare with the saved sample and update the connector.")
        return stated is None or skip >= number(stated, self.total)


def truth(value: Any) -> bool:
    """Yes or no as platforms write it: true, "true", 1, "1"."""
    return value is True or str(value).strip().lower() in ("true", "1")
