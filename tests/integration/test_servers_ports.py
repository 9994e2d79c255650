"""Ports that are given out are reserved for the caller until its server listens on them."""

import asyncio
import socket

from tests.servers.ports import HOST, LISTENING, free_port


def test_no_port_is_given_out_twice() -> None:
    ports = [free_port() for _ in range(400)]
    assert len(set(ports)) == len(ports)
    assert set(ports) <= set(LISTENING)


async def test_a_server_can_listen_on_its_port_at_once() -> None:
    async with await asyncio.start_server(lambda _, writer: writer.close(), HOST, free_port()) as server:
        assert server.is_serving()


def test_the_system_never_chooses_these_ports_itself() -> None:
    with socket.create_server((HOST, 0)) as listener:
        assert listener.getsockname()[1] not in LISTENING
