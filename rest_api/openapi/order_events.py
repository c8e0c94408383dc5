"""What the OpenAPI document says of an order's events."""

from typing import Any, Final

from flask_openapi.types import ResponseDict

from rest_api.openapi.operation_responses import answers, headers
from shared.rules.order_status import OrderStatus

Part = dict[str, Any]

EVENT_STREAM: Final = "text/event-stream"

_EVENT: Final[Part] = {
    "type": "object",
    "description": "The order has had this status since then.",
    "properties": {
        "id": {"type": "integer", "minimum": 1, "description": "Grows from event to event."},
        "order_id": {"type": "integer", "minimum": 1},
        "status": {"type": "string", "enum": list(OrderStatus)},
        "occurred_at": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "order_id", "status", "occurred_at"],
}
_STREAM: Final[Part] = {
    "schema": {"type": "string"},
    "example": "id: 7\nevent: status\ndata: "
    '{"id":7,"order_id":1,"status":"paid","occurred_at":"2024-05-01T12:00:00Z"}\n\n',
}
_NOTHING: Final[Part] = {
    "description": "To a stream that would have nothing to send: the order is over.",
    "headers": headers(),
}


def order_event_answers() -> ResponseDict:
    """Responses of the operation that gives an order's events."""
    given = answers({"type": "array", "items": _EVENT}, "The events.", 404)
    shown = given[200]
    assert isinstance(shown, dict)
    shown["content"][EVENT_STREAM] = _STREAM
    # A stream has none of these: at its beginning nobody knows what it will say, and have cost.
    for name in ("Server-Timing", "ETag"):
        shown["headers"].pop(name, None)
    return {**given, 204: _NOTHING}
