"""What the ads page shows: figures, purses with their attribution, the drill, days, checks, costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import ads_rows, charts, costs, data, panels, submit
from dashboard.columns import Col
from dashboard.format import is_missing
from dashboard.labels import all_labels, lang, pick, t
from dashboard.panels_typed import save, shop_names
from dashboard.parts import figures as metric_cards
from dashboard.parts import heading_tip, label, note, tips, tree
from dashboard.periods import View

FIGURES = ("spend", "mer", "ad_cost_ratio", "break_even_roas")
ONE_PURSE = ("attributed_sales", "roas")
COST_LINES = 2000


def purse_name(purse: str) -> str:
    """What people call the money of `purse`; a purse without a name keeps its id."""
    key = f"ads.purse_{purse}"
    return t(key) if key in all_labels() else purse


def drill(shown: View) -> pd.DataFrame:
    """Counted ad rows of the view beside the compared days."""
    now, before = (data.ask("ads/drill", **days) for days in (shown.params(), shown.compare_params()))
    if shown.hour_to is not None:  # a day that is not over beside a whole one would only mislead
        before = before.head(0)
    return ads_rows.beside(now, before) if len(now) else now


def figures(shown: View, rows: pd.DataFrame) -> None:
    """Spend, MER and cost ratio; credited sales only while one purse is shown: two may claim the same order."""
    one = rows["purse"].nunique() == 1
    metric_cards((*FIGURES, *ONE_PURSE) if one else FIGURES, shown)


def margin_hint(shown: View) -> None:
    """先填毛利率: without a margin there is no break-even, and the page says where to type it."""
    known = data.measure("break_even_roas", shown.day_from, shown.day_to, None, shown.shops)
    if known.empty or known["value"].isna().all():
        st.info(t("ads.need_margin"), icon=":material/edit_note:")


def by_purse(shown: View, rows: pd.DataFrame) -> None:
    """One line per purse: spend, credited sales and ROAS under the platform's own attribution."""
    frame = ads_rows.purses(rows)
    frame = frame.assign(name=[purse_name(p) for p in frame["purse"]])
    frame["attribution"] = [a or t("ads.attribution_unsaid") for a in frame["attribution"]]
    columns = {
        "name": Col(t("ads.purse")),
        "spend": Col(label("spend"), "money", "currency", bar=True),
        "spend_change": Col(t("ads.change"), "rate", tone="change", good="none"),
        "clicks": Col(label("clicks"), "count"),
        "cpc": Col(label("cpc"), "money", "currency"),
        "attributed_sales": Col(label("attributed_sales"), "money", "currency"),
        "roas": Col(label("roas"), "ratio"),
        "net_roas": Col(label("net_roas"), "ratio"),
        "attribution": Col(t("ads.attribution")),
    }
    panels.table(frame, columns, f"purses_{shown.day_to}", title=t("ads.by_purse"), note=t("ads.by_purse_note"))
    st.caption(t("ads.attribution_help"))


def tree_of(shown: View, rows: pd.DataFrame) -> None:
    """account > campaign > ad group, one tree per currency."""
    columns = {
        "spend": Col(label("spend"), "money", "currency"),
        "spend_change": Col(t("ads.change"), "rate", tone="change", good="none"),
        "impressions": Col(label("impressions"), "count"),
        "clicks": Col(label("clicks"), "count"),
        "ctr": Col(label("ctr"), "rate"),
        "cpc": Col(label("cpc"), "money", "currency"),
        "attributed_sales": Col(label("attributed_sales"), "money", "currency"),
        "roas": Col(label("roas"), "ratio"),
    }
    if (rows["attribution"].fillna("") != "").any():
        columns["attribution"] = Col(t("ads.attribution"))
    words = {key: t(f"ads.{key}") for key in ("no_account", "no_campaign", "no_group")}
    for currency, part in rows.groupby("currency", sort=True):
        title = t("ads.drill") + (f" · {currency}" if rows["currency"].nunique() > 1 else "")
        tree(ads_rows.nodes(part, shop_names(), purse_name, words), columns, head=t("ads.levels"), tip=tips(columns),
             name=f"ads_{currency}_{shown.day_to}", title=title, remark=t("ads.drill_note"))  # fmt: skip


def daily(shown: View) -> None:
    """Spend by day and purse, and every purse's ROAS; at least 14 days so that a day has neighbours."""
    first = min(shown.day_from, shown.day_to - timedelta(days=13))
    found = data.ask("ads/daily", day_from=first, day_to=shown.day_to, shops=shown.shops)
    for currency, part in found.groupby("currency", sort=True):
        frame = part.assign(name=[purse_name(p) for p in part["purse"]])
        left, right = st.columns(2)
        with left:
            names = {"day": t("common.day"), "name": t("ads.purse"), "spend": label("spend"),
                     "attributed_sales": label("attributed_sales"), "roas": label("roas"),
                     "attribution": t("ads.attribution")}  # fmt: skip
            panels.titled(f"{label('spend')} {currency}", t("ads.daily_note"), frame[list(names)].rename(columns=names),
                   f"ads_daily_{currency}_{shown.day_to}", tips(["spend"]).get("spend", ""))  # fmt: skip
            fig = charts.stacked(frame, by="name", value="spend", unit="money", currency=str(currency), lang=lang(), height=240)
            panels.chart(fig, t("ads.daily_alt"), f"ads_daily_{currency}")
        with right:
            wide = frame.pivot(index="day", columns="name", values="roas").astype(float)
            days = pd.date_range(wide.index.min(), wide.index.max(), name="day")
            wide = wide.set_axis(pd.to_datetime(wide.index)).reindex(days).rename_axis("day").reset_index()
            panels.titled(label("roas"), t("ads.roas_note"), wide.rename(columns={"day": t("common.day")}),
                   f"ads_roas_{currency}_{shown.day_to}", tips(["roas"]).get("roas", ""))  # fmt: skip
            order = frame.groupby("name")["spend"].sum().sort_values(ascending=False).index  # colours as in the bars
            ys = {str(name): str(name) if len(order) > 1 else label("roas") for name in order}
            panels.chart(charts.curve(wide, x="day", ys=ys, unit="ratio", lang=lang(), height=240), t("ads.roas_alt"),
                         f"ads_roas_{currency}")  # fmt: skip


