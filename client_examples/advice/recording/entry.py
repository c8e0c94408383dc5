"""An entry of a recording by the names of HAR 1.2, checked; without what is not needed.

Programs differ in what they leave out and in what they add below names with an underscore.
"""

import math
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError


def _known(value: Any) -> Any:
    """Sizes and times: -1, null or nothing is said where they are not known."""
    return -1 if value is None else value


def _or_empty(value: Any) -> Any:
    return [] if value is None else value


def _whole(value: Any) -> Any:
    value = _known(value)
    return int(value) if isinstance(value, float) and math.isfinite(value) else value


_METHOD = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"  # RFC 9110, 5.6.2
_MOST = 10**15  # milliseconds or bytes: nobody has recorded so much, and it can be computed with
_Number = Annotated[float, Field(allow_inf_nan=False, le=_MOST), BeforeValidator(_known)]
_Size = Annotated[int, Field(le=_MOST), BeforeValidator(_whole)]
_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Header(BaseModel):
    """A header's name and value."""

    name: str
    value: _Text = ""


_Headers = Annotated[list[Header], BeforeValidator(_or_empty)]


class PostData(BaseModel):
    """A request's body; forms may have `params` instead of a text."""

    mimeType: _Text = ""  # noqa: N815 - as HAR names it, here and below
    text: _Text = ""
    encoding: _Text = ""
    params: _Headers = Field(default_factory=list)


class Request(BaseModel):
    """What was asked."""

    method: Annotated[str, Field(pattern=_METHOD), AfterValidator(str.upper)]
    url: str
    httpVersion: _Text = ""  # noqa: N815
    headers: _Headers = Field(default_factory=list)
    headersSize: _Size = -1  # noqa: N815
    bodySize: _Size = -1  # noqa: N815
    postData: PostData | None = None  # noqa: N815


class Content(BaseModel):
    """An answer's body, decompressed; its text is not there where the recorder left it out."""

    size: _Size = -1
    mimeType: _Text = ""  # noqa: N815
    text: str | None = None
    encoding: _Text = ""


class Response(BaseModel):
    """What was answered; a status of 0 is no answer."""

    status: _Size
    httpVersion: _Text = ""  # noqa: N815
    headers: _Headers = Field(default_factory=list)
    content: Content = Field(default_factory=Content)
    headersSize: _Size = -1  # noqa: N815
    bodySize: _Size = -1  # noqa: N815
    transfer_size: _Size = Field(-1, alias="_transferSize")
    fetched_via_service_worker: bool = Field(False, alias="_fetchedViaServiceWorker")


class Timings(BaseModel):
    """Milliseconds of an entry's parts; -1 where there is none. `connect` includes `ssl`."""

    blocked: _Number = -1
    dns: _Number = -1
    connect: _Number = -1
    ssl: _Number = -1
    send: _Number = -1
    wait: _Number = -1
    receive: _Number = -1


class Entry(BaseModel):
    """One request and its answer."""

    pageref: _Text = ""
    startedDateTime: datetime  # noqa: N815
    time: _Number = -1
    request: Request
    response: Response
    timings: Timings = Field(default_factory=Timings)
    resource_type: _Text = Field("", alias="_resourceType")
    from_cache: Any = Field(None, alias="_fromCache")
    fetch_type: _Text = Field("", alias="_fetchType")  # Safari's
    was_fulfilled: Any = Field(None, alias="_wasFulfilled")  # Playwright's: by the test itself
    cache: Any = None

    @property
    def is_cached(self) -> bool:
        """Whether it came from the browser's cache.

        Firefox tells the entry of its cache after the request for these alone.
        """
        told = self.cache if isinstance(self.cache, dict) else {}
        is_firefoxs = "afterRequest" in told and "beforeRequest" not in told
        waited = self.timings.wait > 0 or self.timings.connect > 0
        return (
            bool(self.from_cache)
            or self.fetch_type.endswith("Cache")
            or (is_firefoxs and not waited)
        )

    @property
    def start_ms(self) -> float:
        """When it began, in milliseconds since 1970; a time without a zone is taken as UTC."""
        began = self.startedDateTime
        return (began if began.tzinfo else began.replace(tzinfo=UTC)).timestamp() * 1000

    @property
    def took_ms(self) -> float:
        """From when it was asked for until all was there."""
        if self.time >= 0:
            return self.time
        parts = self.timings
        each = (parts.blocked, parts.dns, parts.connect, parts.send, parts.wait, parts.receive)
        return sum(one for one in each if one > 0)


class BadEntry(Exception):
    """An entry lacks what must be there, or has something else in its place."""


def checked(raw: dict[str, Any]) -> Entry:
    """The entry.

    Raises:
        BadEntry: names the member, and what is wrong with it, without its value.
    """
    try:
        return Entry.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        member = ".".join(map(str, first["loc"]))
        wrong = "is missing" if first["type"] == "missing" else _wrong(first["type"])
        raise BadEntry(f"{member} {wrong}") from error


def _wrong(kind: str) -> str:
    """Not pydantic's own words, some of which quote the value."""
    if kind.startswith("datetime"):
        return "must be a date and a time, such as 2024-05-01T12:00:00.000Z"
    if kind == "string_pattern_mismatch":
        return "must be a method, such as GET"
    if kind == "less_than_equal":
        return f"must be at most {_MOST:,}"
    kinds = {"model": "an object", "string": "a text", "list": "a list", "bool": "true or false"}
    return f"must be {kinds.get(kind.partition('_')[0], 'a number')}"
