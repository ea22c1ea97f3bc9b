"""Ad figures added up to the level a table shows: purse, account, campaign, ad group. Ratios are divided last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.format import change, divide, is_missing
from dashboard.tree import Node

ADDED = (
    "spend", "impressions", "clicks", "attributed_sales", "spend_with_sales", "direct_sales", "attributed_orders",
    "net_attributed_sales", "spend_with_net", "spend_before",
)  # fmt: skip


KEYS = ["currency", "shop", "purse", "account", "campaign_id", "ad_group_id"]


def beside(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Rows of ads/drill with the spend of the compared days beside them.

    A campaign that only spent before stays as a row without spend: its account's change counts it, the drill leaves it out.
    """
    was = before[[*KEYS, "campaign", "ad_group", "attribution", "attribution_to", "scene", "spend"]]
    both = now.merge(was.rename(columns={"spend": "spend_before"}), on=KEYS, how="outer", suffixes=("", "_was"))
    for name in ("campaign", "ad_group", "attribution", "attribution_to", "scene"):
        both[name] = both[name].where(both[name].notna(), both.pop(f"{name}_was"))
    return both


def total(part: pd.DataFrame, compares: bool = True) -> dict[str, Any]:
    """The values of a group of rows of ads/drill of one purse and currency; a figure no row states is missing.

    Credited sales stand over the spend of the rows that state them, so a report without sales does not lower the ROAS.
    """
    sums = {name: pd.to_numeric(part[name]).astype(float).sum(min_count=1) for name in ADDED}
    said = [*part["attribution"], *part["attribution_to"]]
    attributions = sorted({a for a in said if not is_missing(a) and a})
    return {
        "spend": sums["spend"],
        "spend_change": change(sums["spend"], sums["spend_before"]) if compares else None,
        "impressions": sums["impressions"],
        "clicks": sums["clicks"],
        "ctr": divide(sums["clicks"], sums["impressions"]),
        "cpc": divide(sums["spend"], sums["clicks"]),
        "attributed_sales": sums["attributed_sales"],
        "attributed_orders": sums["attributed_orders"],
        "roas": divide(sums["attributed_sales"], sums["spend_with_sales"]),
        "net_roas": divide(sums["net_attributed_sales"], sums["spend_with_net"]),
        "direct_roas": divide(sums["direct_sales"], sums["spend_with_sales"]),
        "attribution": " / ".join(attributions),
        "currency": part["currency"].iloc[0],
    }


def purses(drill: pd.DataFrame) -> pd.DataFrame:
    """One row per currency and purse with `total`'s values, greatest spend first."""
    parts = drill.groupby(["currency", "purse"], sort=False)
    rows = [{"purse": purse, **total(part)} for (_, purse), part in parts if _is_shown(part)]
    frame = pd.DataFrame(rows)
    return frame.sort_values(["currency", "spend"], ascending=[True, False], na_position="last") if rows else frame


def nodes(
    drill: pd.DataFrame, shop_name: Mapping[str, str], purse_name: Callable[[str], str], words: Mapping[str, str]
) -> list[Node]:
    """account > campaign > ad group of one currency, greatest spend first. words: no_account, no_campaign, no_group."""
    accounts = []
    for (shop, purse, account), part in drill.groupby(["shop", "purse", "account"], sort=False):
        if not _is_shown(part):
            continue
        who = shop_name.get(str(shop), str(shop))
        name = f"{purse_name(str(purse))} · {who}"
        tip = f"{name} · {account or words['no_account']}"
        note = "" if str(account) == who else str(account)  # many an account is called as its shop
        accounts.append(Node(name, total(part), note, tip, _campaigns(part, words)))
    opened = len(accounts) == 1
    return [Node(n.name, n.values, n.note, n.tip, n.children, opened) for n in sorted(accounts, key=_by_spend)]


def _campaigns(part: pd.DataFrame, words: Mapping[str, str]) -> tuple[Node, ...]:
    found = []
    for campaign_id, rows in part.groupby("campaign_id", sort=False):
        if not _is_shown(rows):
            continue
        name = _name(rows["campaign"], campaign_id, words["no_campaign"])
        groups = rows[rows["ad_group_id"].fillna("") != ""]
        children = tuple(
            Node(_name(g["ad_group"], gid, words["no_group"]), total(g), tip=str(gid))
            for gid, g in groups.groupby("ad_group_id", sort=False) if _is_shown(g)
        )
        scene = next((str(s) for s in rows["scene"] if s), "")
        found.append(Node(name, total(rows), scene, f"{name} · {campaign_id}", tuple(sorted(children, key=_by_spend))))
    return tuple(sorted(found, key=_by_spend))


def _is_shown(part: pd.DataFrame) -> bool:
    return bool(part["spend"].notna().any() or part["attributed_sales"].notna().any())


def _name(names: Sequence[Any] | pd.Series, code: Any, fallback: str) -> str:
    return next((str(n) for n in names if not is_missing(n) and n), str(code) or fallback)


def _by_spend(node: Node) -> float:
    value = node.values["spend"]
    return 0.0 if is_missing(value) else -float(value)
