"""What the live team typed of its evenings: the run sheet before, the log of the air while it ran."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors import runsheet
from connectors.demo.catalogue import DOUYIN
from connectors.demo.douyin import Douyin, best
from connectors.demo.live import Session
from connectors.demo.live_files import HANDLE

KEPT = 24           # evenings of which the team kept sheet and log
DUTY = "小何控场，小林备播"
Raw = dict[str, Any]


def events(shop: Douyin, after: date | None) -> list[Raw]:
    """Rows of live_event of the last evenings, those later than `after`."""
    rows: list[Raw] = []
    for one in shop.sessions[-KEPT:]:
        if after is None or one.day > after:
            rows += [*_sheet(shop, one), *_log(one)]
    return rows


def _sheet(shop: Douyin, one: Session) -> list[Raw]:
    goods, links = shop.history.goods, best(shop.history.goods, (one.day - shop.history.days[0]).days)
    rows = [
        {
            "minute": part.minute, "segment": part.segment, "host": part.host, "action": part.action, "offer": part.offer, "duty": DUTY if not part.minute else "",
            "link_no": str(part.link) if part.link else "", "item_id": goods.ids[links[part.link - 1]] if part.link else "",
            "text": goods.titles[links[part.link - 1]] if part.link else "",
        }
        for part in one.show.planned
    ]  # fmt: skip
    return runsheet.event_rows(DOUYIN.id, HANDLE, _clock(one.planned), runsheet.checked(rows))


def _log(one: Session) -> Iterator[Raw]:
    """Presses of the phone page, some seconds into each part."""
    host = ""
    for place, part in enumerate(one.show.aired):
        at = _clock(one.started // 60 * 60 + part.minute * 60) + timedelta(seconds=5 + 7 * place % 40)
        if part.host != host:
            host = part.host
            yield _press(at, "host", text=host)
        if part.link:
            yield _press(at + timedelta(seconds=2), "explain", link=str(part.link))
        if part.segment == "秒杀":
            yield _press(at + timedelta(seconds=4), "coupon", text=part.offer)
        if part.segment == "福袋":
            yield _press(at + timedelta(seconds=2), "lucky_bag")


def _press(at: datetime, kind: str, link: str = "", text: str = "") -> Raw:
    return {"shop": DOUYIN.id, "account": HANDLE, "happened_at": at, "kind": kind, "link_no": link, "text": text}


def _clock(seconds: int) -> datetime:
    """Shop-local seconds as the shop's own clock."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
