"""Executes queries by their plans: one statement for each level below a field of the query."""

import logging
from asyncio import Future, gather
from typing import Any, Final, cast

from graphql import ExecutionResult

from graphql_api.execution.engine import Engine
from graphql_api.planning.field_collection import Unplannable
from graphql_api.planning.reads import Prepared
from graphql_api.resolving.access import Refusing
from graphql_api.validation.admission import Admitted
from shared.errors import BookstoreError, Unavailable

_LOG: Final = logging.getLogger(__name__)


class PlannedEngine(Engine):
    """Reads a query's selection as REST's `fields` are read; resolvers execute everything else.

    Resolvers also execute queries whose planned read fails, so that errors are told in one way. If
    the database did not answer, they are given that error instead of waiting again.
    """

    async def _execute(self, admitted: Admitted) -> ExecutionResult:
        try:
            return ExecutionResult(await self._planned(admitted), None)
        except Unavailable as error:
            return await self._ordinary(admitted, Refusing(error))
        except (Unplannable, BookstoreError):  # such as a cursor of another list
            return await super()._execute(admitted)
        except Exception as error:
            # Ours: what it is shows there as well, or nobody need know of it.
            _LOG.warning("a plan failed, the query goes the ordinary way: %r", error)
            return await super()._execute(admitted)

    async def _planned(self, admitted: Admitted) -> dict[str, Any]:
        plan = admitted.document.plan(admitted.operation)
        prepared = plan.prepared(admitted.variables, shows_private=admitted.shows_private)
        if not prepared.needs_database:
            return prepared.constant()
        if self._access.blocks and len(prepared.reads) > 1:
            return await self._side_by_side(prepared)
        data = self._access.read_all(prepared.read, at_once=prepared.is_one_statement)
        return await data if isinstance(data, Future) else data

    async def _side_by_side(self, prepared: Prepared) -> dict[str, Any]:
        """Read the fields concurrently, where reads wait for the database.

        Each field sees one state of the bookstore, but perhaps another one than its neighbours.
        """
        reads = [
            cast(
                "Future[Any]",
                self._access.read_all(field_read.read, at_once=field_read.is_one_statement),
            )
            for field_read in prepared.reads
        ]
        values = await gather(*reads)
        return prepared.data(values)
