"""Writes the rule files: `python -m tidemark.deploy.prometheus [--board URL] [--grafana URL]`. For trials,
`--scale 0.01 --folder var/quick` writes rules with shorter durations to a folder of their own."""

from argparse import ArgumentParser
from pathlib import Path

from .rendering.annotations import BOARD, GRAFANA, Links
from .rendering.rules import build_rules
from .rendering.writing import PROMETHEUS, write_files


def main() -> None:
    """Write the rules with this deployment's links."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.prometheus", description=__doc__)
    parser.add_argument("--board", default=BOARD, help="URL of the board (%(default)s)")
    parser.add_argument("--grafana", default=GRAFANA, help="URL of Grafana (%(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="factor for every duration (%(default)s)")
    parser.add_argument(
        "--folder",
        type=Path,
        default=PROMETHEUS,
        help="folder to write to (default: that of this program)",
    )
    arguments = parser.parse_args()
    if arguments.scale <= 0:
        parser.error(f"--scale is {arguments.scale:g} and must be above 0; use 0.01, for example")
    if arguments.scale != 1 and arguments.folder == PROMETHEUS:
        parser.error("--scale would overwrite the deployed rules with shortened ones; add --folder var/quick")
    write_files(build_rules(arguments.scale, Links(arguments.board, arguments.grafana)), arguments.folder)


if __name__ == "__main__":
    main()
