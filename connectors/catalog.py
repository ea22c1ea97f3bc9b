"""What the product can read: every platform API, every export layout it ships with, and the mappings kept in a book."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from connectors.api.connector import Connector
from connectors.files.layout import Layout, layouts
from connectors.files.mapping import saved_mappings
from warehouse.book import Book
from warehouse.errors import ConfigError

# one line a platform: its name in daybook.toml -> its class
CONNECTORS = {
    "doudian": "connectors.doudian.doudian:Doudian",
    "ga4": "connectors.ga4.ga4:Ga4",
    "google_ads": "connectors.google_ads.google_ads:GoogleAds",
    "jd": "connectors.jd.jd:Jd",
    "kuaishou": "connectors.kuaishou.kuaishou:Kuaishou",
    "medusa": "connectors.medusa.medusa:Medusa",
    "meta": "connectors.meta.meta:Meta",
    "pdd": "connectors.pdd.pdd:Pdd",
    "qianchuan": "connectors.qianchuan.qianchuan:Qianchuan",
    "saleor": "connectors.saleor.saleor:Saleor",
    "shopify": "connectors.shopify.shopify:Shopify",
    "taobao": "connectors.taobao.taobao:Taobao",
    "tencent_ads": "connectors.tencent_ads.tencent_ads:TencentAds",
    "tiktok_ads": "connectors.tiktok_ads.tiktok_ads:TikTokAds",
    "tiktok_shop": "connectors.tiktok_shop.tiktok_shop:TikTokShop",
    "vendure": "connectors.vendure.vendure:Vendure",
    "wechat": "connectors.wechat.wechat:WeChat",
    "woocommerce": "connectors.woocommerce.woocommerce:WooCommerce",
}


@cache
def connector(name: str) -> Connector:
    """The platform of that name; its module is imported at first use. Raises ConfigError naming the known ones."""
    if name not in CONNECTORS:
        raise ConfigError(f"There is no connector '{name}'. Known: {', '.join(sorted(CONNECTORS))}.")
    module, kind = CONNECTORS[name].split(":")
    made: Connector = getattr(import_module(module), kind)()
    return made


def connector_of(source: str) -> Connector:
    """The platform that a package's source (`platform.endpoint`) names. Raises ConfigError."""
    return connector(source.split(".")[0])


@dataclass(frozen=True)
class Entry:
    """One kind of file. `origin`: built in, or the user's own mapping."""

    layout: str
    platform: str
    kind: str
    label_zh: str
    label_en: str
    cadence: str
    files: str
    origin: str


def catalog(book: Book) -> list[Entry]:
    """Every file kind, built-in ones first, by platform."""
    shipped = sorted(layouts().values(), key=lambda layout: (layout.platform, layout.id))
    return [*(_entry(layout, "built in") for layout in shipped), *(_entry(layout, "mapping") for layout in saved_mappings(book, None))]


def _entry(layout: Layout, origin: str) -> Entry:
    return Entry(
        layout.id, layout.platform, layout.kind, layout.label.get("zh", ""), layout.label.get("en", ""), layout.cadence, " ".join(layout.files), origin
    )
