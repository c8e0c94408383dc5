"""An order's events over REST: as a list, as a long poll, and as a stream."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from flask import Response, current_app, request
from pydantic import Field
from pydantic_core import PydanticCustomError

from rest_api.framework import Resource
from rest_api.openapi.order_events import EVENT_STREAM, order_event_answers
from rest_api.web.answer import JSON, Answer, NoContent
from rest_api.web.current import bookstore, reading
from rest_api.web.event_stream import EventStream, LongPoll, Stream
from rest_api.web.parameters import IdPath
from rest_api.web.problems import BadInput
from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.models import Input
from shared.operations.order_events import read_news
from shared.rules.values import Seconds, WholeNumber
from shared.serving.streams import UNBUFFERED, Streams
from shared.storage.instrumentation import current_timing
from shared.web.bodies import to_json
from shared.web.header_lists import best_media_type

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

order_events = Resource("order events", "What happens to an order, while it happens.")

_VARY: Final = ("Vary", "Accept")
_STREAMED: Final = (("Cache-Control", "no-store"), _VARY)
_EVENT_ID: Final = WholeNumber(0, limits.MAX_ID, text=True)


class OrderEventQuery(Input):
    """Which events, and how long to wait for the first."""

    after: Annotated[int, _EVENT_ID] = Field(
        default=0, description="Only events with a higher id.", examples=[0]
    )
    wait: Annotated[float, Seconds(low=0.0, high=limits.MAX_WAIT_S)] = Field(
        default=0.0,
        description="Seconds to wait where there is no such event yet: a long poll. A stream "
        "waits anyway.",
        examples=[0],
    )


class StreamedAnswer(Response):
    """An answer sent in parts over time: a WSGI application whose body the event loop sends."""

    def __init__(self, body: Stream, content_type: str) -> None:
        headers = [("Content-Type", content_type), UNBUFFERED, *_STREAMED]
        super().__init__([], 200, headers, direct_passthrough=True)
        self._body = body
        timing = current_timing()
        if timing is not None:
            timing.lift_timeout()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        start_response(self.status, self.headers.to_wsgi_list())
        return self._body


@order_events.get("/orders/<id>/events", responses=order_event_answers())
def watch_order(path: IdPath, query: OrderEventQuery) -> Answer | StreamedAnswer:
    """Watch an order.

    The changes of its status, the oldest first. As `text/event-stream` they are sent while they
    happen, until the last one (delivered, cancelled); a client that connects again says in
    `Last-Event-ID`, or else in `after`, what it has seen last. As JSON they are a list; with
    `wait`, a list that is answered once there is an event, and empty if there is none in time.
    """
    store = bookstore()
    streams: Streams = current_app.extensions["streams"]
    after = _last_seen(query.after)
    with reading() as connection:
        news = read_news(connection, path.id, after)
    if _wants_stream():
        if news.is_over and not news.events:
            return NoContent(_STREAMED)  # which tells a browser not to connect again
        events = EventStream(store, streams, path.id, after, news)
        return StreamedAnswer(events, f"{EVENT_STREAM}; charset=utf-8")
    if news.events or news.is_over or not query.wait:
        return Answer(to_json(news.events), 200, [_VARY])
    return StreamedAnswer(LongPoll(store, streams, path.id, after, query.wait), JSON)


def _wants_stream() -> bool:
    accept = request.environ.get("HTTP_ACCEPT", "")
    return best_media_type(accept, (JSON, EVENT_STREAM)) == EVENT_STREAM


def _last_seen(after: int) -> int:
    """The id of the event that the client has seen last; the header says it later."""
    text = request.environ.get("HTTP_LAST_EVENT_ID")
    if not text:  # a browser that has seen none sends none
        return after
    try:
        return _EVENT_ID.check(text)
    except PydanticCustomError as error:
        violation = Violation(("Last-Event-ID",), error.message())
        raise BadInput("header", ValidationFailed([violation])) from None
