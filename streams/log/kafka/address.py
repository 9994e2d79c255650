"""The address of a log on Kafka: brokers, topics and access, all in one URL.

kafka://host:9092                                 topics tidemark.facts, tidemark.control, …
kafka://a:9092,b:9092/futian                      topics futian.facts, futian.control, …
kafka://a:9093/futian?ca_file=/run/secrets/ca.pem&sasl=SCRAM-SHA-512&user=ledger&password_file=/run/secrets/ledger

Secrets are read from files when a client is made, so none appears in a URL or in a log line.
"""

import re
import ssl
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tidemark.streams.log.errors import LogAddressInvalid

Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
Compression = Literal["zstd", "lz4", "none"]

REQUEST_TIMEOUT_MS = 10_000
_NAME = re.compile(r"[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,100}")
_SERVER = re.compile(r"[^\s:,@]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}")
_OPTIONS = (
    f"tls=on, ca_file=, cert_file=, key_file=, sasl={'|'.join(get_args(Mechanism))}, user=, "
    f"password_file=, compression={'|'.join(get_args(Compression))}"
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options after the question mark.

    `ca_file`, `cert_file` or `tls=on` turns TLS on; without `ca_file` the system's authorities
    are trusted. `sasl` requires `user` and `password_file`.
    """

    tls: Literal["on", "off"] = "off"
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    sasl: Mechanism | None = None
    user: str | None = None
    password_file: str | None = None
    compression: Compression = "lz4"

    @property
    def encrypted(self) -> bool:
        """Whether connections are made with TLS."""
        return self.tls == "on" or self.ca_file is not None or self.cert_file is not None


class KafkaAddress(msgspec.Struct, frozen=True):
    """A log's brokers and the prefix of its topics' names."""

    servers: str
    name: str
    options: Options

    def topic(self, *parts: str | int) -> str:
        """`topic("state", 3)` is tidemark.state.3."""
        return ".".join([self.name, *map(str, parts)])

    def client_settings(self) -> dict[str, Any]:
        """The settings of every client. Raises LogAddressInvalid for a file that cannot be read."""
        options = self.options
        protocol = "SSL" if options.encrypted else "PLAINTEXT"
        settings: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "request_timeout_ms": REQUEST_TIMEOUT_MS,
            "security_protocol": f"SASL_{protocol}" if options.sasl else protocol,
        }
        if options.encrypted:
            settings["ssl_context"] = _make_tls_context(options)
        if options.sasl is not None:
            settings["sasl_mechanism"] = options.sasl
            settings["sasl_plain_username"] = options.user
            settings["sasl_plain_password"] = _read_secret(options.password_file or "")
        return settings


def parse_kafka(url: str) -> KafkaAddress:
    """Parse a URL as described above. Raises LogAddressInvalid, naming the part and the remedy."""
    parts = urlsplit(url)
    servers = parts.netloc.split(",")
    if not all(_SERVER.fullmatch(server) for server in servers):
        raise LogAddressInvalid(f"{url}: write brokers as host:port, several separated by commas")
    name = parts.path.strip("/") or "tidemark"
    if not _NAME.fullmatch(name):
        raise LogAddressInvalid(f"{url}: {name!r} cannot begin a topic's name; use letters, digits, . _ -")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    try:
        options = msgspec.convert(dict(pairs), Options)
    except msgspec.ValidationError as error:
        raise LogAddressInvalid(f"{url}: {error}; the options are {_OPTIONS}") from None
    _check_options(url, options)
    return KafkaAddress(",".join(servers), name, options)


def _check_options(url: str, options: Options) -> None:
    if options.sasl and not (options.user and options.password_file):
        raise LogAddressInvalid(f"{url}: sasl= needs user= and password_file= as well")
    if options.user and not options.sasl:
        raise LogAddressInvalid(f"{url}: user= needs sasl= as well, one of {', '.join(get_args(Mechanism))}")
    if bool(options.cert_file) != bool(options.key_file):
        raise LogAddressInvalid(f"{url}: cert_file= and key_file= must be given together")


def _make_tls_context(options: Options) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
        if options.cert_file:
            context.load_cert_chain(options.cert_file, options.key_file)
    except OSError as error:
        raise LogAddressInvalid(
            f"ca_file, cert_file, key_file: {error}; name PEM files that this process may read"
        ) from error
    return context


def _read_secret(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise LogAddressInvalid(f"password_file: {error}; name a file that this process may read") from error
