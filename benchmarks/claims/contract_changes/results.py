"""What was found of each change, for each API: as data, not in words."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["shown", "refused", "invalid", "error", "wrong"]
Stage: TypeAlias = Literal["types", "validation", "run", "nobody"]

STAGES: Final[tuple[Stage, ...]] = ("types", "validation", "run", "nobody")  # from the soonest
APIS: Final = ("rest", "rest/fields", "graphql")
_STAGE_OF: Final[dict[Kind, Stage]] = {
    "refused": "validation",
    "invalid": "validation",
    "error": "run",
    "wrong": "run",
    "shown": "nobody",
}


@dataclass(frozen=True)
class Outcome:
    """What became of a page that was made for the contract as it was.

    Attributes:
        kind: `shown` as before; `refused`, as the server did not take the request; `invalid`, as
            the client's generated models did not take the answer; `error`, another one; `wrong`,
            as it shows something else than before.
        said: the message, or where the page differs; "" where it is shown as before.
    """

    kind: Kind
    said: str

    @property
    def stage(self) -> Stage:
        """Who notices by it."""
        return _STAGE_OF[self.kind]


@dataclass(frozen=True)
class Types:
    """What the types say that were generated from the changed contract: `by` is "" for nothing."""

    by: Literal["", "generator", "mypy"]
    said: str


@dataclass(frozen=True)
class Found:
    """Who notices a change of an API.

    `nobody` does where the page is as before: there is nothing to notice, or to be told only.

    Attributes:
        change: its name.
        api: `rest`, `rest/fields` or `graphql`.
        types: of the client that is generated anew.
        generated: what becomes of the generated client that is in use.
        anew: what becomes of the one that is generated anew, where its types say nothing.
        by_hand: what becomes of the client without types.
        marked: where else the contract or the answer says that a field is deprecated.
    """

    change: str
    api: str
    types: Types
    generated: Outcome
    anew: Outcome | None
    by_hand: Outcome
    marked: list[str]

    @property
    def breaks(self) -> bool:
        """Whether a page that was made before, generated or by hand, is no longer as it was."""
        return self.generated.kind != "shown" or self.by_hand.kind != "shown"

    @property
    def is_followed(self) -> bool:
        """Whether the page breaks, and is right again by generating the client anew."""
        is_right = self.anew is not None and self.anew.kind == "shown"
        return is_right and self.generated.kind != "shown"

    @property
    def goes_wrong_anew(self) -> bool:
        """Whether the page is right with the client in use, and not with one generated anew."""
        is_wrong = self.anew is not None and self.anew.kind != "shown"
        return is_wrong and self.generated.kind == "shown"

    @property
    def with_types(self) -> Stage:
        """Who notices first, where the client is generated.

        Where its types say nothing and a new one is not right either, that is of the one in use.
        """
        return "types" if self.types.by or self.is_followed else self.generated.stage

    @property
    def without_types(self) -> Stage:
        """Who notices first, where the client is written by hand."""
        return self.by_hand.stage


@dataclass(frozen=True)
class Results:
    """Of every change and API, in the order in which they are shown."""

    found: list[Found]
