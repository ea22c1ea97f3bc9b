"""The demo's shops and what they sell: evergreen items, and new ones that come, peak and fade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from connectors.demo.seasons import EPOCH

LAUNCH_EVERY = 35       # days between two new items
LIFE = 240              # days an item stays on sale


@dataclass(frozen=True)
class Shop:
    """A demo shop. `orders` is an ordinary day's order count before season and growth."""

    id: str
    name: str
    platform: str
    number: int
    orders: float
    weekday: tuple[float, ...]
    power: float
    first_item: int
    margin: float
    fee: float


TMALL = Shop("tmall-demo", "示例家居旗舰店", "tmall", 1, 118.0, (0.97, 0.95, 0.96, 0.98, 1.0, 1.06, 1.08), 1.0, 680000000000, 0.46, 0.05)
JD = Shop("jd-demo", "示例家居京东店", "jd", 2, 62.0, (1.02, 1.01, 1.0, 1.0, 0.98, 0.98, 1.01), 0.9, 100216519580000, 0.38, 0.08)
DOUYIN = Shop("douyin-demo", "示例家居抖音店", "douyin", 3, 38.0, (0.93, 0.95, 0.96, 1.0, 1.05, 1.08, 1.06), 0.75, 3500000680000000000, 0.44, 0.06)
SHOPS = (TMALL, JD, DOUYIN)

# title, price in fen, weight, season (+ sells in winter, - in summer)
_EVERGREEN = (
    ("316不锈钢保温杯 480ml", 8990, 20.0, 0.5),
    ("大容量焖烧壶 1.2L", 12990, 9.0, 0.6),
    ("便携弹盖水杯 550ml", 5990, 14.0, -0.4),
    ("儿童吸管杯 360ml", 7990, 11.0, 0.0),
    ("玻璃茶水分离杯 400ml", 6990, 8.0, 0.2),
    ("车载保冷杯 890ml", 9990, 8.0, -0.6),
    ("分格便当盒 1000ml", 4990, 7.0, 0.0),
    ("真空保温饭盒 三层", 15990, 6.0, 0.5),
    ("冷水壶家用耐热 2L", 5590, 6.0, -0.7),
    ("杯刷清洁套装", 1990, 9.0, 0.0),
)
_SERIES = ("轻量", "磨砂", "渐变", "复古", "极简", "户外")
_KINDS = (("保温杯 420ml", 9990, 0.4), ("吸管杯 600ml", 7590, -0.4), ("咖啡杯 350ml", 8590, 0.1), ("运动水壶 1L", 6990, -0.3), ("焖烧杯 520ml", 11990, 0.5))
_COLOURS = ("雾白", "墨绿", "奶油黄", "樱粉", "海盐蓝", "石墨黑", "杏色")


@dataclass(frozen=True)
class Catalogue:
    """Items of one shop over a period; arrays run over items, `weight` over days and items."""

    ids: list[str]
    titles: list[str]
    codes: list[str]
    prices: NDArray[np.int64]      # fen
    weight: NDArray[np.float64]    # (days, items), rows sum to 1


def _rolling(shop: Shop, days: list[date]) -> list[tuple[int, str, int, float, float, NDArray[np.float64]]]:
    """New items: number, title, price, weight, season, and how alive each is on every day."""
    first = ((days[0] - EPOCH).days - LIFE) // LAUNCH_EVERY
    last = (days[-1] - EPOCH).days // LAUNCH_EVERY
    ordinals = np.array([d.toordinal() for d in days])
    goods = []
    for k in range(first, last + 1):
        n = k + shop.number
        kind, price, season = _KINDS[n % len(_KINDS)]
        title = f"{_SERIES[n % len(_SERIES)]}{kind} {_COLOURS[(n * 3) % len(_COLOURS)]}"
        age = ordinals - (EPOCH + timedelta(days=k * LAUNCH_EVERY)).toordinal()
        curve = np.minimum(1.0, (age + 1) / 18) * np.exp(-np.maximum(age, 0) / 95)
        life = np.where((age >= 0) & (age < LIFE), curve, 0.0)
        goods.append((1000 + k, title, price + 500 * ((n * 7) % 5), 13.0 + 3.0 * ((k * 5) % 4), season, life))
    return goods


def catalogue(shop: Shop, days: list[date]) -> Catalogue:
    """Every item the shop sells on any of the days, with its share of each day's orders."""
    year_day = np.array([d.timetuple().tm_yday for d in days])
    winter = np.cos((year_day - 15) / 365.0 * 2 * np.pi)
    goods = [(number, *row, np.ones(len(days))) for number, row in enumerate(_EVERGREEN)] + _rolling(shop, days)
    weights = np.array([base * (1 + season * winter) * life for _, _, _, base, season, life in goods]).T
    return Catalogue(
        ids=[str(shop.first_item + item[0]) for item in goods],
        titles=[item[1] for item in goods],
        codes=[f"HH-{item[0]:04d}" for item in goods],
        prices=np.array([item[2] for item in goods], dtype=np.int64),
        weight=weights / weights.sum(axis=1, keepdims=True),
    )
