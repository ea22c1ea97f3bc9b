"""The sample files of live rooms and their ads in one book, a shop a platform; what they say, read off by eye."""

from __future__ import annotations

from pathlib import Path

import worker
from connectors import files, forms
from warehouse.book import Book

EXPORTS = {
    "dy": (
        "罗盘_直播间列表_下载明细.xlsx", "流量综合趋势分析下载_数据更新日期20261112.xlsx", "直播间详情页_整场数据下载_2026-11-12_09-40-44(示例旗舰店_2026-11-12_01-03-42).xlsx",
        "全域推直播_分小时_2026-11-11.xlsx", "千川_素材_日_2026-11-11.xlsx",
    ),
    "tt": ("Live Analysis_20261101-20261107.xlsx", "TikTok_GMVMax_LIVE.xlsx"),
    "wx": ("视频号_电商加热_数据明细.csv",),
}  # fmt: skip
SHOPS = (("dy", "douyin", "CNY", "Asia/Shanghai"), ("tt", "tiktok", "USD", "America/Los_Angeles"), ("wx", "wechat", "CNY", "Asia/Shanghai"))
# start day -> sales of the seven sessions of the 罗盘 list; those of the 6th, 11th and 15th end after midnight
DOUYIN = {2: 3285.30, 4: 4054.20, 6: 3984.30, 9: 2097.00, 11: 11603.40, 13: 2865.90, 15: 3704.70}
TIKTOK = {1: 824.40, 2: 870.20, 3: 1671.70, 4: 435.10}


def samples_in(root: Path, exports: Path) -> Book:
    """A shop a platform, each with its files."""
    book = Book(root).ensure()
    for shop, platform, currency, zone in SHOPS:
        forms.submit_rows(book, "shop", [{"shop": shop, "name": shop, "platform": platform, "currency": currency, "zone": zone}], "owner")
        for name in EXPORTS[shop]:
            files.seal(book, exports / name, shop=shop)
    assert worker.commit_all(book).failed == {}
    return book
