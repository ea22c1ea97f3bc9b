"""Numbers as people write them, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plan.quantity import NotAQuantity, quantity, shown


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("10.8万", "108000", ""),
        ("60万元", "600000", "元"),
        ("1500万", "15000000", ""),
        ("3亿", "300000000", ""),
        ("39.8万亿", "39800000000000", ""),
        ("1,234.50元", "1234.50", "元"),
        ("97%", "0.97", "%"),
        ("95％", "0.95", "%"),
        ("3‰", "0.003", "%"),
        ("2个百分点", "0.02", "%"),
        ("17次", "17", "次"),
        ("6场", "6", "场"),
        ("4747人", "4747", "人"),
        ("2859㎡", "2859", "m2"),
        ("6567kW", "6567", "kW"),
        ("-5%", "-0.05", "%"),
        ("¥500", "500", "元"),
        ("$1.5k", "1500", "USD"),
        ("２０万", "200000", ""),
        ("30小时", "30", "小时"),
        (12, "12", ""),
        (0, "0", ""),
    ],
)
def test_one_number_with_its_unit(typed: object, value: str, unit: str) -> None:
    """10.8万 is 108,000; a percent is stored divided; the text stays as typed."""
    read = quantity(typed)
    assert (read.value, read.unit, read.text) == (Decimal(value), unit, str(typed))


@pytest.mark.parametrize(
    ("typed", "low", "high", "unit"),
    [
        ("2-5万", 20_000, 50_000, ""),
        ("2到5万", 20_000, 50_000, ""),
        ("3-5天", 3, 5, "天"),
        ("3～5小时", 3, 5, "小时"),
        ("1-2名", 1, 2, "名"),
    ],
)
def test_a_band_has_a_least_and_a_most(typed: str, low: int, high: int, unit: str) -> None:
    """A scale or unit behind the second number holds for both."""
    read = quantity(typed)
    assert (read.low, read.high, read.unit, read.side, read.value) == (low, high, unit, "inside", None)


@pytest.mark.parametrize(
    ("typed", "value", "side"),
    [("97%以上", "0.97", "at_least"), ("≥25%", "0.25", "at_least"), ("不低于1500万", "15000000", "at_least"), ("至多9件", "9", "at_most"), ("5%以内", "0.05", "at_most")],
)  # fmt: skip
def test_the_side_is_read_from_the_words(typed: str, value: str, side: str) -> None:
    """以上, 不低于, ≥ say at least; 以内, 至多, ≤ at most."""
    assert (quantity(typed).value, quantity(typed).side) == (Decimal(value), side)


@pytest.mark.parametrize(
    "typed", ["××", "x", "XX", "xx", "20xx", "", None, "待定", "若干", "-", "××人", "x篇", "XX多万", "×%", "/"]
)
def test_blank_and_masked_values_stay_blank(typed: str | None) -> None:
    """A figure that was taken out is no zero, and the year 20xx is not twenty."""
    read = quantity(typed)
    assert read.is_blank and read.value is None
    assert read.text == (typed or "")


def test_a_masked_figure_keeps_its_unit() -> None:
    """××人 says people although nobody says how many; 3x is three times, not a mask."""
    assert quantity("××人").unit == "人"
    assert quantity("3x").value == 3


@pytest.mark.parametrize("typed", ["about six", "5万到2万", "5000-2万", "12 of 17", "3月5日", "年底"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """The message repeats what was typed."""
    with pytest.raises(NotAQuantity, match=typed):
        quantity(typed)


@given(st.text(max_size=20))
def test_any_text_is_a_quantity_or_refused(typed: str) -> None:
    """Nothing but NotAQuantity, and what is read again is read the same."""
    try:
        read = quantity(typed)
    except NotAQuantity:
        return
    assert quantity(read.text) == read


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["", "万", "亿", "%", "元", "万元", "人"]))
def test_a_number_and_its_unit_come_back(number: Decimal, unit: str) -> None:
    """What stands before the unit is the number, times the unit's factor."""
    factor = {"万": 10_000, "万元": 10_000, "亿": 10**8, "%": Decimal("0.01")}.get(unit, 1)
    assert quantity(f"{number:f}{unit}").value == number * factor


@pytest.mark.parametrize(
    ("value", "like", "text"),
    [("234000", "25.8万", "23.4万"), ("0.864", "80%", "86.4%"), ("632.0225", "6000座", "632.02座"), ("72828", "7.2万", "7.28万"), ("24000", "60万元", "2.4万元"), ("5", "××", "5")],
)  # fmt: skip
def test_a_value_is_shown_the_way_its_fellow_was_typed(value: str, like: str, text: str) -> None:
    """234,000 beside 25.8万 reads 23.4万."""
    assert shown(Decimal(value), quantity(like)) == text
