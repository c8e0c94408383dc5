"""What a request may ask for: the most objects that it could give, known before anything runs."""

from shared.errors import TooComplex


def require_affordable(cost: int, limit: int, field: str | None = None) -> None:
    """Nothing, if the cost is within the limit.

    Args:
        cost: the most objects, from the limits of all lists.
        limit: `BOOKSTORE_MAX_COST`.
        field: the input that asks for them.

    Raises:
        TooComplex: it is not.
    """
    if cost > limit:
        subject = field or "the query"
        raise TooComplex(
            f"{subject} must ask for at most {limit:,} objects, got up to {cost:,}; "
            "lower a limit, or leave a relation out",
            limit,
            cost,
            field,
        )
