"""Tables that people fill in by hand: month targets, daily figures, exchange rates, shop settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, panels, submit
from dashboard.columns import Col
from dashboard.labels import all_labels, pick, t
from queries import METRICS
from warehouse.errors import NoBook, OpsError

MONTHS = 3
TARGET_METRICS = ("sales", "net_sales", "spend", "live_sales", "paid_orders", "visitors", "new_followers")
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "IDR", "MYR", "THB", "VND", "PHP", "SGD", "KRW", "BRL", "MXN")
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Bangkok", "Asia/Jakarta",
    "Asia/Ho_Chi_Minh", "Asia/Manila", "Asia/Kuala_Lumpur", "Europe/London", "Europe/Berlin", "America/New_York",
    "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "America/Mexico_City", "Australia/Sydney", "UTC",
)  # fmt: skip


def shop_names() -> dict[str, str]:
    """Shop id -> name, of the shops in scope."""
    frame = data.shops()
    return {str(shop): str(name) for shop, name in zip(frame["shop"], frame["name"], strict=True)}


def metric_label(metric: str) -> str:
    """The metric's name in the reader's language."""
    return pick(METRICS[metric].label, metric) if metric in METRICS else metric


def typeable() -> list[str]:
    """Metrics that a person may type for a day: the base figures, no ratios."""
    return [name for name, metric in METRICS.items() if not metric.numerator and metric.unit in ("money", "count", "person")]


def targets_editor(chosen: tuple[str, ...] | None = None) -> None:
    """Month targets, shop x metric x month: an empty cell means no target, never a target of zero."""
    shops = data.shops()
    shops = shops if chosen is None else shops[shops["shop"].isin(chosen)]
    first = data.today(chosen).replace(day=1)
    months = _months(first, MONTHS)
    typed = data.ask("sources/targets", shops=chosen, day_from=months[0], day_to=months[-1])
    panels.section(t("forms.targets"), t("forms.targets_note"))
    shown = [m for m in TARGET_METRICS if m in METRICS]
    metrics = st.multiselect(t("forms.target_metrics"), _target_options(shown), default=shown[:3], format_func=metric_label, key="tg_metrics")
    table = _target_table(shops, metrics or shown[:1], months, typed)
    edited = st.data_editor(
        table.drop(columns=["shop", "metric", "currency"]), hide_index=True, key=f"tg_{data.generation()}_{len(table)}",
        disabled=[t("common.shop"), t("imports.metric")], placeholder="—",
        column_config={f"{m:%Y-%m}": st.column_config.NumberColumn(min_value=0, format="localized") for m in months},
    )  # fmt: skip
    if st.button(t("forms.save"), type="primary", key="tg_save"):
        rows = _changed_targets(table, edited, months)
        save(lambda: submit.save_targets(rows), bool(rows))


def _target_options(first: Sequence[str]) -> list[str]:
    more = [name for name, metric in METRICS.items() if metric.unit in ("money", "count", "person")]
    return list(dict.fromkeys([*first, *more]))


def _months(first: date, count: int) -> list[date]:
    months = [first]
    while len(months) < count:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months


def _target_table(shops: pd.DataFrame, metrics: Sequence[str], months: Sequence[date], typed: pd.DataFrame) -> pd.DataFrame:
    """One line per shop and metric with a column per month, holding what is stored."""
    known = {(r.shop, r.metric, f"{r.month:%Y-%m}"): float(r.value) for r in typed.itertuples() if pd.notna(r.value)}
    lines = []
    for shop in shops.itertuples():
        for metric in metrics:
            line: dict[str, Any] = {
                "shop": shop.shop, "metric": metric, "currency": shop.currency if METRICS[metric].unit == "money" else "",
                t("common.shop"): shop.name, t("imports.metric"): metric_label(metric),
            }  # fmt: skip
            lines.append(line | {f"{m:%Y-%m}": known.get((shop.shop, metric, f"{m:%Y-%m}")) for m in months})
    frame = pd.DataFrame(lines)
    return frame.astype({f"{m:%Y-%m}": "float64" for m in months}) if lines else frame


def _changed_targets(before: pd.DataFrame, after: pd.DataFrame, months: Sequence[date]) -> list[dict[str, Any]]:
    rows = []
    for place in range(len(before)):
        for month in months:
            old, new = before.iloc[place][f"{month:%Y-%m}"], after.iloc[place][f"{month:%Y-%m}"]
            if (pd.isna(old) and pd.isna(new)) or old == new:
                continue
            line = before.iloc[place]
            rows.append(
                {"shop": line["shop"], "metric": line["metric"], "month": month, "value": new, "currency": line["currency"]}
            )
    return rows


def figures_editor() -> None:
    """Daily figures that no file gives (visitors of a platform without an export): typed, and replaced when typed again."""
    shops = data.shops()
    panels.section(t("forms.figures"), t("forms.figures_note"))
    names = shop_names()
    with st.form("typed_figure", border=True):
        left, middle, right = st.columns(3)
        shop = left.selectbox(t("common.shop"), list(names), format_func=lambda s: names[s])
        options = typeable()
        metric = middle.selectbox(t("imports.metric"), options, format_func=metric_label)
        day = right.date_input(t("common.day"), data.yesterday(), max_value=data.today(), format="YYYY-MM-DD")
        value = left.number_input(t("imports.value"), value=None, min_value=0.0, placeholder=t("forms.empty_removes"))
        if st.form_submit_button(t("forms.save"), type="primary"):
            row = shops.set_index("shop").loc[shop]
            currency = str(row["currency"]) if METRICS[metric].unit == "money" else ""
            cells = {"shop": shop, "metric": metric, "day": day, "value": value, "currency": currency}
            save(lambda: submit.save_typed([cells], zone=str(row["zone"] or "Asia/Shanghai")))


def rates_editor() -> None:
    """The display currency's dated rates; without a rate every currency stays by itself."""
    rates = data.ask("sources/rates")
    panels.section(t("forms.rates"), t("forms.rates_note"))
    if not rates.empty:
        columns = {
            "currency": Col(t("forms.from_currency")), "display": Col(t("forms.to_currency")),
            "day": Col(t("forms.valid_from"), "day"), "rate": Col(t("forms.rate"), "ratio"),
        }  # fmt: skip
        panels.grid(rates, columns, "rates", height=240)
    with st.form("fx", border=True):
        own = [str(c) for c in data.shops()["currency"].dropna().unique() if c]
        one, two, three, four = st.columns(4)
        options = list(dict.fromkeys([*own, *CURRENCIES]))
        currency = one.selectbox(t("forms.from_currency"), options)
        display = two.selectbox(t("forms.to_currency"), options, index=1 if len(options) > 1 else 0)
        day = three.date_input(t("forms.valid_from"), data.today().replace(day=1), format="YYYY-MM-DD")
        rate = four.number_input(t("forms.rate"), value=None, min_value=0.0, format="%.6f", help=t("forms.rate_help"))
        if st.form_submit_button(t("forms.save"), type="primary"):
            save(lambda: submit.save_fx([{"currency": currency, "display": display, "day": day, "rate": rate}]))


