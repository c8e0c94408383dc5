"""Connections to the servers are kept, and given up before the servers give them up."""

import socket
import threading

from launcher.edge.nginx import Nginx
from shared.config import Settings
from tests.edge.running import nginx_alone
from tests.edge.test_errors import behind_it


def test_connections_to_the_servers_are_kept(nginx: Nginx) -> None:
    connections: list[socket.socket] = []
    lock = threading.Lock()

    def answer(connection: socket.socket) -> None:
        with lock:
            connections.append(connection)
        while head := connection.recv(65_536):
            assert b"Connection: close" not in head
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with behind_it(answer) as port:
        settings = Settings(rest_port=port, graphql_port=port)
        with nginx_alone(nginx, settings) as edge, edge.client() as client:
            for _ in range(50):
                assert client.get("/rest/ping").text == "ok"
                assert client.get("/ping").text == "ok"
    assert len(connections) == 2  # one for each server
