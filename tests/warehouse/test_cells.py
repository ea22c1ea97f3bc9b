"""Text of an export cell becomes a value or NULL, never a wrong number."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.cells import bad_expression, typed_expression
from warehouse.errors import ConfigError
from warehouse.tables import macros_sql

CON = duckdb.connect()
CON.execute(macros_sql())


def parse(kind: str, text: str | None, form: str | None = None, percent: bool = False, zone: str = "Asia/Shanghai") -> tuple[object, bool]:
    """The typed value of one cell, and whether it goes to quarantine."""
    value = typed_expression("c", kind, form, zone, percent)
    row = CON.execute(f'SELECT v, {bad_expression("c", "v")} FROM (SELECT c, {value} AS v FROM (SELECT $t::TEXT AS c))', {"t": text}).fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.56", "1234.56"), ("¥236,552", "236552"), ("￥600.00", "600"), ("1.2万", "12000"), ("4.9万", "49000"), ("3亿", "300000000"), ("1.74K", "1740"),
     ("7.5w", "75000"), ("(12.30)", "-12.3"), ("-5", "-5"), (" 5.0\t", "5"), ("$1,000", "1000"), ("\ufeff12", "12"), ("12元", "12"), ("1,234,567", "1234567")],
)  # fmt: skip
def test_amounts_read_as_people_write_them(text: str, value: str) -> None:
    """Currency signs, thousands commas, 万 and K are read; the number is exact."""
    assert parse("money", text) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["1,23", "1.234,56", "abc", "1000-2000", "12.34%", "1,2345", "--5", "1.2.3"])
def test_unclear_amounts_are_quarantined_rather_than_guessed(text: str) -> None:
    """A decimal comma or a range must not turn into another number."""
    assert parse("money", text) == (None, True)


@pytest.mark.parametrize("text", [None, "", " ", "-", "--", "—", "——", "null", "N/A", "\t"])
@pytest.mark.parametrize("kind", ["money", "count", "id", "day", "at", "duration_s", "rate", "text", "flag"])
def test_nothing_said_is_missing_and_not_bad(kind: str, text: str | None) -> None:
    """Missing is not zero, and not an error."""
    assert parse(kind, text) == (None, False)


def test_masked_cell_is_missing_and_not_bad() -> None:
    """TikTok's `<5` is a masked count."""
    assert parse("count", "<5") == (None, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [('="4100000000000007919"', "4100000000000007919"), ("'6917926768823643751", "6917926768823643751"), ("\t6917926768823643751", "6917926768823643751"),
     ("17850.0", "17850"), ("C536379", "C536379"), ("576800000000000007\t", "576800000000000007")],
)  # fmt: skip
def test_ids_lose_their_wrapping_and_nothing_else(text: str, value: str) -> None:
    """Wrappers seen in exports are taken off; ids stay text."""
    assert parse("id", text) == (value, False)


@pytest.mark.parametrize("text", ["6.9E+18", "6.917926768e18", '="6.9E+18"'])
def test_an_id_in_scientific_notation_is_damaged(text: str) -> None:
    """Its digits are lost: the row is rejected."""
    assert parse("id", text) == (None, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("2026-11-11 20:03:07", datetime(2026, 11, 11, 20, 3, 7)), ("2026/11/11 20:03", datetime(2026, 11, 11, 20, 3)), ("2026年11月11日 20:00", datetime(2026, 11, 11, 20)),
     ("2026/11/01/ 20:00", datetime(2026, 11, 1, 20)), ("11/01/2026 9:15:22 PM", datetime(2026, 11, 1, 21, 15, 22)), ("2026-11-05 21:10:00 -0500", datetime(2026, 11, 5, 21, 10)),
     ("2026-11-05T21:10:00Z", datetime(2026, 11, 5, 21, 10)), ("46332.5", datetime(2026, 11, 6, 12)), ("2020/2/2 3:09", datetime(2020, 2, 2, 3, 9)), ("20261111", datetime(2026, 11, 11)),
     ("2026-11-11 20:03:07.123", datetime(2026, 11, 11, 20, 3, 7))],
)  # fmt: skip
def test_instants_of_every_export(text: str, value: datetime) -> None:
    """Local time stays local; the offset is dropped."""
    assert parse("at", text) == (value, False)


@pytest.mark.parametrize("text", ["2026-13-05 00:00:00", "hello", "9/14/2014", "2026-02-30"])
def test_unclear_instants_are_bad(text: str) -> None:
    """Month and day in doubt, or no such date."""
    assert parse("at", text)[1]


def test_days_ranges_and_formats() -> None:
    """Ranges give both ends; a stated format reads what would be in doubt."""
    assert parse("day", "20261111")[0] == date(2026, 11, 11)
    assert parse("day", "9/14/2014", form="%m/%d/%Y")[0] == date(2014, 9, 14)
    assert parse("day_from", "2026-11-02~2026-11-08")[0] == date(2026, 11, 2)
    assert parse("day_to", "2026-11-02~2026-11-08")[0] == date(2026, 11, 8)
    assert parse("at_from", "2026/11/11 20:03:11-2026/11/12 01:03:42")[0] == datetime(2026, 11, 11, 20, 3, 11)
    assert parse("at_to", "2025-09-08_00-00-46~2025-09-08_05-00-46")[0] == datetime(2025, 9, 8, 5, 0, 46)


