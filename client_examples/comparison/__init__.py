"""Screens loaded by every way over REST and GraphQL; these names are for users' own files.

They are imported when they are asked for: the relay's process needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client_examples.comparison.arms.api import Get, GraphqlApi, RestApi
    from client_examples.comparison.arms.screen import Screen, View, compact
    from client_examples.comparison.arms.session import SessionApi
else:
    _MODULES = {
        "api": ["Get", "GraphqlApi", "RestApi"],
        "screen": ["Screen", "View", "compact"],
        "session": ["SessionApi"],
    }

    def __getattr__(name: str) -> object:
        for module, names in _MODULES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.arms.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Get", "GraphqlApi", "RestApi", "Screen", "SessionApi", "View", "compact"]
