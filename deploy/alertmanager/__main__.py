"""Writes Alertmanager's configuration: `python -m tidemark.deploy.alertmanager [--heartbeat URL]`."""

import sys
from argparse import ArgumentParser

from .configuration import FILE, build_configuration, list_warnings, render_configuration


def main() -> None:
    """Write the file, and warn of years whose days off are estimated."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.alertmanager", description=__doc__)
    parser.add_argument(
        "--heartbeat",
        help="URL of an outside monitor that is called every minute and alerts when the calls stop",
    )
    FILE.write_text(
        render_configuration(build_configuration(heartbeat=parser.parse_args().heartbeat)), "utf-8"
    )
    for warning in list_warnings():
        sys.stderr.write(f"{warning}\n")


if __name__ == "__main__":
    main()
