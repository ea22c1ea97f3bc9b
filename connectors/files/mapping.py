"""A user's mapping: how to read a file that no layout knows. TOML, kept per source, embedded whole in every package.

    source = "my_ads"
    platform = "other"
    kind = "ads"
    currency = "EUR"
    zone = "Europe/Berlin"
    [[table]]
    into = "ad_day"
    where = [{ column = "Status", not_equals = "draft" }]
    [table.columns]
    day = { from = "Date", type = "day", format = "%m/%d/%Y" }
    campaign_id = "Campaign"
    spend = "Cost"

A column is a header, or one of: {from, type, format, map}, {value}, {multiply = [headers or numbers]}, {join = [headers], format},
{ordinal = [headers]} (number of the line within a group, in file order); `when = {filter}` beside it leaves other rows blank. `group = ["order_id"]` makes one row of many: amounts are added.
A file without a header row says `header = false` and `names = [...]`. Text in a mapping is data: it is quoted, never run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connectors.errors import MappingError
from connectors.files.layout import Field, Layout, LayoutLoad, LayoutView
from warehouse.book import Book
from warehouse.cells import TYPES
from warehouse.tables import Table, tables

ENTRIES = {
    "source", "platform", "kind", "rank", "purse", "label", "currency", "zone", "header", "names", "delimiter", "files", "name_facts",
    "remove", "keep", "buyer", "shops", "drop", "totals", "table",
}  # fmt: skip
TESTS = ("equals", "not_equals", "in", "starts", "not_starts", "matches", "above", "below", "filled")
FILLED_IN = ("shop", "source", "package", "as_of")


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a TOML file. Raises MappingError naming what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"The mapping {path} cannot be opened ({error.strerror}). Check the name.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"The mapping {path} is not valid TOML ({error}). Correct the line it names.") from error
    layout_of(raw)
    return raw


def layout_of(raw: Mapping[str, Any]) -> Layout:
    """The layout that a mapping amounts to. Raises MappingError naming the entry that is wrong and the valid ones."""
    strange = set(raw) - ENTRIES
    if strange or not raw.get("source") or not raw.get("table"):
        raise MappingError(f"A mapping needs 'source' and at least one [[table]]; {sorted(strange) or 'nothing else'} is not known. Valid: {', '.join(sorted(ENTRIES))}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", raw["source"]):
        raise MappingError(f"'{raw['source']}' cannot name a source. Use small letters, digits and _, at most 40.")
    names = tuple(raw.get("names", ()))
    if not raw.get("header", True) and not names:
        raise MappingError(f"Mapping {raw['source']}: a file without a header row needs names = [one per column].")
    fields = _Fields(names)
    loads = tuple(_load(raw["source"], table, fields) for table in raw["table"])
    required = tuple(dict.fromkeys(entry.spellings[-1] for entry in fields.all if not entry.optional))
    view = LayoutView(
        "raw", tuple(fields.all), required=() if names else required, header=raw.get("header", True), drop=raw.get("drop", ""), totals=raw.get("totals")
    )
    facts = raw.get("name_facts", ())
    return Layout(
        id=raw["source"], kind=raw.get("kind", "typed"), views=(view,), loads=loads, platform=raw.get("platform", "other"), rank=raw.get("rank", 100),
        purse=raw.get("purse", ""), label=raw.get("label") or {"zh": raw["source"], "en": raw["source"]}, files=tuple(raw.get("files", ())),
        name_facts=(facts,) if isinstance(facts, str) else tuple(facts), currency=raw.get("currency", ""), zone=raw.get("zone", ""),
        remove=tuple(raw.get("remove", ())), keep=tuple(raw.get("keep", ())), buyer=tuple(raw.get("buyer", ())), delimiter=raw.get("delimiter"),
        mapping=dict(raw),
    )  # fmt: skip


class _Fields:
    """Columns of the view, one for each header and type that the mapping asks for."""

    def __init__(self, names: Sequence[str]) -> None:
        self.all = [Field(name) for name in names]
        self._in_order = bool(names)

    def use(self, header: str, kind: str, form: str | None = None) -> str:
        """Quoted name of the column that reads `header` as `kind`."""
        if kind not in TYPES:
            raise MappingError(f"Column '{header}': there is no type '{kind}'. Valid: {', '.join(TYPES)}.")
        for place, entry in enumerate(self.all):
            if entry.spellings[-1] == header and (entry.type, entry.format) == (kind, form):
                return _quoted(entry.name)
            untouched = self._in_order and entry.name == header and not entry.shared
            if untouched:
                self.all[place] = Field(header, kind, format=form, shared=True)
                return _quoted(header)
        if self._in_order and header not in {entry.name for entry in self.all[: len(self.all)]}:
            raise MappingError(f"There is no column '{header}' in names. Valid: {', '.join(entry.name for entry in self.all)}.")
        taken = {entry.name for entry in self.all}
        name = header if header not in taken else next(n for k in range(2, 99) if (n := f"{header} #{k}") not in taken)
        self.all.append(Field(name, kind, () if name == header else (header,), format=form, shared=True))
        return _quoted(name)


def _load(source: str, raw: Mapping[str, Any], fields: _Fields) -> LayoutLoad:
    table = tables().get(raw.get("into", ""))
    if table is None or table.merge == "internal":
        valid = ", ".join(sorted(name for name, each in tables().items() if each.merge != "internal"))
        raise MappingError(f"Mapping {source}: into = '{raw.get('into')}' is no table. Valid: {valid}.")
    strange = set(raw.get("columns", {})) - (set(table.columns) - set(FILLED_IN))
    if strange or not raw.get("columns"):
        raise MappingError(f"Mapping {source}: {table.name} has no column {sorted(strange)}. Valid: {', '.join(c for c in table.columns if c not in FILLED_IN)}.")
    values = {name: _value(name, entry, table, fields) for name, entry in raw["columns"].items()}
    if "currency" in table.columns and "currency" not in values:
        values["currency"] = "$currency"
    rules = " AND ".join(_rule(entry, fields) for entry in raw.get("where", ())) or "true"
    sql = f"SELECT _row, {', '.join(f'{value} AS {name}' for name, value in values.items())} FROM raw WHERE {rules}"
    if group := raw.get("group"):
        sql = _grouped(sql, list(values), table, group)
    return LayoutLoad(table.name, sql, raw.get("covers"), bool(raw.get("edges_partial", False)))


def _grouped(sql: str, names: list[str], table: Table, group: Sequence[str]) -> str:
    missing = [name for name in group if name not in names]
    if missing:
        raise MappingError(f"{table.name}: group names {missing}, which are not among its columns.")
    def gathered(name: str) -> str:
        return name if name in group else f"{'sum' if table.columns[name].startswith('DECIMAL') else 'min'}({name}) AS {name}"

    return f"SELECT min(_row) AS _row, {', '.join(map(gathered, names))} FROM ({sql}) GROUP BY {', '.join(group)}"


def _type(name: str, table: Table) -> str:
    """The cell type that a table's column asks for when the mapping does not say."""
    kind = table.columns[name]
    if kind == "VARCHAR":
        return "id" if name.endswith("_id") or name in ("visitor", "code") else "text"
    return {"DATE": "day", "TIMESTAMP": "at", "BOOLEAN": "flag"}.get(kind, "number")


