"""The language in which names and tables are printed: --lang, or what the environment says."""

import os
import re
from collections.abc import Mapping
from typing import Annotated

import typer

from tidemark.streams.contracts.text import Language

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order of POSIX: the first that is set decides."""

_PARTS = re.compile(r"[-_.@]")


def detect_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Chinese where the locale of messages is Chinese (zh, zh_CN.UTF-8 …), else English."""
    locale = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return Language.ZH if _PARTS.split(locale.lower())[0] == "zh" else Language.EN


Lang = Annotated[
    Language,
    typer.Option(
        "--lang",
        default_factory=detect_language,
        help="Language of names and tables; JSON is the same in both.",
        show_default=f"from {', '.join(LOCALE_VARIABLES)}; else en",
    ),
]
