"""The checker over the example plans: every worked case, its numbers reckoned by hand from the documents."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from connectors.plan.check import Finding, check, is_wrong
from connectors.plan.check.finding import SEVERITIES, words
from connectors.plan.model import Plan
from connectors.plan.planfile import read_plan

EXAMPLES = Path(__file__).resolve().parents[3] / "plans" / "examples"


@cache
def plan(key: str) -> Plan:
    [path] = EXAMPLES.glob(f"{key}-*.toml")
    return read_plan(path)


@cache
def findings(key: str) -> list[Finding]:
    return check(plan(key))


def one(key: str, code: str, node: str = "") -> Finding:
    """The only finding of that code (about that node)."""
    [finding] = [f for f in findings(key) if f.code == code and (not node or f.nodes[0] == node)]
    return finding


def amounts(finding: Finding) -> tuple[str, str | None, str | None, str | None]:
    return (
        finding.severity,
        finding.facts.get("stated"),
        finding.facts.get("computed"),
        finding.facts.get("difference"),
    )


def test_a1_children_sum_to_the_parent_by_sector_and_by_type() -> None:
    """20 + 20 + 12 + 8 = 60; ads 10 + 10 + 12 = 32, events 10 + 10 = 20, unsplit 8."""
    assert amounts(one("a1", "children_agree", "A1-01")) == ("ok", "60万", "60万", "0万")
    sector, income = (f for f in findings("a1") if f.code == "axis_agree")
    assert sector.facts["groups"] == "汽车汽配 20万, 房产及家居建材 20万, 医疗 12万, 其它 8万"
    assert income.facts["groups"] == "广告 32万, 活动 20万, 未分 8万"
    assert (income.stated, income.computed) == (600_000, 600_000)


@pytest.mark.parametrize(
    ("node", "value"), [("A1-07", "10.8万"), ("A1-08", "9万"), ("A1-09", "4.8万"), ("A1-10", "6万"), ("A1-11", "6万"), ("A1-13", "14.4万")]
)  # fmt: skip
def test_a1_lines_that_are_right(node: str, value: str) -> None:
    """1500 x 6 x 12 = 108,000; 60万 x 15 % = 9万; 1000 x 4 x 12 = 48,000; 60万 x 10 % = 6万 twice; 3000 x 4 x 12 = 144,000."""
    assert amounts(one("a1", "formula_agree", node)) == ("ok", value, value, "0万")


def test_a1_management_line_is_not_what_its_formula_gives() -> None:
    """2023 x 3 x 12 = 72,828 = 7.28万 against 7.2: 828 less."""
    finding = one("a1", "formula_differ", "A1-14")
    assert (finding.severity, finding.stated, finding.computed, finding.difference) == ("error", 72_000, 72_828, -828)
    assert finding.facts["formula"] == "2023 × 3 × 12"


def test_a1_profit_is_2_4_too_high_and_the_sign_flips_with_the_later_lines() -> None:
    """60 - 36.6 = 23.4 against 25.8; less 14.4 + 7.2 + 3.0 = 24.6: 1.2 against -1.2."""
    assert amounts(one("a1", "total_differ")) == ("error", "25.8万", "23.4万", "+2.4万")
    later = one("a1", "later_sign")
    assert (later.severity, later.stated, later.computed) == ("error", 12_000, -12_000)
    assert (later.facts["cost"], later.facts["blank"]) == ("24.6万", "其他")
    assert "the sign differs" in later.message() and "正负相反" in later.message("zh")


def test_a1_break_even_from_the_formulas() -> None:
    """Fixed 15.6, variable 35 %: 15.6 / 0.65 = 24.0. With 24.6 more, 40.2 / 0.65 = 61.846 > 60."""
    passed, failed = one("a1", "break_even_pass"), one("a1", "break_even_fail_later")
    assert (passed.severity, passed.computed, passed.facts["fixed"], passed.facts["variable"]) == (
        "ok",
        240_000,
        "15.6万",
        "35%",
    )
    assert failed.severity == "error"
    assert failed.computed is not None and round(failed.computed) == 618_462
    assert failed.facts["fixed"] == "40.2万"


def test_a1_heads_are_8_6_and_4() -> None:
    """Eight posts, wages for six, performance pay for four; technical staff and management are others."""
    finding = one("a1", "heads_differ")
    assert (finding.severity, finding.facts["all"], finding.nodes) == (
        "warning",
        "8 / 6 / 4",
        ("A1-17", "A1-07", "A1-09"),
    )


def test_a2_lists_six_or_seven_trainings_and_dates_seven_checks_of_17() -> None:
    """1 (or 2 by audience) + 1 + 4 of 7; 2 self-checks, 2 cross-checks, 3 look-backs dated, 10 surprise checks not."""
    training, checks, meetings = (
        one("a2", "listed_unclear"),
        one("a2", "dated_some", "checks"),
        one("a2", "listed_agree", "A2-10"),
    )
    assert (training.nodes[0], training.facts["listed"], training.facts["announced"]) == ("A2-05", "6-7", "7")
    assert (checks.severity, checks.facts["dated"], checks.facts["total"], checks.facts["open"]) == (
        "warning",
        "7",
        "17",
        "10",
    )
    assert (meetings.stated, meetings.computed) == (4, 4)
    assert one("a2", "dated_all", "A2-10").facts["total"] == "4"


def test_a2_follows_its_own_order() -> None:
    """Look-backs are due in or after what they look back on: nothing to report."""
    assert not [f for f in findings("a2") if f.rule == "order"]


@pytest.mark.parametrize("key", ["b1", "b10"])
def test_b1_coverages_add_up_only_if_nobody_is_met_twice(key: str) -> None:
    """4 x 25 % and 50 % + 50 %: 100 % only with disjoint lists, and no lists are typed."""
    halves, quarters = (f for f in findings(key) if f.rule == "coverage")
    assert (quarters.code, quarters.severity, quarters.facts["parts"], quarters.computed) == (
        "cover_if_disjoint",
        "warning",
        "4 × 25%",
        1,
    )
    assert (halves.code, halves.facts["parts"], halves.facts["sum"]) == ("cover_if_disjoint", "50% + 50%", "100%")


def test_b10_is_b1_again_and_no_other_two_plans_are_alike() -> None:
    """The near-duplicate is named from both sides; the other 17 plans repeat nobody."""
    everyone = [read_plan(path) for path in sorted(EXAMPLES.glob("*.toml"))]
    twice = {
        (one.id, f.facts["other_plan"])
        for one in everyone
        for f in check(one, [other for other in everyone if other is not one])
        if f.code == "duplicate"
    }
    assert twice == {("b1", "b10"), ("b10", "b1")}


def test_b2_stations_are_ten_times_too_many() -> None:
    """45,000 km / (1068 km / 15) = 632.02, not 6000: 9.49 times apart."""
    finding = one("b2", "ratio_off")
    assert (finding.rule, finding.severity, finding.stated) == ("ratio", "error", 6000)
    assert (finding.facts["computed"], finding.facts["factor"]) == ("632.02个", "9.5")


def test_b2_growth_chains_fit_five_years_and_four() -> None:
    """39.8 x 1.07^5 = 55.82; 15.5 x 1.18^4 = 30.05, in 5 years 35.46, or at (30/15.5)^(1/5) - 1 = 14.1 % a year."""
    assert one("b2", "growth_fits").facts["fits"] == "5"
    other = one("b2", "growth_other", "B2-05")
    assert (other.facts["fits"], other.facts["years"], other.facts["computed"], other.facts["needed"]) == (
        "4",
        "5",
        "35.46万亿元",
        "14.1%",
    )


def test_b2_brands_are_15_and_25() -> None:
    """Two counts of the same thing, each with its own scope."""
    finding = one("b2", "same_differ")
    assert (finding.severity, finding.stated, finding.computed, finding.difference) == ("warning", 15, 25, -10)
    assert finding.facts["basis"] == "除移交的广告资源项目外"


def test_b3_posts_are_six_or_seven_without_the_one_left_out() -> None:
    """1 + 1-2 + 2 + 2 = 6-7; with the brushing post 7-8. Two headings stand empty."""
    finding = one("b3", "heads_total_excluded")
    assert (finding.facts["total"], finding.facts["with_excluded"]) == ("6-7", "7-8")
    assert one("b3", "missing").facts["list"] == "9、具体工作内容以及完成时间; 10、运营全年工作规划"
    events = one("b3", "dated_some")
    assert (events.facts["total"], events.facts["dated"]) == ("3", "1")


def test_b5_announces_three_practices_and_gives_four() -> None:
    """三点做法, 一 to 四."""
    finding = one("b5", "listed_differ")
    assert (finding.severity, finding.stated, finding.computed) == ("warning", 3, 4)


def test_b6_whole_cases() -> None:
    """95 % of 17 is 16.15: all 17, as 16/17 = 94.1 % fails. 95 % of 188 is 178.6: 179, at most 9 left; 178/188 = 94.7 %."""
    risk, papers = one("b6", "whole_units_all", "B6-07"), one("b6", "whole_units", "B6-08")
    assert (risk.facts["count"], risk.facts["need"], risk.facts["less"], risk.facts["less_share"]) == (
        "17",
        "17",
        "16",
        "94.1%",
    )
    assert (papers.facts["need"], papers.facts["left"], papers.facts["less"], papers.facts["less_share"]) == (
        "179",
        "9",
        "178",
        "94.7%",
    )
    assert papers.computed == Decimal(179) / 188


def test_b6_asks_for_what_the_percents_are_of() -> None:
    """97 % of all October policies or of 47 cases; receipts and vouchers without an opening count."""
    assert one("b6", "below_missing").nodes == ("B6-06",)
    assert {f.nodes[0] for f in findings("b6") if f.code == "opening_missing"} == {"B6-03", "B6-09"}


def test_b9_asks_for_the_basis_of_300_a_day_and_4747_a_month() -> None:
    """300 x 30 = 9000, 1.9 times the stated record of a month: only people counted once each can explain it."""
    finding = one("b9", "same_periods")
    assert (finding.severity, finding.stated, finding.computed) == ("warning", 4747, 9000)
    assert finding.facts["ratio"] == "1.9"
    assert "state the basis" in finding.message() and "每天" in finding.message("zh")


def test_b11_five_hours_leave_one_start() -> None:
    """23:00 - 5 h = 18:00, 23:00 - 3 h = 20:00; a start at 23:00 ends at 04:00 of the next day."""
    finding = one("b11", "session_one_start")
    assert (finding.severity, finding.nodes) == ("warning", ("B11-07", "B11-06"))
    assert [finding.facts[name] for name in ("first", "last_long", "last_short", "past")] == [
        "18:00",
        "18:00",
        "20:00",
        "04:00",
    ]


def test_b15_asks_for_bases_before_judging_and_takes_both_targets_together() -> None:
    """Sales +10 % and cost -5 %: 0.95 / 1.10 = 86.4 % of the former cost for each yuan of sales."""
    assert {f.nodes[0] for f in findings("b15") if f.code == "base_missing"} == {"B15-01", "B15-03"}
    assert one("b15", "below_missing").nodes == ("B15-02",)
    joint = one("b15", "joint_growth")
    assert (joint.computed, joint.facts["share"]) == (Decimal("0.95") / Decimal("1.1"), "86.4%")
    assert {f.nodes[0] for f in findings("b15") if f.code == "same_agree"} == {
        "B15-09-sales",
        "B15-09-satisfaction",
        "B15-09-cost",
    }
    assert len([f for f in findings("b15") if f.code == "listed_agree"]) == 5  # 5 x 3 actions


@pytest.mark.parametrize(
    ("key", "some"),
    [("a1", "A1-15-other"), ("a2", "A2-19"), ("a3", "A3-02-campus"), ("a4", "A4-03-sipu"), ("b3", "sales"), ("b11", "B11-03"), ("b15", "B15-08-profit"), ("b9", "B9-03")],
)  # fmt: skip
def test_blank_and_masked_values_are_listed_and_stay_draft(key: str, some: str) -> None:
    """××, XX多万, an empty target: named, a warning in a draft, never an error."""
    finding = one(key, "blank")
    assert finding.severity == "warning" and some in finding.nodes
    assert f"{some} (" in finding.facts["list"]


def test_missing_parts_are_named() -> None:
    """A1's section 4 is a heading with no table."""
    assert "四、年度活动规划表" in one("a1", "missing").facts["list"]


