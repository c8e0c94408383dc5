"""The errors of a comparison, all told in one shape; `status` is the program's exit status."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_CLONE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Turn:
    """Which load of an arm: the one of this `number`, from 1, `of` those to be made this `way`.

    All before it went well, as a failure ends them.
    """

    way: str
    number: int
    of: int


@dataclass(frozen=True)
class Failure:
    """What went wrong; what does not apply is "", or None for the HTTP status.

    Attributes:
        what: in a line.
        screen: that could not be loaded, by this arm.
        method: of the request, with its `url`.
        status: of the answer, which said `said`: its first 200 bytes.
        place: the line of the arm's own file.
        next: what to do about it.
        turn: which load it was, where several of the arm were to be made.
        before: how many loads of the run, by any arm or of a floor, went well before it; those of
            users under load do not count.
        exit_status: of the program that ended by it.
    """

    what: str
    screen: str = ""
    arm: str = ""
    method: str = ""
    url: str = ""
    status: int | None = None
    said: str = ""
    place: str = ""
    next: str = ""
    turn: Turn | None = None
    before: int | None = None
    exit_status: int = 1

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.screen, self.arm)))
        status = "" if self.status is None else f"answered {self.status}"
        details = {
            "request": " ".join(filter(None, (self.method, self.url, status))),
            "answer": self.said,
            "load": self._load,
            "line": self.place,
            "next": self.next,
        }
        lines = [f"{where}: {self.what}" if where else self.what]
        return "\n".join(lines + [f"  {name}: {text}" for name, text in details.items() if text])

    @property
    def _load(self) -> str:
        turn = self.turn
        if turn is None:
            return ""
        by = " by this arm" if self.arm and not self.arm.startswith("floor/") else ""
        before = f"{turn.number - 1:,} of these"
        if self.before is not None:
            loads = "1 load" if self.before == 1 else f"{self.before:,} loads"
            before = f"{before} and {loads} in all"
        return f"{turn.number:,} of {turn.of:,}{by}, {turn.way}; {before} went well before it"


class ComparisonError(Exception):
    """The comparison cannot go on as asked.

    Args:
        what: went wrong, in a line.
        more: members of `failure`.
    """

    status = 1

    def __init__(self, what: str, **more: Any) -> None:
        self.failure = Failure(what, exit_status=self.status, **more)
        super().__init__(what)

    def __str__(self) -> str:
        return str(self.failure)

    def add(self, **more: Any) -> None:
        """Learn more members of `failure`; what is known stays."""
        known = {name: value for name in more if (value := getattr(self.failure, name))}
        self.failure = replace(self.failure, **(more | known))


class LoadFailed(ComparisonError):
    """A screen could not be loaded: an answer that is not 2xx, GraphQL errors, a bad answer."""


class LinkFailed(ComparisonError):
    """The simulated link is not there any more, or is not what was asked for."""


class ServerUnreachable(ComparisonError):
    """A server does not answer.

    Attributes:
        server: its address, or that of what was asked of it.
        is_distrusted: nobody who is trusted here signed its certificate.
    """

    status = 3

    def __init__(self, server: str, reason: str, **more: Any) -> None:
        super().__init__(f"{server} does not answer: {reason}", **more)
        self.server = server
        self.is_distrusted = any(why in reason for why in ("issuer certificate", "self-signed"))
        self.add(next=f"start both servers with ./start_servers.sh (in {_CLONE})")


class NotSpoken(ComparisonError):
    """The user asks by name for a protocol that cannot be had there: wrong usage."""

    status = 2

    def __init__(self, protocol: str, reason: str) -> None:
        super().__init__(
            f"argument --protocol: {protocol} cannot be had: {reason}",
            next=f"leave out --protocol {protocol}, or name a server that speaks it",
        )


class ViewsDiffer(ComparisonError):
    """Two arms of a screen show different views."""

    status = 4


class BrowserFailed(ComparisonError):
    """The browser does not start, or does not get the page that loads the arms."""
