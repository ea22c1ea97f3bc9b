"""A stub in a process of its own: prints its address, ends when its input does, then prints what it saw as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from tests.stub.server import Stub


def main(factory: str, latency_s: str, given: str) -> None:
    module, _, function = factory.partition(":")
    with Stub(latency_s=float(latency_s)) as stub:
        getattr(import_module(module), function)(stub, **json.loads(given))
        print(stub.url, flush=True)
        sys.stdin.read()
    print(json.dumps({"violations": stub.violations, "calls": stub.calls, "most_at_once": stub.most_at_once}))


if __name__ == "__main__":
    main(*sys.argv[1:])
