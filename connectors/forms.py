"""Typed values are packages too: targets, costs, rates, remarks, promotions, daily figures and shop settings.

A submission is checked row by row, then sealed as one package of kind 'form'; nothing is written when a row is wrong.
Of two submissions of one key the later wins (`updated_at`, UTC); a removal is a row with `is_removed`.
What may be typed stands in forms.toml beside this file.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.book import Book
from warehouse.errors import OpsError, PackageError
from warehouse.interpretation import Column, Interpretation, Load, SourceInfo, View
from warehouse.packages import Manifest, PackageWriter, package_dir, standing

SOURCE = "typed"
TARGETS = "targets"
SQL_TYPES = {
    "text": "VARCHAR", "day": "DATE", "instant": "TIMESTAMP", "flag": "BOOLEAN",
    "money": "DECIMAL(18,4)", "number": "DECIMAL(18,6)", "rate8": "DECIMAL(18,8)",
}  # fmt: skip
FACTS_WITHOUT_CLOCK = {"observation"}  # merged by slice: the export time decides, not updated_at
MESSAGES = {
    "no_rows": "Nothing was typed for {table}. Fill at least one row and save again.",
    "unknown_table": "'{table}' is not something that can be typed. Valid: {valid}.",
    "unknown_column": "{table}, row {row}: there is no column '{column}'. Valid: {valid}.",
    "empty": "{table}, row {row}: '{column}' is empty. Fill it and save again.",
    "not_a_number": "{table}, row {row}: '{column}' is '{value}', which is not a number. Type digits such as 1234.56.",
    "not_a_day": "{table}, row {row}: '{column}' is '{value}', which is not a day. Type it as 2026-11-30.",
    "not_an_instant": "{table}, row {row}: '{column}' is '{value}', which is not a time. Type it as 2026-11-30 or 2026-11-30 18:05.",
    "not_a_flag": "{table}, row {row}: '{column}' is '{value}'. Type true or false.",
    "not_allowed": "{table}, row {row}: '{column}' is '{value}'. Valid: {valid}.",
    "too_small": "{table}, row {row}: '{column}' is {value}; it must be {bound} or more.",
    "not_above": "{table}, row {row}: '{column}' is {value}; it must be greater than {bound}.",
    "too_large": "{table}, row {row}: '{column}' is {value}; that is more than can be stored. Check the digits.",
    "twice": "{table}, rows {first} and {row} are about the same thing ({key}). Keep one of them.",
    "many_shops": "{table}: these rows belong to several shops ({shops}). Save each shop by itself.",
    "bad_zone": "{table}, row {row}: '{value}' is no time zone. Type one such as Asia/Shanghai.",
    "bad_currency": "{table}, row {row}: '{value}' is no currency code. Type three letters such as CNY.",
    "bad_shop": "'{value}' cannot name a shop. Use letters, digits, - and _, at most 40.",
    "backwards": "{table}, row {row}: '{column}' ends {value}, before it starts.",
    "bad_rate": "{table}, row {row}: '{value}' is not a rate. Type 35 % as 0.35.",
    "same_currency": "{table}, row {row}: a rate from {value} to itself is not needed. Choose two currencies.",
    "demo": "The demo book takes no typed values. Import a file of your own or add your shop first.",
    "bad_pattern": "{table}, row {row}: '{value}' is no regular expression. Correct the pattern or leave it empty.",
}


class FormError(OpsError):
    """A typed value is wrong; nothing was stored. `code` and `facts` let a page say it in its own language."""

    def __init__(self, code: str, **facts: object):
        super().__init__(MESSAGES[code].format(**facts))
        self.code, self.facts = code, facts


@cache
def tables() -> dict[str, dict[str, Any]]:
    """What may be typed, by table, as forms.toml states it."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def submit_rows(
    book: Book, table: str, rows: Sequence[Mapping[str, Any]], author: str, *,
    zone: str = "Asia/Shanghai", now: datetime | None = None,
) -> Manifest:  # fmt: skip
    """Check typed rows of one shop and seal them as a package; commit is the worker's.

    rows: column -> value (text, number, date or None), with `shop` where the table has one.
    `zone`: the shop's, for `as_of`.
    Raises FormError naming the row and column; nothing is written then.
    """
    instant = now or datetime.now(UTC)
    shop, checked = check_rows(table, rows)
    for row in checked:
        row["updated_at"] = instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    digest = hashlib.sha256(json.dumps([table, shop, checked], ensure_ascii=False).encode()).hexdigest()
    days = sorted(day for row in checked if (day := row.get("day")))
    with PackageWriter(book, source=SOURCE, kind="form", shop=shop, sha256=digest, now=instant) as writer:
        writer.add_records("rows", [{"shop": shop, **row} for row in checked])
        return writer.seal(
            as_of=instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="microseconds"),
            zone=zone, author=author, facts={"table": table},
            day_from=days[0] if days else None, day_to=days[-1] if days else None,
        )  # fmt: skip


