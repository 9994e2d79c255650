"""`python -m tests.golden`: writes anew what is expected of the hostile month.

Only for a change that means to change it, such as a new version of the fold. `--to FOLDER` writes elsewhere.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.golden.hostile_month import observe_month

EXPECTED = Path(__file__).parent / "expected"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--to", type=Path, help="an empty folder, in which the log is left too")
    folder = parser.parse_args().to
    if folder is not None:
        observe_month(folder)
        return
    with tempfile.TemporaryDirectory() as made:
        observe_month(Path(made))
        shutil.rmtree(EXPECTED, ignore_errors=True)
        EXPECTED.mkdir()
        for name in ("state.tsv", "dead_letters.jsonl"):
            shutil.copy(name, EXPECTED)
        shutil.copytree("answers", EXPECTED / "answers")


if __name__ == "__main__":
    main()
