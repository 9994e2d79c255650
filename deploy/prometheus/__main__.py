"""Writes the rule files: `python -m tidemark.deploy.prometheus [--board URL] [--grafana URL]`; quicker
ones for trying out, into a folder of their own: `--scale 0.01 --folder var/quick`."""

from argparse import ArgumentParser
from pathlib import Path

from .rendering.annotations import BOARD, GRAFANA, Links
from .rendering.rules import build_rules
from .rendering.writing import PROMETHEUS, write_files


def main() -> None:
    """Write the rules with this deployment's links."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.prometheus", description=__doc__)
    parser.add_argument("--board", default=BOARD, help="where the board answers (%(default)s)")
    parser.add_argument("--grafana", default=GRAFANA, help="where Grafana answers (%(default)s)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="what every duration is multiplied by (%(default)s)"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=PROMETHEUS,
        help="where to write (default: beside this program)",
    )
    given = parser.parse_args()
    if given.scale <= 0:
        parser.error("--scale: give a number above 0, such as 0.01")
    if given.scale != 1 and given.folder == PROMETHEUS:
        parser.error(
            "--scale: quicker rules are for trying out; give them a folder of their own, --folder var/quick"
        )
    write_files(build_rules(given.scale, Links(given.board, given.grafana)), given.folder)


if __name__ == "__main__":
    main()
