"""The Dockerfile's instructions, as far as the tests ask."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

from tests.support.commands import ROOT

FILE = ROOT / "deploy/docker/Dockerfile"
IGNORED = ROOT / "deploy/docker/Dockerfile.dockerignore"


def list_instructions(name: str, text: str | None = None) -> list[str]:
    """The arguments of every instruction of that name, in order."""
    text = FILE.read_text("utf-8") if text is None else text
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def read_entrypoint() -> list[str]:
    words: list[str] = json.loads(list_instructions("ENTRYPOINT")[-1])
    return words


def list_copied(text: str | None = None) -> dict[Path, str]:
    """What is copied from the tree, and to where; not what one stage copies from another."""
    targets: dict[Path, str] = {}
    for line in list_instructions("COPY", text):
        words = shlex.split(line)
        *sources, target = (word for word in words if not word.startswith("--"))
        if not any(word.startswith("--from=") for word in words):
            targets |= {Path(source): target for source in sources}
    return targets


def is_let_through(path: Path) -> bool:
    """Whether the ignore file leaves a path in the build's context: the last line that matches decides."""
    through = True
    for line in IGNORED.read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        if (
            pattern
            and not pattern.startswith("#")
            and any(fnmatch(str(part), pattern) for part in (path, *path.parents))
        ):
            through = line.startswith("!")
    return through
