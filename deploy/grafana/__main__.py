"""Writes the dashboards: `python -m tidemark.deploy.grafana [--board URL] [--grafana URL]`."""

from argparse import ArgumentParser

from tidemark.deploy.prometheus.rendering.annotations import BOARD, GRAFANA, Links

from .writing import render_dashboards, write_dashboards


def main() -> None:
    """Write the dashboards with this deployment's links."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.grafana", description=__doc__)
    parser.add_argument("--board", default=BOARD, help="URL of the board (%(default)s)")
    parser.add_argument("--grafana", default=GRAFANA, help="URL of Grafana (%(default)s)")
    arguments = parser.parse_args()
    write_dashboards(render_dashboards(Links(arguments.board, arguments.grafana)))


if __name__ == "__main__":
    main()
