"""A TLS connection of two threads: nothing is lost, and nobody waits for the other's turn."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest
import trustme

from client_examples.comparison.arms.live.shared_tls import SharedTls
from tests.waiting import LIMIT_S, wait_until

MESSAGES, SIZE = 500, 100


class OneInside:
    """A TLS connection that tells when two are in it."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection
        self._inside = threading.Lock()
        self.reads = 0

    def recv(self, size: int) -> bytes:
        with self._alone():
            self.reads += 1
            return self._connection.recv(size)

    def send(self, data: memoryview) -> int:
        with self._alone():
            return self._connection.send(data)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert self._inside.acquire(blocking=False), "another thread is inside"
        try:
            time.sleep(0)  # lets the other thread come, if it may
            yield
        finally:
            self._inside.release()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.fixture
def ends() -> Iterator[tuple[SharedTls, SharedTls]]:
    """Both ends of a connection."""
    authority = trustme.CA()
    of_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(of_server)
    of_client = ssl.create_default_context()
    authority.configure_trust(of_client)
    left, right = socket.socketpair()
    with ThreadPoolExecutor() as pool:
        accepted = pool.submit(of_server.wrap_socket, right, server_side=True)
        client = of_client.wrap_socket(left, server_hostname="localhost")
    with closing(client), closing(accepted.result()) as server:
        both = SharedTls(OneInside(client)), SharedTls(OneInside(server))
        for end in both:
            end.settimeout(LIMIT_S)
        yield both


def taken(end: SharedTls) -> int:
    received = 0
    while received < MESSAGES * SIZE and (data := end.recv(65_536)):
        received += len(data)
    return received


def send(end: SharedTls) -> None:
    for _ in range(MESSAGES):
        end.sendall(b"x" * SIZE)


def test_both_ends_are_read_and_written_at_once(ends: tuple[SharedTls, SharedTls]) -> None:
    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(taken, end) for end in ends]
        writers = [pool.submit(send, end) for end in ends]
        for writer in writers:
            writer.result(LIMIT_S)
        assert [reader.result(LIMIT_S) for reader in readers] == [MESSAGES * SIZE] * 2


def test_who_waits_for_data_keeps_nobody_from_sending(ends: tuple[SharedTls, SharedTls]) -> None:
    client, server = ends
    with ThreadPoolExecutor() as pool:
        waits = pool.submit(client.recv, 1)
        wait_until(lambda: client.reads > 0, "it reads")
        client.sendall(b"asked")
        assert server.recv(10) == b"asked"
        assert not waits.done()
        server.sendall(b"!")
        assert waits.result(LIMIT_S) == b"!"


def test_a_time_limit_is_told(ends: tuple[SharedTls, SharedTls]) -> None:
    client, _ = ends
    client.settimeout(0.01)
    with pytest.raises(TimeoutError, match=r"nothing within 0\.01 s"):
        client.recv(1)


def test_who_waits_ends_when_another_thread_closes_it(ends: tuple[SharedTls, SharedTls]) -> None:
    client, _ = ends
    ended: list[Exception] = []

    def wait() -> None:
        try:
            client.recv(1)
        except OSError as error:
            ended.append(error)

    waits = threading.Thread(target=wait, daemon=True)
    waits.start()
    wait_until(lambda: client.reads > 0, "it reads")
    time.sleep(0.05)  # in which it has begun to wait, or closing it is seen at once
    client.close()
    waits.join(LIMIT_S / 2)  # sooner than it would by its time limit
    assert [type(error) for error in ended] == [OSError]


def test_what_another_thread_has_taken_meanwhile_is_not_waited_for(
    ends: tuple[SharedTls, SharedTls], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, server = ends
    server.sendall(b"!")
    assert client.recv(1) == b"!"  # and the session tickets before it
    client.settimeout(LIMIT_S / 2)
    sends = client._connection.send
    tries: list[memoryview] = []

    def send_at_the_second_try(data: memoryview) -> int:
        tries.append(data)
        if len(tries) == 1:
            raise ssl.SSLWantReadError  # and what came is read by the other thread
        return int(sends(data))

    monkeypatch.setattr(client._connection, "send", send_at_the_second_try)
    client.sendall(b"asked")
    assert server.recv(10) == b"asked"
