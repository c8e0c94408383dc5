"""The processes of servers on this machine: what they take of its processors and its memory."""

import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import psutil

_PORTS = {"http": 80, "https": 443}
_ANY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Unseen(Exception):
    """The processes of a server cannot be seen; one line that says why."""


@dataclass(frozen=True)
class Used:
    """What processes have used since they began; memory (bytes) is what they hold now.

    `cpu_ns` is the time of processors, in nanoseconds where the system has it so; `user_s` and
    `system_s` are its parts, which most systems tell in hundredths of a second.
    """

    cpu_ns: int
    user_s: float
    system_s: float
    memory: int

    def since(self, before: Self) -> "Used":
        """What was used after that."""
        return Used(
            self.cpu_ns - before.cpu_ns,
            self.user_s - before.user_s,
            self.system_s - before.system_s,
            self.memory,
        )


class ServerProcesses:
    """The processes that listen where servers are, and their children."""

    def __init__(self, processes: Iterable[psutil.Process]) -> None:
        self._processes = {process.pid: process for process in processes}

    @classmethod
    def behind(cls, urls: Iterable[str]) -> Self:
        """Those of all these servers, each once.

        Raises:
            Unseen: a server is not on this machine, or its processes are somebody else's.
        """
        found = [process for url in urls for process in _listening(url)]
        try:
            return cls([*found, *(one for each in found for one in each.children(recursive=True))])
        except psutil.Error as error:
            raise Unseen(f"a process of the servers cannot be seen: {error}") from error

    @property
    def pids(self) -> list[int]:
        """Their numbers."""
        return sorted(self._processes)

    def used(self) -> Used:
        """What they have used.

        Raises:
            Unseen: one of them has ended.
        """
        try:
            times = [process.cpu_times() for process in self._processes.values()]
            return Used(
                cpu_ns=sum(_cpu_ns(process) for process in self._processes.values()),
                user_s=sum(one.user for one in times),
                system_s=sum(one.system for one in times),
                memory=sum(map(_memory, self._processes.values())),
            )
        except (psutil.Error, OSError) as error:
            raise Unseen(f"a process of the servers cannot be seen any more: {error}") from error


def _listening(url: str) -> list[psutil.Process]:
    """The processes that listen at an address."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    here = _addresses_here(host)
    if not here:
        raise Unseen(f"the server at {url} is not on this machine")
    found = [process for process in psutil.process_iter() if _listens(process, here, port)]
    if not found:
        raise Unseen(f"the process that listens at {url} is not this user's")
    return found


def _addresses_here(host: str) -> set[str]:
    """The addresses of this machine that a name stands for."""
    own = {one.address for each in psutil.net_if_addrs().values() for one in each}
    try:
        named = {str(one[4][0]) for one in socket.getaddrinfo(host, None)}
    except OSError:
        return set()
    loopback = {address for address in named if address == "::1" or address.startswith("127.")}
    return (named & own) | loopback


def _listens(process: psutil.Process, addresses: set[str], port: int) -> bool:
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:  # another user's, or it has ended
        return False
    return any(
        one.status == psutil.CONN_LISTEN
        and one.laddr.port == port
        and (_plain(one.laddr.ip) in addresses or one.laddr.ip in _ANY)
        for one in connections
    )


def _plain(address: str) -> str:
    """The address without what a socket for both IPv4 and IPv6 puts before an IPv4 address."""
    return address.lower().removeprefix("::ffff:") if "." in address else address


def _cpu_ns(process: psutil.Process) -> int:
    """The processors' time of a process with all its threads."""
    if sys.platform == "linux":
        # Its own clock: what clock_getcpuclockid(3) gives for its number.
        return time.clock_gettime_ns(~process.pid << 3 | 2)
    times = process.cpu_times()
    return int((times.user + times.system) * 1e9)


def _memory(process: psutil.Process) -> int:
    """What would be free if this process ended; where that is not told, all that it holds."""
    try:
        return int(process.memory_full_info().uss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
