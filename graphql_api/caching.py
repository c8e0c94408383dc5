"""What caches may do with an answer: keep it, and ask each time whether it is still the same."""

from starlette.responses import Response

from graphql_api.answers import NO_STORE
from graphql_api.parameters import Headers
from shared.bodies import accepts_gzip
from shared.etags import content_tag, matching


class Caching:
    """The rules for one endpoint, whose answers differ by the token where one is set."""

    def __init__(self, *, is_open: bool) -> None:
        self._control = "no-cache" if is_open else "private, no-cache"
        self._vary = "Accept" if is_open else "Accept, Authorization"

    def complete(self, response: Response, asked: Headers, *, failed: bool) -> Response:
        """The answer to a GET with its headers, or a 304 in its place.

        Args:
            response: the whole answer.
            asked: the request's headers.
            failed: whether it has errors.
        """
        response.headers["Vary"] = self._vary
        if failed:
            response.headers.update(NO_STORE)
            return response
        tag = content_tag(bytes(response.body))
        known = asked.get(b"if-none-match")
        if known is not None:
            gzip = accepts_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))
            same = matching(known.decode("latin-1"), tag, gzip)
            if same is not None:
                headers = {"ETag": same, "Cache-Control": self._control, "Vary": self._vary}
                return Response(status_code=304, headers=headers)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = self._control
        return response