def _value(name: str, entry: Any, table: Table, fields: _Fields) -> str:
    """SQL of one target column; with `when` only for the rows that pass that filter."""
    entry = {"from": entry} if isinstance(entry, str) else dict(entry)
    if "when" in entry:
        rule = _rule(entry.pop("when"), fields)
        return f"CASE WHEN {rule} THEN {_value(name, entry, table, fields)} END"
    kind = entry.get("type") or _type(name, table)
    if "value" in entry:
        return f"{_text(str(entry['value']))}::{table.columns[name]}"
    if "multiply" in entry:
        return "(" + " * ".join(str(x) if isinstance(x, int | float) else fields.use(x, "number") for x in entry["multiply"]) + ")"
    if "ordinal" in entry:
        return f"row_number() OVER (PARTITION BY {', '.join(fields.use(x, 'text') for x in entry['ordinal'])} ORDER BY _row)::VARCHAR"
    if "join" in entry:
        text = " || ' ' || ".join(fields.use(x, "text") for x in entry["join"])
        return f"try_strptime({text}, {_text(entry.get('format', '%Y-%m-%d %H:%M'))})"
    if "from" not in entry:
        raise MappingError(f"Column '{name}': say a header, or one of from, value, multiply, join, ordinal.")
    column = fields.use(entry["from"], kind, entry.get("format"))
    if "map" in entry:
        cases = " ".join(f"WHEN {_text(str(old))} THEN {_text(str(new))}" for old, new in entry["map"].items())
        return f"CASE {column} {cases} END"
    return column


