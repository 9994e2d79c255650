from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.simulator.scenario import ScenarioInvalid, Windows, load_scenario
from tidemark.services.simulator.world import cut_windows


def test_a_wrong_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "own"\nabout = ""\n[footfall]\ncount = 0\nwindow_s = 60\n')
    with pytest.raises(ScenarioInvalid, match=r"footfall\.count"):
        load_scenario(str(path))


def test_an_unknown_section_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "own"\nabout = ""\n[fotfall]\ncount = 1\n')
    with pytest.raises(ScenarioInvalid, match="fotfall"):
        load_scenario(str(path))


@pytest.mark.parametrize(
    ("section", "missing"),
    [
        ("[refund]\nper_day = 3", r"registry\.refund_shop"),
        ("[ticket]\nper_day = 3", "activity"),
        ("[sensor]\nwindow_s = 60", "footfall"),
    ],
)
def test_a_section_that_needs_another_is_refused_without_it(
    tmp_path: Path, section: str, missing: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'name = "own"\nabout = ""\n{section}\n')
    with pytest.raises(ScenarioInvalid, match=missing):
        load_scenario(str(path))


def test_an_unknown_scenario_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(ScenarioInvalid, match="demo, mix, quiet, year"):
        load_scenario("loud")


@given(
    coarse=st.sampled_from([60, 900, 7_200, 86_400]),
    fine=st.sampled_from([None, 5, 60]),
    edges=st.lists(st.integers(-10_000, 100_000_000), max_size=6, unique=True).map(sorted),
)
def test_windows_follow_each_other_without_gaps(coarse: int, fine: int | None, edges: list[int]) -> None:
    live = tuple(zip(edges[::2], edges[1::2], strict=False))
    cut = list(cut_windows(0, 86_400_000, Windows(coarse, fine), live))
    assert [window.start_ms for window in cut] == [0, *(window.end_ms for window in cut[:-1])]
    assert cut[-1].end_ms == 86_400_000
    assert all(0 < window.seconds <= coarse for window in cut)
    assert all(window.start_ms % 1000 == 0 for window in cut)
