"""Query files: header, parameters and tables agree with the SQL; nothing reaches past the marts."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import queries
from queries.catalog import Query, _read, header_of, load_queries, params_of
from tests.queries.facts import Facts
from warehouse.errors import ConfigError
from warehouse.marts import load_marts

ROOT = Path(__file__).resolve().parents[2] / "queries"
QUERIES = load_queries()
SQL = [query for query in QUERIES.values() if query.sql] + [
    _read(path, ROOT) for path in sorted((ROOT / "detail").glob("*.sql"))
]
MARTS = load_marts(ROOT / "marts")
RECEIPTS = ("detail",)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts().build()


def bare(sql: str) -> str:
    """The SQL without comments and text in quotes."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", sql))


def own_names(sql: str) -> set[str]:
    return {name.lower() for name in re.findall(r"(?:\bWITH\s+|,\s*)(\w+)\s+AS\s+(?:MATERIALIZED\s+)?\(", bare(sql), re.IGNORECASE)}


def tables(sql: str) -> set[str]:
    """Names after FROM and JOIN that are not the query's own."""
    text = re.sub(
        r"(?i)\b(extract|trim|substring|position)\s*\([^()]*\)|\bIS\s+(NOT\s+)?DISTINCT\s+FROM\b", " ", bare(sql)
    )
    return {name.lower() for name in re.findall(r"(?i)\b(?:FROM|JOIN)\s+([a-z_][\w.]*)\b(?!\s*\()", text)} - own_names(
        sql
    )


@pytest.mark.parametrize("query", SQL, ids=lambda q: q.name)
def test_header_agrees_with_the_sql(query: Query) -> None:
    assert set(re.findall(r"\$(\w+)", bare(query.sql))) == set(query.params), "params"
    assert tables(query.sql) - {"read_parquet"} == set(query.reads), "reads"


@pytest.mark.parametrize("query", SQL, ids=lambda q: q.name)
def test_nothing_but_marts_can_be_reached(query: Query) -> None:
    """No qualified table names, no table functions over files or text, no paths from parameters."""
    text = bare(query.sql)
    assert not [name for name in tables(query.sql) if "." in name]
    forbidden = r"(?i)\b(query|query_table|read_\w+|parquet_\w+|sniff_csv|glob|attach|copy|install|load|pragma|getenv|duckdb_\w+)\s*\("
    found = {name.lower() for name in re.findall(forbidden, text)}
    assert found <= ({"read_parquet"} if query.path.parent.name in RECEIPTS else set())
    assert not re.search(r"(?i)\b(FROM|JOIN)\s*(''|\$)", text)


@pytest.mark.parametrize("query", [q for q in SQL if q.path.parent.name not in RECEIPTS], ids=lambda q: q.name)
def test_it_runs_on_an_empty_book(facts: Facts, query: Query) -> None:
    """Against the very columns that the marts have."""
    facts.con.execute(
        "CREATE TABLE IF NOT EXISTS gen.mart.meta AS SELECT 'g' AS generation, 'v' AS version, 'm' AS mark, now()::TIMESTAMP AS published_at"
    )
    facts.con.execute("CREATE TABLE IF NOT EXISTS gen.mart.receipt (target TEXT, shop TEXT, day DATE, file TEXT)")
    values = {name: _sample(kind) for name, kind in query.params.items()}
    assert isinstance(facts.query(query.sql, values), pd.DataFrame)


def _sample(kind: str) -> object:
    if kind.endswith("[]"):
        return None
    return {
        "DATE": date(2026, 11, 1),
        "TIMESTAMP": datetime(2026, 11, 1),
        "VARCHAR": "x",
        "TEXT": "x",
        "BOOLEAN": True,
    }.get(kind, 1)


@pytest.mark.parametrize("path", sorted((ROOT / "marts").glob("*.sql")), ids=lambda p: p.stem)
def test_mart_files_name_what_they_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stated = re.search(r"-- reads:\s*(.*(?:\n--  .*)*)", text)
    assert stated, "reads"
    assert re.search(r"-- grain:", text)
    named = set(re.findall(r"[\w.]+", stated[1].replace("--", "")))
    used = {name for name in tables(text) if name not in ("touched", "temp.touched")}
    assert named == used
    assert len(text.splitlines()) <= 120


def test_marts_are_built_before_they_are_read() -> None:
    built: set[str] = set()
    for mart in MARTS:
        assert {name.removeprefix("mart.") for name in tables(mart.sql) if name.startswith("mart.")} <= built, mart.name
        built.add(mart.name)


def test_no_python_functions_and_no_extensions_in_marts() -> None:
    for mart in MARTS:
        functions = {name.lower() for name in re.findall(r"\b([a-z_]\w*)\s*\(", bare(mart.sql))}
        known = {str(row[0]) for row in duckdb.connect().execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()}
        keywords = {
            "in",
            "as",
            "over",
            "values",
            "by",
            "exists",
            "and",
            "on",
            "or",
            "not",
            "join",
            "from",
            "unpivot",
            "filter",
            "o",
            "k",
            "decimal",
            "exclude",
            "for",
            "coalesce",
            "cast",
            "extract",
            "case",
            "select",
            "where",
            "else",
            "then",
            "when",
        }
        assert functions - known - keywords - own_names(mart.sql) == set(), mart.name


def test_run_refuses_unknown_names_and_parameters(facts: Facts) -> None:
    with pytest.raises(queries.UnknownQuery, match="overview/shops"):
        queries.run("overview/nothing", facts)
    with pytest.raises(queries.UnknownQuery):
        queries.run("../warehouse/schema", facts)
    with pytest.raises(ConfigError, match="no parameter days"):
        queries.run("overview/shops", facts, days=3)


def test_run_answers_with_its_parameters(facts: Facts) -> None:
    assert list(queries.run("measure/shops", facts).shop) == ["a"]
    assert queries.run("measure/shops", facts, shops=("other",)).empty


def test_headers_go_on_over_lines() -> None:
    text = "-- purpose: one\n--          two\n-- params:  shops VARCHAR[] (NULL = all), day_from DATE,\n--          max_rows BIGINT\n-- grain: g\nSELECT 1 -- x"
    facts = header_of(text)
    assert facts["purpose"] == "one two"
    assert params_of(facts["params"]) == {"shops": "VARCHAR[]", "day_from": "DATE", "max_rows": "BIGINT"}
    assert facts["grain"] == "g"
