"""Accepts connections, no more than there may be; for others, those idle longest are closed.

Each needs a file descriptor. When none is left, uvloop's own way is to close each one that comes,
and the database cannot be opened. Where no connection is idle, others wait at the socket.
"""

import asyncio
import logging
import resource
import socket
from collections.abc import Callable
from typing import Final

from shared.config import Settings

log = logging.getLogger(__name__)

CONNECTIONS: Final = 1_024  # that a process has open at once, besides those of streams
# File descriptors that are no connections: SQLite has three for each thread that reads.
_OTHER_FILES: Final = 200
_AT_ONCE: Final = 16  # before others have their turn: other processes accept at the same socket
_LOOK_AGAIN_S: Final = 0.05  # while there are as many as may be
_HAVE_CLOSED_S: Final = 0.001  # after which connections that are closed count no more


def connections(settings: Settings) -> int:
    """How many connections a process may have; it is let open the files that they need."""
    wanted = CONNECTIONS + settings.max_streams
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if files != resource.RLIM_INFINITY and files < needed:
        # No more than needed: macOS refuses "as many as there may be".
        files = needed if most == resource.RLIM_INFINITY else min(needed, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    if files == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max(files - _OTHER_FILES, files // 2))


def sockets(most: int) -> int:
    """How many of so many connections may be WebSockets, which are closed for nobody."""
    return max(most // 2, most - CONNECTIONS // 2)


class Acceptor:
    """Accepts at a socket that listens, on the event loop that it is started on."""

    def __init__(
        self,
        listening: socket.socket,
        connect: Callable[[], asyncio.Protocol],
        most: int,
        count: Callable[[], int],
        make_room: Callable[[int], bool],
    ) -> None:
        """Args:
        connect: makes the protocol of a connection.
        most: connections that may be open.
        count: how many are.
        make_room: closes up to so many connections that nobody uses, and says whether it has.
        """
        self._listening = listening
        self._connect = connect
        self._most = most
        self._count = count
        self._make_room = make_room
        self._coming: set[asyncio.Task[object]] = set()  # accepted, and not connected yet
        self._looking: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Accept from now on."""
        self._loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        self._loop.add_reader(self._listening, self._accept)

    def stop(self) -> None:
        """Accept no more; who waits at the socket is told so."""
        if self._looking is None:
            self._loop.remove_reader(self._listening)
        else:
            self._looking.cancel()
        self._listening.close()

    async def settled(self) -> None:
        """Wait until what was accepted is a connection, which can be closed."""
        if self._coming:
            await asyncio.wait(self._coming)

    def _accept(self) -> None:
        for accepted_before in range(_AT_ONCE):
            if self._count() + len(self._coming) >= self._most:
                if not accepted_before:  # somebody waits
                    self._pause(_HAVE_CLOSED_S if self._make_room(_AT_ONCE) else _LOOK_AGAIN_S)
                return
            try:
                accepted, _ = self._listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return  # there is none, or it has gone again
            except OSError as error:  # no file descriptor, or no memory
                log.error("no connection can be accepted: %s", error)
                self._pause(_LOOK_AGAIN_S)
                return
            accepted.setblocking(False)
            coming = self._loop.create_task(
                self._loop.connect_accepted_socket(self._connect, accepted)
            )
            self._coming.add(coming)
            coming.add_done_callback(self._has_come)

    def _has_come(self, coming: "asyncio.Task[object]") -> None:
        self._coming.discard(coming)
        if not coming.cancelled() and (error := coming.exception()):
            log.error("a connection could not be made: %s", error)

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listening)
        self._looking = self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._looking = None
        self._loop.add_reader(self._listening, self._accept)
