"""Ports for servers that come and go."""

import random
import socket

HOST = "127.0.0.1"
# Below the range that the system gives to outgoing connections: a client that keeps trying the port of a
# stopped server would otherwise sooner or later be given that very port and connect to itself.
LISTENING = range(20_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that no other caller is given for a minute."""
    for port in random.sample(LISTENING, 100):
        try:
            _reserve(port)
        except OSError:
            continue
        return port
    raise RuntimeError("100 ports tried and none is free")


def _reserve(port: int) -> None:
    """Leaves a closed connection behind, which bars the port to all but servers that reuse addresses.

    That is what servers do, and what this function does not do. Raises OSError where somebody has the port.
    """
    with socket.socket() as listener:
        listener.bind((HOST, port))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.listen()
        with socket.create_connection((HOST, port)):
            near, _ = listener.accept()
            near.close()
