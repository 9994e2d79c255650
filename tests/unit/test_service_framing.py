"""Where a request ends and whom it addresses: what h11 accepts and the services do not."""

from typing import Any

import h11
import pytest

from tidemark.services.framing import Framing, FramingError

TWICE = [
    b"Content-Length: 2\r\nContent-Length: 2\r\n",
    b"Content-Length: 2\r\nHost: y\r\ncontent-length: 2\r\n".replace(b"Host: y", b"X: y"),
    b"Content-Length: 2, 2\r\n",
    b"Content-Length: 2\r\n ,2\r\n",
]
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BOTH = [b"Content-Length: 2\r\n" + CHUNKED, CHUNKED + b"CONTENT-LENGTH: 2\r\n"]


def request(headers: bytes, target: bytes = b"/", body: bytes = b"{}") -> bytes:
    return b"POST " + target + b" HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + body


def receive(raw: bytes, connection: h11.Connection | None = None) -> Any:
    connection = connection or Framing(h11.SERVER)
    connection.receive_data(raw)
    return connection.next_event()


@pytest.mark.parametrize("headers", TWICE)
def test_a_length_given_twice_is_refused(headers: bytes) -> None:
    with pytest.raises(FramingError, match="Content-Length is given twice"):
        receive(request(headers))


@pytest.mark.parametrize("headers", BOTH)
def test_a_length_together_with_chunks_is_refused(headers: bytes) -> None:
    with pytest.raises(FramingError, match="Content-Length and Transfer-Encoding are both given"):
        receive(request(headers))


@pytest.mark.parametrize("headers", [*TWICE, *BOTH])
def test_h11_alone_accepts_them(headers: bytes) -> None:
    assert isinstance(receive(request(headers), h11.Connection(h11.SERVER)), h11.Request)


@pytest.mark.parametrize("headers", [b"", b"Content-Length: 2\r\n", CHUNKED, b"X-Content-Length: 2\r\n" * 2])
def test_an_unambiguous_request_is_accepted(headers: bytes) -> None:
    body = b"content-length: 1\r\ncontent-length: 1\r\n\r\n"
    assert isinstance(receive(request(headers, body=body)), h11.Request)


@pytest.mark.parametrize("size", [1, 7])
def test_a_head_that_arrives_in_parts_is_checked_whole(size: int) -> None:
    connection, raw = Framing(h11.SERVER), request(TWICE[0])
    with pytest.raises(FramingError, match="twice"):  # noqa: PT012  the part that ends the head raises
        for start in range(0, len(raw), size):
            assert receive(raw[start : start + size], connection) is h11.NEED_DATA


def test_the_second_request_of_a_connection_is_checked_too() -> None:
    connection = Framing(h11.SERVER)
    assert isinstance(receive(request(b"Content-Length: 2\r\n") + request(TWICE[0]), connection), h11.Request)
    assert isinstance(connection.next_event(), h11.Data)
    assert isinstance(connection.next_event(), h11.EndOfMessage)
    connection.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    connection.start_next_cycle()
    with pytest.raises(FramingError, match="twice"):
        connection.next_event()


def test_what_h11_refuses_says_why_and_what_to_do() -> None:
    connection = Framing(h11.SERVER)
    with pytest.raises(FramingError, match="conflicting Content-Length"):
        receive(request(b"Content-Length: 2\r\nContent-Length: 3\r\n"), connection)
    assert connection.error is not None
    assert connection.error.remedy


@pytest.mark.parametrize(
    ("target", "origin", "host"),
    [
        (b"http://gate:80/v1/events?a=/b", b"/v1/events?a=/b", b"gate:80"),
        (b"HTTPS://[::1]:8080/v1", b"/v1", b"[::1]:8080"),
        (b"http://gate", b"/", b"gate"),
        (b"http://gate?a", b"/?a", b"gate"),
        (b"/http://gate/", b"/http://gate/", b"x"),
        (b"http://user@gate/v1", b"http://user@gate/v1", b"x"),
        (b"ftp://gate/v1", b"ftp://gate/v1", b"x"),
        (b"*", b"*", b"x"),
    ],
)
def test_an_absolute_target_gives_the_path_and_replaces_host(
    target: bytes, origin: bytes, host: bytes
) -> None:
    event = receive(request(b"X: 1\r\n", target))
    assert event.target == origin
    assert [value for name, value in event.headers if name == b"host"] == [host]
    assert (b"x", b"1") in list(event.headers)
