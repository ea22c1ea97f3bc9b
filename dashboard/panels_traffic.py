"""What the traffic page shows of one shop: figures, funnel, hours, sources, items, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, data, panels
from dashboard.choice import choose
from dashboard.columns import Col
from dashboard.format import change, day_label, is_missing
from dashboard.labels import lang, pick, t
from dashboard.panels_overview import visitors_file
from dashboard.parts import figures as metric_cards
from dashboard.parts import heading_tip, label, note, tips, tree
from dashboard.periods import View
from dashboard.traffic_sources import source_nodes, whole

FIGURES = ("visitors", "new_visitors", "page_views", "cart_users", "conversion_rate", "visitor_value")
UNSEEN = ("sales", "paid_orders", "sales_per_order", "units")  # of a shop whose reports state no visitors
TREND_DAYS = 30
WHOLE_CARRIERS = ("", "全店流量")
HOUR_METRICS = ("sales", "visitors", "paid_orders", "placed_amount")
ITEMS, ALL_ITEMS = 500, 100_000
FUNNEL = ("visitors", "cart_users", "placed_buyers", "paying_buyers")


def focus(shown: View) -> View | None:
    """The chosen shop, as a View of that shop alone; None when there is no shop. People of two shops are never added."""
    shops = data.ask("traffic/shops", **shown.params())
    if shops.empty:
        return None
    names = {str(s): str(n) for s, n in zip(shops["shop"], shops["name"], strict=True)}
    shop = choose(t("common.shop"), "focus", list(names), names, tip=t("traffic.focus_help"), as_list=len(names) > 6)
    return replace(shown, shops=(shop,))


def has_visitors(one: View) -> bool:
    """Does any report state this shop's visitors in the view or the 30 days up to its end?"""
    found = data.measure("visitors", _first(one), one.day_to, "day", one.shops)
    return bool(len(found) and found["value"].notna().any())


def _first(one: View) -> date:
    return min(one.day_from, one.day_to - timedelta(days=TREND_DAYS - 1))


def platform(shop: str) -> str:
    """The shop's platform code, other when unknown."""
    frame = data.shops()
    return next((str(p) for s, p in zip(frame["shop"], frame["platform"], strict=True) if s == shop and p), "other")


def figures(one: View, shop: str) -> None:
    """The shop's traffic figures; without visitors what it does have, and the file that would bring them."""
    seen = has_visitors(one)
    if not seen:
        note(t("traffic.no_visitors", file=visitors_file(platform(shop))))
    metric_cards(FIGURES if seen else UNSEEN, one)


def funnel(one: View, shop: str) -> None:
    """Visitors to paying buyers with the rate of every step, all from one source."""
    found = data.ask("traffic/funnel", shop=shop, day_from=one.day_from, day_to=one.day_to)
    if found.empty:
        heading_tip(t("traffic.funnel"))
        later = one.hour_to is not None and has_visitors(one)
        note(t("traffic.tomorrow") if later else t("traffic.funnel_none", file=visitors_file(platform(shop))))
        return
    row = found.iloc[0]
    stages = [name for name in FUNNEL if not is_missing(row[name])]
    frame = pd.DataFrame({"stage": [label(s) for s in stages], "value": [float(row[s]) for s in stages]})
    frame["rate"] = frame["value"] / frame["value"].shift().where(lambda v: v > 0)
    names = {"stage": t("traffic.step"), "value": t("traffic.people"), "rate": t("traffic.step_rate")}
    panels.titled(t("traffic.funnel"), "", frame.rename(columns=names), f"funnel_{shop}_{one.day_to}", t("traffic.funnel_help"))
    rates = " · ".join(f"{a} → {b}" for a, b in zip(frame["stage"], frame["stage"][1:], strict=False))
    panels.chart(
        charts.funnel(frame, stage="stage", value="value", rate="rate", lang=lang()), t("traffic.funnel_alt", steps=rates),
        "traffic_funnel",
    )
    source = pick({"zh": row["label_zh"], "en": row["label_en"]}, str(row["source"]))
    words = [t("traffic.funnel_source", source=source)]
    if one.days > 1:
        words.append(t("traffic.funnel_days", days=int(row["days"]), of=one.days))
    missing = [label(s) for s in FUNNEL if s not in stages]
    if missing:
        words.append(t("traffic.funnel_missing", steps="、".join(missing) if lang() == "zh" else ", ".join(missing)))
    st.caption(" · ".join(words))


