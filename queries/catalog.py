"""Find query files and run them by name. A query is a .sql file with a header, or a .py file with `run(reader, **params)`."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.errors import ConfigError, OpsError

ROOT = Path(__file__).parent
HEADER = ("purpose", "params", "grain", "units", "reads")
TYPES = "VARCHAR|DATE|TIMESTAMP|BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|DOUBLE|DECIMAL|TEXT"
NOT_QUERIES = ("marts", "detail")  # detail: SQL over order files, asked through the .py beside it


class UnknownQuery(OpsError):
    """No query file has this name; the message names the valid ones."""


@dataclass(frozen=True)
class Query:
    """One question. `params`: name -> SQL type; `reads`: mart tables; `sql` empty for a .py query."""

    name: str
    path: Path
    purpose: str
    params: Mapping[str, str]
    grain: str
    units: str
    reads: tuple[str, ...]
    sql: str


def load_queries(root: Path = ROOT) -> dict[str, Query]:
    """Every query file by name ("overview/shops"). Raises ConfigError when a header is incomplete."""
    return {name: _read(path, root) for name, path in _paths(root).items()}


def _paths(root: Path) -> dict[str, Path]:
    sql = [path for path in sorted(root.glob("*/*.sql")) if path.parent.name not in NOT_QUERIES]
    py = [path for path in sorted(root.glob("*/*.py")) if "def run(" in path.read_text(encoding="utf-8")]
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sql + py}


def sql_of(name: str) -> str:
    """The text of one .sql query. Raises UnknownQuery."""
    return _found(name).sql


def run(name: str, reader: Any, **params: Any) -> pd.DataFrame:
    """The answer of one query file; a parameter that is not given is NULL (all shops, no bound).

    Raises UnknownQuery, ConfigError for a parameter that the query does not have.
    """
    query = _found(name)
    wrong = sorted(set(params) - set(query.params))
    if wrong:
        raise ConfigError(
            f"Query '{name}' has no parameter {', '.join(wrong)}. Valid: {', '.join(query.params) or 'none'}"
        )
    full = {key: _plain(params.get(key)) for key in query.params}
    if query.path.suffix == ".py":
        module = importlib.import_module(f"queries.{name.replace('/', '.')}")
        answer = module.run(reader, **{key: value for key, value in full.items() if key in params})
        return pd.DataFrame(answer)
    return pd.DataFrame(reader.query(query.sql, full))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value


@lru_cache(maxsize=512)
def _found(name: str) -> Query:
    paths = _paths(ROOT)
    if name not in paths:
        raise UnknownQuery(f"No query is called '{name}'. Valid: {', '.join(paths)}")
    return _read(paths[name], ROOT)


def _read(path: Path, root: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    facts = header_of(text if path.suffix == ".sql" else text.replace("# ", "-- "))
    missing = [key for key in HEADER if not facts.get(key)]
    if missing:
        raise ConfigError(
            f"{path}: the header lacks {', '.join(missing)}. A query file starts with the lines {', '.join(HEADER)}."
        )
    reads = tuple(word for word in re.findall(r"\w+", re.sub(r"\([^)]*\)", "", facts["reads"])) if word != "none")
    sql = text if path.suffix == ".sql" else ""
    name = path.relative_to(root).with_suffix("").as_posix()
    return Query(name, path, facts["purpose"], params_of(facts["params"]), facts["grain"], facts["units"], reads, sql)


def header_of(text: str) -> dict[str, str]:
    """The header's facts: `-- key: value`, a value may go on over further comment lines."""
    facts: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            if key:
                break
            continue
        start = re.match(r"--\s*(\w+):\s*(.*)", line)
        if start and start[1] in HEADER:
            key = start[1]
            facts[key] = start[2].strip()
        elif key:
            facts[key] += " " + line.removeprefix("--").strip()
    return facts


def params_of(text: str) -> dict[str, str]:
    """Parameter names and SQL types out of the header's words: `shops VARCHAR[] (NULL = all), day DATE`."""
    plain = re.sub(r"\([^)]*\)", "", text)
    return dict(re.findall(rf"\b(\w+)\s+((?:{TYPES})(?:\[\])?)", plain))
