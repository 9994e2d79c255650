"""`python -m tests.golden`: writes the expected files of the hostile month again.

Only for a change that is meant to change them, such as a new fold version. `--to FOLDER` writes elsewhere.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.golden.hostile_month import observe_month

EXPECTED = Path(__file__).parent / "expected"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--to", type=Path, help="an empty folder; the log stays in it, too")
    folder = parser.parse_args().to
    if folder is not None:
        observe_month(folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        observe_month(Path(temporary))
        shutil.rmtree(EXPECTED, ignore_errors=True)
        EXPECTED.mkdir()
        for name in ("state.tsv", "dead_letters.jsonl"):
            shutil.copy(name, EXPECTED)
        shutil.copytree("answers", EXPECTED / "answers")


if __name__ == "__main__":
    main()
