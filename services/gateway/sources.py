"""Sources, the families that they may send and their tokens, stored in a TOML file.

[[source]]
id = "/counters/"                  # this source, or a prefix of sources if it ends in /
families = ["footfall", "sensor"]
token_sha256 = "..."               # hex; `tidemark sources add` prints the token once
valid_until = 2027-01-01T00:00:00+08:00   # optional
"""

import hashlib
import hmac
import json
import secrets
import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from tidemark.streams.contracts.civil import millis
from tidemark.streams.families.table import FAMILIES

FAMILY_NAMES = tuple(family.name for family in FAMILIES)
_HEADER = "# Written by `tidemark sources`, which drops comments. Tokens are stored as SHA-256 only.\n"


class SourcesError(Exception):
    """The sources file cannot be used; the message says why and what to do."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A sender: the `source` values it may use, its families, and its token's hash."""

    id: str
    families: tuple[str, ...]
    token_sha256: str
    valid_until: datetime | None = None

    def __post_init__(self) -> None:
        if not (0 < len(self.id) <= 128 and self.id.isprintable()):
            raise ValueError("id: must be 1 to 128 printable characters")
        unknown = set(self.families) - set(FAMILY_NAMES)
        if unknown or not self.families:
            problem = f"has unknown families {sorted(unknown)}" if unknown else "is empty"
            raise ValueError(f"families: {problem}; choose from {', '.join(FAMILY_NAMES)}")
        if len(self.token_sha256) != 64 or set(self.token_sha256) - set("0123456789abcdef"):
            raise ValueError(
                "token_sha256: is not 64 hexadecimal digits; create the source with `tidemark sources add`"
            )
        if self.valid_until is not None and self.valid_until.tzinfo is None:
            raise ValueError("valid_until: has no UTC offset; write 2027-01-01T00:00:00+08:00")

    def may_send_as(self, source: str) -> bool:
        """Whether an event may carry this `source`."""
        return source == self.id or (self.id.endswith("/") and source.startswith(self.id))

    def is_valid(self, now_ms: int) -> bool:
        """Whether its token has not expired."""
        return self.valid_until is None or now_ms < millis(self.valid_until)


class Sources:
    """The configured sources, looked up by their tokens."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.all = tuple(sources)
        self._by_hash = {source.token_sha256[:16]: source for source in self.all}
        if len(self._by_hash) < len(self.all) or len({s.id for s in self.all}) < len(self.all):
            raise SourcesError("two sources share an id or a token; remove one and add it again")

    def find(self, token: str, now_ms: int) -> Source | None:
        """The source that a valid token belongs to.

        Tokens are 256 random bits, which cannot be found from their hash, so a plain SHA-256 is
        enough; a slow hash protects guessable passwords and would slow down every request. The
        comparison takes constant time, wherever the first difference is.
        """
        digest = _hash(token)
        source = self._by_hash.get(digest[:16])
        if source is None or not hmac.compare_digest(source.token_sha256, digest):
            return None
        return source if source.is_valid(now_ms) else None


def create_token() -> str:
    """256 random bits as text that fits an HTTP header."""
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class _File(msgspec.Struct, forbid_unknown_fields=True):
    source: list[Source] = []


def load_sources(path: Path) -> Sources:
    """Read the sources file. Raises SourcesError."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise SourcesError(f"{path}: cannot be read ({error.strerror}); check TIDEMARK_SOURCES") from None
    except (ValueError, msgspec.ValidationError) as error:
        raise SourcesError(f"{path}: {error}; see seeds/sources.toml for an example") from None
    return Sources(file.source)


def add_source(
    path: Path, source_id: str, families: Iterable[str], valid_until: datetime | None = None
) -> str:
    """Add a source to the file, creating it if absent, and return its token. Raises SourcesError."""
    token = create_token()
    try:
        source = Source(source_id, tuple(families), _hash(token), valid_until)
    except ValueError as error:
        raise SourcesError(str(error)) from None
    sources = load_sources(path).all if path.exists() else ()
    _save(path, Sources((*sources, source)))
    return token


def remove_source(path: Path, source_id: str) -> None:
    """Remove a source from the file. Raises SourcesError."""
    sources = load_sources(path).all
    kept = [source for source in sources if source.id != source_id]
    if len(kept) == len(sources):
        raise SourcesError(f"{path}: has no source {source_id!r}; see `tidemark sources list`")
    _save(path, Sources(kept))


def _save(path: Path, sources: Sources) -> None:
    """Replace the file atomically, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text("\n".join([_HEADER, *map(_render, sources.all)]), "utf-8")
    draft.replace(path)


def _render(source: Source) -> str:
    lines = [
        "[[source]]",
        f"id = {_quote(source.id)}",
        f"families = [{', '.join(map(_quote, source.families))}]",
        f"token_sha256 = {_quote(source.token_sha256)}",
    ]
    if source.valid_until is not None:
        lines.append(f"valid_until = {source.valid_until.isoformat()}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Printable text as a TOML basic string, which has the same escapes as JSON."""
    return json.dumps(text, ensure_ascii=False)
