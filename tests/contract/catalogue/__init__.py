"""The catalogue: every case of the contract that both APIs have."""

from collections.abc import Sequence

from tests.contract.case import Case
from tests.contract.catalogue import (
    bad_bodies,
    bad_members,
    bad_queries,
    books,
    costs,
    cursors,
    lists,
    nested,
    once,
    orders,
    preconditions,
    resources,
    selections,
)

CASES: Sequence[Case] = (
    *resources.CASES,
    *books.CASES,
    *orders.CASES,
    *preconditions.CASES,
    *once.CASES,
    *lists.CASES,
    *cursors.CASES,
    *nested.CASES,
    *selections.CASES,
    *costs.CASES,
    *bad_queries.CASES,
    *bad_members.CASES,
    *bad_bodies.CASES,
)