@pytest.mark.parametrize(("text", "seconds"), [("1分5秒", 65), ("8分钟30秒", 510), ("58秒", 58), ("1小时2分", 3720), ("3h 12min", 11520), ("48s", 48),
                                               ("1min 5s", 65), ("00:31", 31), ("01:02:03", 3723), ("48.2", 48.2), ("120分钟", 7200)])  # fmt: skip
def test_durations_in_words_clocks_and_numbers(text: str, seconds: float) -> None:
    """Every spelling ends in seconds."""
    assert parse("duration_s", text) == (pytest.approx(Decimal(str(seconds))), False)
    assert parse("duration_min", "1.07")[0] == Decimal("64.2")


def test_rates_decide_percent_by_column() -> None:
    """A bare number in a percent column is a percentage, in a fraction column a fraction."""
    assert parse("rate", "12.34%")[0] == Decimal("0.1234")
    assert parse("rate", "0.1528")[0] == Decimal("0.1528")
    assert parse("rate", "15.28", percent=True)[0] == Decimal("0.1528")
    assert parse("rate", "x%")[1]


def test_unix_seconds_fall_on_the_shops_own_day() -> None:
    """1511658000 is 09:00 in Shanghai; a cut-off number is bad rather than 1970."""
    assert parse("unix_s", "1511658000")[0] == datetime(2017, 11, 26, 9)
    assert parse("unix_s", "15") == (None, True)


def test_utc_types_read_the_same_moment_in_every_zone() -> None:
    """01:30 and, 40 minutes later, 01:10 in New York are 05:30 and 06:10; another offset is turned into UTC."""
    for kind, text in (("utc_s", "1793513400"), ("utc_ms", "1793513400000"), ("utc", "2026-11-01T06:10:00"), ("utc", "2026-11-01T01:10:00-05:00")):
        assert parse(kind, text, zone="America/New_York") == (datetime(2026, 11, 1, 6, 10), False)
    assert parse("utc", "2026-11-01T01:30:00-04:00", zone="America/New_York") == (datetime(2026, 11, 1, 5, 30), False)


def test_an_unknown_type_is_named() -> None:
    """The error lists what there is."""
    with pytest.raises(ConfigError, match="Use one of"):
        typed_expression("c", "colour", None, "", False)


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2), st.sampled_from(["{:,}", "{}", "¥{:,}", " {:,} ", "\t{}"]))
def test_any_written_amount_comes_back_exactly(amount: Decimal, form: str) -> None:
    """However it is dressed, the amount is the same to the cent."""
    assert parse("money", form.format(amount)) == (amount, False)


@pytest.mark.parametrize("text", ["1E100", "99999999999999", "99999999999999:00:00", "9" * 30, "9" * 30 + "分", "-1e300", "inf", "9999999999-01-01", "99999"])
@pytest.mark.parametrize("kind", ["money", "count", "id", "day", "at", "duration_s", "duration_min", "rate", "unix_s", "at_from", "day_to"])
def test_huge_numbers_are_values_or_reported(kind: str, text: str) -> None:
    """No cell is so large that reading it fails, and none turns silently into nothing."""
    value, bad = parse(kind, text)
    assert value is not None or bad


@given(st.text(max_size=12))
def test_no_text_ever_raises_or_is_silently_dropped(text: str) -> None:
    """Each cell is a value, missing, masked or reported; never an exception."""
    for kind in ("money", "id", "day", "at", "duration_s", "rate", "flag", "at_from", "unix_s"):
        parse(kind, text.replace("\x00", ""))


@given(st.integers(0, 10**6))
def test_any_clock_duration_comes_back(seconds: int) -> None:
    """h:mm:ss read back is the number of seconds."""
    assert parse("duration_s", f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}")[0] == seconds


@pytest.mark.parametrize(("text", "value"), [("97%", "0.97"), ("82.5 %", "0.825"), ("10.8万", "108000"), ("-5%", "-0.05"), ("1,234.5", "1234.5")])
def test_a_figure_is_an_amount_or_a_percentage_cell_by_cell(text: str, value: str) -> None:
    """One column of typed actuals holds sums, counts and rates; a percent sign of one cell says nothing of the next."""
    assert parse("figure", text) == (Decimal(value), False)


@pytest.mark.parametrize("text", ["八成", "3-5%", "1.2.3%", "%"])
def test_an_unclear_figure_is_quarantined(text: str) -> None:
    assert parse("figure", text) == (None, True)


@pytest.mark.parametrize(("text", "value"), [("合格", "pass"), (" PASS ", "pass"), ("√", "pass"), ("不合格", "fail"), ("未通过", "fail"), ("", None), ("—", None)])
def test_a_result_is_pass_or_fail(text: str, value: str | None) -> None:
    assert parse("result", text) == (value, False)


def test_a_result_in_other_words_is_not_guessed() -> None:
    assert parse("result", "待定") == (None, True)
