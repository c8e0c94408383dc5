"""In which media type an answer goes out (GraphQL over HTTP, "Media Types")."""

from functools import lru_cache
from typing import Final

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"


@lru_cache(maxsize=256)  # browsers and clients have few; to look at one takes 0.3 µs
def media_type(accept: bytes) -> str:
    """That of the answer to a request with this `Accept`, empty if there is none.

    GraphQL's own for who names it, and does not name JSON as the better one; JSON for all others,
    browsers and `*/*` among them, since only those who know the other read its statuses.
    """
    weights: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = _weight(parameters)
    wanted = weights.get(GRAPHQL, 0)
    return GRAPHQL if wanted > 0 and wanted >= weights.get(JSON, 0) else JSON


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
