"""下一块钱投哪里 on the ads page, on hand-made books."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tests.dashboard.conftest import YESTERDAY, HandBook
from tests.dashboard.pages.opened import opened, words

DAYS = 400


def _book(book: HandBook, brings: float, varies: float = 0.5) -> None:
    """1,000 a day and `brings` times what is spent in two purses whose budgets change every two weeks."""
    rng = np.random.default_rng(5)
    book.shop("a")
    spent = {purse: 100 * np.repeat(np.exp(rng.normal(0, varies, DAYS // 14 + 1)), 14)[:DAYS] for purse in ("alimama", "qianchuan")}
    days = [YESTERDAY - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    for purse, amounts in spent.items():
        rows = [{"day": day, "spend": round(float(amount), 2)} for day, amount in zip(days, amounts, strict=True)]
        book.add("purse_day", rows, shop="a", purse=purse, source=purse, currency="CNY", is_chosen=True, state="ok")
    sales = 1000 + brings * (spent["alimama"] + spent["qianchuan"]) + rng.normal(0, 20, DAYS)
    rows = [{"day": day, "value": round(float(value), 2)} for day, value in zip(days, sales, strict=True)]
    book.add("shop_day", rows, metric="sales", shop="a", platform="tmall", currency="CNY", source="hand", state="ok")


def _panel(page: str) -> str:
    return page[page.index("下一块钱投哪里") :]


def test_a_yuan_that_pays(handbook: HandBook) -> None:
    """A yuan sells about 4, of which half is margin: 好 for both, and a split is offered with its change."""
    _book(handbook, 4)
    handbook.add("cost", [{"kind": "margin_rate", "value": 0.5}], shop="a", item_id="", day=date(2025, 1, 1), currency="CNY")
    panel = _panel(words(opened("ads")))
    assert panel.count(">好<") == 2 and "按建议分：每天成交" in panel and "db-error" not in panel


def test_steady_spend_is_not_judged(handbook: HandBook) -> None:
    """The same amount every day: 样本不足 with the reason, no split, and the margin is asked for."""
    _book(handbook, 4, varies=0)
    panel = _panel(words(opened("ads")))
    assert "样本不足 · 花费几乎不变" in panel and "数据不足" in panel and "填了毛利率" in panel


def test_no_spend_says_what_brings_it(handbook: HandBook) -> None:
    """A shop with sales alone."""
    handbook.shop("a")
    handbook.day("a", YESTERDAY, sales=100)
    page = words(opened("ads"))
    assert "近期没有推广花费" in _panel(page) and "db-error" not in page


def test_english_next_yuan(handbook: HandBook) -> None:
    """The English page is English."""
    _book(handbook, 4)
    page = words(opened("ads", lang="en"))
    assert "Where the next yuan goes" in page and "Next yuan sells" in page and "再花" not in page
