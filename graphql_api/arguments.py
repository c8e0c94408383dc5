"""Arguments that many fields take."""

from typing import Annotated, TypeVar

import strawberry

from shared import limits

Input = TypeVar("Input")

Given = Annotated[Input, strawberry.argument(name="input")]
Id = Annotated[int, strawberry.argument(name="id", description=f"From 1 to {limits.MAX_ID:,}.")]
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
