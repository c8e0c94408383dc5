"""Addresses as they may be shown where values are asked for: never a secret in one."""

import re
from urllib.parse import unquote

from client_examples.advice.recording.call import Call
from client_examples.advice.recording.values import is_name

_SECRET = re.compile(
    r"token|key|secret|passw|signature|\bsig\b|auth|session|\bsid\b|jwt|code|credential|assertion",
    re.IGNORECASE,
)
_LONG = 40  # characters, from which on a value is taken for a secret


def shown_address(call: Call) -> str:
    """Path and query; `...` in place of what may be a secret."""
    path, _, query = call.target.partition("?")
    parts = ["..." if len(part) >= _LONG else part for part in path.split("/")]
    shown = [_parameter(part) for part in query.split("&")] if query else []
    return "/".join(parts) + ("?" + "&".join(shown) if shown else "")


def _parameter(part: str) -> str:
    name, _, value = part.partition("=")
    if not is_name(unquote(name)):
        return "..."
    is_secret = _SECRET.search(unquote(name)) or len(value) >= _LONG
    return f"{name}=..." if is_secret or _is_body(name) else part


def _is_body(name: str) -> bool:
    """Whether a parameter is what GraphQL over GET sends in place of a body."""
    return name in ("query", "variables", "extensions")
