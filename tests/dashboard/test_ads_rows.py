"""Ad figures added up per level; ratios divided last."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.ads_rows import ADDED, beside, nodes, purses, total

WORDS = {"no_account": "未分账户", "no_campaign": "未分计划", "no_group": "未分单元"}


def _rows(*rows: dict) -> pd.DataFrame:
    blank = {
        **dict.fromkeys(ADDED), "currency": "CNY", "shop": "s1", "purse": "alimama", "account": "acc", "scene": "",
        "campaign_id": "c1", "campaign": "计划一", "ad_group_id": "", "ad_group": "", "attribution": "15天", "attribution_to": "15天",
    }  # fmt: skip
    return pd.DataFrame([{**blank, **row} for row in rows])


FRAME = _rows(
    {"ad_group_id": "g1", "ad_group": "单元一", "spend": 100, "spend_with_sales": 100, "attributed_sales": 500,
     "clicks": 50, "impressions": 1000, "spend_before": 80},
    {"ad_group_id": "g2", "ad_group": "单元二", "spend": 300, "spend_with_sales": 300, "attributed_sales": 300,
     "clicks": 50, "impressions": 3000, "spend_before": 120},
    {"campaign_id": "c2", "campaign": "计划二", "spend": 40, "clicks": 10, "impressions": 100},
)  # fmt: skip


def test_roas_is_sales_over_spend_and_not_a_mean_of_ratios() -> None:
    """(500 + 300) / (100 + 300) = 2, not the mean of 5 and 1; the 40 that states no sales is not under the line."""
    values = total(FRAME)
    assert (values["spend"], values["roas"]) == (440, 2)
    assert values["ctr"] == pytest.approx(110 / 4100)
    assert values["cpc"] == 4
    assert values["spend_change"] == pytest.approx(440 / 200 - 1)


def test_what_no_row_states_is_missing() -> None:
    """No net figure anywhere: no net ROAS; no spend before: no change."""
    values = total(FRAME.iloc[2:])
    assert values["net_roas"] is None
    assert values["roas"] is None
    assert values["spend_change"] is None
    assert pd.isna(values["attributed_sales"])


def test_attributions_are_named_all() -> None:
    """Rows of two windows say both."""
    assert total(FRAME.assign(attribution_to=["15天", "30天", ""]))["attribution"] == "15天 / 30天"


def test_the_drill_goes_account_campaign_group() -> None:
    """计划一 holds two groups, greatest spend first; 计划二 has none and does not open."""
    (account,) = nodes(FRAME, {"s1": "一店"}, lambda p: p.upper(), WORDS)
    assert (account.name, account.note, account.is_open) == ("ALIMAMA · 一店", "acc", True)
    assert nodes(FRAME, {"s1": "acc"}, str, WORDS)[0].note == "", "an account called as its shop is named once"
    assert [(n.name, n.values["spend"]) for n in account.children] == [("计划一", 400), ("计划二", 40)]
    assert [n.name for n in account.children[0].children] == ["单元二", "单元一"]
    assert account.children[1].children == ()


def test_a_campaign_that_only_spent_before_counts_in_the_change_and_is_not_listed() -> None:
    """Now 440; before 80 on g1 and 360 on a campaign that has ended: no change of the account, three names in the drill."""
    now = FRAME.drop(columns="spend_before")
    before = _rows({"ad_group_id": "g1", "spend": 80}, {"campaign_id": "c9", "campaign": "已停", "spend": 360})
    both = beside(now, before)
    assert total(both)["spend_change"] == 0
    (account,) = nodes(both, {}, str, WORDS)
    assert [n.name for n in account.children] == ["计划一", "计划二"]
    assert account.children[0].children[1].values["spend_change"] == pytest.approx(100 / 80 - 1)


def test_purses_and_currencies_stay_apart() -> None:
    """Two purses, two lines: what platforms credit themselves with is never added."""
    both = pd.concat([FRAME, _rows({"purse": "meta", "currency": "USD", "spend": 5})])
    lines = purses(both)
    assert list(zip(lines["currency"], lines["purse"], lines["spend"], strict=True)) == [
        ("CNY", "alimama", 440),
        ("USD", "meta", 5),
    ]


def test_no_rows() -> None:
    """Nothing spent, nothing shown."""
    assert purses(FRAME.iloc[:0]).empty
    assert nodes(FRAME.iloc[:0], {}, str, WORDS) == []
