"""Writes Alertmanager's configuration: `python -m tidemark.deploy.alertmanager [--heartbeat URL]`."""

import sys
from argparse import ArgumentParser

from .configuration import FILE, configuration, text, warnings


def main() -> None:
    """Write the file, and say which years it only estimates."""
    parser = ArgumentParser(prog="python -m tidemark.deploy.alertmanager", description=__doc__)
    parser.add_argument(
        "--heartbeat",
        help="an address outside that is called every minute, and speaks up when it no longer is",
    )
    FILE.write_text(text(configuration(heartbeat=parser.parse_args().heartbeat)), "utf-8")
    for warning in warnings():
        sys.stderr.write(f"{warning}\n")


if __name__ == "__main__":
    main()
