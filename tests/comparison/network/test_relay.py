"""The relay: a real process, real sockets, and bytes that come late but unchanged.

What passes is never early. A busy machine makes it later; so a time is held from below always, and
from above by one of as many tries as it takes.
"""

import asyncio
import hashlib
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from client_examples.comparison.errors import LinkFailed
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.relaying.connection import Connection
from client_examples.comparison.network.relaying.direction import Direction
from client_examples.comparison.network.relaying.stream import Ending
from tests.selection import slow
from tests.waiting import is_running, wait_until

NO_LINGER = struct.pack("ii", 1, 0)


class Target:
    """Accepts connections, each of which a test holds by both its ends."""

    def __init__(self, relay):
        self._relay = relay
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open = []

    def connect(self):
        """A client's socket, and the target's."""
        near = socket.create_connection(self._relay.to("127.0.0.1", self.port), 30)
        far, _ = self._listener.accept()
        for one in (near, far):
            one.settimeout(30)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open += [near, far]
        return near, far

    def close(self):
        for one in [self._listener, *self._open]:
            one.close()


@pytest.fixture
def target(relay):
    with closing(Target(relay)) as running:
        yield running
    relay.set(None)


def received(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(min(65536, size - len(data)))
        assert more, f"closed after {len(data)} of {size} bytes"
        data += more
    return data


def took_ms(act):
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def check_ms(act, at_least, below):
    """Act until it takes less than so long; it never takes less than `at_least`."""

    def is_in_time():
        took = took_ms(act)
        assert took >= at_least
        return took < below

    wait_until(is_in_time, f"{act} in less than {below:g} ms")


@contextmanager
def aside(act):
    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()


def pass_over(sender, receiver, data=b"x"):
    sender.sendall(data)
    received(receiver, len(data))


def test_each_direction_takes_half_the_round_trip_time(relay, target):
    near, far = target.connect()
    relay.set(Link(40))
    check_ms(lambda: pass_over(near, far), 20, 24)
    check_ms(lambda: pass_over(far, near), 20, 24)
    relay.set(None)
    check_ms(lambda: pass_over(near, far), 0, 5)


def test_what_is_sent_together_arrives_together(relay, target):
    """A delay is no limit to what is under way: 20 pieces take as long as one."""
    near, far = target.connect()
    relay.set(Link(40))

    def pieces():
        for _ in range(20):
            near.sendall(b"x")
            time.sleep(0.0005)  # so that they are pieces
        received(far, 20)

    check_ms(pieces, 30, 50)


def test_a_new_connection_takes_its_round_trip_before_the_first_byte(relay, target):
    relay.set(Link(40))

    def to_the_target():
        near, far = target.connect()
        pass_over(near, far)

    def to_the_client():
        near, far = target.connect()
        pass_over(far, near)

    check_ms(to_the_target, 60, 68)
    check_ms(to_the_client, 80, 88)  # it knows of the connection after one and a half


def test_an_open_connection_does_not_wait_again(relay, target):
    relay.set(Link(40))
    near, far = target.connect()
    time.sleep(0.05)  # the handshake's own time
    check_ms(lambda: pass_over(near, far), 20, 24)


@pytest.mark.parametrize("connections", [1, 5])
def test_connections_share_the_rate_of_each_direction(relay, target, connections):
    pairs = [target.connect() for _ in range(connections)]
    relay.set(Link(0, down_mbit=8, up_mbit=2))
    size = 50_000 // connections

    def all_over(senders, receivers):
        for one in senders:
            one.sendall(b"x" * size)
        for one in receivers:
            received(one, size)

    near, far = zip(*pairs, strict=True)
    check_ms(lambda: all_over(far, near), 50, 55)  # 400 kbit at 8 Mbit/s
    check_ms(lambda: all_over(near, far), 200, 220)  # at 2 Mbit/s


def test_directions_do_not_share(relay, target):
    near, far = target.connect()
    relay.set(Link(0, 4, 4))

    def both():
        near.sendall(b"x" * 50_000)
        far.sendall(b"x" * 50_000)
        received(near, 50_000)
        received(far, 50_000)

    check_ms(both, 100, 115)


def test_a_rate_paces_what_arrives(relay, target):
    """Half of the bytes are there after half of the time."""
    near, far = target.connect()
    relay.set(Link(0, 4, 4))

    def half():
        far.sendall(b"x" * 100_000)
        began = time.perf_counter()
        received(near, 50_000)
        took = (time.perf_counter() - began) * 1000
        received(near, 50_000)
        return took

    wait_until(lambda: 90 < half() < 115, "half of the bytes after 100 of 200 ms")


@pytest.mark.parametrize("link", [None, Link(6), Link(4, 400, 200)])
def test_bytes_are_passed_on_as_they_are(relay, target, link):
    near, far = target.connect()
    relay.set(link)
    data = random.Random(1).randbytes(3_000_000)
    with aside(lambda: near.sendall(data)), aside(lambda: far.sendall(data[::-1])):
        there, back = [], []
        with aside(lambda: there.append(received(far, len(data)))):
            back.append(received(near, len(data)))
    assert [hashlib.sha256(one).digest() for one in (*there, *back)] == [
        hashlib.sha256(one).digest() for one in (data, data[::-1])
    ]


def test_what_is_sent_over_a_faster_link_does_not_overtake(relay, target):
    near, far = target.connect()
    relay.set(Link(200))
    near.sendall(b"first")
    wait_until(lambda: relay.counted().connections[-1].up_bytes == 5, "it is on its way")
    relay.set(None)
    near.sendall(b"second")
    assert received(far, 11) == b"firstsecond"


def test_an_end_that_has_no_more_to_send_still_receives(relay, target):
    near, far = target.connect()
    relay.set(Link(20))
    near.sendall(b"all")
    near.shutdown(socket.SHUT_WR)
    assert received(far, 3) == b"all"
    assert far.recv(1) == b""
    far.sendall(b"x" * 500_000)
    far.close()
    assert received(near, 500_000) == b"x" * 500_000
    assert near.recv(1) == b""


@pytest.mark.parametrize("side", [0, 1])
def test_a_reset_is_passed_on(relay, target, side):
    pair = target.connect()
    relay.set(Link(20))
    pair[side].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    pair[side].close()
    began = time.perf_counter()
    with pytest.raises(ConnectionResetError):
        pair[1 - side].recv(1)
    assert time.perf_counter() - began > 0.009


def test_the_end_for_one_who_has_just_reset_the_connection_is_no_error():
    async def play():
        connection = Connection(Direction(), Direction())
        with socket.create_server(("127.0.0.1", 0)) as listener:
            loop, address = asyncio.get_running_loop(), listener.getsockname()
            await loop.create_connection(lambda: connection.client, *address)
            peer, _ = listener.accept()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        peer.close()
        connection.down.end(Ending.CLOSED)  # before the loop has looked

    asyncio.run(play())


def test_where_nothing_listens_the_clients_connection_is_reset(relay):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    address = relay.to("127.0.0.1", port)
    with pytest.raises(ConnectionResetError), socket.create_connection(address, 30) as near:
        near.recv(1)


def rss_mb(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.parametrize("link", [None, Link(20), Link(20, 8, 8)])
def test_a_slow_reader_slows_its_sender_and_does_not_fill_the_relay(relay, target, link):
    near, far = target.connect()
    relay.set(link)
    before = rss_mb(relay.pid)
    far.settimeout(0.5)
    sent = 0
    with suppress(TimeoutError):
        while sent < 200_000_000:
            sent += far.send(b"x" * 1_000_000)
    assert sent < 100_000_000  # the rest is in the sockets' own buffers
    assert rss_mb(relay.pid) - before < 30
    for one in (near, far):
        one.close()
    wait_until(lambda: relay.counted().connections[-1].closed_ms is not None, "it is closed")


def test_it_counts_bytes_and_connections(relay, target):
    near, far = target.connect()
    pass_over(near, far, b"before")
    relay.reset()
    assert (relay.counted().up_bytes, relay.counted().opened) == (0, [])
    pass_over(near, far, b"x" * 1000)
    pass_over(far, near, b"x" * 30_000)
    second, other = target.connect()
    pass_over(second, other, b"x" * 7)
    for one in (second, other):
        one.close()
    wait_until(lambda: relay.counted().connections[-1].closed_ms is not None, "it is closed")
    passed = relay.counted()
    assert (passed.up_bytes, passed.down_bytes) == (1007, 30_000)
    first, last = passed.connections[-2:]
    assert (first.up_bytes, first.down_bytes, first.closed_ms) == (1000, 30_000, None)
    assert (last.up_bytes, last.down_bytes) == (7, 0)
    assert first.opened_ms < 0 <= last.opened_ms <= last.closed_ms
    assert passed.opened == [last]
    relay.reset()
    assert last not in relay.counted().connections


def test_it_listens_on_the_loopback_alone(relay, target):
    host, port = relay.to("127.0.0.1", target.port)
    assert host == "127.0.0.1"
    assert relay.to("127.0.0.1", target.port) == (host, port)  # one port for each target
    listening = subprocess.run(
        ["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True
    ).stdout
    assert listening.split()[3] == f"127.0.0.1:{port}"


def test_its_process_imports_what_it_needs_alone():
    seen = "import sys, client_examples.comparison.network.relaying.__main__; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert "asyncio" in found.stdout.split()
    assert {"numpy", "requests"}.isdisjoint(found.stdout.split())


def test_a_relay_that_has_ended_is_an_error_of_its_own():
    relay = Relay()
    relay.set(Link(1))
    os.kill(relay.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(relay.pid), "it has ended")
    with pytest.raises(LinkFailed, match="relay"):
        relay.reset()
    relay.close()  # also of the pipe, in whose buffer lies what nobody took


def test_it_ends_when_it_is_closed_whatever_is_open():
    relay = Relay()
    with closing(Target(relay)) as target:
        target.connect()
        relay.close()
    assert not is_running(relay.pid)
    with pytest.raises(LinkFailed):
        relay.reset()


# Where tests run in the background of a shell, SIGINT is ignored, and so it is by their children.
PARENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay
relay = Relay()
relay.set(Link(1))
print(relay.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGKILL,
        *slow(signal.SIGTERM, signal.SIGINT),
    ],
)
def test_it_ends_with_its_parent(how):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    assert is_running(pid)
    parent.send_signal(how)
    parent.wait(30)
    wait_until(lambda: not is_running(pid), "the relay ends")


def test_ctrl_c_in_a_terminal_is_for_the_parent_alone():
    """A signal to the parent's group does not reach the relay, which the parent then closes."""
    relay = Relay()
    relay.set(Link(1))
    assert os.getpgid(relay.pid) != os.getpgid(0)
    relay.close()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no system to hold a process on")
def test_it_runs_on_the_processors_that_it_is_given():
    least = min(os.sched_getaffinity(0))
    with closing(Relay([least])) as one, closing(Relay()) as free:
        assert os.sched_getaffinity(one.pid) == {least}
        assert os.sched_getaffinity(free.pid) == os.sched_getaffinity(0)
