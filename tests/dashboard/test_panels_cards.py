"""Cards of 经营总览 where not every shop's reports state people."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard import panels_cards
from queries.overview.cards import Card, Change

NONE = Change(None, None, True)


def card(metric: str, *shops: str) -> Card:
    return Card(metric, "CNY", 1.0, "ok", (), NONE, NONE, (), "exact", shops)


def test_value_per_order_gives_way_only_where_buyers_are_known_for_all() -> None:
    """One of two shops states buyers: both cards stay; both do: one is enough."""
    cards = [card("sales", "a", "b"), card("sales_per_buyer", "a"), card("sales_per_order", "a", "b")]
    assert [c.metric for c in panels_cards.without_twins(cards)] == ["sales", "sales_per_buyer", "sales_per_order"]
    cards[1] = card("sales_per_buyer", "a", "b")
    assert [c.metric for c in panels_cards.without_twins(cards)] == ["sales", "sales_per_buyer"]


def test_a_card_says_whose_people_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors of one shop beside sales of two are named; sales themselves need no word."""
    monkeypatch.setattr(panels_cards.data, "shops", lambda: pd.DataFrame({"shop": ["a", "b"], "name": ["A 店", "B 店"]}))
    monkeypatch.setattr(panels_cards, "lang", lambda: "zh")
    monkeypatch.setattr(panels_cards, "t", lambda key, **words: f"{key} {words.get('shops', '')}")
    assert panels_cards.only(card("visitors", "a"), {"a", "b"}) == "overview.only A 店"
    assert panels_cards.only(card("visitors", "a", "b"), {"a", "b"}) == ""
    assert panels_cards.only(card("spend", "a"), {"a", "b"}) == ""
