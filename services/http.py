"""uvicorn as a part of a process that has other servers, and things to close after it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

_BACKLOG = 2048


class _Server(uvicorn.Server):
    """Leaves signals to the process: uvicorn would raise them again before the log is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError, for example when the port is taken.

    asyncio sends small packets at once only on sockets that name TCP as their protocol;
    `socket.create_server` names none, and every answer would wait 40 ms for an acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise OSError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another or end what holds it"
        ) from error
    return listener


async def run_server(app: FastAPI, listener: socket.socket, drain_timeout_s: float) -> None:
    """Serve until cancelled; then finish the requests under way, for at most so long.

    Forwarding headers are ignored: whoever connects could write them.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=round(drain_timeout_s),
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
