"""A sealed package of API records -> how the warehouse is to read it: the mappings beside the platform's module."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime
from pathlib import Path

from connectors.api.connector import Connector
from connectors.api.endpoint import Endpoint
from connectors.api.mapping import Mapping, read_mapping
from connectors.files.layout import NOTE_PATTERN
from warehouse.errors import PackageError
from warehouse.interpretation import Column, Interpretation, Load, SourceInfo, View
from warehouse.packages import Manifest

PART = "records"


def folder(connector: Connector) -> Path:
    """Where the platform's SQL files lie: the folder of its name, also for a subclass defined elsewhere."""
    places = [Path(inspect.getfile(kind)).parent for kind in type(connector).__mro__ if issubclass(kind, Connector)]
    return next((place for place in places if place.name == connector.name), places[0])


def mappings(connector: Connector, endpoint: Endpoint) -> tuple[Mapping, ...]:
    """The mappings of an endpoint, in order."""
    return tuple(read_mapping(folder(connector) / f"{stem}.sql") for stem in endpoint.loads)


def source_of(connector: Connector, endpoint: Endpoint) -> str:
    """The name rows carry: platform.endpoint."""
    return f"{connector.name}.{endpoint.source_name}"


def interpretation(manifest: Manifest, connector: Connector) -> Interpretation:
    """How to read an API package. Raises PackageError when the endpoint that gave it is gone."""
    name = manifest.facts.get("endpoint", "")
    endpoint = next((entry for entry in connector.endpoints if entry.name == name), None)
    if endpoint is None:
        raise PackageError(f"{connector.label_en} has no endpoint '{name}' any more, which package {manifest.id} came from. Restore it in {connector.name}.py.")
    found = mappings(connector, endpoint)
    views = tuple(View(each.view, PART, _columns(each), records=True, each=each.each) for each in found)
    loads = tuple(Load(each.table, each.sql, each.covers) for each in found)
    first = next(entry for entry in connector.endpoints if entry.source_name == endpoint.source_name)  # endpoints of one source: it bears the first one's name
    info = SourceInfo(manifest.source, first.kind, first.rank, first.purse, connector.platform, first.label_zh, first.label_en)
    return Interpretation(views, loads, info, _params(manifest))


def _columns(mapping: Mapping) -> tuple[Column, ...]:
    return tuple(Column(field.name, field.type, ("^" if field.above and mapping.each else "") + field.path) for field in mapping.fields)


def _params(manifest: Manifest) -> dict[str, object]:
    """Named parameters of the mapping SQL; options of the account stand as $option_NAME."""
    return {
        "shop": manifest.shop, "source": manifest.source, "account": manifest.account, "currency": manifest.currency, "zone": manifest.zone,
        "as_of": datetime.fromisoformat(manifest.as_of) if manifest.as_of else None,
        "sealed_at": datetime.fromisoformat(manifest.sealed_at).astimezone(UTC).replace(tzinfo=None),
        "day_from": date.fromisoformat(manifest.day_from) if manifest.day_from else None,
        "day_to": date.fromisoformat(manifest.day_to) if manifest.day_to else None,
        "note_pattern": manifest.facts.get("note_pattern") or NOTE_PATTERN,
        **{name: value for name, value in manifest.facts.items() if name.startswith("option_")},
    }  # fmt: skip
