"""Settings, read from the environment here alone. Typed, frozen, read once, failing by name."""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared import limits
from shared.errors import StartError
from shared.rules.validation import violations
from shared.rules.values import Money, Seconds, WholeNumber, fail, shown

PREFIX = "BOOKSTORE_"
# A prefix has only characters that mean the same whether quoted or not (RFC 3986, 2.3).
_PUBLIC_URL = re.compile(
    r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*"
)
_HOST = re.compile(r"[\w.-]+|\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]?", re.ASCII)
CHECKOUT = Path(__file__).resolve().parent.parent


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


def _instance(value: Any) -> str:
    name = str(value)
    if not (
        0 < len(name) <= 40 and name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    ):
        fail(f"must be 1 to 40 letters, digits, - or _, got {shown(value)}")
    return name


def _hosts(value: Any) -> Any:
    words = _words(value)
    if not isinstance(words, tuple):
        return words
    for word in words:
        if word != "*" and not _HOST.fullmatch(word):
            fail(f"must be names or addresses without ports, with commas, got {shown(word)}")
    return tuple(word.strip("[]") for word in words)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"1": True, "true": True, "0": False, "false": False}
    flag = known.get(str(value).lower())
    if flag is None:
        fail(f"must be true or false, or 1 or 0, got {shown(value)}")
    return flag


def _token(value: Any) -> str | None:
    token = str(value or "")
    if not token:
        return None
    # RFC 6750, 2.1: what may stand behind `Bearer`
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", token):
        fail("must be 16 or more letters, digits and -._~+/, such as `openssl rand -hex 32` gives")
    return token


def _database_url(value: Any) -> str | None:
    if not value:
        return None
    if not str(value).startswith(("sqlite:///", "postgresql://")):
        fail(
            "must be sqlite:///a/path/to.db or postgresql://user@host/name "
            f"(left out: a database in RAM), got {shown(value)}"
        )
    return str(value)


def _public_url(value: Any) -> str | None:
    if not value:
        return None
    url = str(value).rstrip("/")
    if not _PUBLIC_URL.fullmatch(url) or not {".", ".."}.isdisjoint(url.split("/")):
        fail(f"must be an address such as https://shop.example/rest, got {shown(value)}")
    try:
        urlsplit(url).port  # noqa: B018 - it is looked at when it is asked for
    except ValueError:
        fail(f"must have a port between 0 and 65535, got {shown(value)}")
    return url


Flag = Annotated[bool, BeforeValidator(_flag)]
Port = Annotated[int, WholeNumber(1, 65_535, text=True)]


class Settings(BaseSettings):
    """What can be set, by `BOOKSTORE_` and the name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    rest_port: Port = 8000
    graphql_port: Port = 8001
    rest_public_url: Annotated[str | None, BeforeValidator(_public_url)] = None
    graphql_public_url: Annotated[str | None, BeforeValidator(_public_url)] = None
    database_url: Annotated[str | None, BeforeValidator(_database_url)] = None
    instance: Annotated[str, BeforeValidator(_instance)] = "default"
    books: Annotated[int, WholeNumber(limits.MIN_BOOKS, limits.MAX_BOOKS, text=True)] = 1_000
    seed: Annotated[int, WholeNumber(0, limits.MAX_INT, text=True)] = 1
    workers: Annotated[int, WholeNumber(1, limits.MAX_WORKERS, text=True)] = 1
    pool_size: Annotated[int, WholeNumber(1, 1_000, text=True)] = limits.POOL_SIZE
    db_latency_ms: Annotated[float, Money(high=10_000, text=True)] = 0.0
    cors_origins: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_words)] = None
    allowed_hosts: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_hosts)] = None
    token: Annotated[str | None, BeforeValidator(_token)] = None
    shared_max_age_s: Annotated[int, WholeNumber(0, limits.MAX_SHARED_AGE_S, text=True)] = 0
    require_if_match: Flag = False
    max_cost: Annotated[int, WholeNumber(1, limits.MAX_INT, text=True)] = limits.MAX_COST
    request_timeout_s: Annotated[float, Seconds()] = limits.REQUEST_TIMEOUT_S
    max_streams: Annotated[int, WholeNumber(1, 10_000, text=True)] = limits.MAX_STREAMS
    introspection: Flag = True
    graphiql: Flag = True
    trace: Flag = False
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

    @property
    def rest_url(self) -> str:
        """Where the REST server is, for links."""
        return f"http://{_in_url(self.host)}:{self.rest_port}"

    @property
    def graphql_url(self) -> str:
        """Where the GraphQL server is, for links."""
        return f"http://{_in_url(self.host)}:{self.graphql_port}"

    @property
    def body_timeout_s(self) -> float:
        """Seconds that a request's body may take: no longer than its answer."""
        return min(limits.BODY_TIMEOUT_S, self.request_timeout_s)

    @property
    def origins(self) -> tuple[str, ...]:
        """Who may call from a browser: as set, else the pages of the two servers."""
        if self.cors_origins is not None:
            return self.cors_origins
        hosts = dict.fromkeys((_in_url(self.host), "127.0.0.1", "localhost"))
        ports = (self.rest_port, self.graphql_port)
        public = dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in self._public)
        return (*(f"http://{host}:{port}" for host in hosts for port in ports), *public)

    @property
    def public_hosts(self) -> tuple[str, ...]:
        """The names by which the servers are reached through a proxy."""
        return tuple(url.hostname for url in self._public if url.hostname)

    @property
    def _public(self) -> list[SplitResult]:
        urls = (self.rest_public_url, self.graphql_public_url)
        return [urlsplit(url) for url in urls if url]


def _in_url(host: str) -> str:
    # A client cannot open the address that means "all of this machine's"; loopback is one of them.
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def read_settings(**given: Any) -> Settings:
    """The settings of the environment; arguments that are not None take precedence.

    Raises:
        StartError: naming the setting that is wrong, and what would be right.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = violations(error)[0]
        raise StartError(f"{PREFIX}{str(wrong.path[0]).upper()} {wrong.rule}") from None


def unknown_settings() -> list[str]:
    """A warning for each variable that looks like a setting but is none, most likely misspelt."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    lines = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            lines.append(f"{name} is not a setting and is ignored{hint}")
    return lines
