"""Ports for servers that come and go."""

import random
import socket

HOST = "127.0.0.1"
# Below the range that the system uses for outgoing connections: otherwise a client that keeps trying the port
# of a stopped server would sooner or later get that port itself and connect to itself.
LISTENING = range(20_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on, and that no other caller gets for a minute."""
    for port in random.sample(LISTENING, 100):
        try:
            _reserve(port)
        except OSError:
            continue
        return port
    raise RuntimeError("100 ports tried and none is free")


def _reserve(port: int) -> None:
    """Leave a closed connection behind, which blocks the port for all but servers that reuse addresses.

    Servers do that; this function does not. Raises OSError if the port is in use.
    """
    with socket.socket() as listener:
        listener.bind((HOST, port))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.listen()
        with socket.create_connection((HOST, port)):
            near, _ = listener.accept()
            near.close()
