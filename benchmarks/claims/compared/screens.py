"""What several claims ask of a screen's results."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from client_examples.comparison.analysis.ranking import Api, api_of
from client_examples.comparison.analysis.standings import TYPICAL
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

USUAL = " beside ".join(f"`{name}`" for name in TYPICAL)


class Both(NamedTuple):
    """A screen with its arms of each API."""

    screen: ScreenResult
    rest: list[ArmResult]
    graphql: list[ArmResult]


def arm_of(screen: ScreenResult, name: str) -> ArmResult | None:
    """The arm with this name; None where the screen has none."""
    return next((arm for arm in screen.arms if arm.name == name), None)


def arms_of(screen: ScreenResult, api: Api) -> list[ArmResult]:
    """The arms of an API, in their order."""
    return [arm for arm in screen.arms if api_of(arm.name) == api]


def with_both(document: Document) -> Iterator[Both]:
    """The screens that have arms of both APIs."""
    for screen in document.screens:
        rest, graphql = arms_of(screen, "REST"), arms_of(screen, "GraphQL")
        if rest and graphql:
            yield Both(screen, rest, graphql)


def cell(screen: ScreenResult, name: str, told: Callable[[ArmResult], str]) -> str:
    """What is told of an arm; a dash where the screen has none of this name."""
    arm = arm_of(screen, name)
    return numbers.NONE if arm is None else told(arm)


def some(names: list[str]) -> str:
    """The screens' names, as code."""
    return numbers.listed([f"`{name}`" for name in names])
