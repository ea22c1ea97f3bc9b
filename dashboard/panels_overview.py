"""Panels of 经营总览 below the cards: what moved sales, the trend, items, channels, what is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from dashboard import data, panels
from dashboard.columns import Col
from dashboard.format import change, fmt
from dashboard.labels import all_labels, lang, pick, t
from dashboard.panels_cards import Answer, both
from dashboard.periods import View
from dashboard.report import what_name
from queries import METRICS

if TYPE_CHECKING:
    import plotly.graph_objects as go


def show_trend(found: Answer, shown: View) -> None:
    """Sales by day over 30 days with the month's target per day; gaps where a day is not out."""
    from dashboard import charts

    for card in (c for c in found.cards if c.metric == "sales" and any(p is not None for p in c.spark)):
        end = shown.day_to if shown.hour_to is None else shown.day_to - timedelta(days=1)  # the curve leaves today out
        days = [end - timedelta(days=back) for back in range(len(card.spark) - 1, -1, -1)]
        frame = pd.DataFrame({"day": days, "value": list(card.spark)})
        if card.plan is not None:
            length = (pd.Timestamp(shown.day_to) + pd.offsets.MonthEnd(0)).day
            month = shown.day_to.replace(day=1)
            frame["plan"] = [card.plan.target / length if day >= month else None for day in days]
        known = [p for p in card.spark if p is not None]
        name = pick(METRICS["sales"].label)
        draw = partial(
            charts.daily, frame, y="value", unit="money", currency=card.currency, lang=lang(), name=name,
            plan="plan" if card.plan is not None else None, plan_name=t("overview.day_plan"), height=330,
        )  # fmt: skip
        fig = data.kept("overview/trend", partial(_finished, draw), shown, card.currency, lang())
        panels.heading(
            t("overview.trend"), frame, {"day": Col(t("common.day"), "day"), "value": Col(name, "money")},
            f"sales_by_day_{card.currency}", t("overview.trend_note"),
        )
        last, top = (fmt(v, "money", card.currency, lang()) for v in (known[-1], max(known)))
        panels.chart(fig, t("overview.trend_alt", last=last, top=top), f"trend_{card.currency}")


def _finished(draw: Callable[[], go.Figure]) -> go.Figure:
    from dashboard import axes

    return axes.Finished(draw())


def show_moved(found: Answer, shown: View) -> None:
    """The exact split, one block per shop, channels before factors; says which file would bring visitors."""
    if found.moved.empty:
        panels.section(t("overview.moved"))
        panels.note(t("overview.moved_none"))
        return
    frame = data.kept("overview/moved", lambda: _moved_rows(found), shown, lang())
    columns = {
        "name": Col(t("common.shop"), where="export"), "factor": Col(t("overview.factor")),
        "before": Col(t("common.before_period"), "by:unit", "currency", where="wide"),
        "now": Col(t("common.this_period"), "by:unit", "currency"),
        "rate": Col(t("overview.change"), "rate", tone="change"),
        "effect": Col(t("overview.effect"), "money", "currency", tone="change"),
    }  # fmt: skip
    panels.table(frame, columns, "what_moved_sales", title=t("overview.moved"), note=t("overview.moved_note"), of=shown)
    for row in found.moved.drop_duplicates("shop").to_dict("records"):
        if row["way"] == "orders" and shown.hour_to is None:  # people have no hours in any report
            panels.remark(t("overview.no_visitors", shop=row["name"], file=visitors_file(str(row["platform"]))))
        elif row["way"] == "none":
            panels.remark(t("overview.no_split", shop=row["name"]))


def visitors_file(platform: str) -> str:
    """Which export of this platform states the shop's visitors."""
    key = f"overview.file_{platform}"
    return t(key) if key in all_labels() else t("overview.file_other")


def _moved_rows(found: Answer) -> pd.DataFrame:
    """Per shop: the change of sales, then its channels, then its factors."""
    rows: list[dict[str, object]] = []
    for (shop, currency), part in found.moved.groupby(["shop", "currency"], sort=False):
        first = part.iloc[0]
        total = first["sales_now"] - first["sales_before"]
        label = pick(METRICS["sales"].label)
        rows.append(_row(first, f"{first['name']} · {label}", "money", first["sales_before"], first["sales_now"], total, is_head=True))
        split = found.by_channel
        for row in split[(split["shop"] == shop) & (split["currency"] == currency)].to_dict("records"):
            name = what_name("channel", str(row["channel"]), METRICS, lang())
            rows.append(_row(row, name, "money", row["before"], row["now"], row["effect"]))
        if first["way"] != "none":
            for row in part.to_dict("records"):
                factor = str(row["factor"])
                name, unit = what_name("factor", factor, METRICS, lang()), METRICS[factor].unit
                rows.append(_row(row, name, unit, row["before"], row["now"], row["effect"]))
    return pd.DataFrame(rows)


def _row(
    base: Mapping[str, object] | pd.Series, name: str, unit: str, before: object, now: object, effect: object,
    is_head: bool = False,
) -> dict[str, object]:
    return {
        "name": str(base["name"]), "factor": name, "before": before, "now": now, "rate": change(now, before),
        "effect": effect, "currency": str(base["currency"]), "unit": unit, "_head": is_head,
    }  # fmt: skip


