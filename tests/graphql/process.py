"""A GraphQL server as a process of a test's own."""

from collections.abc import Callable

from tests.exchange import Client, Response
from tests.server_process import ServerProcess

HISTORY = "{ customer(id: 2) { orders { items { book { title } } } } }"  # 4 levels
CREATE = 'mutation { createAuthor(input: {name: "A", email: "a@example.com"}) { id name } }'


class Server(ServerProcess):
    """A GraphQL server of a test's own."""

    api = "graphql"

    def ask(self, query: str, path: str = "/graphql") -> Response:
        """From a connection of its own, so that many may ask at once."""
        client = Client(self.client.base_url)
        try:
            return client.post(path, {"query": query})
        finally:
            client.close()


Start = Callable[..., Server]
