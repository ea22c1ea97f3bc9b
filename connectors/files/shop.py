"""Whose file is it? The operator says so, the file says so, or we ask; never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.errors import ShopNeeded, WrongShop
from connectors.files.header import normal
from warehouse.book import Book
from warehouse.errors import NoBook
from warehouse.reader import Reader

SAMPLE = 500


@dataclass(frozen=True)
class Shop:
    """A shop that the published book knows."""

    id: str
    name: str
    platform: str = ""
    currency: str = ""
    zone: str = ""


def known_shops(book: Book) -> list[Shop]:
    """Shops of the current generation; none before the first import."""
    reader = Reader(book)
    try:
        rows = reader.query("SELECT shop, name, platform, currency, zone FROM shop ORDER BY shop")
    except NoBook:
        return []
    finally:
        reader.close()
    return [Shop(*(str(value or "") for value in row)) for row in rows.itertuples(index=False)]


def choose_shop(shops: Sequence[Shop], file: str, chosen: str | None, names: Sequence[str], force: bool = False) -> str:
    """The shop's id: the operator's choice, else the one known shop that the file names.

    Raises ShopNeeded listing the known shops, WrongShop when the file names another known shop than the chosen one.
    """
    said = {normal(name) for name in names if name}
    named = [shop.id for shop in shops if {normal(shop.id), normal(shop.name)} & said]
    if chosen:
        shop = check_id(chosen)
        if len(named) == 1 and named[0] != shop and any(known.id == shop for known in shops) and not force:
            raise WrongShop(f"{file} names the shop '{named[0]}', not '{shop}'. Import it with --shop {named[0]}, or add --force-shop if it is '{shop}' all the same.", named[0])
        return shop
    if len(named) == 1:
        return named[0]
    known = ", ".join(f"{shop.id} ({shop.name})" if shop.name != shop.id else shop.id for shop in shops) or "none yet"
    raise ShopNeeded(f"{file} does not say which shop it belongs to. Add --shop ID (known: {known}; a new id makes a new shop).", tuple(shop.id for shop in shops))


def check_id(shop: str) -> str:
    """A shop id: letters, digits, dot, dash, underscore, at most 40. Raises ShopNeeded."""
    shop = shop.strip()
    if not re.fullmatch(r"\w[\w.\-]{0,39}", shop):
        raise ShopNeeded(f"'{shop}' cannot name a shop. Use letters, digits, - and _, at most 40.")
    return shop


def check_items(book: Book, file: str, shop: str, items: Sequence[str], force: bool = False) -> None:
    """Raise WrongShop when more than half of the file's item ids are known in one other shop and not in this one."""
    if force or not items:
        return
    sample = list(items)[:SAMPLE]
    reader = Reader(book)
    try:
        rows = reader.query("SELECT shop, count(DISTINCT item_id) AS items FROM item_day WHERE item_id IN (SELECT unnest($items)) GROUP BY shop ORDER BY items DESC, shop", {"items": sample})
    except NoBook:
        return
    finally:
        reader.close()
    counts = {str(row.shop): int(row.items) for row in rows.itertuples()}
    own = counts.pop(shop, 0)
    for other, count in counts.items():
        if count * 2 > len(sample) and count > own:
            raise WrongShop(
                f"{file}: {count} of {len(sample)} item ids belong to the shop '{other}', {own} to '{shop}'. Nothing was stored. "
                f"Import it with --shop {other}, or add --force-shop if it is '{shop}' all the same.", other
            )
