"""The on-air log's way in: a press is one typed row, sealed at once. The only door that a phone may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard import data, submit
from dashboard.access import on_phone

KINDS = ("explain", "lucky_bag", "coupon", "host", "boost", "note")
LONGEST = 200  # characters of a remark: a field on a page only asks its browser to keep to a length


@dataclass(frozen=True)
class Press:
    """What was pressed and when, in the shop's own time; a press is taken back by its own key."""

    shop: str
    zone: str
    account: str
    at: datetime
    kind: str
    link_no: str = ""
    text: str = ""

    def row(self) -> dict[str, Any]:
        return {
            "shop": self.shop, "account": self.account, "happened_at": self.at, "kind": self.kind, "link_no": self.link_no,
            "text": self.text[:LONGEST],
        }  # fmt: skip


def press(shop: str, zone: str, account: str, kind: str, link_no: str = "", text: str = "") -> Press:
    """Log that something happens on air now. Raises FormError; nothing is stored then."""
    made = Press(shop, zone, account, data.now(zone), kind, link_no, text)
    _hand_in(made, made.row())
    return made


def take_back(made: Press) -> None:
    """Remove a press again. Raises FormError."""
    _hand_in(made, made.row() | {"is_removed": True})


def _hand_in(made: Press, row: dict[str, Any]) -> None:
    submit.hand_in("live_event", [row], made.zone, "phone" if on_phone() else submit.AUTHOR)