EVERY: list[str] = [path.name.split("-")[0] for path in sorted(EXAMPLES.glob("*.toml"))]


@pytest.mark.parametrize("key", EVERY)
def test_checking_never_changes_the_plan(key: str) -> None:
    """The owner's figures stay as typed, whatever the checker says."""
    before = copy.deepcopy(plan(key))
    check(plan(key), [plan("b1")])
    assert plan(key) == before


@pytest.mark.parametrize("key", EVERY)
def test_every_finding_has_words_in_both_languages_and_known_nodes(key: str) -> None:
    """No fact is missing from a sentence, no brace left standing; errors come first."""
    found = check(plan(key), [plan("b10")])
    for finding in found:
        for lang in ("en", "zh"):
            assert finding.message(lang) and "{" not in finding.message(lang)
        assert set(finding.nodes) <= set(plan(key).by_id)
    ranks = [SEVERITIES.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)


def test_a_plan_without_a_fault_is_right(everything_right: Plan) -> None:
    """Findings that agree are no reason to stop."""
    found = check(everything_right)
    assert {f.code for f in found} == {"children_agree", "formula_agree"}
    assert not is_wrong(found)


@pytest.fixture
def everything_right(build_plan: Callable[..., Plan]) -> Plan:
    return build_plan(
        {"id": "sales", "kind": "flow", "target": "30万", "direction": "at_least", "total": "sum"},
        {"id": "h1", "kind": "flow", "parent": "sales", "target": "10万", "direction": "at_least"},
        {"id": "h2", "kind": "flow", "parent": "sales", "target": "20万", "direction": "at_least"},
        {"id": "fee", "kind": "budget", "target": "1.5万", "formula": "{sales} * 5%"},
    )


def test_words_name_no_code_that_the_checker_does_not_use() -> None:
    """Every sentence in words.toml belongs to a code of the source, and every code has both languages."""
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(check.__code__.co_filename).parent.glob("*.py")
    )
    for code, said in words().items():
        assert set(said) == {"zh", "en"}
        stem = code.removesuffix("_later").removesuffix("_agree").removesuffix("_differ")
        assert stem in source or code.startswith(("period_", "break_even_")), code
