"""The mapping page's choices: likely columns, what is still missing, the mapping they make."""

from __future__ import annotations

import pytest

from connectors.errors import MappingError
from connectors.files.mapping import layout_of
from connectors.presets import best_preset, mapping, missing, presets, suggest
from warehouse.tables import tables


@pytest.mark.parametrize("preset", sorted(presets()))
def test_every_preset_fills_columns_that_exist(preset: str) -> None:
    """A preset that names a column its table does not have would fail only when somebody saves it."""
    spec = presets()[preset]
    columns = set(spec["columns"]) | set(spec.get("fixed", {}))
    assert spec["table"] in tables()
    if not spec.get("metrics"):
        assert columns <= set(tables()[spec["table"]].columns)
    assert {"zh", "en"} <= set(spec["label"])


@pytest.mark.parametrize("preset", sorted(presets()))
def test_a_file_with_the_usual_headers_makes_a_valid_mapping(preset: str) -> None:
    """The first usual header of each column is recognised, and the mapping is one that the importer reads."""
    columns = presets()[preset]["columns"]
    headers = list(dict.fromkeys(column["like"][0] for column in columns.values()))
    chosen = suggest(preset, headers)
    assert missing(preset, chosen) == []
    layout = layout_of(mapping(preset, "my_file", chosen, currency="CNY", zone="Asia/Shanghai"))
    assert {load.table for load in layout.loads} == {presets()[preset]["table"]}


def test_a_header_fills_one_column_only() -> None:
    """支付金额 must not be counted as sales and as placed amount."""
    found = suggest("shop_day", ["统计日期", "支付金额", "访客数"])
    assert found == {"day": "统计日期", "visitors": "访客数", "sales": "支付金额"}


def test_the_kind_of_file_is_guessed_from_its_headers() -> None:
    """Orders, ads and daily figures are told apart; the reader can still choose another."""
    assert best_preset(["订单编号", "订单创建时间", "订单付款时间", "买家实际支付金额"]) == "orders"
    assert best_preset(["日期", "计划名称", "花费", "点击量"]) == "ads"
    assert best_preset(["Day", "Date", "Page.Loads", "Unique.Visits"]) == "shop_day"


def test_what_is_missing_is_named() -> None:
    """A shop's figures need the day and at least one figure; orders need their id and times."""
    assert missing("shop_day", {"day": "日期"}) == ["visitors"]
    assert missing("orders", {"order_id": "订单号", "created_at": "下单时间"}) == ["paid_at", "paid_amount"]
    with pytest.raises(MappingError, match="paid_amount"):
        mapping("orders", "my_orders", {"order_id": "订单号", "created_at": "t", "paid_at": "t"})
    with pytest.raises(MappingError, match="kind of file"):
        mapping("shop_day", "My File", {"day": "日期", "visitors": "访客数"})


def test_a_day_format_is_kept() -> None:
    """03/04/2026 is told apart only by the reader's choice."""
    raw = mapping("shop_day", "vv", {"day": "d", "visitors": "n"}, date_format="%d/%m/%Y")
    assert raw["table"][0]["columns"]["day"] == {"from": "d", "type": "day", "format": "%d/%m/%Y"}