def check_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[dict[str, str | None]]]:
    """The one shop of the rows and the rows as canonical text. Raises FormError."""
    if table not in tables():
        raise FormError("unknown_table", table=table, valid=", ".join(tables()))
    if not rows:
        raise FormError("no_rows", table=table)
    spec, shop = tables()[table], _one_shop(table, rows)
    checked = [_check_row(table, number, row) for number, row in enumerate(rows, 1)]
    seen: dict[tuple[str | None, ...], int] = {}
    for number, row in enumerate(checked, 1):
        key = tuple(row[name] for name in spec["key"])
        if key in seen:
            raise FormError("twice", table=table, first=seen[key], row=number, key=", ".join(filter(None, key)))
        seen[key] = number
    return shop, checked


def _one_shop(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    shops = sorted({str(row.get("shop") or "").strip() for row in rows})
    if len(shops) > 1:
        raise FormError("many_shops", table=table, shops=", ".join(shops))
    rule = tables()[table]["shop"]
    if rule == "none":
        return ""
    if not shops[0] and rule == "required":
        raise FormError("empty", table=table, row=1, column="shop")
    if not re.fullmatch(r"[\w\-]{0,40}", shops[0]):
        raise FormError("bad_shop", value=shops[0])
    return shops[0]


def _check_row(table: str, number: int, row: Mapping[str, Any]) -> dict[str, str | None]:
    columns = tables()[table]["columns"]
    for name in row:
        if name not in columns and name != "shop":
            raise FormError("unknown_column", table=table, row=number, column=name, valid=", ".join(columns))
    removed = "is_removed" in columns and _text(row.get("is_removed")).lower() in ("true", "1")
    checked: dict[str, str | None] = {}
    for name, rule in columns.items():
        text = _text(row.get(name)) or rule.get("default", "")
        if not text:
            if rule.get("required") or (rule.get("value") and not removed):
                raise FormError("empty", table=table, row=number, column=name)
            checked[name] = None
            continue
        checked[name] = _canonical(text, rule, {"table": table, "row": number, "column": name, "value": text})
    _check_together(table, number, checked)
    return checked


def _canonical(text: str, rule: Mapping[str, Any], where: dict[str, Any]) -> str:
    """`text` as the warehouse will cast it. Raises FormError with `where`."""
    if rule["type"] == "day":
        try:
            return date.fromisoformat(text[:10].replace("/", "-")).isoformat()
        except ValueError:
            raise FormError("not_a_day", **where) from None
    if rule["type"] == "instant":
        try:
            return datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=None).isoformat(sep=" ")
        except ValueError:
            raise FormError("not_an_instant", **where) from None
    if rule["type"] == "flag":
        if text.lower() not in ("true", "false", "1", "0"):
            raise FormError("not_a_flag", **where)
        return "true" if text.lower() in ("true", "1") else "false"
    if rule["type"] in ("money", "number", "rate8"):
        return _number(text, rule, where)
    if "one_of" in rule and text not in rule["one_of"]:
        raise FormError("not_allowed", **where, valid=", ".join(rule["one_of"]))
    return text


def _number(text: str, rule: Mapping[str, Any], where: dict[str, Any]) -> str:
    places = int(SQL_TYPES[rule["type"]].split(",")[1].rstrip(")"))
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise FormError("not_a_number", **where) from None
    if not value.is_finite():
        raise FormError("not_a_number", **where)
    if abs(value) >= Decimal(10) ** (18 - places):
        raise FormError("too_large", **where)
    if "min" in rule and value < Decimal(rule["min"]):
        raise FormError("too_small", **where, bound=rule["min"])
    if "above" in rule and value <= Decimal(rule["above"]):
        raise FormError("not_above", **where, bound=rule["above"])
    return f"{value:f}"


