"""推广: what was spent, what the platforms credit to it and under which attribution, the same money once."""

from __future__ import annotations

from dashboard import (
    access,
    filters,
    panels,
    panels_ads,
    panels_campaigns,
    panels_plan_here,
    panels_promotion,
    panels_purse,
    panels_response,
    panels_returns,
    parts,
)
from dashboard.format import range_label
from dashboard.labels import lang, t


def render() -> None:
    """Filters, then figures, purses, days, the drill, budget, campaigns, checks and the cost table."""
    parts.style()
    shown = filters.view()
    panels.as_of(shown)
    rows = panels_ads.drill(shown)
    if rows.empty:
        panels.empty(t("ads.empty", range=range_label(shown.day_from, shown.day_to, lang(), shown.today.year)))
    else:
        with panels.guard():
            panels_ads.figures(shown, rows)
        with panels.guard():
            panels_ads.margin_hint(shown)
        with panels.guard():
            panels_ads.by_purse(shown, rows)
        with panels.guard():
            panels_ads.daily(shown)
        with panels.guard():
            panels_ads.tree_of(shown, rows)
    with panels.guard():
        panels_plan_here.show("ads", shown)
    with panels.guard():
        panels_purse.show(shown)
    with panels.guard():
        panels_returns.show(shown)
    with panels.guard():
        panels_promotion.show(shown)
    if not access.on_phone():
        with panels.guard():
            panels_campaigns.editor()
    with panels.guard():
        panels_response.show(shown)
    with panels.guard():
        panels_ads.checks(shown)
    if not access.on_phone():
        with panels.guard():
            panels_ads.cost_table(shown)
