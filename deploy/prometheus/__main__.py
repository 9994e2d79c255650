"""Writes the rule files: `python -m deploy.prometheus [--board URL] [--grafana URL]`."""

from argparse import ArgumentParser

from .annotations import BOARD, GRAFANA, Links
from .rules import rules
from .writing import write


def main() -> None:
    """Write the rules with this deployment's links."""
    parser = ArgumentParser(prog="python -m deploy.prometheus", description=__doc__)
    parser.add_argument("--board", default=BOARD, help="where the board answers (%(default)s)")
    parser.add_argument("--grafana", default=GRAFANA, help="where Grafana answers (%(default)s)")
    given = parser.parse_args()
    write(rules(links=Links(given.board, given.grafana)))


if __name__ == "__main__":
    main()
