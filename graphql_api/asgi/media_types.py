"""Chooses the media type of an answer (GraphQL over HTTP, "Media Types")."""

from typing import Final

from shared.web.header_lists import best_media_type, qualities, remembered

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
EVENT_STREAM: Final = "text/event-stream"
HTML: Final = "text/html"

_EVENTS: Final = (EVENT_STREAM, "text/*")


@remembered
def media_type(accept: bytes) -> str:
    """The media type of the answer to a request with this `Accept`; "" where none was sent.

    GraphQL's own for clients that name it and do not prefer JSON; JSON for all others, also for
    browsers and `*/*`, since only clients that know GraphQL's own type read its statuses.
    """
    named = qualities(accept.decode("latin-1"))
    wanted = named.get(GRAPHQL, 0)
    return GRAPHQL if wanted > 0 and wanted >= named.get(JSON, 0) else JSON


@remembered
def takes_events(accept: bytes) -> bool:
    """Whether a client accepts events by name, perhaps besides JSON."""
    named = qualities(accept.decode("latin-1"))
    return next((named[kind] for kind in _EVENTS if kind in named), 0) > 0


def wants_events(accept: bytes) -> bool:
    """Whether a client accepts only events, whatever the operation."""
    offered = (JSON, GRAPHQL)
    return takes_events(accept) and best_media_type(accept.decode("latin-1"), offered) is None


def wants_page(accept: bytes) -> bool:
    """Whether a client prefers a page to JSON, as a browser does."""
    offered = (JSON, GRAPHQL, HTML)
    return best_media_type(accept.decode("latin-1"), offered) == HTML
