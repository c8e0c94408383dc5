"""A REST server as a process of a test's own."""

from collections.abc import Callable

from tests.server_process import ServerProcess


class Server(ServerProcess):
    """A REST server of a test's own, which a parent of its own may stand before."""

    api = "rest"


Start = Callable[..., Server]