def _items(shown: View) -> pd.DataFrame:
    frame = data.ask("overview/top_items", top=10, **both(shown))
    return frame.assign(rate=[change(a, b) for a, b in zip(frame["sales"], frame["before"], strict=True)])


def show_items(shown: View) -> None:
    """The ten items that sold most, with the change against the days compared with."""
    frame = data.kept("overview/top_items", lambda: _items(shown), shown)
    if frame.empty:
        panels.section(t("overview.items"))
        panels.note(t("overview.items_none"))
        return
    columns = {
        "title": Col(t("overview.item")), "name": Col(t("common.shop"), where="wide"),
        "sales": Col(pick(METRICS["sales"].label), "money", "currency", bar=True),
        "rate": Col(t("overview.change"), "rate", tone="change"),
        "units": Col(pick(METRICS["units"].label), "count", where="wide"),
    }  # fmt: skip
    panels.table(frame, _without_change(columns, shown), "top_items", title=t("overview.items"), of=shown)


def _without_change(columns: dict[str, Col], shown: View) -> dict[str, Col]:
    """今日 so far has no fair change where figures have no hours."""
    return columns if shown.hour_to is None else {k: v for k, v in columns.items() if k != "rate"}


def _channels(shown: View) -> pd.DataFrame:
    frame = data.ask("overview/channels", **both(shown))
    if shown.hour_to is not None:
        frame = frame[frame["sales"].notna()].reset_index(drop=True)
    total = frame.groupby("currency")["sales"].transform("sum")
    split = set(frame.loc[frame["channel"] != "", "shop"])
    return frame.assign(
        share=(frame["sales"] / total).where(total > 0),
        rate=[change(a, b) for a, b in zip(frame["sales"], frame["before"], strict=True)],
        label=[
            what_name("channel", c, METRICS, lang()) if c or s in split else t("overview.channel_all")
            for c, s in zip(frame["channel"], frame["shop"], strict=True)
        ],
    )


def show_channels(shown: View) -> None:
    """Sales by shop and order channel, with its share of the shop's currency."""
    frame = data.kept("overview/channel_rows", lambda: _channels(shown), shown, lang())
    if frame.empty:
        return
    columns = {
        "name": Col(t("common.shop")), "label": Col(t("overview.channel")),
        "sales": Col(pick(METRICS["sales"].label), "money", "currency", bar=True),
        "share": Col(t("overview.share"), "rate", where="wide"), "rate": Col(t("overview.change"), "rate", tone="change"),
    }  # fmt: skip
    panels.table(frame, _without_change(columns, shown), "channels", title=t("overview.channels"), of=shown)


def late(shown: View) -> pd.DataFrame:
    """Export files in use that should hold yesterday and do not: name, source, last_day, days_missing, state.

    Looked at anew every minute: a file becomes overdue by the clock alone. Never change the frame.
    """
    minute = data.now("UTC").replace(second=0, microsecond=0)
    return data.kept("overview/late", lambda: _late(shown), shown.shops, shown.today, lang(), minute)


def _late(shown: View) -> pd.DataFrame:
    from dashboard import submit
    from queries.sources.due import due

    shops = data.shops()
    shops = shops if shown.shops is None else shops[shops["shop"].isin(shown.shops)]
    clocks = {str(r.shop): data.now(str(r.zone)) for r in shops.itertuples()}
    usage = data.ask(
        "sources/checklist", shops=shown.shops, day_from=shown.today - timedelta(days=30),
        day_to=shown.today - timedelta(days=1),
    )
    frame = due(shops, submit.expected_files(), usage, clocks)
    frame = frame[frame["state"].isin(["missing", "partial", "waiting"])]
    return frame.assign(source=frame[f"label_{lang()}"])


def missing_figures(found: Answer, frame: pd.DataFrame) -> str:
    """Per shop, the cards that are not out and that no late file explains."""
    told = set(frame["name"]) if len(frame) else set()
    lines: dict[str, list[str]] = {}
    for card in found.cards:
        for shop in card.missing:
            if shop not in told:
                lines.setdefault(shop, []).append(pick(METRICS[card.metric].label))
    comma = "、" if lang() == "zh" else ", "
    return "\n".join(f"{shop}: {comma.join(names)} {t('common.not_out')}" for shop, names in lines.items())


def show_late(found: Answer, shown: View) -> None:
    """What should have arrived and has not; figures that are not out although no file is known to be late."""
    frame = late(shown)
    untold = missing_figures(found, frame)
    if frame.empty and untold:
        panels.section(t("overview.late"))
        panels.note(untold)
        return
    if frame.empty:
        panels.section(t("overview.late"))
        panels.remark(t("overview.late_none"))
        return
    words = {state: t(f"overview.state_{state}") for state in ("missing", "partial", "waiting")}
    frame = frame.assign(state=frame["state"].map(words))
    columns = {
        "name": Col(t("common.shop")), "source": Col(t("overview.late_source")),
        "last_day": Col(t("overview.late_last"), "day"), "days_missing": Col(t("overview.late_days"), "count"),
        "state": Col(t("overview.late_state")),
    }  # fmt: skip
    panels.table(frame, columns, "late", title=t("overview.late"), note=t("overview.late_note"))