def hours(one: View, shop: str) -> None:
    """Today by hour against yesterday; without hours today, the last shown day; without any, the reason."""
    found, day = pd.DataFrame(), one.today
    for day in dict.fromkeys((one.today, one.day_to)):
        found = data.ask("traffic/hours", shop=shop, day=day, day_before=day - timedelta(days=1))
        found = found[pd.to_datetime(found["day"]).dt.date.isin([day, day - timedelta(days=1)])]
        if (pd.to_datetime(found["day"]).dt.date == day).any():
            break
    else:
        panels.section(t("traffic.hours"))
        note(t("traffic.hours_none"))
        return
    here = [m for m in HOUR_METRICS if (found["metric"] == m).any()]
    wanted = st.query_params.get("hours")
    metric = wanted if wanted is not None and wanted in here else here[0]
    frame = _by_hour(found[found["metric"] == metric], day)
    currency = str(found["currency"].iloc[0])
    names = {"now": day_label(day, lang()), "before": day_label(day - timedelta(days=1), lang())}
    panels.titled(t("traffic.hours"), t("traffic.hours_days", day=names["now"]),
           frame.rename(columns={"hour": t("common.hour"), **names}), f"hours_{shop}_{day}")  # fmt: skip
    choose(t("traffic.hours"), "hours", here, {m: label(m) for m in here})
    unit = "money" if metric in ("sales", "placed_amount") else "person" if metric == "visitors" else "count"
    panels.chart(
        charts.curve(frame, x="hour", ys=names, unit=unit, currency=currency if unit == "money" else None, lang=lang(),
                     x_title=t("common.hour"), faint=("before",), height=230),
        t("traffic.hours_alt", metric=label(metric), now=names["now"], before=names["before"]), "traffic_hours",
    )  # fmt: skip


def _by_hour(found: pd.DataFrame, day: date) -> pd.DataFrame:
    """hour 0-23 with `now` and `before`; an hour without a row stays missing."""
    days = pd.to_datetime(found["day"]).dt.date
    now = found[days == day].groupby("hour")["value"].sum()
    before = found[days != day].groupby("hour")["value"].sum()
    return pd.DataFrame({"now": now, "before": before}, index=pd.RangeIndex(24, name="hour")).reset_index()


def sources(one: View, shop: str) -> None:
    """Free and paid sources as a tree that opens."""
    columns = {
        "visitors": Col(label("visitors"), "person"),
        "share": Col(t("traffic.share"), "rate"),
        "visitors_change": Col(t("traffic.change"), "rate", tone="change"),
        "cart_users": Col(label("cart_users"), "person"),
        "paying_buyers": Col(label("paying_buyers"), "person"),
        "conversion_rate": Col(label("conversion_rate"), "rate"),
        "sales": Col(label("sales"), "money", "currency"),
        "visitor_value": Col(label("visitor_value"), "money", "currency"),
    }
    found = data.ask("traffic/source_tree", shop=shop, day_from=one.day_from, day_to=one.day_to)
    if found.empty:
        panels.section(t("traffic.sources"))
        known = platform(shop) in ("tmall", "taobao")
        if known and one.hour_to is not None:
            note(t("traffic.tomorrow"))
            return
        note(t("traffic.sources_none" if known else "traffic.sources_unknown"))
        return
    carriers = sorted(found["carrier"].unique(), key=lambda c: (c not in WHOLE_CARRIERS, c))
    words = {key: t(f"traffic.{key}") for key in ("paid", "free", "unsaid", "sum_note")}
    days = int(found["days"].max())
    remark = t("traffic.sources_days", days=days, of=one.days) if days < one.days else ""
    remark = " · ".join(w for w in (remark, t("common.daily_sum") if one.days > 1 else "") if w)
    carrier = choose(t("traffic.carrier"), "carrier", carriers, {c: c or t("traffic.no_carrier") for c in carriers})
    before = data.ask("traffic/source_tree", shop=shop, day_from=one.compare_from, day_to=one.compare_to)
    part, before = (f[f["carrier"] == carrier] for f in (found, before))
    part, before = (f[f["currency"] == part["currency"].iloc[0]] for f in (part, before))
    hover = tips(columns) | {"share": t("traffic.share_help"), "visitors_change": t("traffic.change_help")}
    tree(source_nodes(part, before, words), columns, head=t("traffic.source"), tip=hover, name=f"sources_{shop}_{one.day_to}",
         title=t("traffic.sources"), remark=remark)  # fmt: skip
    if whole(part) is None:
        st.caption(t("traffic.no_whole"))


