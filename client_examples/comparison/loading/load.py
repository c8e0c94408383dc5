"""The result of a load, and how a load fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from client_examples.clients.api_errors import ApiError, Unreachable
from client_examples.comparison.arms.counting import total
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import LoadFailed, ServerUnreachable, ViewsDiffer
from client_examples.comparison.results.counts import Exchange


@dataclass(frozen=True)
class Load:
    """One load. `elapsed_ns` spans everything that the arm does, decoding included.

    `client_ns` is the processor time that this process took meanwhile.
    """

    view: Any
    exchanges: list[Exchange]
    elapsed_ns: int
    client_ns: int = 0

    @property
    def db_ms(self) -> float | None:
        """Time in the database, None where a server does not tell."""
        return total([exchange.db_ms for exchange in self.exchanges])


def _hint(error: ApiError) -> str:
    """How to pass a token, where the server asks for one."""
    if error.code != "UNAUTHORIZED":
        return ""
    return "; name it to the comparison by --header 'Authorization: Bearer ...'"


@contextmanager
def loading_of(where: str) -> Iterator[None]:
    """Turns whatever goes wrong into an error of the comparison that names the place."""
    try:
        yield
    except Unreachable as error:
        raise ServerUnreachable(error.url, f"{error.reason} ({where})") from error
    except ApiError as error:
        raise LoadFailed(f"{where}: {error.code}: {error}{_hint(error)}") from error
    except Exception as error:  # the arm's own code: an answer it was not written for
        raise LoadFailed(f"{where}: {type(error).__name__}: {error}") from error


def check_view(where: str, name: str, load: Load, reference: str, view: Any) -> None:
    """Check that a load shows the right view.

    Args:
        where: the screen's name, and whatever else identifies the load, for the error.
        name: the arm's name.
        load: a load by that arm.
        reference: the name of the arm that gave `view`.
        view: the right view.

    Raises:
        ViewsDiffer: it shows something else.
    """
    found = difference(view, load.view)
    if found is not None:
        raise ViewsDiffer(
            f"{where}: the views differ at {found.path}: "
            f"{found.left} by {reference}, {found.right} by {name}"
        )
