"""Due dates as people write them, worked by hand from a calendar of 2026 (28 days in February) and 2028 (29)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plan.when import NotAWindow, window


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("1月上旬", (1, 1), (1, 10)),
        ("1月中旬", (1, 11), (1, 20)),
        ("1月下旬", (1, 21), (1, 31)),
        ("2月下旬", (2, 21), (2, 28)),
        ("4月末至6月上旬", (4, 21), (6, 10)),
        ("2月下旬至3月下旬", (2, 21), (3, 31)),
        ("9月初至9月下旬", (9, 1), (9, 30)),
        ("3月初", (3, 1), (3, 10)),
        ("9月底", (9, 21), (9, 30)),
        ("7-9月", (7, 1), (9, 30)),
        ("7月至8月", (7, 1), (8, 31)),
        ("Q2", (4, 1), (6, 30)),
        ("下半年", (7, 1), (12, 31)),
        ("3月", (3, 1), (3, 31)),
        ("2026-01-31", (1, 31), (1, 31)),
        ("7月6日", (7, 6), (7, 6)),
    ],
)
def test_windows_of_a_year(typed: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """上旬 is 1-10, 中旬 11-20, 下旬 21 to the end; 初 and 末 ten days unless the plan says otherwise."""
    read = window(typed, 2026)
    assert (read.first, read.last) == (date(2026, *first), date(2026, *last))
    assert read.text == typed


def test_the_length_of_beginning_and_end_is_a_setting() -> None:
    """With five days, 月末 of a leap February is 25-29; 下旬 stays 21-29."""
    assert window("2月末", 2028, edge=5).first == date(2028, 2, 25)
    assert window("2月末", 2028, edge=5).last == date(2028, 2, 29)
    assert window("2月下旬", 2028, edge=5).first == date(2028, 2, 21)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [("T-7", (3, 24), (3, 24)), ("T-3..T-1", (3, 28), (3, 30)), ("show:T-1m", (2, 28), (2, 28)), ("T", (3, 31), (3, 31)), ("T+2w", (4, 14), (4, 14)), ("T-7d", (3, 24), (3, 24))],
)  # fmt: skip
def test_days_before_an_event(typed: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """One month before 31 March is the last of February."""
    read = window(typed, 2026, {"show": date(2026, 3, 31)})
    assert read.relative and (read.first, read.last) == (date(2026, *first), date(2026, *last))


def test_open_dates_stay_open() -> None:
    """open, nothing, an event without a day, and a month without a year."""
    for typed, year in (("open", 2026), ("", 2026), ("待定", 2026), ("launch:T-7", 2026), ("1月下旬", None)):
        assert window(typed, year).is_open, typed


@pytest.mark.parametrize(
    ("typed", "year"),
    [("13月", 2026), ("13月上旬", None), ("2月30日", None), ("2026-02-29", 2026), ("soon", 2026), ("6月至3月", 2026), ("1月至2月至3月", 2026), ("T-1..T-3", 2026), ("T-99999999", 2026)],
)  # fmt: skip
def test_what_is_no_date_is_refused(typed: str, year: int | None) -> None:
    """A day that no calendar has, a window that ends before it starts."""
    with pytest.raises(NotAWindow, match="'"):
        window(typed, year, {"show": date(2026, 3, 31)})


@given(
    st.text(max_size=16)
    | st.from_regex(r"(T[+-]\d{0,9}|\d{1,4}月?[上中下]?旬?|\d{1,5}-\d{1,3}-?\d{0,3})", fullmatch=True)
)
def test_any_text_is_a_window_or_refused(typed: str) -> None:
    """Nothing but NotAWindow; a window never ends before it starts."""
    try:
        read = window(typed, 2026, {"show": date(2026, 3, 31)})
    except NotAWindow:
        return
    assert read.first is None or read.last is None or read.first <= read.last
