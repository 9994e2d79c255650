from collections import Counter
from datetime import date

import pytest

from tests.support.indicator_readings import CATALOGUE
from tests.support.reports import MADE, made_up, made_up_days
from tidemark.services.reports.cells import Table
from tidemark.services.reports.contents import build_sections, format_title
from tidemark.services.reports.curves import build_curve
from tidemark.services.reports.period import parse_period
from tidemark.services.reports.report import Report, build_report
from tidemark.services.reports.tables import tabulate_targets
from tidemark.streams.indicators.assessment.assessment import Status
from tidemark.streams.indicators.paths.path import compute_expected

DAY = date(2026, 11, 20)
JUDGED = {"reached", "on_track", "at_risk", "behind", "missed"}


def ids(targets) -> list[str]:
    return [target.indicator.id for target in targets]


@pytest.mark.parametrize("seed", range(20))
def test_the_twenty_movers_are_those_of_an_independent_sort(seed: int):
    days = made_up_days(parse_period("2026-10"), seed, DAY)
    now, before = days[date(2026, 10, 31)], days[date(2026, 9, 30)]
    moved = []
    for place, indicator in enumerate(CATALOGUE):
        ends = [
            by_id[indicator.id].course.progress if by_id[indicator.id].course else None
            for by_id in (before, now)
        ]
        if None not in ends and ends[0] != ends[1] and now[indicator.id].status.value in JUDGED:
            moved.append((abs(ends[1] - ends[0]), -place, indicator.id))
    expected = [name for _, _, name in sorted(moved, reverse=True)[:20]]
    report = build_report(CATALOGUE, parse_period("2026-10"), days, MADE)
    assert ids(report.movers) == expected
    assert expected


def test_when_the_plan_begins_progress_counts_from_the_baseline():
    report = made_up("2026", seed=3)
    for target in report.targets:
        has_progress = target.before.course is not None and target.before.course.progress is not None
        if has_progress:
            assert target.progress_before == target.before.course.progress
        elif target.indicator.kind == "stock" and target.indicator.baseline is not None:
            assert (target.progress_before, target.level_before) == (0.0, float(target.indicator.baseline))


def test_a_later_period_without_a_value_before_has_not_moved():
    report = made_up("2026-10", seed=4)
    without_value = [target for target in report.targets if target.before.course is None]
    assert without_value
    assert all(target.moved is None for target in without_value)


def test_every_target_is_either_judged_or_listed_with_its_reason():
    report = made_up(seed=5)
    judged = [target for target in report.targets if target.now.status.value in JUDGED]
    assert sorted(ids(judged) + ids(report.unjudged)) == sorted(target.id for target in CATALOGUE)
    assert sum(report.counts.values()) == 88


def test_what_is_behind_is_listed_worst_first():
    report = made_up(seed=6)
    order = [target.now.status for target in report.behind]
    assert order == sorted(order, key=[Status.MISSED, Status.BEHIND, Status.AT_RISK].index)
    statuses = Counter(target.now.status for target in report.targets)
    assert len(order) == statuses[Status.MISSED] + statuses[Status.BEHIND] + statuses[Status.AT_RISK]


def test_a_shortfall_is_expected_less_value_and_the_other_way_where_less_is_better():
    for target in made_up(seed=7).targets:
        if target.now.amount is not None and target.course.expected is not None:
            gap = target.course.expected - target.now.amount.value
            assert target.shortfall == (gap if target.indicator.op in (">=", ">") else -gap)


def test_a_straight_path_needs_two_points_and_every_point_is_on_its_path():
    curves = [drawing for indicator in CATALOGUE if (drawing := build_curve(indicator, [])) is not None]
    assert len(curves) > 30
    for drawing in curves:
        goal = drawing.indicator.goal
        if goal.kind != "annual_flow" and goal.path != "milestone":
            assert goal.path != "linear" or len(drawing.path) == 2
            assert all(point.value == compute_expected(goal, point.day) for point in drawing.path)


def test_curves_show_the_main_targets_that_have_a_path():
    report = made_up()
    main = [target for target in CATALOGUE.sections["2-targets.toml"].indicator if target.kind != "ambiguous"]
    assert [target.indicator for target in report.curves] == main


def test_a_simulated_log_is_named_in_the_report_and_all_sections_are_in_order():
    report = made_up()
    headings = [section.heading.zh[:2] for section in build_sections(report)]
    assert headings == ["一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、"]
    assert format_title(report).en == "Futian: monthly review of the plan's 2030 targets, October 2026"


def test_every_row_of_every_table_has_a_cell_for_each_column():
    report: Report = made_up()
    tables = [
        block for section in build_sections(report) for block in section.blocks if isinstance(block, Table)
    ]
    assert len(tables) >= 11
    for table in tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}
    assert len(tabulate_targets(report).rows) == 88
