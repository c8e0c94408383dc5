"""Executes an operation that may run, and gives the answer as plain data."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeGuard, cast

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
)
from graphql.execution import Executor
from orjson import Fragment
from strawberry.execution import optimized_is_awaitable

from graphql_api.resolving.access import Access
from graphql_api.resolving.context import Context
from graphql_api.resolving.loaders import Loaders
from graphql_api.schema import executable
from graphql_api.validation.admission import Admitted, Refused
from graphql_api.validation.errors import document_entry, entry_of, execution_entry
from graphql_api.validation.value_errors import variable_errors
from shared import limits
from shared.errors import TooComplex, Unavailable
from shared.web.bodies import to_long_json

Answer = dict[str, Any]

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Outcome(NamedTuple):
    """What an execution gave.

    Attributes:
        answer: `data`, `errors` where there are some, `extensions` if they were asked for.
        failed: whether there are errors.
        unavailable: whether trying again may help: the database did not answer, or time ran out.
            Never where something may have been written, since it could then be written twice.
    """

    answer: Answer
    failed: bool = False
    unavailable: bool = False


def _may_have_written(operation: OperationDefinitionNode, errors: Sequence[GraphQLError]) -> bool:
    """Whether an operation that has failed may have written something."""
    if operation.operation is not OperationType.MUTATION:
        return False
    fields = operation.selection_set.selections
    if len(fields) > 1 or not isinstance(fields[0], FieldNode):
        return True  # those before the one that failed
    return any(len(error.path or ()) > 1 for error in errors)  # what it gives came after it


def _needs_database(operation: OperationDefinitionNode) -> bool:
    """Whether an operation asks for anything but the schema."""
    return not all(
        isinstance(field, FieldNode) and field.name.value.startswith("__")
        for field in operation.selection_set.selections
    )


class Engine:
    """Executes operations on the schema by one kind of loaders."""

    def __init__(
        self,
        access: Access,
        make_loaders: Callable[[Access], Loaders],
        *,
        require_version: bool = False,
        hide_suggestions: bool = False,
    ) -> None:
        self.apart = access.apart
        self._access = access
        self._make_loaders = make_loaders
        self._require_version = require_version
        self._hide_suggestions = hide_suggestions

    def context(self, shows_private: bool, access: Access | None = None) -> Context:
        """What the resolvers of one execution share; with their own access, if it is given."""
        return Context(
            access or self._access, self._make_loaders, shows_private, self._require_version
        )

    async def execute(self, admitted: Admitted) -> Outcome:
        """The outcome of a query or a mutation.

        Raises:
            Refused: its variables do not fit, so that nothing was executed.
        """
        if admitted.effort <= limits.MAX_EFFORT_ON_LOOP:
            return await self._outcome(admitted)
        return await self.apart.execute(
            lambda: self._long_outcome(admitted),
            needs_database=_needs_database(admitted.operation),
        )

    async def _long_outcome(self, admitted: Admitted) -> Outcome:
        outcome = await self._outcome(admitted)
        if not outcome.failed:
            outcome.answer["data"] = Fragment(to_long_json(outcome.answer["data"]))
        return outcome

    async def _outcome(self, admitted: Admitted) -> Outcome:
        result = await self._execute(admitted)
        if result.errors is None:
            outcome = Outcome({"data": result.data})
        else:
            outcome = self.failed(result, admitted)
        if admitted.extensions:
            outcome.answer["extensions"] = admitted.extensions
        return outcome

    def failed(self, result: ExecutionResult, admitted: Admitted) -> Outcome:
        """The outcome of an execution with errors.

        Raises:
            Refused: they are of the variables, so that nothing was executed; or a query took more
                statements than a request may.
        """
        errors = result.errors or []
        if admitted.kind is OperationType.QUERY:
            for error in errors:
                if isinstance(error.original_error, TooComplex):
                    raise Refused([entry_of(error.original_error)])
        if result.data is None and not any(error.path for error in errors):
            refused = variable_errors(
                executable,
                admitted.operation,
                admitted.variables,
                hide_suggestions=self._hide_suggestions,
            )
            if refused:  # there is no data then, not even null
                raise Refused([document_entry(error) for error in refused])
        told = [execution_entry(error) for error in errors[: limits.MAX_VIOLATIONS]]
        answer = {"data": result.data, "errors": told}
        unavailable = any(isinstance(error.original_error, Unavailable) for error in errors)
        if unavailable and _may_have_written(admitted.operation, errors):
            unavailable = False  # who sends it again because of a 503 would write twice
        return Outcome(answer, failed=True, unavailable=unavailable)

    async def _execute(self, admitted: Admitted) -> ExecutionResult:
        return await self._ordinary(admitted, self._access)

    async def _ordinary(self, admitted: Admitted, access: Access) -> ExecutionResult:
        """What graphql-core makes of it."""
        operation = admitted.operation
        context = self.context(admitted.shows_private, access)
        name = operation.name.value if operation.name else None
        result = execute(
            executable,
            admitted.document.node,
            context_value=context,
            variable_values=admitted.variables,
            operation_name=name,
            executor_class=Executor,
            is_awaitable=_is_awaitable,
        )
        return result if isinstance(result, ExecutionResult) else await result
