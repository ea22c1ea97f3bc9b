"""What a platform states of itself: endpoints, what an answer looks like, what may be asked. Facts only; client.py and sync.py act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.api.paging import Paging, Single
from connectors.api.windows import Whole, WindowKind
from connectors.errors import ApiError

MONEY = ("yuan", "fen", "li", "minor", "micros", "major", "stated", "none")
# the unit on the wire; "major": decimal text with its currency beside it; "stated": unpublished, an option of the account says it


@dataclass(frozen=True)
class Request:
    """One HTTP request, before or after signing. `body` is the very bytes that are signed and sent."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back, undecoded. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Envelope:
    """How a platform says yes or no in the body. Paths are dotted.

    `ok`: path and the values that mean success; None: HTTP status alone decides. `absent_ok`: a missing path is success too.
    `codes`: paths looked at in turn for an error code; `rules`: code -> kind of error (first code that has a rule wins;
    a key may end in `*`); `message`: paths of the human text.
    """

    ok: tuple[str, tuple[Any, ...]] | None = None
    absent_ok: bool = False
    codes: tuple[str, ...] = ("code",)
    message: tuple[str, ...] = ("message",)
    rules: Mapping[str, type[ApiError]] = field(default_factory=dict)


@dataclass(frozen=True)
class Detail:
    """A call per listed record that gives the record itself. `key`: path of the id in the listed record ("" when it is the id);
    `param`: where it goes in the request (dotted); `record`: path of the record in the answer; `joined`: the listed record
    stays and carries the detail under this name; `only`: path -> values of a listed record that is asked about, others stay as they are."""

    path: str
    key: str
    param: str
    record: str
    params: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    joined: str = ""
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """One list that a platform gives, and the fact tables it fills.

    items    dotted path of the records in the answer; "" the answer itself; a single object counts as one record
    loads    SQL files beside the platform's module (`order_head` -> order_head.sql); their headers state table and columns
    kind     kind of source (orders, refunds, ads, sessions ...), which ranks it for a metric
    key      dotted path(s) of what makes a record one and the same; "" none: records are never told apart
    total    dotted path of the stated number of records in the window, "" none: nothing to hold the rows against
    each     name of the endpoint whose records this is asked for one by one; `each_key`: their path -> our parameter;
             `each_with`: further paths of theirs that our records carry along under `_parent`;
             `each_if`: a path of theirs without which we do not ask; the same parameters are asked once
    over     option of the account that lists values -> parameter: asked once for each of them
    among    parameter -> all the values it has on this platform: asked once for each of them
    until    dotted path of the last day an answer knows: what of the window lies after it is unknown, not empty, and stays to be asked
    stamp    records carry `_asked.from`, `_asked.to` (days asked for, both inclusive) because they state no date themselves;
             parameters of `each`, `over` and `among` stand in `_asked` always
    history  asked only for what lies before the account's first sync; `tail`: only for what lies after it
    source   the name its rows carry; endpoints of one source describe the same things and share their keys
    keeps_if path without which a record is counted and not kept: a list read whole for the few that have it
    part     reports of one source that are added up, not held against each other: each says which part it is, which becomes
             part of its rows' account, so that a day of one part does not replace the other's
    """

    name: str
    path: str
    items: str
    loads: tuple[str, ...]
    kind: str
    label_zh: str
    label_en: str
    money: str
    key: str | tuple[str, ...] = ""
    method: str = "GET"
    params: Mapping[str, Any] = field(default_factory=dict)
    window: WindowKind = field(default_factory=Whole)
    paging: Paging = field(default_factory=Single)
    total: str = ""
    purse: str = ""
    source: str = ""
    keeps_if: str = ""
    part: str = ""
    each: str = ""
    each_key: Mapping[str, str] = field(default_factory=dict)
    each_with: tuple[str, ...] = ()
    each_if: str = ""
    over: Mapping[str, str] = field(default_factory=dict)
    among: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    detail: Detail | None = None
    until: str = ""
    stamp: bool = False
    history: bool = False
    tail: bool = False
    optional: bool = False  # needs a permission that not every account has: refused means skipped, and said
    buyer: tuple[str, ...] = ()  # paths of buyers' own ids, which become pseudonyms
    personal: tuple[str, ...] = ()  # further paths that must not be kept
    every: str = "1h"
    base_url: str = ""
    rank: int = 5  # before the same platform's export files (10)

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,) if isinstance(self.key, str) and self.key else tuple(self.key)

    @property
    def source_name(self) -> str:
        """Last part of the source's name: rows of `doudian.orders` come from the endpoint or endpoints named `orders`."""
        return self.source or self.name


@dataclass(frozen=True)
class Ping:
    """Who the credentials belong to: what `ping` prints and a page shows."""

    who: str
    account_id: str = ""
    zone: str = ""
    currency: str = ""
    scopes: tuple[str, ...] = ()
    note: str = ""


def dig(value: Any, path: str) -> Any:
    """What lies at a dotted path; None when a step is missing. "" is the value itself; a number indexes a list."""
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.lstrip("-").isdigit() and -len(value) <= int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def has(value: Any, path: str) -> bool:
    """Is there anything at the path, be it null?"""
    *above, last = path.split(".")
    holder = dig(value, ".".join(above))
    return isinstance(holder, Mapping) and last in holder


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path, making the objects on the way."""
    *above, last = path.split(".")
    for step in above:
        target = target.setdefault(step, {})
    target[last] = value
