"""Addresses as they may be shown where values are asked for: never a secret in one."""

import re
from urllib.parse import unquote

from client_examples.advice.recording.call import Call
from client_examples.advice.recording.values import is_name
from client_examples.advice.traffic.templates import is_word

_SECRET = re.compile(
    r"token|key|secret|pass|pwd|signature|hmac|auth|session|jwt|code|credential|assertion|csrf|xsrf|"
    r"nonce|ticket|invit|verif|confirm|reset|unsubscribe|magic|saml|(?<![a-z])(sig|sid|otp|pin|cv[cv]|"
    r"ssn|iban|card|hash|state)(?![a-z])",
    re.IGNORECASE,
)
_NESTED = re.compile(r"[=:{]")  # a value that has names of its own
_LONG = 40  # characters, from which on a value is taken for a secret


def shown_address(call: Call) -> str:
    """Path and query; `...` in place of what may be a secret."""
    path, _, query = call.target.partition("?")
    parts = list(map(_segment, ["", *path.split("/")], path.split("/")))
    shown = [_parameter(part) for part in query.split("&")] if query else []
    return "/".join(parts) + ("?" + "&".join(shown) if shown else "")


def _segment(before: str, part: str) -> str:
    """A segment; hidden behind one that tells of a secret, as `/reset-password/...`."""
    name, separator, parameters = part.partition(";")
    is_secret = len(name) >= _LONG or (_SECRET.search(before) and not is_word(name))
    shown = [_parameter(one) for one in parameters.split(";")] if separator else []
    return ";".join(["..." if is_secret else name, *shown])


def _parameter(part: str) -> str:
    name, _, value = part.partition("=")
    if not is_name(unquote(name)):
        return "..."
    told = unquote(value)
    hidden = [_SECRET.search(unquote(name)), _NESTED.search(told) and _SECRET.search(told)]
    is_secret = any(hidden) or len(value) >= _LONG
    return f"{name}=..." if is_secret or _is_body(name) else part


def _is_body(name: str) -> bool:
    """Whether a parameter is what GraphQL over GET sends in place of a body."""
    return name in ("query", "variables", "extensions")
