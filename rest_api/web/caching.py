"""HTTP caching of answers: `ETag`, 304, `Cache-Control`; and their compression."""

from typing import TYPE_CHECKING, Final

from shared.web.bodies import accepts_gzip, to_gzip, worth_gzip
from shared.web.cache_control import NO_CACHE, NO_STORE
from shared.web.etags import content_tag, matching, require_match, with_coding

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]

_ASK_AGAIN: Final = ("Cache-Control", NO_CACHE)
_KEEP_NOTHING: Final = ("Cache-Control", NO_STORE)
_OF_304: Final = frozenset({"Cache-Control", "Vary"})  # and the tag (RFC 9110, 15.4.5)


def finish_read(
    environ: "WSGIEnvironment", status: str, headers: Headers, body: list[bytes]
) -> tuple[str, list[bytes]]:
    """The status and body of a successful GET, whose headers are completed in place.

    Its tag is the one that it has, else that of its content. 304 says that the client has it.

    Raises:
        PreconditionFailed: `If-Match` names another state.
        ValidationFailed: `If-Match` is no list of tags.
    """
    known = dict(headers)
    if "Cache-Control" not in known:
        headers.append(_ASK_AGAIN)
    tag = known.get("ETag")
    if tag is None:
        tag = content_tag(b"".join(body))
        headers.append(("ETag", tag))
    require_match(environ.get("HTTP_IF_MATCH"), tag)  # first (RFC 9110, 13.2.2)
    listed = environ.get("HTTP_IF_NONE_MATCH")
    if listed is not None:
        same = matching(listed, tag, accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if same is not None:
            headers[:] = [header for header in headers if header[0] in _OF_304]
            headers.append(("ETag", same))
            return "304 NOT MODIFIED", []
    return status, compressed(environ, headers, body)


def keep_from_caches(headers: Headers) -> None:
    """Say that nobody may keep the answer, whatever its view says of a GET."""
    headers[:] = [header for header in headers if header[0] != "Cache-Control"]
    headers.append(_KEEP_NOTHING)


def keep_stream_from_caches(headers: Headers) -> None:
    """Say that nobody may keep a stream or a file, unless it says something itself."""
    if not any(name == "Cache-Control" for name, _ in headers):
        headers.append(_KEEP_NOTHING)


def compressed(environ: "WSGIEnvironment", headers: Headers, body: list[bytes]) -> list[bytes]:
    """The body in gzip, where the client takes that and it is long enough."""
    if not body or not worth_gzip(body[0]):
        return body
    if not accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        return body
    content = to_gzip(body[0])
    headers[:] = [
        (name, with_coding(value) if name == "ETag" else value)
        for name, value in headers
        if name != "Content-Length"
    ]
    headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(content)))]
    return [content]
