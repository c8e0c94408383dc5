"""Strawberry's decorators with types; its own turn resolvers into untyped functions."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(graphql_type: Any, description: str) -> Callable[[Resolver], Resolver]:
    """A field of this type: its resolver gives records, which have no class of their own."""
    decorator = strawberry.field(graphql_type=graphql_type, description=description)
    return cast("Callable[[Resolver], Resolver]", decorator)


def mutation(graphql_type: Any, description: str) -> Callable[[Resolver], Resolver]:
    """A mutation that gives this type."""
    decorator = strawberry.mutation(graphql_type=graphql_type, description=description)
    return cast("Callable[[Resolver], Resolver]", decorator)


def subscription(graphql_type: Any, description: str) -> Callable[[Resolver], Resolver]:
    """A subscription whose events have this type."""
    decorator = strawberry.subscription(graphql_type=graphql_type, description=description)
    return cast("Callable[[Resolver], Resolver]", decorator)
