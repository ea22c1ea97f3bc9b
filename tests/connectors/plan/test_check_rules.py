"""Each rule of the checker on a small plan, both ways; figures reckoned by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plan.build import build
from connectors.plan.check import Finding, check
from connectors.plan.check.values import rounding
from connectors.plan.errors import PlanError
from connectors.plan.model import Plan
from connectors.plan.quantity import quantity

Build = Callable[..., Plan]
Node = dict[str, Any]


def codes(plan: Plan, *rules: str) -> list[tuple[str, str]]:
    """(code, severity) of the findings, of those rules only when some are named."""
    return [(f.code, f.severity) for f in check(plan) if not rules or f.rule in rules]


def flow(key: str, target: str = "", **more: Any) -> Node:
    return {"id": key, "kind": "flow", "target": target, "direction": "at_least", **more}


@pytest.mark.parametrize(
    ("parts", "code", "severity"),
    [
        (("10万", "20万"), "children_agree", "ok"),
        (("10万", "15万"), "children_differ", "error"),
        (("10万", "25万"), "children_differ", "warning"),  # more than is asked for: a buffer, perhaps
        (("10万", "××"), "children_partial", "info"),
        (("40万", "××"), "children_exceed", "error"),
        (("10-12万", "15-20万"), "children_agree", "ok"),  # 25-32 holds 30
        (("10-12万", "13-15万"), "children_differ", "error"),  # 23-27 does not
    ],
)
def test_children_against_a_target_of_30(build_plan: Build, parts: tuple[str, str], code: str, severity: str) -> None:
    """Equal, short, beyond, blank, and bands that hold the whole or miss it."""
    plan = build_plan(flow("all", "30万"), *(flow(f"n{k}", part, parent="all") for k, part in enumerate(parts)))
    assert codes(plan, "children") == [(code, severity)]


def test_a_target_for_each_month_is_no_part_of_the_years(build_plan: Build) -> None:
    """1万 a month under 12万 a year is not compared as 1 against 12; twelve dated months are."""
    each = build_plan(flow("year", "12万", period="year"), flow("month", "1万", period="month", parent="year"))
    assert codes(each, "children") == []
    months = [
        flow(f"m{k}", "1万", period="month", parent="year", start=f"2026-{k:02}-01", end=f"2026-{k:02}-28")
        for k in range(1, 13)
    ]
    assert codes(build_plan(flow("year", "12万", period="year"), *months), "children") == [("children_agree", "ok")]


def test_an_axis_total_beside_the_tree_is_held_against_its_row(build_plan: Build) -> None:
    """Ads 3 + 4 = 7 against a stated 8; the tree itself adds up."""
    plan = build_plan(
        flow("all", "10"),
        flow("a", "3", parent="all", dims={"income": "ads"}),
        flow("b", "4", parent="all", dims={"income": "ads"}),
        flow("c", "3", parent="all", dims={"income": "events"}),
        flow("ads", "8", dims={"income": "ads"}),
        axes=["income"],
    )
    found = {f.nodes[0]: (f.code, f.stated, f.computed) for f in check(plan) if f.code.startswith("axis")}
    assert found == {"all": ("axis_agree", 10, 10), "ads": ("axis_differ", 8, 7)}


def test_excluded_lines_are_never_added(build_plan: Build) -> None:
    """A line that must stay out of every figure is no part of the whole."""
    plan = build_plan(
        flow("all", "30"), flow("a", "30", parent="all"), {"id": "x", "kind": "exclude", "target": "5", "parent": "all"}
    )
    assert codes(plan, "children") == [("children_agree", "ok")]


@pytest.mark.parametrize(
    ("typed", "within"), [("55.8万亿", "50000000000"), ("7.2万", "500"), ("30", "0.5"), ("18%", "0.005"), ("60万", "5000"), ("1,234.50", "0.005"), ("××", "0"), ("0", "0")]
)  # fmt: skip
def test_rounding_is_half_of_the_last_typed_digit(typed: str, within: str) -> None:
    """55.8万亿 stands for anything within 0.05万亿."""
    assert rounding(quantity(typed)) == Decimal(within)


def test_a_stated_value_may_be_rounded_as_typed(build_plan: Build) -> None:
    """1/3 of 10 is 3.333: 3.33 may stand for it, 3.4 does not; 1/4 of 10 is 2.5 exactly."""
    plan = build_plan(
        {"id": "a", "kind": "budget", "target": "3.33", "formula": "10 / 3"},
        {"id": "b", "kind": "budget", "target": "3.4", "formula": "10 / 3"},
        {"id": "c", "kind": "budget", "target": "2.5", "formula": "10 / 4"},
    )
    found = [(f.nodes[0], f.code, f.severity) for f in check(plan) if f.rule == "ratio"]
    assert found == [("b", "formula_differ", "error"), ("a", "rounded", "info"), ("c", "formula_agree", "ok")]


def test_profit_that_never_breaks_even(build_plan: Build) -> None:
    """110 % of revenue is variable cost."""
    plan = build_plan(
        flow("revenue", "100"),
        {"id": "cost", "kind": "budget", "formula": "{revenue} * 110%"},
        flow("profit", formula="{revenue} - {cost}"),
    )
    assert codes(plan, "break_even") == [("break_even_never", "error")]


def test_lines_left_out_of_profit_may_sink_it_without_a_stated_one(build_plan: Build) -> None:
    """100 - 60 = 40, less a forgotten 50: -10. Break-even 60, and 110 with the line: above the target of 100."""
    plan = build_plan(
        flow("revenue", "100"),
        {"id": "rent", "kind": "budget", "target": "60"},
        {"id": "later", "kind": "budget", "target": "50"},
        flow("profit", formula="{revenue} - {rent}"),
    )
    [later] = [f for f in check(plan) if f.code == "later_negative"]
    assert (later.severity, later.computed) == ("warning", -10)
    assert [(f.code, f.computed) for f in check(plan) if f.rule == "break_even"] == [
        ("break_even_fail_later", 110),
        ("break_even_pass", 60),
    ]


def test_lines_that_a_second_profit_takes_off_are_not_left_out(build_plan: Build) -> None:
    """Gross 100 - 60 = 40, net 40 - 50 = -10: the rent is charged in the net profit, so nothing was forgotten."""
    plan = build_plan(
        flow("revenue", "100"),
        {"id": "goods", "kind": "budget", "target": "60"},
        {"id": "rent", "kind": "budget", "target": "50"},
        flow("gross", formula="{revenue} - {goods}"),
        flow("net", formula="{gross} - {rent}"),
    )
    assert not [f for f in check(plan) if f.code.startswith("later")]


def test_each_shorter_period_belongs_to_one_coverage(build_plan: Build) -> None:
    """Two yearly coverages with their quarters: each quarter is held against the year of its own name."""
    plan = build_plan(
        *(
            {"id": f"{k}-{p}", "kind": "coverage", "target": t, "period": p, "name": f"{w}检查的{k}"}
            for k in ("机构", "网点")
            for w, p, t in (("全年", "year", "100%"), ("每季", "quarter", "25%"))
        )
    )
    assert [f.nodes for f in check(plan) if f.rule == "coverage"] == [
        ("机构-year", "机构-quarter"),
        ("网点-year", "网点-quarter"),
    ]


def test_a_profit_that_bends_has_no_single_break_even(build_plan: Build) -> None:
    """A fee on the square of revenue: nothing is said rather than something wrong."""
    plan = build_plan(
        flow("revenue", "100"),
        {"id": "fee", "kind": "budget", "formula": "{revenue} * {revenue} / 1000"},
        flow("profit", formula="{revenue} - {fee}"),
    )
    assert codes(plan, "break_even") == []


def test_a_value_that_needs_itself_is_named(build_plan: Build) -> None:
    """A fee of 10 % of the sum that it is a part of."""
    plan = build_plan(
        {"id": "all", "kind": "budget", "source": "children"},
        {"id": "fee", "kind": "budget", "parent": "all", "formula": "{all} * 10%"},
    )
    assert ("circle", "error") in codes(plan, "formula")


def test_a_long_chain_of_formulas_is_reckoned(build_plan: Build) -> None:
    """A running balance over 365 days: 1 + 364 = 365, stated as 366."""
    days = [flow("d0", "1"), *(flow(f"d{k}", formula=f"{{d{k - 1}}} + 1") for k in range(1, 364))]
    plan = build_plan(*days, flow("end", "366", formula="{d363} + 1"))
    [finding] = [f for f in check(plan) if f.rule == "total"]
    assert (finding.code, finding.computed) == ("total_differ", 365)


@pytest.mark.parametrize(("wages", "code"), [("8", "heads_agree"), ("6", "heads_differ")])
def test_heads_of_posts_and_pay_lines(build_plan: Build, wages: str, code: str) -> None:
    """Lines of other staff (another place on the axes) are other people."""
    plan = build_plan(
        {"id": "posts", "kind": "headcount", "target": "8名"},
        {"id": "wages", "kind": "budget", "parts": {"heads": wages, "pay": "1500"}, "formula": "heads * pay"},
        {
            "id": "bosses",
            "kind": "budget",
            "parts": {"heads": "3", "pay": "9000"},
            "formula": "heads * pay",
            "dims": {"staff": "m"},
        },
    )
    assert codes(plan, "heads")[0][0] == code


@pytest.mark.parametrize(
    ("target", "units", "code", "severity", "computed"),
    [
        (("50%", "50%"), ((), ()), "cover_if_disjoint", "warning", 1),
        (("50%", "50%"), (("a", "b"), ("c", "d")), "cover_lists", "ok", 1),
        (("50%", "50%"), (("a", "b"), ("b", "c")), "cover_overlap", "error", Decimal("0.75")),
        (("50%", "40%"), ((), ()), "cover_short", "error", Decimal("0.9")),
    ],
)
def test_two_halves_of_a_coverage(
    build_plan: Build,
    target: tuple[str, str],
    units: tuple[tuple[str, ...], ...],
    code: str,
    severity: str,
    computed: Decimal,
) -> None:
    """Four units: disjoint lists meet four, overlapping ones three of four."""
    plan = build_plan(
        {"id": "all", "kind": "coverage", "target": "100%", "units": ["a", "b", "c", "d"]},
        {"id": "x", "kind": "coverage", "target": target[0], "units": list(units[0]), "parent": "all"},
        {"id": "y", "kind": "coverage", "target": target[1], "units": list(units[1]), "parent": "all"},
    )
    [finding] = [f for f in check(plan) if f.rule == "coverage"]
    assert (finding.code, finding.severity, finding.computed) == (code, severity, computed)


def test_a_matrix_of_full_coverages_is_no_sum(build_plan: Build) -> None:
    """Three formats at every station, each 100 %: not 300 %."""
    rows = [{"id": k, "kind": "coverage", "target": "100%", "parent": "all"} for k in ("x", "y", "z")]
    assert codes(build_plan({"id": "all", "kind": "coverage", "target": "100%"}, *rows), "coverage") == []


def test_four_quarters_of_20_percent_do_not_make_the_year(build_plan: Build) -> None:
    """4 x 20 % = 80 % below 100 %: an error when each is exact, a warning when it is the least."""
    for direction, code in (("exactly", "cover_short"), ("at_least", "cover_at_least_short")):
        plan = build_plan(
            {"id": "year", "kind": "coverage", "target": "100%", "period": "year"},
            {
                "id": "quarter",
                "kind": "coverage",
                "target": "20%",
                "period": "quarter",
                "direction": direction,
                "parent": "year",
            },
        )
        [finding] = [f for f in check(plan) if f.rule == "coverage"]
        assert (finding.code, finding.computed) == (code, Decimal("0.8"))


@pytest.mark.parametrize(
    ("years", "target", "code"),
    [
        ("5", "55.8万亿", "growth_agree"),
        ("4", "55.8万亿", "growth_differ"),
        ("", "55.8万亿", "growth_fits"),
        ("", "50万亿", "growth_never"),
    ],
)
def test_growth_chains(build_plan: Build, years: str, target: str, code: str) -> None:
    """39.8 x 1.07^5 = 55.82, ^4 = 52.17, ^3 = 48.76: 50.0 is reached in no whole year."""
    parts = {"growth": "7%", "years": years}
    plan = build_plan({"id": "gdp", "kind": "series", "base": "39.8万亿", "target": target, "parts": parts})
    assert [f.code for f in check(plan) if f.rule == "growth"] == [code]


def test_the_checklists_own_case_of_18_percent(build_plan: Build) -> None:
    """15.5 -> 30 at 18 %: 5 years would be 35.46 (needed 14.1 %); 4 fit."""
    plan = build_plan(
        {
            "id": "retail",
            "kind": "series",
            "base": "15.5万亿",
            "target": "30万亿",
            "parts": {"growth": "18%", "years": "5"},
        }
    )
    [finding] = [f for f in check(plan) if f.rule == "growth"]
    assert (finding.code, finding.facts["fits"], finding.facts["needed"], finding.facts["computed"]) == (
        "growth_differ",
        "4",
        "14.1%",
        "35.46万亿",
    )


def test_a_base_is_taken_back_when_it_is_blank(build_plan: Build) -> None:
    """33亿 after five years at 10 %: 33 / 1.61051 = 20.49亿 before."""
    plan = build_plan(
        {"id": "trips", "kind": "series", "base": "××", "target": "33亿人次", "parts": {"growth": "10%", "years": "5"}}
    )
    [finding] = [f for f in check(plan) if f.rule == "growth"]
    assert (finding.code, finding.facts["computed"]) == ("growth_base", "20.49亿人次")


@pytest.mark.parametrize(
    ("hours", "length", "code", "severity"),
    [
        ("18:00-23:00", "3-5小时", "session_one_start", "warning"),
        ("18:00-24:00", "3-5小时", "session_starts", "info"),
        ("20:00-02:00", "3-5小时", "session_starts", "info"),  # over midnight: six hours
        ("19:00-23:00", "3-5小时", "session_too_long", "warning"),
        ("21:00-23:00", "3-5小时", "session_never", "error"),
    ],
)
def test_sessions_inside_their_hours(build_plan: Build, hours: str, length: str, code: str, severity: str) -> None:
    """Three to five hours in windows of five, six, six, four and two."""
    plan = build_plan(
        {"id": "start", "kind": "band", "hours": hours, "period": "session"},
        {"id": "length", "kind": "band", "target": length, "period": "session", "direction": "inside"},
    )
    assert codes(plan, "hours") == [(code, severity)]


def test_what_depends_on_something_is_not_due_before_it_begins(build_plan: Build) -> None:
    """A look-back in February on a check in March; one that is due in the same weeks is in order."""
    plan = build_plan(
        {"id": "check", "kind": "milestone", "due": "3月上旬至4月"},
        {"id": "early", "kind": "milestone", "due": "2月下旬", "after": ["check"]},
        {"id": "within", "kind": "milestone", "due": "4月", "after": ["check"]},
        {"id": "late", "kind": "milestone", "due": "2027-01-05"},
    )
    assert [(f.code, f.nodes[0]) for f in check(plan) if f.rule == "order"] == [("order", "early"), ("outside", "late")]


def test_direction_and_base(build_plan: Build) -> None:
    """A share without a direction; 以上 says one; a growth whose base was typed is judged."""
    plan = build_plan(
        {"id": "a", "kind": "ratio", "target": "80%", "metric": "conversion_rate"},
        {"id": "b", "kind": "ratio", "target": "80%以上", "metric": "conversion_rate"},
        {"id": "c", "kind": "growth", "target": "10%", "direction": "at_least", "base": "500万"},
        {"id": "d", "kind": "growth", "target": "10%", "direction": "at_least"},
    )
    assert [(f.code, f.nodes[0]) for f in check(plan) if f.rule == "base"] == [
        ("direction_missing", "a"),
        ("base_missing", "d"),
    ]


def test_an_issued_plan_with_blanks_is_an_error(build_plan: Build) -> None:
    """What is blank may wait in a draft, not in a plan that people work by."""
    for state, severity in (("draft", "warning"), ("submitted", "warning"), ("approved", "error"), ("issued", "error")):
        plan = build_plan(flow("sales", "××"), state=state, missing=["九、时间"])
        assert [f.severity for f in check(plan) if f.rule == "blank"] == [severity, severity]


def test_a_plan_for_other_days_is_no_duplicate(build_plan: Build) -> None:
    """October's budget and November's have the same lines; the same lines for the same days are one plan twice."""
    lines = [flow(f"n{k}", f"{k + 1}万", name=f"渠道{k}推广费") for k in range(6)]
    october = build_plan(*lines, start="2026-10-01", end="2026-10-31", id="oct")
    november = build_plan(*lines, start="2026-11-01", end="2026-11-30", id="nov")
    again = build_plan(*lines, start="2026-10-01", end="2026-10-31", id="again")
    assert not [f for f in check(october, [november]) if f.rule == "duplicate"]
    [found] = [f for f in check(october, [november, again]) if f.rule == "duplicate"]
    assert (found.facts["other_plan"], found.facts["share"]) == ("again", "100%")


IDS = st.sampled_from(["a", "b", "c", "d", "e"])
AMOUNTS = st.sampled_from(
    ["60万", "2-5万", "95%", "××", "0", "-5%", "7", "100%", "1e", "99999999999999999999999999999999999999", ""]
)
NODES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["flow", "budget", "count", "coverage", "backlog", "ratio", "growth", "headcount", "milestone", "band", "series", "exclude"])},
    optional={
        "parent": IDS, "target": AMOUNTS, "base": AMOUNTS, "opening": AMOUNTS, "announced": AMOUNTS, "same_as": IDS, "source": st.sampled_from(["children", "cost"]),
        "period": st.sampled_from(["year", "quarter", "month", "day", "session"]), "units": st.lists(IDS), "after": st.lists(IDS, max_size=2),
        "parts": st.dictionaries(st.sampled_from(["heads", "growth", "years", "x"]), AMOUNTS), "due": st.sampled_from(["1月", "12月末", "open"]),
        "formula": st.sampled_from(["{a} + {b}", "{c} * 10%", "{a} / {d}", "{e} - {b}", "7 / 0", "{a} * {a} * {a}"]), "hours": st.sampled_from(["18:00-23:00", "x"]),
        "dims": st.dictionaries(st.sampled_from(["x", "y"]), IDS), "direction": st.sampled_from(["at_least", "at_most"]),
    },
)  # fmt: skip


@given(st.lists(NODES, min_size=1, max_size=5), st.sampled_from(["draft", "issued"]))
def test_any_plan_that_can_be_built_is_checked(nodes: list[Node], state: str) -> None:
    """Whatever is typed, the checker answers with findings that have words."""
    raw = {"plan": {"id": "p", "start": "2026-01-01", "end": "2026-12-31", "axes": ["x", "y"], "state": state}}
    try:
        plan = build({**raw, "node": [{"id": key, **node} for key, node in zip("abcde", nodes, strict=False)]}, "x")
    except PlanError:
        return
    found: list[Finding] = check(plan, [plan])
    assert all(f.message("zh") and f.message("en") for f in found)
