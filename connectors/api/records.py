"""Records on their way into a package: personal data out, buyers' ids replaced, every path of a record noted; one line of JSON each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from typing import Any

PERSONAL = re.compile(
    r"(^|_)(receiver|consignee|recipient|payer|contact|buyer|customer|user|member)s?_?(full_?|first_?|last_?|real_?)?(name|nick|nick_?name|phone|mobile|tel|telephone|email|e_mail|"
    r"addr|address|town|district|city|state|province|zip|postcode|message|memo|words|rate|avatar|area|id_?card|id_?info|ip|alipay\w*)($|_)|"
    r"(^|_)(phone|mobile|telephone|tel|e_?mail|addresse?s?|address_?\w*|street|zip_?code|postal_?code|postcode|nick_?name|avatar|id_?card|passport|bank_?card|alipay_?(no|id|account)|"
    r"tracking_?(number|no|code|id)|waybill\w*|logistics_?(no|code|id)|express_?no|ip_?address|client_?details|first_?name|last_?name|full_?name|buyer_?(memo|message|words|name|nick)|"
    r"encrypt\w*|mask_?\w*|open_address_id|oaid|receiver|consignee|recipient|billing|shipping_address|customer_note|customer_ip\w*|customer_user_agent)($|_)"
)
MASKED = re.compile(r"[*＊•●]|##|\$\$|^[-—]*$")
SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake(name: str) -> str:
    """buyerNickName -> buyer_nick_name"""
    return SPLIT.sub("_", name).replace("-", "_").lower()


def pseudonym(value: Any, key: str) -> str | None:
    """The same lasting pseudonym that a file's buyer column gets; None for an empty, masked or encrypted value."""
    plain = str(value).strip("\t =\"'") if value not in (None, "") else ""
    return None if not plain or MASKED.search(plain) else hashlib.sha256(f"{key}:{plain}".encode()).hexdigest()[:16]


class Cleaner:
    """Cleans records in place. `seen`: every dotted path met so far (lists leave no mark); `removed`: those taken out."""

    def __init__(self, declared: Collection[str], personal: Collection[str], buyer: Collection[str], key: str) -> None:
        self.declared, self.personal, self.buyer, self.key = frozenset(declared), frozenset(personal), frozenset(buyer), key
        self.seen: set[str] = set()
        self.removed: set[str] = set()
        self._nodes: dict[str, tuple[set[str], list[str], list[str]]] = {}

    def clean(self, record: dict[str, Any], at: str = "") -> None:
        """Take out what must not be kept, however deep."""
        node = self._nodes.get(at)
        if node is None:
            node = self._nodes[at] = (set(), [], [])
        known, drop, buyers = node
        if not known.issuperset(record):
            self._learn(record, at, node)
        for name in drop:
            record.pop(name, None)
        for name in buyers:
            if name in record:
                record[name] = pseudonym(record[name], self.key)
        for name, value in record.items():
            kind = type(value)
            if kind is dict:
                self.clean(value, at + name + ".")
            elif kind is list:
                for entry in value:
                    if type(entry) is dict:
                        self.clean(entry, at + name + ".")

    def _learn(self, record: dict[str, Any], at: str, node: tuple[set[str], list[str], list[str]]) -> None:
        known, drop, buyers = node
        for name in record.keys() - known:
            path = at + name
            known.add(name)
            self.seen.add(path)
            if path in self.buyer:
                buyers.append(name)
            elif self._is_personal(path, name):
                drop.append(name)
                self.removed.add(path)

    def _is_personal(self, path: str, name: str) -> bool:
        if path in self.personal:
            return True
        if any(known == path or known.startswith(path + ".") for known in self.declared):
            return False
        return PERSONAL.search(snake(name)) is not None


def unknown_paths(seen: Iterable[str], declared: Collection[str], ignored: Collection[str]) -> list[str]:
    """Paths that a mapping neither reads nor waves through; of a whole unknown object only its own path."""
    inside = {prefix for path in declared for prefix in _prefixes(path)}
    waved = tuple(path[:-1] if path.endswith("*") else path + "." for path in ignored)
    strange = [path for path in seen if path not in inside and path not in ignored and not path.startswith(waved)]
    return sorted(path for path in strange if not any(path.startswith(other + ".") for other in strange))


def _prefixes(path: str) -> Iterable[str]:
    steps = path.split(".")
    return (".".join(steps[:n]) for n in range(1, len(steps) + 1))
