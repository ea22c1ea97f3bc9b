"""Orders of a long window by a bulk operation of Shopify: run, wait, fetch its file, put lines back into their orders.

The file has one JSON object a line; a line of an order names it as `__parentId` and may stand before or after it.
No file (`url` null) of a completed operation means no rows. A failed one may offer a partial file: it is never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from connectors.api.connector import Call, retry_after
from connectors.api.endpoint import Answer, Endpoint, dig
from connectors.api.paging import number
from connectors.errors import (
    AccessDenied,
    ApiError,
    BadRequest,
    Incomplete,
    PlatformDown,
    RateLimited,
    TooMuch,
    UnexpectedPayload,
)

if TYPE_CHECKING:
    from connectors.api.line import Line

STATUS = (Path(__file__).parent / "bulk_status.graphql").read_text(encoding="utf-8")
RUNNING = ("CREATED", "RUNNING", "CANCELING")
FAILED: Mapping[str, type[ApiError]] = {"ACCESS_DENIED": AccessDenied, "TIMEOUT": TooMuch}
BUSY_S, LONGEST_PAUSE_S, PATIENCE_S = 30.0, 60.0, 3 * 3600
CHUNK = 5_000
MOST_BYTES = 200 << 20


def check_started(body: Any) -> None:
    """Raises RateLimited while as many operations run as are allowed, BadRequest for a query that cannot be run in bulk."""
    for error in dig(body, "data.bulkOperationRunQuery.userErrors") or ():
        words = f"Shopify does not start the bulk operation: {dig(error, 'code')}: {dig(error, 'message')}"
        if dig(error, "code") in ("OPERATION_IN_PROGRESS", "LIMIT_REACHED"):
            raise RateLimited(words, BUSY_S)
        raise BadRequest(words)


def pages(line: Line, endpoint: Endpoint, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Orders in their chunks, each with the `count` that the operation states and the `data` of its status."""
    began = dig(line.ask(endpoint, params, {}), "data.bulkOperationRunQuery.bulkOperation.id")
    if not began:
        raise UnexpectedPayload("Shopify orders: the bulk operation has no id. Nothing was stored of this window; try again.")
    data = _awaited(line, endpoint, str(began))
    done, count = data["node"], number(data["node"].get("rootObjectCount"), "rootObjectCount")
    if number(done.get("fileSize") or 0, "fileSize") > MOST_BYTES:
        raise TooMuch(f"The file of the bulk operation has {done['fileSize']} bytes.")
    orders = joined(fetch(line, done["url"]), done) if done.get("url") else []
    for start in range(0, max(len(orders), 1), CHUNK):
        yield {"orders": orders[start : start + CHUNK], "count": count, "data": data}


def _awaited(line: Line, endpoint: Endpoint, operation: str) -> dict[str, Any]:
    """What is known of the completed operation. Raises what its failure means; a partial result is a failure."""
    waited, pause = 0.0, 1.0
    while waited < PATIENCE_S:
        data = dig(line.call(Call(endpoint.path, {"query": STATUS, "variables.id": operation}, "POST")), "data")
        status = dig(data, "node.status")
        if status == "COMPLETED":
            return dict(data)
        if status not in RUNNING:
            why = str(dig(data, "node.errorCode") or "")
            raise FAILED.get(why, PlatformDown)(f"Shopify's bulk operation ended as {status} {why}. Nothing was stored of this window; it is asked for again.")
        line.around.sleep(pause)
        waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE_S)
    raise PlatformDown(f"Shopify's bulk operation still runs after {PATIENCE_S // 3600} hours. Nothing was stored of this window; it is asked for again.")


def fetch(line: Line, url: str) -> list[dict[str, Any]]:
    """The objects of the file, asked for without any credential. Raises UnexpectedPayload for an address that is no https."""
    if not url.startswith("https://") and not (line.account.base_url.startswith("http://") and url.startswith("http://")):
        raise UnexpectedPayload("Shopify orders: the file of the bulk operation has no https address. Nothing was stored of this window.")
    found: list[dict[str, Any]] = line.call(Call("", method="GET", base_url=url))
    return found


def lines(answer: Answer) -> list[dict[str, Any]]:
    """The objects of a file as it came. Raises PlatformDown for anything else."""
    if answer.status == 429:
        raise RateLimited("The file of the bulk operation is not given out yet.", retry_after(answer))
    try:
        found = [orjson.loads(line) for line in answer.body.split(b"\n") if line.strip()]
    except ValueError:
        found = []
    if answer.status != 200 or not found or not all(isinstance(each, dict) and "id" in each for each in found):
        raise PlatformDown(f"The file of the bulk operation did not come whole (HTTP {answer.status}).")
    return found


def joined(objects: list[dict[str, Any]], stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Orders with their lines. Raises Incomplete where there is less than the operation counted, or a line without its order.

    Lists that stand inside an order (refunds, transactions) are no lines of the file; whether they are counted is not published, so either is taken.
    """
    orders = {each["id"]: each | {"lineItems": {"nodes": []}} for each in objects if "__parentId" not in each}
    inner = sum(len(order.get(name) or ()) for order in orders.values() for name in ("refunds", "transactions"))
    for each in objects:
        if "__parentId" in each:
            parent = orders.get(each["__parentId"])
            if parent is None:
                raise Incomplete(f"The file of the bulk operation lacks the order {each['__parentId']}.")
            parent["lineItems"]["nodes"].append({name: value for name, value in each.items() if name != "__parentId"})
    objects_stated, roots = number(stated.get("objectCount"), "objectCount"), number(stated.get("rootObjectCount"), "rootObjectCount")
    if len(orders) < roots or len(objects) + inner < objects_stated:
        raise Incomplete(f"The file of the bulk operation has {len(orders):,} of {roots:,} orders, {len(objects):,} of {objects_stated:,} objects.")
    return list(orders.values())
