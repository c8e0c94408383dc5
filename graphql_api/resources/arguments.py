"""Arguments that many fields take."""

from typing import Annotated, TypeVar

import strawberry

from shared import limits

Input = TypeVar("Input")

Given = Annotated[Input, strawberry.argument(name="input")]
Id = Annotated[int, strawberry.argument(name="id", description=f"From 1 to {limits.MAX_ID:,}.")]
ExpectedVersion = Annotated[
    int | None,
    strawberry.argument(
        description="The version that is to be changed: any other is PRECONDITION_FAILED. "
        "Left out, any is changed, unless this server requires it."
    ),
]
IdempotencyKey = Annotated[
    str | None,
    strawberry.argument(
        name="idempotencyKey",
        description=f"1 to {limits.MAX_IDEMPOTENCY_KEY} visible ASCII characters, such as a UUID. "
        "The same key and input place nothing more, and give that order again as it was placed. "
        "What it leads to, such as customer { orders }, is shown as it is now.",
    ),
]
Ids = Annotated[
    list[int] | None,
    strawberry.argument(
        description=f"Only these, in this order, at most {limits.MAX_IDS}; repeated and unknown "
        "ids are left out. Excludes limit, offset, sort and filter."
    ),
]
Limit = Annotated[
    int, strawberry.argument(description=f"The most objects, from 1 to {limits.MAX_LIMIT}.")
]
RootLimit = Annotated[
    int | None,
    strawberry.argument(
        description=f"The most objects, from 1 to {limits.MAX_LIMIT}: {limits.DEFAULT_LIMIT} if "
        "left out, or as many as there are ids."
    ),
]
Offset = Annotated[
    int,
    strawberry.argument(
        description="How many objects to leave out before the first, "
        f"at most {limits.MAX_OFFSET:,}."
    ),
]
