"""What several claims ask of the screens of a comparison."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.claims.claim import NothingToJudge
from client_examples.comparison.analysis.ranking import Api, api_of
from client_examples.comparison.analysis.standings import TYPICAL
from client_examples.comparison.command_line.arguments import SAMPLES
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.screens import SCREENS

TEXTBOOK, DATALOADER = TYPICAL
PARALLEL, FIELDS = "rest/parallel", "rest/fields"
UNBATCHED, PLANNED = "graphql/unbatched", "graphql/planned"
USUAL = f"`{TEXTBOOK}` beside `{DATALOADER}`"
# The home page of graphql.org as it was for years, in the repository that it is made of.
GRAPHQL_ORG = (
    "https://github.com/graphql/graphql.github.io/blob/007ab8f8e3edabf70aced22460eccb562a046d02"
    "/site/index.html.js"
)


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


def with_arms(document: Document, *names: str) -> Iterator[tuple[ScreenResult, list[ArmResult]]]:
    """The screens that have all of these arms, with them in this order."""
    for screen in document.screens:
        found = [arm for name in names if (arm := arm_of(screen, name)) is not None]
        if len(found) == len(names):
            yield screen, found


def cell(screen: ScreenResult, name: str, told: Callable[[ArmResult], str]) -> str:
    """What is told of an arm; a dash where the screen has none of this name."""
    arm = arm_of(screen, name)
    return numbers.NONE if arm is None else told(arm)


def some(names: list[str], last: str = "and") -> str:
    """Names of screens or arms, as code."""
    return numbers.listed([f"`{name}`" for name in names], last)


def one_of(screens: list[str]) -> str:
    """That the screen is one of these, as a condition."""
    return f"the screen is {some(screens, 'or')}"


def spanned(values: list[float], told: Callable[[float], str] = numbers.ratio) -> str:
    """`1.2 to 3.4`, or `1.2` where all are the same."""
    return numbers.span(told(min(values)), told(max(values)))


def command(document: Document, *options: str) -> str:
    """What repeats the run of a document, as far as it was not the usual one.

    Args:
        document: what was measured: its screens, how often each arm was loaded, and whether
            through an edge as well.
        options: those by which it measures what a claim needs.
    """
    words = ["./start_servers.sh --compare", *options]
    if document.settings.edge_url is None:
        words.append("--no-edge")
    if document.settings.samples != SAMPLES:
        words.append(f"--samples {document.settings.samples}")
    names = [screen.name for screen in document.screens]
    if set(names) != {screen.name for screen in SCREENS}:
        words.append(f"--screen {' '.join(names)}")
    return " ".join(words)


def slow_command(document: Document) -> str:
    """The same, of a run whose statements took longer.

    Raises:
        NothingToJudge: they took no longer.
    """
    return f"BOOKSTORE_DB_LATENCY_MS={statement_ms(document):g} {command(document)}"


def statement_ms(document: Document) -> float:
    """What each SQL statement took longer than usual, in ms, as the servers told it.

    Raises:
        NothingToJudge: it took no longer.
    """
    servers = document.environment.get("servers") or {}
    told = [one.get("db_latency_ms") or 0.0 for one in servers.values() if isinstance(one, dict)]
    if not told or min(told) <= 0:
        raise NothingToJudge("no statement took longer than usual: BOOKSTORE_DB_LATENCY_MS was 0")
    return float(max(told))
