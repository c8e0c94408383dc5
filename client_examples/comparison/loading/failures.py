"""Turns what goes wrong in a load into an error that says where, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TypeAlias

from requests import ConnectTimeout, Timeout

from client_examples.clients.addresses import is_on
from client_examples.clients.api_errors import ApiError, BadAnswer, GraphqlError, Unreachable
from client_examples.clients.http_client import TIMEOUT
from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.failures import FailedExchange, place_of, said_by
from client_examples.comparison.errors import ComparisonError, LoadFailed, ServerUnreachable
from client_examples.comparison.network.connections import listens
from client_examples.comparison.network.metered import MadeToFail

Api: TypeAlias = RestApi | GraphqlApi

ID_IS_TEXT = 'GraphQL\'s ID is a string, and 50 is not "50": convert one of them, as by str()'
_ADDRESS = "check --{api}-url, to which the path is added"
_UNKNOWN_TO_IT = (
    "name what the server asks for by --{api}-header 'Authorization: Bearer ...' or --headers "
    "FILE, or have the screens log in (docs/own_screens.md)"
)
_NEXT = {
    401: _UNKNOWN_TO_IT,
    403: _UNKNOWN_TO_IT,
    404: _ADDRESS,
    405: _ADDRESS,
    429: "the server allows fewer requests: raise its limit for the run, or lower --samples",
}
_NO_ANSWER = (
    "the server runs, but has not answered this request, for which clients wait {waiting:g} s: its "
    "log may say why"
)
_TOKEN_CODES = ("UNAUTHORIZED", "UNAUTHENTICATED", "FORBIDDEN")
_TOKEN_WORDS = ("unauthenticated", "unauthorized", "not authenticated", "not authorized", "log in")
_TYPE_WORDS = ("cannot represent", "got invalid value", "used in position expecting")


@contextmanager
def of_arm(screen: str, arm: str) -> Iterator[None]:
    """Has an error of the comparison name the place, if it does not yet."""
    try:
        yield
    except ComparisonError as error:
        error.add(screen=screen, arm=arm)
        raise


@contextmanager
def loading_of(
    screen: str, arm: str = "", api: Api | None = None, *, is_far: bool = False
) -> Iterator[None]:
    """Turns whatever goes wrong into an error of the comparison that names the place.

    Args:
        screen: what is loaded.
        arm: how; "" where it is no arm that does it.
        api: what the arm sends by. An exchange that has failed there fails the load, whatever the
            arm has made of it.
        is_far: whether a link lies between, which may be what takes too long.

    Raises:
        LoadFailed: an exchange or the arm's own code failed.
        ServerUnreachable: a server does not answer.
    """
    try:
        yield
    except ComparisonError as error:
        error.add(screen=screen, arm=arm)
        raise
    except Exception as error:
        cause = error if api is None or api.failure is None else api.failure.error
        raise _failed(error, api, screen, arm, is_far=is_far) from cause
    if api is not None and api.failure is not None:
        raise _of_exchange(api.failure, api, screen, arm, is_far=is_far) from api.failure.error


def _failed(
    error: Exception, api: Api | None, screen: str, arm: str, *, is_far: bool
) -> ComparisonError:
    if api is not None and api.failure is not None:
        return _of_exchange(api.failure, api, screen, arm, is_far=is_far)
    more = {"screen": screen, "arm": arm, "place": place_of(error)}
    if isinstance(error, Unreachable):
        return ServerUnreachable(error.url, error.reason, **more)
    if isinstance(error, ApiError):
        return LoadFailed(f"{error.code}: {error}", **more)
    last = None if api is None else api.last
    if last is not None:
        more |= {"url": last.url, "said": said_by(last)}
    return LoadFailed(
        f"{type(error).__name__}: {error}",
        **more,
        next="the screen's own code failed: it expects another answer than the last one, above"
        if last is not None
        else "the screen's own code failed",
    )


def _of_exchange(
    failed: FailedExchange, api: Api, screen: str, arm: str, *, is_far: bool
) -> ComparisonError:
    error = failed.error
    # A session sends to both.
    is_rest = isinstance(api, RestApi) and not isinstance(error, GraphqlError)
    more = {
        "screen": screen,
        "arm": arm,
        "method": failed.method,
        "url": failed.url,
        "status": failed.status,
        "said": failed.said,
        "place": failed.place,
        "next": _next(failed, "rest" if is_rest else "graphql"),
    }
    if isinstance(error, Unreachable):
        if not is_on(api.server, failed.url):
            return LoadFailed(str(error), **more)
        if _is_of_this_request(error, is_far=is_far) and listens(failed.url):
            more["next"] = _NO_ANSWER.format(waiting=TIMEOUT[1])
            return LoadFailed(f"no answer: {error.reason}", **more)
        return ServerUnreachable(api.server, error.reason, **(more | {"next": ""}))
    return LoadFailed(f"{error.code}: {error}", **more)


def _is_of_this_request(error: BaseException, *, is_far: bool) -> bool:
    """Whether a request went out, so that it may be what the server could not answer."""
    is_sent = False
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MadeToFail | ConnectTimeout):
            return False
        is_late = isinstance(cause, Timeout) and not is_far
        is_sent |= is_late or isinstance(cause, HTTPException | ConnectionResetError)
        cause = cause.__cause__ or cause.__context__
    return is_sent


def _next(failed: FailedExchange, api: str) -> str:
    """What to do about it; "" where the answer itself says more."""
    error = failed.error
    if isinstance(error, Unreachable):
        return "check the address in the arm's code"
    if failed.status is not None and 300 <= failed.status < 400:
        return "redirects are not followed: name the address that this one leads to"
    if error.code in _TOKEN_CODES or any(word in str(error).lower() for word in _TOKEN_WORDS):
        return _UNKNOWN_TO_IT.format(api=api)
    if isinstance(error, GraphqlError) and any(word in str(error) for word in _TYPE_WORDS):
        return f"a variable has another type than the schema asks for; {ID_IS_TEXT}"
    if isinstance(error, BadAnswer) or failed.status in _NEXT:
        return _NEXT.get(failed.status or 0, _ADDRESS).format(api=api)
    if (failed.status or 0) >= 500:
        return "the server itself has failed: its log says why"
    if isinstance(error, GraphqlError):
        return (
            "mend the operation in the arm's code; if the error is a part of the screen, say so by "
            "expect_errors=True"
        )
    return (
        "mend the request in the arm's code; if this answer is a part of the screen, say so by "
        f"expect={failed.status}"
    )
