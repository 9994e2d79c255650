"""Writes Alertmanager's configuration: `python -m deploy.alertmanager`."""

import sys

from .configuration import FILE, configuration, text, warnings


def main() -> None:
    """Write the file, and say which years it only estimates."""
    FILE.write_text(text(configuration()), "utf-8")
    for warning in warnings():
        sys.stderr.write(f"{warning}\n")


if __name__ == "__main__":
    main()
