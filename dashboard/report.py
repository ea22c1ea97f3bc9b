"""The 日报: one content from the same cards and reasons as the page, as text here and as a picture in picture.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import pandas as pd

from dashboard.format import DASH, change, day_label, fmt, pct
from dashboard.labels import all_labels, text
from queries.overview.cards import Card


class MetricWords(Protocol):
    """What the report needs of a metric of metrics.toml."""

    @property
    def label(self) -> Mapping[str, str]: ...

    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """One figure: name, value in words, a remark, two changes in words, and which way they point (1, -1, 0)."""

    label: str
    value: str
    note: str
    day: str
    week: str
    day_sign: int
    week_sign: int


@dataclass(frozen=True)
class Report:
    """Everything the text and the picture say."""

    day: date
    title: str
    shops: str
    heading: str
    figures: tuple[Line, ...]
    month: tuple[str, ...]
    bars: tuple[tuple[float | None, float], ...]
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    as_of: str
    lang: str
    compared: tuple[str, str] = ("", "")  # what the two changes are against; '' is the day before, the week before

    @property
    def against(self) -> tuple[str, str]:
        first, second = self.compared
        return first or text(self.lang, "overview.day_over_day"), second or text(self.lang, "overview.week_over_week")


def daily_report(
    day: date,
    shops: str,
    cards: Sequence[Card],
    reasons: pd.DataFrame,
    late: pd.DataFrame,
    as_of: datetime | None,
    metrics: Mapping[str, MetricWords],
    lang: str,
    so_far: Sequence[tuple[str, str, float]] = (),
) -> Report:
    """The report of one day.

    so_far: metric, currency and value of the month to date, said where that metric has no target.

    cards: of that day, compared with the day before (`before`) and the same weekday (`other`). reasons: rows of
    moved.reasons. late: name, source (in the reader's language), last_day of what was due and is not there.
    """
    several = len({c.currency for c in cards}) > 1
    without = _without(cards)
    heading = text(lang, "report.yesterday")
    if without:
        heading = text(lang, "report.yesterday_without", shops=_comma(lang).join(sorted(without)))
    title = text(lang, "report.title", day=f"{day:%Y-%m-%d} {day_label(day, lang).split()[-1]}")
    month = [(c, _month_line(c, metrics, lang)) for c in cards if c.plan is not None]
    why = [_reason(row, metrics, lang) for row in reasons.to_dict("records")]
    return Report(
        day,
        title,
        shops,
        heading,
        tuple(_line(c, metrics, lang, several, without) for c in cards),
        (*(words for _, words in month), *_untargeted(so_far, [c for c, _ in month], metrics, lang)),
        tuple((c.plan.share, c.plan.elapsed) for c, _ in month if c.plan is not None),
        tuple(why) or (text(lang, "report.reason_none"),),
        tuple(_missing(cards, late, metrics, lang)) or (text(lang, "report.missing_none"),),
        text(lang, "report.as_of", at=f"{as_of:%Y-%m-%d %H:%M}" if as_of is not None else DASH),
        lang,
    )


def report_text(report: Report) -> str:
    """The report as plain text for a chat."""
    left, right = ("（", "）") if report.lang == "zh" else (" (", ")")
    title = f"【{report.title}】" if report.lang == "zh" else f"{report.title}: "
    lines = [f"{title}{report.shops}", report.heading]
    for figure in report.figures:
        changes = "  ".join(
            f"{name} {words}"
            for name, words in zip(report.against, (figure.day, figure.week), strict=True)
            if words != DASH
        )
        inside = "  ".join(part for part in (changes, figure.note) if part)
        lines.append(f"· {figure.label} {figure.value}" + (f"{left}{inside}{right}" if inside else ""))
    for head, body in sections(report):
        numbered = body is report.reasons
        lines += [head, *(f"{n}. {line}" if numbered else f"· {line}" for n, line in enumerate(body, start=1))]
    return "\n".join([*lines, report.as_of])


def sections(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """The report's parts below the figures, in order: month, reasons, missing."""
    parts = [
        (text(report.lang, "report.month", days=report.day.day), report.month),
        (text(report.lang, "report.reasons"), report.reasons),
        (text(report.lang, "report.missing"), report.missing),
    ]
    return [(head, body) for head, body in parts if body]


def _without(cards: Sequence[Card]) -> set[str]:
    """Shops that are missing from most figures: said once instead of on every line."""
    there = [c for c in cards if c.value is not None]
    counts = Counter(shop for c in there for shop in c.missing)
    return {shop for shop, count in counts.items() if count * 2 > len(there)}


def _comma(lang: str) -> str:
    return "、" if lang == "zh" else ", "


def _line(
    card: Card, metrics: Mapping[str, MetricWords], lang: str, several: bool, without: set[str]
) -> Line:
    metric = metrics[card.metric]
    unit = metric.unit
    value = text(lang, "common.not_out") if card.value is None else fmt(card.value, unit, card.currency, lang)
    label = metric.label[lang] + (f" {card.currency}" if several and unit == "money" else "")
    absent = [shop for shop in card.missing if shop not in without and card.value is not None]
    note = text(lang, "overview.missing", shops=_comma(lang).join(absent)) if absent else ""
    day, week = card.before.rate, card.other.rate
    return Line(label, value, note, pct(day), pct(week), sign(day), sign(week))


def _month_line(card: Card, metrics: Mapping[str, MetricWords], lang: str) -> str:
    plan, metric = card.plan, metrics[card.metric]
    if plan is None:
        return ""
    target = fmt(plan.target, metric.unit, card.currency, lang)
    if plan.reached is None:
        return text(lang, "report.month_not_out", metric=metric.label[lang], target=target)
    return text(
        lang, "report.month_line", metric=metric.label[lang], target=target, share=pct(plan.share, signed=False),
        reached=fmt(plan.reached, metric.unit, card.currency, lang), elapsed=pct(plan.elapsed, signed=False),
    )


def _untargeted(
    so_far: Sequence[tuple[str, str, float]], planned: Sequence[Card], metrics: Mapping[str, MetricWords], lang: str
) -> Iterator[str]:
    """Month to date of figures without a target."""
    told = {(c.metric, c.currency) for c in planned}
    for metric, currency, value in so_far:
        if (metric, currency) not in told:
            words = metrics[metric]
            yield text(lang, "report.no_target", metric=words.label[lang], reached=fmt(value, words.unit, currency, lang))


def what_name(kind: str, what: str, metrics: Mapping[str, MetricWords], lang: str) -> str:
    """The name of a factor (a metric) or of an order channel."""
    if kind == "factor":
        return metrics[what].label[lang]
    key = f"overview.channel_{what or 'rest'}"
    return all_labels()[key][lang] if key in all_labels() else what


def _reason(row: Mapping[object, object], metrics: Mapping[str, MetricWords], lang: str) -> str:
    what, kind, currency = str(row["what"]), str(row["kind"]), str(row["currency"])
    unit = metrics[what].unit if kind == "factor" else "money"
    rate = change(row["now"], row["before"])
    return text(
        lang, "report.reason" if rate is not None else "report.reason_new", shop=row["name"], rate=pct(rate),
        what=what_name(kind, what, metrics, lang), before=fmt(row["before"], unit, currency, lang),
        now=fmt(row["now"], unit, currency, lang), effect=fmt(row["effect"], "money", currency, lang, signed=True),
    )


def _missing(cards: Sequence[Card], late: pd.DataFrame, metrics: Mapping[str, MetricWords], lang: str) -> list[str]:
    lines = [
        text(lang, "report.missing_line", shop=row["name"], source=row["source"],
             day=DASH if pd.isna(row["last_day"]) else f"{pd.Timestamp(row['last_day']):%m-%d}")
        for row in late.to_dict("records")
    ]  # fmt: skip
    told = set(late["name"]) if len(late) else set()
    unsaid: dict[str, list[str]] = {}
    for card in cards:
        for shop in card.missing:
            if shop not in told:
                unsaid.setdefault(shop, []).append(metrics[card.metric].label[lang])
    return lines + [
        text(lang, "report.missing_figure", shop=shop, metric=_comma(lang).join(dict.fromkeys(names)))
        for shop, names in unsaid.items()
    ]


def sign(rate: float | None) -> int:
    """1, -1, or 0 where the change is none or unknown."""
    return 0 if rate is None or abs(rate) < 0.0005 else (1 if rate > 0 else -1)
