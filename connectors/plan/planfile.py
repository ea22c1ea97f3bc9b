"""Plan files that people edit: TOML (`[plan]` and `[[node]]`) and CSV (one node a line, plan fields in `# key: value` lines)."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path
from typing import Any

from connectors.plan.build import QUANTITY_MAPS, TEXT_MAPS, build, plain, texts
from connectors.plan.errors import Fault, PlanError
from connectors.plan.model import NODE_FIELDS, Plan

MAPS = (*QUANTITY_MAPS, *TEXT_MAPS)


def read_plan(path: Path) -> Plan:
    """The plan in a .toml or .csv file. Raises PlanError with every fault and its place."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PlanError(
            path.name, [Fault(path.name, f"it cannot be opened ({error.strerror}). Check the name.")]
        ) from error
    except UnicodeDecodeError as error:
        raise PlanError(
            path.name, [Fault(path.name, "it is not UTF-8 text. Save it as UTF-8 and try again.")]
        ) from error
    return parse_csv(text, path.name) if path.suffix.lower() == ".csv" else parse_toml(text, path.name)


def parse_toml(text: str, source: str) -> Plan:
    """Raises PlanError."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PlanError(
            source, [Fault(source, f"it is not valid TOML ({error}). Correct the line it names.")]
        ) from error
    return build(raw, source)


def parse_csv(text: str, source: str) -> Plan:
    """One node a line; columns are node fields, `dims.sector` or `parts.pay` fill a map; several values are split by `;`."""
    head: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    names: list[str] | None = None
    line_of: dict[str, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            if names is None and row and row[0].lstrip().startswith("#"):
                key, _, value = row[0].lstrip("# ").partition(":")
                _into(head, key.strip(), value.strip() if not any(row[1:]) else ",".join([value, *row[1:]]).strip(" ,"))
            elif names is None:
                names = [name.strip() for name in row] if any(row) else None
            elif node := _row(names, row):
                rows.append(node)
                line_of[str(node.get("id") or f"node {len(rows)}")] = reader.line_num
    except csv.Error as error:
        raise PlanError(
            source, [Fault(f"line {reader.line_num}", f"it is not a table ({error}). Correct the line.")]
        ) from error
    return build(
        {"plan": head, "node": rows},
        source,
        lambda node, name: f"line {line_of[node]}, {name}" if node in line_of else name,
    )


def _row(names: list[str], row: list[str]) -> dict[str, Any]:
    node: dict[str, Any] = {}
    for name, value in zip(names, row, strict=False):
        if name and value.strip():
            _into(node, name, value.strip())
    return node


def _into(target: dict[str, Any], key: str, value: str) -> None:
    """`dims.sector` fills a map, everything else a field."""
    outer, dot, inner = key.partition(".")
    if dot:
        inside = target.setdefault(outer, {})
        if isinstance(inside, dict):
            inside[inner] = value
    else:
        target[key] = value


def write_toml(plan: Plan) -> str:
    """The plan as a TOML file; `parse_toml(write_toml(p))` is the same plan."""
    raw = plain(plan)
    blocks = ["[plan]\n" + _table(raw["plan"])] + ["[[node]]\n" + _table(node) for node in raw["node"]]
    return "\n".join(blocks)


def _table(values: dict[str, Any]) -> str:
    return "".join(f"{name} = {_toml(value)}\n" for name, value in values.items())


def _toml(value: Any) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


def write_csv(plan: Plan) -> str:
    """The plan as CSV: what a spreadsheet opens."""
    raw, out = plain(plan), io.StringIO(newline="")
    heads = csv.writer(out)
    for name, value in raw["plan"].items():
        inside = (
            {f"{name}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {name: _cell(value)}
        )
        heads.writerows([f"# {key}: {one}"] for key, one in inside.items())
    flat = [_flat(node) for node in raw["node"]]
    used = {name for node in flat for name in node}
    order = [name for name in NODE_FIELDS if name in used] + sorted(name for name in used if "." in name)
    writer = csv.DictWriter(out, order)
    writer.writeheader()
    writer.writerows(flat)
    return out.getvalue()


def _flat(node: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in node.items():
        if name in MAPS:
            flat |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            flat[name] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    """Several values split by `;`; as a JSON list when one of them holds a `;` itself."""
    if not isinstance(value, list):
        return str(value)
    plain_join = "; ".join(map(str, value))
    return plain_join if list(texts(plain_join)) == value else json.dumps(value, ensure_ascii=False)
