"""Writes Alertmanager's configuration: `python -m tidemark.deploy.alertmanager [--heartbeat URL]`."""

import sys
from argparse import ArgumentParser

from .configuration import FILE, build_configuration, list_warnings, render_configuration


def main() -> None:
    """Write the file, and say which years it only estimates."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.alertmanager", description=__doc__)
    parser.add_argument(
        "--heartbeat",
        help="an address outside that is called every minute, and speaks up when it no longer is",
    )
    FILE.write_text(
        render_configuration(build_configuration(heartbeat=parser.parse_args().heartbeat)), "utf-8"
    )
    for warning in list_warnings():
        sys.stderr.write(f"{warning}\n")


if __name__ == "__main__":
    main()
