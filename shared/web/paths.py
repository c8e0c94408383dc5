"""Paths, on both servers: a slash at the end makes no difference."""

from typing import Final

SERVER: Final = ("*", "/*")  # not a resource, but all of the server (RFC 9110, 9.3.7)


def without_slash(path: str) -> str:
    """The path without a slash at its end: `/books/` is `/books`. Two slashes are something else.

    A redirect would cost a round trip, and a client that is redirected may send a POST as a GET.
    """
    if path[-1:] != "/" or path == "/" or path[-2] == "/":
        return path
    return path[:-1]