def checks(shown: View) -> None:
    """核对: the same money in a report that is not counted."""
    found = data.ask("ads/checks", **shown.params())
    if found.empty:
        heading_tip(t("ads.checks"))
        note(t("ads.checks_none"))
        return
    names = shop_names()
    lines = list(found.itertuples())
    frame = found.assign(
        shop=[names.get(r.shop, r.shop) for r in lines],
        purse=[purse_name(r.purse) for r in lines],
        other=[_report(r, "other") for r in lines],
        counted=[_report(r, "counted") for r in lines],
    )
    columns = {
        "shop": Col(t("common.shop")), "purse": Col(t("ads.purse")), "counted": Col(t("ads.counted")),
        "other": Col(t("ads.other")), "days": Col(t("ads.days"), "count"),
        "counted_spend": Col(t("ads.counted_spend"), "money", "currency"),
        "other_spend": Col(t("ads.other_spend"), "money", "currency"),
        "difference": Col(t("ads.difference"), "money", "currency"),
        "counted_sales": Col(t("ads.counted_sales"), "money", "currency"),
        "other_sales": Col(t("ads.other_sales"), "money", "currency"),
    }  # fmt: skip
    panels.table(frame.head(50), columns, f"ad_checks_{shown.day_to}", title=t("ads.checks"), note=t("ads.checks_note"))


def _report(row: object, which: str) -> str:
    texts = {code: getattr(row, f"{which}_{code}") for code in ("zh", "en")}
    name = pick({k: str(v) for k, v in texts.items() if not is_missing(v)}, str(getattr(row, f"{which}_source")))
    window = getattr(row, f"{which}_attribution")
    return f"{name}（{window}）" if window and not is_missing(window) else name


def cost_table(shown: View) -> None:
    """毛利率, 扣点 and 运费 by shop or item, each from a day on; saved as a package, an emptied cell is taken back."""
    shops = shop_names()
    if shown.shops is not None:
        shops = {s: n for s, n in shops.items() if s in shown.shops}
    message = st.session_state.pop("imports_message", "")
    if message:
        st.success(message)
    before = costs.typed(data.ask("ads/costs", shops=shown.shops).head(COST_LINES))
    names = {"shop": t("common.shop"), "item_id": t("ads.cost_item"), "day": t("ads.cost_from"),
             "margin_rate": f"{t('ads.margin_rate')} %", "fee_rate": f"{t('ads.fee_rate')} %",
             "freight_per_order": t("ads.freight")}  # fmt: skip
    panels.titled(t("ads.costs"), t("ads.costs_note"), before.rename(columns=names), "costs", t("ads.costs_help"))
    edited = st.data_editor(
        before, key=f"costs_{data.generation()}", num_rows="dynamic", hide_index=True, placeholder="",
        column_config=_cost_columns(shops, data.today(shown.shops).replace(day=1)),
    )  # fmt: skip
    if st.button(t("forms.save"), type="primary", key="costs_save"):
        frame = data.shops()
        rows = costs.changes(before, edited, dict(zip(frame["shop"], frame["currency"], strict=True)))
        save(lambda: submit.save_costs(rows), bool(rows))
    st.caption(t("ads.costs_help"))


def _cost_columns(shops: dict[str, str], first: date) -> dict[str, Any]:
    config = st.column_config

    def rate(name: str, tip: str) -> Any:
        return config.NumberColumn(name, help=tip, min_value=0.0, max_value=100.0, format="%.2f%%")

    return {
        "shop": config.SelectboxColumn(
            t("common.shop"), options=list(shops), required=True, format_func=lambda s: shops.get(str(s), str(s)),
            default=next(iter(shops), None),
        ),
        "item_id": config.TextColumn(t("ads.cost_item"), help=t("ads.cost_item_help"), default=""),
        "day": config.DateColumn(t("ads.cost_from"), format="YYYY-MM-DD", required=True, default=first),
        "margin_rate": rate(t("ads.margin_rate"), t("ads.margin_help")),
        "fee_rate": rate(t("ads.fee_rate"), t("ads.fee_help")),
        "freight_per_order": config.NumberColumn(
            t("ads.freight"), help=t("ads.freight_help"), min_value=0.0, format="%.2f"
        ),
    }  # fmt: skip