def _rule(entry: Mapping[str, Any], fields: _Fields) -> str:
    """SQL of one row filter."""
    test = next((name for name in TESTS if name in entry), None)
    if "column" not in entry or test is None:
        raise MappingError(f"A row filter needs 'column' and one of {', '.join(TESTS)}; it says {dict(entry)}.")
    value = entry[test]
    if test in ("above", "below"):
        return f"{fields.use(entry['column'], 'number')} {'>' if test == 'above' else '<'} {float(value)}"
    column = f"coalesce({fields.use(entry['column'], 'text')}, '')"
    return {
        "equals": lambda: f"{column} = {_text(value)}",
        "not_equals": lambda: f"{column} <> {_text(value)}",
        "in": lambda: f"{column} IN ({', '.join(map(_text, value))})",
        "starts": lambda: f"starts_with({column}, {_text(value)})",
        "not_starts": lambda: f"NOT starts_with({column}, {_text(value)})",
        "matches": lambda: f"regexp_matches({column}, {_text(value)})",
        "filled": lambda: f"{column} {'<>' if value else '='} ''",
    }[test]()


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def saved_mappings(book: Book, shop: str | None) -> list[Layout]:
    """Mappings kept in the book that hold for this shop (or for every shop)."""
    found = [layout_of(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(book.mappings.glob("*.toml"))]
    return [layout for layout in found if layout.mapping and (not shop or shop in layout.mapping.get("shops", [shop]))]


def save_mapping(book: Book, raw: Mapping[str, Any], shop: str) -> Path:
    """Keep a mapping for a shop; the next file with the same headers is read with it without asking."""
    layout_of(raw)
    book.ensure()
    path = book.mappings / f"{raw['source']}.toml"
    before = tomllib.loads(path.read_text(encoding="utf-8")).get("shops", []) if path.exists() else []
    entry = {**raw, "shops": sorted({*before, shop})}
    fresh = path.with_suffix(".tmp")
    fresh.write_text("\n".join(_toml(entry)) + "\n", encoding="utf-8")
    fresh.replace(path)
    return path


def _toml(raw: Mapping[str, Any], prefix: str = "") -> list[str]:
    """TOML lines of a mapping: plain entries first, then its tables."""
    lines = [f"{_key(key)} = {_item(value)}" for key, value in raw.items() if not _is_tables(value)]
    for key, value in raw.items():
        for table in value if _is_tables(value) else ():
            lines += ["", f"[[{prefix}{key}]]", *_toml({k: v for k, v in table.items() if k != "columns"}), "", f"[{prefix}{key}.columns]"]
            lines += [f"{_key(k)} = {_item(v)}" for k, v in table.get("columns", {}).items()]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "into" in value[0]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _item(key)


def _item(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + re.sub(r"[\x00-\x1f]", lambda m: f"\\u{ord(m.group()):04x}", escaped) + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_item, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_item(v)}" for k, v in value.items()) + " }"
    return str(value)