def _check_together(table: str, number: int, row: dict[str, str | None]) -> None:
    """Rules that look at more than one cell, and fills that follow from the others."""
    where: dict[str, Any] = {"table": table, "row": number}
    if table == "observation":
        row["day_to"] = row["day_to"] or row["day"]
        row["account"] = _slice_account(row)
    if row.get("day_to") and row.get("day") and str(row["day_to"]) < str(row["day"]):
        raise FormError("backwards", **where, column="day_to", value=row["day_to"])
    for name in ("currency", "display"):
        if row.get(name) and not re.fullmatch(r"[A-Z]{3}", str(row[name])):
            raise FormError("bad_currency", **where, value=row[name])
    if table == "live_event" and row["kind"] == "script" and not row["sheet_at"]:
        raise FormError("empty", **where, column="sheet_at")
    if table == "fx_rate" and row["currency"] == row["display"]:
        raise FormError("same_currency", **where, value=row["currency"])
    if table == "cost" and str(row["kind"]).endswith("_rate") and row["value"] and Decimal(row["value"]) > 1:
        raise FormError("bad_rate", **where, value=row["value"])
    if table == "shop":
        _check_shop(where, row)


def _check_shop(where: dict[str, Any], row: dict[str, str | None]) -> None:
    try:
        ZoneInfo(str(row["zone"]))
    except (KeyError, ValueError, OSError):
        raise FormError("bad_zone", **where, value=row["zone"]) from None
    try:
        re.compile(row["note_pattern"] or "")
    except re.error:
        raise FormError("bad_pattern", **where, value=row["note_pattern"]) from None


def _slice_account(row: Mapping[str, str | None]) -> str:
    """Typed figures of one day are replaced one by one: what is typed about tells them apart within the day's slice."""
    extra = [] if row["period_kind"] == "day" and not row["scope"] else [str(row["period_kind"]), row["scope"] or ""]
    return "|".join([str(row["metric"]), *extra])


def _text(value: object) -> str:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()


def target_row(
    shop: str, metric: str, month: date, value: object, currency: str = "", owner: str = ""
) -> dict[str, Any]:
    """A month target as a node of the plan 'targets'; an empty value removes it."""
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return {
        "shop": shop, "plan": TARGETS, "node": f"{shop}|{metric}|{first:%Y-%m}", "metric": metric,
        "period_kind": "month", "day": first, "day_to": last, "currency": currency, "target": value,
        "owner": owner, "is_removed": _text(value) == "",
    }  # fmt: skip


def last_typed(book: Book, table: str, shop: str) -> dict[str, str]:
    """The cells last typed for a shop in a table with one row per shop; {} when nobody typed any."""
    for manifest in standing(book, SOURCE):
        if manifest.shop == shop and manifest.facts.get("table") == table:
            line = (package_dir(book, manifest.id) / "rows.ndjson").read_text(encoding="utf-8").splitlines()[-1]
            return {name: value for name, value in json.loads(line).items() if value}
    return {}


def interpretation(manifest: Manifest) -> Interpretation:
    """How the warehouse reads a form package: canonical text cast to the table's own types.

    Raises PackageError when the table is not (or no longer) one that can be typed.
    """
    table = manifest.facts.get("table", "")
    if table not in tables():
        raise PackageError(
            f"The typed package {manifest.id} is for the table '{table}', which this version does not know. "
            "It stays as it is; update Daybook and run the worker again."
        )
    types = {name: SQL_TYPES[rule["type"]] for name, rule in tables()[table]["columns"].items()}
    types |= {} if table in FACTS_WITHOUT_CLOCK else {"updated_at": "TIMESTAMP"}
    casts = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    view = View(name="raw", part="rows", columns=tuple(Column(name, "text", name) for name in types))
    return Interpretation(
        views=(view,), loads=(Load(table=table, sql=f"SELECT _row, {casts} FROM raw"),),
        source=SourceInfo(SOURCE, "typed", 10, "", "", "手工录入", "Typed in"),
    )  # fmt: skip
