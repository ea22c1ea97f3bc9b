"""Which lines of which plans a page shows beside its figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

import queries
import worker
from connectors import forms
from connectors.plan.planfile import parse_toml
from connectors.plan.seal import seal_plan
from queries.metrics import METRICS
from queries.plan.covering import EXACT, FAMILIES, PART, WIDER, asked, covering
from warehouse.book import Book
from warehouse.reader import Reader

NOV = date(2026, 11, 1)
HEAD = '[plan]\nid = "{id}"\ntitle = "{id}"\nkind = "sales_target"\nstate = "{state}"\nstart = 2026-10-01\nend = 2026-12-31\ncurrency = "CNY"\n'
LINE = '[[node]]\nid = "{id}"\nkind = "flow"\nname = "{id}"\nmetric = "{metric}"\ntarget = "100"\n{more}\n'


def plan(book: Book, name: str, nodes: str, state: str = "issued", minute: int = 0) -> None:
    text = HEAD.format(id=name, state=state) + nodes
    seal_plan(book, parse_toml(text, "test.toml"), "主管", now=datetime(2026, 11, 2, 0, minute, tzinfo=UTC))


def line(name: str, metric: str = "sales", more: str = "") -> str:
    return LINE.format(id=name, metric=metric, more=more)


def shown(
    book: Book,
    page: str = "overview",
    shops: tuple[str, ...] | None = None,
    day: date = date(2026, 11, 12),
    drawn: tuple[str, ...] = (),
) -> list[tuple[str, str, int]]:
    """(plan, node, fit) for one day, in order."""
    for minute, (shop, at) in enumerate((("a", "tmall"), ("b", "tmall"), ("c", "jd"))):
        row = {"shop": shop, "name": shop, "platform": at, "currency": "CNY", "zone": "Asia/Shanghai"}
        forms.submit_rows(book, "shop", [row], "me", now=datetime(2026, 11, 2, 1, minute, tzinfo=UTC))
    batch = worker.commit_all(book)
    assert not batch.failed, batch.failed
    reader = Reader(book)
    found = queries.run("plan/covering", reader, **asked(page, day, day))
    names = reader.query("SELECT shop, platform FROM shop", {})
    return [(each.plan, each.node, each.fit) for each in covering(found, names, shops, day.replace(day=1), drawn)]


def test_the_shops_of_a_line_decide_how_it_fits(book: Book) -> None:
    """Of the lines whole, tmall (a and b), a, c: two tmall shops see tmall exactly, a as a part, the whole as wider."""
    nodes = line("whole") + line("tmall", more='scope = { platform = "tmall" }') + line("a", more='shop = "a"')
    plan(book, "p", nodes + line("c", more='shop = "c"'))
    assert shown(book, shops=("a", "b")) == [("p", "tmall", EXACT), ("p", "a", PART), ("p", "whole", WIDER)]
    assert shown(book, shops=("a",)) == [("p", "a", EXACT), ("p", "tmall", WIDER), ("p", "whole", WIDER)]
    assert [name for _, name, _ in shown(book)] == ["whole", "a", "c", "tmall"]


def test_a_draft_never_counts(book: Book) -> None:
    """The same line covers when its plan is issued and does not while it is a draft."""
    plan(book, "p", line("whole"), state="draft")
    assert shown(book) == []
    plan(book, "p", line("whole"), minute=5)
    assert shown(book) == [("p", "whole", EXACT)]


def test_the_narrower_period_then_the_later_plan_comes_first(book: Book) -> None:
    """Two quarters and a fortnight: the fortnight, then the quarter issued later, then the earlier one."""
    plan(book, "early", line("q"))
    plan(book, "late", line("q") + line("half", more="start = 2026-11-01\nend = 2026-11-15"), minute=9)
    assert shown(book) == [("late", "half", EXACT), ("late", "q", EXACT), ("early", "q", EXACT)]
    assert shown(book, day=date(2026, 11, 16)) == [("late", "q", EXACT), ("early", "q", EXACT)]
    assert shown(book, day=date(2027, 1, 1)) == []


def test_every_metric_belongs_to_one_page() -> None:
    """A metric that is added later must be given to a page, and to one only."""
    placed = [name for names in FAMILIES.values() for name in names]
    assert len(placed) == len(set(placed))
    assert set(placed) - {"live_start", "live_days"} == set(METRICS)


def test_pages_see_their_own_metrics_and_live_what_sessions_are_held_to(book: Book) -> None:
    """Spend is for 推广; what is due after each session has no metric and is for 直播."""
    review = '[[node]]\nid = "review"\nkind = "milestone"\nname = "复盘"\nperiod = "session"\ndue = "场次:T..T+1"\n'
    plan(book, "p", line("s") + line("ads", "spend") + line("seen", "visitors") + review)
    pages = {page: [name for _, name, _ in shown(book, page)] for page in FAMILIES}
    assert pages == {"overview": ["s"], "traffic": ["seen"], "ads": ["ads"], "live": ["review"]}


@pytest.mark.parametrize(("month", "left"), [(date(2026, 11, 12), ["q"]), (date(2026, 10, 12), ["q", "oct"])])
def test_what_cards_draw_already_is_left_out(book: Book, month: date, left: list[str]) -> None:
    """A shop's whole month is drawn on its card in that month; in another month (drawn for none) it is listed."""
    months = "".join(
        line(name, more=f'shop = "a"\nstart = 2026-{m}-01\nend = 2026-{m}-{d}') for name, m, d in (("oct", "10", "31"), ("nov", "11", "30"))
    )  # fmt: skip
    plan(book, "p", line("q") + months)
    drawn = ("sales",) if month.month == 11 else ()
    assert [name for _, name, _ in shown(book, day=month, drawn=drawn)] == left


def test_no_plan_is_no_row(tmp_path: Path) -> None:
    """An empty answer covers nothing, whatever is chosen."""
    empty = pd.DataFrame(
        columns=["plan", "title", "issued", "node", "metric", "shop", "scope", "day", "day_to", "is_month"]
    )
    assert covering(empty, pd.DataFrame({"shop": ["a"], "platform": ["jd"]}), None, NOV) == []
