"""Reads the Dockerfile's instructions."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

from tests.support.commands import ROOT

FILE = ROOT / "deploy/docker/Dockerfile"
IGNORED = ROOT / "deploy/docker/Dockerfile.dockerignore"


def list_instructions(name: str, text: str | None = None) -> list[str]:
    """The arguments of every instruction with the name, in order."""
    text = FILE.read_text("utf-8") if text is None else text
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def read_entrypoint() -> list[str]:
    words: list[str] = json.loads(list_instructions("ENTRYPOINT")[-1])
    return words


def list_copied(text: str | None = None) -> dict[Path, str]:
    """The target of each path copied from the tree, without copies between stages."""
    targets: dict[Path, str] = {}
    for line in list_instructions("COPY", text):
        words = shlex.split(line)
        *sources, target = (word for word in words if not word.startswith("--"))
        if not any(word.startswith("--from=") for word in words):
            targets |= {Path(source): target for source in sources}
    return targets


def is_let_through(path: Path) -> bool:
    """Whether the ignore file leaves a path in the build context: the last matching line decides."""
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
