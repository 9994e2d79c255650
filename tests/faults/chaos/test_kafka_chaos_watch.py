"""The watch over the exporter notices wrong totals."""

import pytest

from .watching import Watch

ACCEPTED = 'tidemark_events_accepted_total{{family="port"}} {}\n'
PERSONS = 'tidemark_port_crossings_persons{{direction="in",period="plan"}} {}\n'


@pytest.mark.parametrize(
    ("looks", "wrong"),
    [
        ([ACCEPTED.format(4), ACCEPTED.format(4), ACCEPTED.format(5)], 0),
        ([ACCEPTED.format(4), ACCEPTED.format(3)], 1),
        ([ACCEPTED.format(4), ""], 1),
        ([ACCEPTED.format(6)], 1),
        ([PERSONS.format(7), PERSONS.format(0)], 1),
        (['tidemark_port_crossings_persons{period="month"} 9\n', "tidemark_unknown_total 1\n"], 0),
    ],
)
def test_a_total_that_falls_vanishes_or_is_too_high_is_found(looks: list[str], wrong: int) -> None:
    accepted = ("tidemark_events_accepted_total", frozenset({("family", "port")}))
    watch = Watch("http://unused", lambda: {accepted: 5})
    for exposition in looks:
        watch.look(exposition)
    assert len(watch.wrong) == wrong
