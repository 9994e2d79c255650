"""A channel for tests: a real HTTP server that records what is posted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Heard:
    """The messages received, in order, as title and body; the server answers `status`."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.status = 200
        self.changed = threading.Condition()
        self.address = ""

    @property
    def url(self) -> str:
        """The channel's address as Apprise writes it."""
        return f"json://{self.address}/"

    def wait_for(self, count: int, timeout_s: float = 20) -> None:
        """Wait until `count` messages have arrived."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.messages) >= count, timeout_s)
        assert arrived, f"{len(self.messages)} of {count} messages arrived"


@contextmanager
def open_channel() -> Iterator[Heard]:
    """A channel for the length of a block."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(heard.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            with heard.changed:
                heard.messages.append((message["title"], message["message"]))
                heard.changed.notify_all()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        heard.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()
