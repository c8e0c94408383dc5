"""HTTP caching of answers to GET: `ETag`, 304, `Cache-Control`."""

from collections.abc import Mapping

from starlette.responses import Response

from graphql_api.asgi.responses import NO_STORE
from graphql_api.validation.request import Headers
from shared.storage.instrumentation import current_timing
from shared.web.bodies import accepts_gzip
from shared.web.cache_control import NO_CACHE, CacheControl
from shared.web.etags import content_tag, matching, require_match


class Caching:
    """The rules for one endpoint, whose answers differ by the token where one is set.

    Attributes:
        vary: the request's headers that an answer of GraphQL depends on.
    """

    def __init__(self, cache_control: CacheControl, *, is_open: bool) -> None:
        self._by_token = not is_open
        self._cache_control = cache_control
        self.vary = "Accept" if is_open else "Accept, Authorization"

    def complete(self, response: Response, asked: Headers, *, failed: bool) -> Response:
        """The answer to a GET with its headers, or a 304 in its place.

        Args:
            response: the whole answer.
            asked: the request's headers.
            failed: whether it has errors.

        Raises:
            PreconditionFailed: `If-Match` names another state.
            ValidationFailed: `If-Match` is no list of tags.
        """
        response.headers["Vary"] = self.vary
        if failed:
            response.headers.update(NO_STORE)
            return response
        # The same bytes in another media type are another answer.
        tag = content_tag(bytes(response.body) + response.headers["content-type"].encode())
        control = self._cache_control.of_read(
            by_token=self._by_token, authorized=b"authorization" in asked
        )
        headers = {"Vary": self.vary}
        timing = current_timing()
        if timing is not None:
            headers |= self._cache_control.expires(control, timing.elapsed_s)
        return unless_known(response, tag, asked, headers, control)


def unless_known(
    response: Response,
    tag: str,
    asked: Headers,
    headers: Mapping[str, str] | None = None,
    control: str = NO_CACHE,
) -> Response:
    """The answer with its tag, or a 304 in its place if the client has it already.

    Args:
        headers: those that a 304 has too.
        control: the `Cache-Control`.

    Raises:
        PreconditionFailed: `If-Match` names another state.
        ValidationFailed: `If-Match` is no list of tags.
    """
    condition = asked.get(b"if-match")
    if condition is not None:  # first (RFC 9110, 13.2.2)
        require_match(condition.decode("latin-1"), tag)
    known = asked.get(b"if-none-match")
    common = {"Cache-Control": control, **(headers or {})}
    if known is not None:
        gzip = accepts_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))
        same = matching(known.decode("latin-1"), tag, gzip)
        if same is not None:
            return Response(status_code=304, headers={"ETag": same, **common})
    response.headers["ETag"] = tag
    response.headers.update(common)
    return response