def items(one: View, shop: str) -> None:
    """Items with visitors, conversion, sales, share and change; sorts by any column."""
    found = data.ask("traffic/items", shop=shop, day_from=one.day_from, day_to=one.day_to, top=ITEMS)
    if found.empty:
        panels.section(t("traffic.items"))
        note(t("traffic.items_none"))
        return
    before = data.ask("traffic/items", shop=shop, day_from=one.compare_from, day_to=one.compare_to, top=ALL_ITEMS)
    was = before[["item_id", "currency", "sales", "days"]].rename(columns={"sales": "sales_before", "days": "days_before"})
    found = found.merge(was, on=["item_id", "currency"], how="left")
    fair = (found["days"] == found["days_before"]) & (one.hour_to is None)
    found["sales_change"] = [change(a, b) for a, b in zip(found["sales"], found["sales_before"].where(fair), strict=True)]
    money = str(found["currency"].iloc[0])
    columns = {
        "title": Col(t("traffic.item")),
        "visitors": Col(label("visitors"), "person"),
        "cart_users": Col(label("cart_users"), "person"),
        "paying_buyers": Col(label("paying_buyers"), "person"),
        "conversion_rate": Col(label("conversion_rate"), "rate"),
        "units": Col(label("units"), "count"),
        "sales": Col(f"{label('sales')} {money}", "money", "currency"),
        "share": Col(t("traffic.sales_share"), "rate"),
        "sales_change": Col(t("traffic.sales_change"), "rate", tone="change"),
        "visitor_value": Col(label("visitor_value"), "money", "currency"),
        "item_id": Col(t("traffic.item_id")),
    }
    columns = {k: c if found[k].notna().any() else replace(c, where="export") for k, c in columns.items()}
    remark = t("traffic.items_top", n=ITEMS) if len(found) == ITEMS else t("traffic.items_n", n=len(found))
    panels.grid(found, columns, f"items_{shop}_{one.day_to}", title=t("traffic.items"), note=remark, height=460)
    st.caption(t("traffic.items_help"))


def days(one: View, shop: str) -> None:
    """Visitors and conversion day by day, with the compared days and the plan line where a target is typed."""
    if not has_visitors(one):
        return
    first = _first(one)
    targets = data.ask("traffic/targets", shop=shop, day_from=first, day_to=one.day_to)
    remark = t("traffic.days_range", n=(one.day_to - first).days + 1)
    left, right = st.columns(2)
    for place, metric in ((left, "visitors"), (right, "conversion_rate")):
        with place:
            _trend(metric, first, one, targets[targets["metric"] == metric], remark)


def _trend(metric: str, first: date, one: View, target: pd.DataFrame, remark: str) -> None:
    now = data.measure(metric, first, one.day_to, "day", one.shops)
    frame: Any = now[["day", "value"]].assign(day=pd.to_datetime(now["day"]))
    if frame["value"].notna().sum() == 0:
        heading_tip(label(metric), remark)
        note(t("traffic.days_none", metric=label(metric)))
        return
    plan = target.assign(day=pd.to_datetime(target["day"]))[["day", "target"]]
    frame = frame.merge(plan, on="day", how="left")
    names = {"day": t("common.day"), "value": label(metric), "target": t("common.plan")}
    panels.titled(label(metric), remark, frame.rename(columns=names), f"{metric}_{one.day_to}", tips([metric]).get(metric, ""))
    planned = bool(frame["target"].notna().any())
    panels.chart(
        charts.daily(frame, y="value", unit="rate" if metric.endswith("_rate") else "person", name=label(metric),
                     plan="target" if planned else None, plan_name=t("common.plan"), lang=lang(), height=230),
        t("traffic.days_alt", metric=label(metric)), f"traffic_{metric}",
    )  # fmt: skip
