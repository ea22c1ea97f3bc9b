"""Holds names that connectors ask for against what the platforms themselves publish: `make check-schemas`.

    python -m tests.schemas

Shopify: every GraphQL document against the Admin schema in its package @shopify/dev-mcp (data only, nothing of it is run).
Google Ads, Meta: report fields against the field lists of their own client libraries. Nothing is sent to any platform.
What is needed goes into .venv-test/schemas, once. A check whose package cannot be had is left out and said so; a wrong name ends with 1.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv-test" / "schemas"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDS = {"shopify": "graphql-core==3.3.2", "google": "google-ads==34.0.0", "meta": "facebook-business==26.0.3"}
SCHEMA, RELEASE = "@shopify/dev-mcp", "1.16.0"


def main() -> None:
    if sys.argv[1:2] == ["--check"]:
        wrong = CHECKS[sys.argv[2]](sys.argv[3], sys.argv[4:])
        print(*(wrong or [f"{len(sys.argv[4:])} known"]), sep="\n")
        sys.exit(1 if wrong else 0)
    sys.exit(max(_checked(name, version, asked) for name, version, asked in asked_for()))


def asked_for() -> list[tuple[str, str, list[str]]]:
    """Per platform: version of its interface, and what is asked for, out of the endpoints of the catalog."""
    from connectors.catalog import CONNECTORS, connector

    shopify: Any = connector("shopify")
    found = [("shopify", str(shopify.api_version), sorted(map(str, (ROOT / "connectors" / "shopify").glob("*.graphql"))))]
    for name, kind, names in (("google_ads", "google", _google_names), ("meta", "meta", _meta_names)):
        if name in CONNECTORS:
            made = connector(name)
            asked = {each for endpoint in made.endpoints for each in names(endpoint.params)}
            found.append((kind, made.base_url.rsplit("/", 1)[-1], sorted(asked)))
    return found


def _google_names(params: Any) -> list[str]:
    """Names with a dot in a GAQL query, wherever they stand but in quotes."""
    return re.findall(r"\b[a-z_]+(?:\.[a-z_]+)+\b", re.sub(r"'[^']*'", "", str(params.get("query", ""))))


def _meta_names(params: Any) -> list[str]:
    """Fields, breakdowns and the level of an insights report."""
    lists = {"fields": "", "breakdowns": "breakdown:", "level": "level:"}
    return [kind + each for key, kind in lists.items() for each in str(params.get(key, "")).split(",") if each]


def _checked(name: str, version: str, asked: Sequence[str]) -> int:
    why = "no names" if not asked else _prepared(name)
    if why:
        print(f"{name} {version}: not checked ({why})")
        return 0
    print(f"{name} {version}:", flush=True)
    return subprocess.run([str(PYTHON), str(Path(__file__)), "--check", name, version, *asked], check=False).returncode


def _prepared(name: str) -> str:
    """"" when what the check needs is there, else why not."""
    if not PYTHON.exists():
        venv.create(HOME, with_pip=True)
    stamp = HOME / f"{name}.{NEEDS[name]}"
    if not stamp.exists():
        install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NEEDS[name]]
        if subprocess.run(install, check=False).returncode:
            return f"{NEEDS[name]} could not be installed"
        stamp.touch()
    if name != "shopify" or _package().exists():
        return ""
    npm = shutil.which("npm")
    pack = [npm or "npm", "pack", f"{SCHEMA}@{RELEASE}", "--silent", "--pack-destination", str(HOME)]
    if npm is None or subprocess.run(pack, check=False, stdout=subprocess.DEVNULL).returncode:
        return f"npm could not fetch {SCHEMA} {RELEASE}"
    return ""


def _package() -> Path:
    return HOME / f"shopify-dev-mcp-{RELEASE}.tgz"


def check_shopify(version: str, paths: Sequence[str]) -> list[str]:
    """Errors and deprecated fields of the documents."""
    graphql: Any = importlib.import_module("graphql")
    with tarfile.open(_package()) as package:
        name = f"package/dist/data/admin_{version}.json.gz"
        member = package.extractfile(name) if name in package.getnames() else None
        if member is None:
            return [f"there is no schema {version}"]
        published = json.loads(gzip.decompress(member.read()))
    schema = graphql.build_client_schema(published["data"], assume_valid=True)  # it breaks a newer rule on deprecated interface fields
    rules = [*graphql.specified_rules, graphql.NoDeprecatedCustomRule]
    return [
        f"{Path(path).name}: {error.message}"
        for path in paths for error in graphql.validate(schema, graphql.parse(Path(path).read_text(encoding="utf-8")), rules)
    ]  # fmt: skip


def check_google(version: str, names: Sequence[str]) -> list[str]:
    """Names that are no plain value of a row."""
    module = importlib.import_module(f"google.ads.googleads.{version}.services.types.google_ads_service")
    return [f"{name} is no field" for name in names if not _is_field(module.GoogleAdsRow.pb().DESCRIPTOR, name)]


def _is_field(message: Any, name: str) -> bool:
    for part in name.split("."):
        if message is None or part not in message.fields_by_name:
            return False
        message = message.fields_by_name[part].message_type
    return message is None


def check_meta(version: str, names: Sequence[str]) -> list[str]:
    """Names that insights do not have, or another version than the field lists are of."""
    insights: Any = importlib.import_module("facebook_business.adobjects.adsinsights").AdsInsights
    api: Any = importlib.import_module("facebook_business.apiconfig").ads_api_config
    holders = {"breakdown": insights.Breakdowns, "level": insights.Level}
    wrong = [] if api["API_VERSION"] == version else [f"the field lists are of {api['API_VERSION']}"]
    for name in names:
        kind, _, rest = name.rpartition(":")
        known = {value for key, value in vars(holders[kind]).items() if key[0] != "_"} if kind else set(insights._field_types)
        wrong += [] if rest in known else [f"{name} is no name of insights"]
    return wrong


CHECKS: dict[str, Callable[[str, Sequence[str]], list[str]]] = {"shopify": check_shopify, "google": check_google, "meta": check_meta}

if __name__ == "__main__":
    main()