def shop_settings() -> None:
    """Name, platform, currency, zone and brushing mark of each shop; a new one can be added before its first file."""
    frame = _shops_so_far()
    panels.section(t("forms.shops"), t("forms.shops_note"))
    names = {str(shop): str(name) for shop, name in zip(frame["shop"], frame["name"], strict=True)}
    new = t("forms.new_shop")
    picked = st.selectbox(t("common.shop"), [*names, ""], format_func=lambda s: f"{names[s]}（{s}）" if s else new, key="shop_pick")
    known = submit.shop_settings(picked) if picked else {}
    row = frame.set_index("shop").loc[picked].to_dict() if picked else {}
    with st.form(f"shop_{picked}", border=True):
        left, right = st.columns(2)
        shop = left.text_input(t("forms.shop_id"), picked, disabled=bool(picked), help=t("forms.shop_id_help"))
        name = right.text_input(t("forms.shop_name"), str(row.get("name") or ""))
        platforms = submit.platforms()
        platform = left.selectbox(
            t("common.platform"), platforms, index=_place(platforms, row.get("platform")), format_func=lambda p: t(f"platform.{p}")
        )
        currency = right.selectbox(t("forms.currency"), CURRENCIES, index=_place(CURRENCIES, row.get("currency")))
        zone = left.selectbox(t("forms.zone"), ZONES, index=_place(ZONES, row.get("zone")), help=t("forms.zone_help"))
        pattern = right.text_input(t("forms.note_pattern"), str(known.get("note_pattern") or ""), help=t("forms.note_pattern_help"))
        if st.form_submit_button(t("forms.save"), type="primary"):
            cells = {"shop": picked or shop, "name": name, "platform": platform, "currency": currency, "zone": zone}
            save(lambda: submit.save_shop(cells | {"note_pattern": pattern}))


def _shops_so_far() -> pd.DataFrame:
    """Shops of one's own book: none before the first import and none of the demo's."""
    try:
        frame = data.shops()
    except NoBook:
        return pd.DataFrame(columns=["shop", "name", "platform", "currency", "zone"])
    return frame.iloc[:0] if submit.shows_demo() else frame


def _place(options: Sequence[str], value: object) -> int:
    return options.index(str(value)) if value in options else 0


def save(submission: Any, anything: bool = True) -> None:
    """Hand the typed rows in, wait for the writer, show the page anew; a refused row is said with its remedy."""
    if not anything:
        st.info(t("forms.nothing_changed"))
        return
    try:
        packages = submission()
    except submit.FormError as error:
        st.error(form_message(error), icon=":material/error:")
        return
    wait_and_show(packages, "forms.saved")


def wait_and_show(packages: list[str], done: str) -> None:
    """Wait for the writer, then show the page anew with the new figures; says so when it takes longer or fails."""
    try:
        with st.spinner(t("imports.writing")):
            finished = submit.wait_published(packages)
    except OpsError as error:
        st.error(t("imports.refused", why=str(error)), icon=":material/error:")
        return
    st.session_state["imports_message"] = t(done) if finished else t("imports.still_writing")
    st.rerun()


def form_message(error: submit.FormError) -> str:
    """What is wrong with a typed row and what to do, in the reader's language."""
    facts = {name: _word(name, value) for name, value in error.facts.items()}
    return t(f"forms.error_{error.code}", **facts)


def _word(name: str, value: object) -> object:
    key = f"forms.{name}_{value}"
    return t(key) if name in ("column", "table") and key in all_labels() else value
