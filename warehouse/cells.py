"""Column types of a mapping: the SQL that turns one text cell into a value, and the test that it failed to."""

from __future__ import annotations

from warehouse.errors import ConfigError

PLAIN = {
    "text": "cell({c})",
    "id": "parse_id({c})",
    "money": "parse_number({c})",
    "count": "parse_number({c})",
    "number": "parse_number({c})",
    "fen": "(parse_number({c}) * 0.01)::DECIMAL(18,4)",  # hundredths, also cents and other minor units
    "li": "(parse_number({c}) * 0.001)::DECIMAL(18,4)",  # 厘, thousandths
    "micros": "(try_cast(cell({c}) AS DECIMAL(28,0)) * 0.000001)::DECIMAL(18,4)",
    "json": "cell({c})",
    "day": "parse_day({c})",
    "at": "parse_at({c})",
    "utc": "parse_instant({c}, 'UTC')",  # of versions only: a clock in a zone tells an hour twice when summer time ends
    "utc_s": "parse_unix({c}, 'UTC')",
    "utc_ms": "parse_unix_ms({c}, 'UTC')",
    "day_from": "range_from({c})::DATE",
    "day_to": "range_to({c})::DATE",
    "at_from": "range_from({c})",
    "at_to": "range_to({c})",
    "duration_s": "parse_duration({c}, 1)",
    "duration_min": "parse_duration({c}, 60)",
    "flag": "parse_flag({c})",
    "figure": "parse_figure({c})",
    "result": "parse_result({c})",
    "whole row": "NULL::TEXT",  # says what is wrong with a damaged line: never a value
}
ZONED = {"unix_s": "parse_unix({c}, '{zone}')", "unix_ms": "parse_unix_ms({c}, '{zone}')", "instant": "parse_instant({c}, '{zone}')"}  # -> the clock in the zone
TYPES = (*PLAIN, "rate", *ZONED)


def typed_expression(name: str, kind: str, form: str | None, zone: str, percent: bool) -> str:
    """SQL for the typed value of column `name`, which holds the raw text. Raises ConfigError for an unknown type."""
    column = f'"{name}"'
    if form and kind in ("day", "at"):
        value = f"try_strptime(cell({column}), '{form.replace(chr(39), chr(39) * 2)}')"
        return f"{value}::DATE" if kind == "day" else value
    if kind == "rate":
        return f"parse_rate({column}, {str(percent).lower()})"
    if kind in ZONED:
        return ZONED[kind].format(c=column, zone=(zone or "UTC").replace("'", ""))
    if kind not in PLAIN:
        raise ConfigError(f"Unknown column type '{kind}' for column '{name}'. Use one of: {', '.join(TYPES)}.")
    return PLAIN[kind].format(c=column)


def bad_expression(cell: str, value: str) -> str:
    """True where the cell says something, is not masked (`<5`), and still gave no value; never NULL."""
    return f'says_something(CASE WHEN "{value}" IS NULL THEN "{cell}" END)'
