"""nginx's configuration: one template, filled in from the settings and limits of the servers."""

import grp
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from launcher.edge.certificates import SERVER
from launcher.edge.error_documents import ERRORS, documents
from launcher.edge.nginx import Nginx
from launcher.edge.process import REST_PREFIX, edge_url
from launcher.ports import base_url
from shared import limits
from shared.config import Settings
from shared.web.origins import EXPOSED

REQUESTS: Final = 1_000_000_000  # on one connection: more than any run sends
STOP_S: Final = 20  # for the answers under way when it is told to stop, as the servers have
_CONNECT_S: Final = 5
_READS: Final = ("authors", "books", "customers", "orders")
_CACHE_NAME: Final = "edge"  # in `Cache-Status`
_UNASKED_S: Final = 600  # that an entry stays, for nobody
_SPARE_S: Final = 5  # after a server's own limit, so that the server's answer comes first
_ORIGIN: Final = re.compile(r"https?://[\w.:\[\]-]+")
_OTHER_KINDS: Final = ("fastcgi", "uwsgi", "scgi")  # of servers; their temporary paths are made too
# At `error` it tells what clients do wrong, which the servers do not tell, either.
_LOG_LEVELS: Final = {"debug": "info", "info": "error", "warning": "crit", "error": "crit"}


@dataclass(frozen=True)
class Place:
    """Where the edge listens.

    Attributes:
        addresses: of this machine, each with the same port.
        host: the setting that they come from.
    """

    host: str
    addresses: tuple[str, ...]
    port: int

    @property
    def url(self) -> str:
        """The origin that links have."""
        return edge_url(self.host, self.port)


def render(
    nginx: Nginx,
    settings: Settings,
    place: Place,
    connections: int,
    *,
    shared_cache: bool = False,
    **more: Any,
) -> str:
    """The configuration, for a folder that is nginx's prefix.

    Args:
        nginx: whose version and modules decide how some of it is written.
        settings: of the servers behind it.
        place: where it listens.
        connections: that a worker may have, to clients and servers together.
        shared_cache: whether it keeps what the servers let a shared cache keep.
        more: what tests set otherwise.
    """
    template = _TEMPLATES.get_template("nginx.conf.jinja")
    return template.render(
        **{
            **_built(nginx),
            **_of_servers(settings),
            "user": _user(),
            "connections": connections,
            "stop_s": STOP_S,
            "requests": REQUESTS,
            "connect_s": _CONNECT_S,
            "addresses": [_with_port(address, place.port) for address in place.addresses],
            "authority": urlsplit(place.url).netloc,
            "rest_prefix": REST_PREFIX,
            "certificate": SERVER,
            "errors": ERRORS,
            "documents": documents(REST_PREFIX),
            "shared_cache": shared_cache,
            "cache_name": _CACHE_NAME,
            **more,
        }
    )


def write(folder: Path, configuration: str) -> None:
    """Put it and the folders that it names there."""
    (folder / "temporary").mkdir()
    (folder / "nginx.conf").write_text(configuration, encoding="utf-8")


def command(nginx: Nginx, folder: Path) -> list[str]:
    """Runs nginx in the foreground, over what `write` has put there."""
    # Until it has read the configuration it would log to where only root may.
    log = ["-e", "stderr"] if nginx.version >= (1, 19, 5) else []
    return [str(nginx.program), "-p", f"{folder}/", "-c", "nginx.conf", *log]


def _built(nginx: Nginx) -> dict[str, Any]:
    return {
        "http2_directive": nginx.version >= (1, 25, 1),
        "old_http2": nginx.version < (1, 19, 7),
        "unused": [kind for kind in _OTHER_KINDS if nginx.has(f"http_{kind}_module")],
    }


def _of_servers(settings: Settings) -> dict[str, Any]:
    body_s = min(limits.BODY_TIMEOUT_S, settings.request_timeout_s)
    return {
        "workers": settings.workers,
        "log_level": _LOG_LEVELS[settings.log_level],
        "servers": {
            "rest": _behind(settings.host, settings.rest_port),
            "graphql": _behind(settings.host, settings.graphql_port),
        },
        "keep_s": settings.shared_max_age_s + _UNASKED_S,
        "guarded": settings.token is not None,
        # With a token, orders may show what only its holder sees of their customers.
        "shared_reads": _READS if settings.token is None else _READS[:2],
        "origins": _origins(settings),
        "any_origin": "*" in settings.origins,
        "exposed": EXPOSED,
        "idle_s": _whole(limits.IDLE_TIMEOUT_S),
        "upstream_idle_s": _whole(limits.IDLE_TIMEOUT_S - 3 * _SPARE_S),
        "head_s": _whole(limits.HEAD_TIMEOUT_S),
        "body_s": _whole(body_s + _SPARE_S),
        # A long poll has nothing to send for as long as it may last.
        "answer_s": _whole(limits.MAX_WAIT_S + settings.request_timeout_s + _SPARE_S),
        "body_bytes": limits.MAX_BODY_BYTES,
        "head_bytes": limits.MAX_HEAD_BYTES,
    }


def _origins(settings: Settings) -> list[str]:
    """Those that can be written down; nginx tells them apart without regard to case."""
    named = {origin.lower(): origin for origin in settings.origins if _ORIGIN.fullmatch(origin)}
    return [*named.values()]


def _whole(seconds: float) -> int:
    return max(1, round(seconds))


def _behind(host: str, port: int) -> str:
    return base_url(host, port).removeprefix("http://")


def _with_port(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _user() -> str:
    if os.geteuid() != 0:
        return ""
    return f"{pwd.getpwuid(0).pw_name} {grp.getgrgid(os.getegid()).gr_name}"


def _quoted(text: str) -> str:
    """Text between single quotes, in which nginx would look for variables."""
    assert "$" not in text
    return text.replace("\\", "\\\\").replace("'", "\\'")


_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - it is no HTML
)
_TEMPLATES.filters["quoted"] = _quoted
