"""Executes queries by their plans: one statement for each level, and nothing for each object."""

import logging
from asyncio import Future
from typing import Any, Final

from graphql import ExecutionResult

from graphql_api.admission import Admitted
from graphql_api.collecting import Unplannable
from graphql_api.engine import Engine
from shared.errors import BookstoreError

_LOG: Final = logging.getLogger(__name__)


class PlannedEngine(Engine):
    """Reads what a query selects as REST's `fields` are read; all else goes the ordinary way.

    So do queries that meet with an error: it happens again there, and is told as ever.
    """

    async def _execute(self, admitted: Admitted) -> ExecutionResult:
        try:
            return ExecutionResult(await self._planned(admitted), None)
        except (Unplannable, BookstoreError):
            pass
        except Exception as error:
            # Ours or the database's: what it is shows there as well, or nobody need know of it.
            _LOG.warning("a plan failed, the query goes the ordinary way: %r", error)
        return await super()._execute(admitted)

    async def _planned(self, admitted: Admitted) -> dict[str, Any]:
        plan = admitted.document.plan(admitted.operation)
        prepared = plan.prepared(admitted.variables, shows_private=admitted.shows_private)
        data = self._access.read_all(prepared.read, at_once=prepared.is_one_statement)
        return await data if isinstance(data, Future) else data
