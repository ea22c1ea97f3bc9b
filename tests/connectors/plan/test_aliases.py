"""Old names of tools lead to the names that reports use; two heirs are both named, never chosen between."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from connectors.files.header import normal
from connectors.plan.aliases import (
    default_rows,
    metric_label,
    metric_of,
    metric_words,
    question,
    resolve,
    tool_of,
    tools,
)

ROOT = Path(__file__).parents[3]


def test_an_old_name_leads_to_todays() -> None:
    """直通车 of an old plan is 关键词推广 of the campaign report, with a scope that finds its rows."""
    found = resolve("直通车")
    assert found.name == "关键词推广"
    tool = tool_of(found.name)
    assert tool is not None
    assert (tool.metric, dict(tool.scope)) == ("spend", {"purse": "alimama", "scene": "关键词推广"})


def test_todays_name_stands_for_itself() -> None:
    assert resolve("引力魔方").name == "引力魔方"
    assert resolve(" 关键词推广 ").candidates == ("关键词推广",)


def test_two_heirs_are_both_given() -> None:
    """钻展 was taken over by two tools: neither is guessed."""
    found = resolve("钻展")
    assert (found.name, found.candidates, found.is_ambiguous) == ("", ("精准人群推广", "引力魔方"), True)
    assert "精准人群推广 or 引力魔方" in question("钻展", found.candidates)


def test_the_users_rows_decide_first() -> None:
    """A row of one's own settles an ambiguous name, also with a name that the defaults do not have."""
    rows = [("钻展", "引力魔方", "tmall"), ("小红书投流", "聚光", "")]
    assert resolve("钻展", rows).name == "引力魔方"
    assert resolve("小红书投流", rows).name == "聚光"
    assert tool_of("聚光") is None
    assert resolve("钻展", rows, platform="jd").name == ""


def test_users_rows_can_be_ambiguous_too() -> None:
    rows = [("投流", "巨量千川", "douyin"), ("投流", "视频号加热", "wechat")]
    assert resolve("投流", rows).candidates == ("巨量千川", "视频号加热")
    assert resolve("投流", rows, platform="wechat").name == "视频号加热"


def test_an_unknown_name_stays_unknown() -> None:
    assert resolve("楼宇广告").candidates == ()


@pytest.mark.parametrize(
    ("word", "metric"),
    [
        ("销售额", "sales"),
        ("GMV", "sales"),
        ("转化率", "conversion_rate"),
        ("live_hours", "live_hours"),
        ("Ad spend", "spend"),
    ],
)
def test_metric_words(word: str, metric: str) -> None:
    found = metric_of(word)
    assert found is not None and found.id == metric


def test_people_and_ratios_are_not_added() -> None:
    assert [(each.kind, each.total) for each in map(metric_of, ("访客数", "客单价", "支付金额")) if each] == [
        ("flow", ""),
        ("ratio", "ratio"),
        ("flow", "sum"),
    ]
    assert (metric_label("sales"), metric_label("sales", "en"), metric_label("nps")) == ("支付金额", "sales", "nps")


def test_every_metric_is_one_of_the_book_and_no_word_means_two() -> None:
    """The table beside the connectors says nothing that metrics.toml does not know; its labels are all words here."""
    book = tomllib.loads((ROOT / "queries/metrics.toml").read_text(encoding="utf-8"))
    raw = tomllib.loads((ROOT / "connectors/plan/aliases.toml").read_text(encoding="utf-8"))["metric"]
    assert set(raw) <= set(book)
    words = [normal(word) for name, entry in raw.items() for word in {normal(name), *map(normal, entry["old"])}]
    assert len(words) == len(set(words)) == len(metric_words())
    for name, entry in raw.items():
        additive = book[name].get("additivity")
        assert (entry.get("total", "sum") == "sum") == (additive == "A"), name


def test_every_purse_is_one_that_a_layout_reports() -> None:
    layouts = (ROOT / "connectors/files/layouts").glob("*.toml")
    purses = {tomllib.loads(path.read_text(encoding="utf-8")).get("purse") for path in layouts}
    assert {tool.scope["purse"] for tool in tools().values() if "purse" in tool.scope} <= purses
    assert ("直通车", "关键词推广", "tmall") in default_rows()
