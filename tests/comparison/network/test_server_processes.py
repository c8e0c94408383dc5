"""What a server's processes use, by real ones that are known to work for so long."""

import os
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager

import psutil
import pytest

from client_examples.comparison.network.server_processes import ServerProcesses, Unseen
from launcher.ports import LOOPBACK, free_port, is_listening
from tests.selection import slow
from tests.waiting import wait_until

# Works for so many seconds of a processor at each line on its input: itself, or by a child.
PROGRAM = textwrap.dedent("""
    import multiprocessing, socket, sys, time

    def work(seconds):
        ends = time.process_time() + seconds
        while time.process_time() < ends:
            pass

    def child(orders, done):
        while True:
            work(orders.get())
            done.put(True)

    if __name__ == "__main__":
        context = multiprocessing.get_context("fork")
        orders, done = context.Queue(), context.Queue()
        context.Process(target=child, args=(orders, done), daemon=True).start()
        listening = socket.create_server((sys.argv[1], int(sys.argv[2])))
        for line in sys.stdin:
            who, seconds = line.split()
            if who == "child":
                orders.put(float(seconds))
                done.get()
            else:
                work(float(seconds))
            print("done", flush=True)
""")


@contextmanager
def working(host=LOOPBACK):
    """A server with a child; has them work, and gives its address and its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, host, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def work(who, seconds):
        process.stdin.write(f"{who} {seconds}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "done\n"

    try:
        wait_until(lambda: is_listening(LOOPBACK, port), "it listens")
        yield f"http://localhost:{port}", process, work
    finally:
        process.stdin.close()  # it ends, and its child with it
        process.wait()


@pytest.mark.parametrize("host", [LOOPBACK, *slow("0.0.0.0")])
def test_the_time_of_a_server_and_of_its_children_is_counted(host):
    with working(host) as (url, process, work):
        processes = ServerProcesses.behind([url, url])
        assert process.pid in processes.pids
        assert len(processes.pids) == 2
        for who, seconds in (("server", 0.1), ("child", 0.2)):
            before = processes.used()
            work(who, seconds)
            used = processes.used().since(before)
            # It has worked for that long; what else it does beside is little.
            assert seconds <= used.cpu_ns / 1e9 < seconds + 0.05
            assert abs(used.user_s + used.system_s - seconds) < 0.08  # hundredths, per process
            assert used.memory > 1_000_000


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_server_whose_socket_is_of_both_ip_versions_is_seen():
    address = ("::ffff:127.0.0.1", 0)  # as grpcio and Java bind 127.0.0.1
    with socket.create_server(address, family=socket.AF_INET6, dualstack_ipv6=True) as listening:
        port = listening.getsockname()[1]
        assert os.getpid() in ServerProcesses.behind([f"http://127.0.0.1:{port}"]).pids


@pytest.mark.slow
def test_what_works_elsewhere_is_not_counted():
    with working() as (url, _, _):
        processes = ServerProcesses.behind([url])
        before = processes.used()
        ends = time.process_time() + 0.1
        while time.process_time() < ends:
            pass
        assert processes.used().since(before).cpu_ns < 50_000_000


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://192.0.2.7:8000", r"the server at http://192\.0\.2\.7:8000 is not on this machine"),
        ("https://nowhere.invalid", "is not on this machine"),
        (f"http://127.0.0.1:{free_port()}", "the process that listens at .* is not this user's"),
    ],
    ids=["another address", "another name", "nobody"],  # workers have to collect the same
)
def test_servers_that_cannot_be_seen_are_told_in_one_line(url, why):
    with pytest.raises(Unseen, match=why) as error:
        ServerProcesses.behind([url])
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_a_server_that_ends_meanwhile_is_told():
    with working() as (url, process, _):
        processes = ServerProcesses.behind([url])
        process.kill()
        process.wait()
        with pytest.raises(Unseen, match="cannot be seen any more"):
            processes.used()
        for pid in processes.pids:  # its child, which nobody else would end
            if pid != process.pid and psutil.pid_exists(pid):
                psutil.Process(pid).kill()
