"""A number as people write it in a plan: 60万, 2-5万, ≥97%, 3～5小时, ××. The text is kept; the value is exact."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

SCALES = {"": Decimal(1), "十": Decimal(10), "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "百万": Decimal(10**6),
          "千万": Decimal(10**7), "亿": Decimal(10**8), "万亿": Decimal(10**12), "k": Decimal(1000), "m": Decimal(10**6)}  # fmt: skip
PERCENT = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "个百分点": Decimal("0.01")}
BLANK = re.compile(r"[\s×x✕*_—–?/…-]*|若干|待定|另定|tbd|n/?a|空|无", re.IGNORECASE)
# ××人, XX多万, x篇, 20xx: a figure that somebody took out, the unit left standing
MASKED = re.compile(
    r"[¥￥$€£]?(?:\d{1,2}(?=[×xX✕*]{2})|)[×xX✕*_?]{1,4}\s*[多余]?(?:百万|千万|万亿|[十百千万亿])?(?P<unit>%|‰|[\u4e00-\u9fff]{0,6})"
)
_NUMBER = r"[+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
_SCALE = "百万|千万|万亿|[十百千万亿]|[kKmM](?![a-zA-Z0-9²])"
_ONE = re.compile(rf"(?P<cur>[¥￥$€£])?(?P<number>{_NUMBER})\s*(?P<scale>{_SCALE})?(?P<unit>.*)", re.DOTALL)
_RANGE = re.compile(
    rf"(?P<a>[¥￥$€£]?{_NUMBER}\s*(?:{_SCALE})?[^\d\-~～—–至到]*?)\s*(?:-|~|～|—|–|至|到)\s*(?P<b>[¥￥$€£]?{_NUMBER}.*)",
    re.DOTALL,
)
_SIDE = (
    (re.compile(r"^(?:>=|≥|不低于|不少于|至少|大于等于|at least)\s*|(?:以上|及以上|起)$"), "at_least"),
    (re.compile(r"^(?:<=|≤|不高于|不超过|至多|最多|小于等于|at most)\s*|(?:以下|及以下|以内)$"), "at_most"),
)  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """What was typed and what it says.

    `low` == `high` for one number, both None for a blank (××, x, empty); `unit` is the word behind the number (元, %, 场, 小时 …,
    without 万 or 亿); percents are stored divided: 97% is 0.97. `side`: at_least, at_most, inside, or '' when the text does not say.
    """

    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    side: str = ""

    @property
    def is_blank(self) -> bool:
        return self.low is None and self.high is None

    @property
    def value(self) -> Decimal | None:
        """The one number; None for a blank and for a band."""
        return self.low if self.low == self.high else None


class NotAQuantity(ValueError):
    """The text is neither a number with a unit nor a blank."""


def quantity(typed: object) -> Quantity:
    """Read what somebody typed: "10.8万" -> 108,000; "2-5万" -> 20,000..50,000; "97%以上" -> at least 0.97; "××" -> blank.

    A scale or unit after the second number of a band holds for both. Raises NotAQuantity.
    """
    text = str(typed).strip() if typed is not None else ""
    plain = unicodedata.normalize("NFKC", text).strip()
    if BLANK.fullmatch(plain):
        return Quantity(text)
    side = ""
    for pattern, name in _SIDE:
        if pattern.search(plain):
            plain, side = pattern.sub("", plain).strip(), name
    if masked := MASKED.fullmatch(plain):
        return Quantity(text, unit=masked["unit"], side=side)
    found = _RANGE.fullmatch(plain)
    if found:
        return _band(text, found["a"], found["b"])
    value, unit, _ = _one(plain, text)
    return Quantity(text, value, value, unit, side)


def _band(text: str, first: str, second: str) -> Quantity:
    """Two numbers; the first takes scale and unit of the second when it has none of its own."""
    high, unit, factor = _one(second, text)
    own = _ONE.fullmatch(first.strip())
    has_own = own is not None and bool(own["scale"] or own["unit"].strip())
    low = _one(first.strip(), text)[0] if has_own else _one(first.strip(), text)[0] * factor
    if low > high:
        raise NotAQuantity(f"'{text}' runs from the greater to the smaller number. Write the smaller one first.")
    return Quantity(text, low, high, unit, "inside")


def _one(plain: str, text: str) -> tuple[Decimal, str, Decimal]:
    """Value, unit and the factor that scale and percent made. Raises NotAQuantity."""
    found = _ONE.fullmatch(plain.strip())
    if found is None:
        raise NotAQuantity(f"'{text}' is not a number. Write it as 10.8万, 97%, 3-5场, or ×× when it is still blank.")
    try:
        number = Decimal(re.sub("[,，]", "", found["number"]))
    except InvalidOperation as error:  # pragma: no cover - the pattern lets only digits through
        raise NotAQuantity(f"'{text}' is not a number.") from error
    unit = found["unit"].strip()
    factor = SCALES[(found["scale"] or "").lower()]
    if unit in PERCENT:
        factor, unit = factor * PERCENT[unit], "%"
    if re.search(r"\d", unit.replace("m2", "").replace("m3", "")):
        raise NotAQuantity(f"'{text}' holds more than one number. Write one number, or a band such as 2-5万.")
    money = {"¥": "元", "￥": "元", "$": "USD", "€": "EUR", "£": "GBP"}.get(found["cur"] or "", "")
    return number * factor, unit or money, factor


def rounded(value: Decimal, places: int) -> Decimal:
    """To so many decimals, no zeros behind; a number too long for that stays as it is."""
    try:
        return round(value, places).normalize()
    except InvalidOperation:
        return value.normalize()


def shown(value: Decimal, like: Quantity) -> str:
    """The value written the way `like` was typed: 234,000 beside "25.8万" is "23.4万"; at most two decimals."""
    plain = unicodedata.normalize("NFKC", like.text)
    *_, found = [None, *re.finditer(rf"\d(?![\d.,])\s*(?P<scale>{_SCALE})?\s*(?P<part>[%‰]|个百分点)?", plain)]
    word = (found["scale"] or "") + (found["part"] or "") if found else ""
    factor = (
        (SCALES[(found["scale"] or "").lower()] * PERCENT.get(found["part"] or "", Decimal(1))) if found else Decimal(1)
    )
    number = rounded(value / factor, 2)
    unit = "" if like.unit == "%" else like.unit
    return f"{number:,f}{word}{unit}"
