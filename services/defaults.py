"""What services and commands take when nothing else is said."""

DEFAULT_LOG = "sqlite:///var/tidemark.db"
LOOPBACK = "127.0.0.1"
