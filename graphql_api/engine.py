"""Executes what a request asks, and gives the answer as plain data."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeGuard, cast

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute
from graphql.execution import Executor
from strawberry.execution import optimized_is_awaitable

from graphql_api.access import Access
from graphql_api.coercion import variable_errors
from graphql_api.context import Context
from graphql_api.documents import Document, Documents
from graphql_api.errors import Entry, document_entry, entry_of, execution_entry
from graphql_api.levels import Hitch, LevelExecutor
from graphql_api.loaders import Loaders
from graphql_api.parameters import Parameters
from graphql_api.schema import executable
from shared.errors import MethodNotAllowed, ValidationFailed

Answer = dict[str, Any]

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


class Engine:
    """Executes operations on the schema by one kind of loaders."""

    def __init__(
        self, documents: Documents, access: Access, make_loaders: Callable[[Access], Loaders]
    ) -> None:
        self._documents = documents
        self._access = access
        self._make_loaders = make_loaders

    async def answer(self, asked: Parameters, *, read_only: bool) -> Answer:
        """The answer: `data`, and `errors` where there are some.

        Raises:
            MethodNotAllowed: it may only read, and the operation writes.
        """
        try:
            document = self._documents.get(asked.query)
        except GraphQLError as error:
            return {"errors": [document_entry(error)]}
        if document.errors:
            return {"errors": [document_entry(error) for error in document.errors]}
        try:
            operation = document.operation(asked.operation_name)
        except ValidationFailed as error:
            return {"errors": [entry_of(error)]}
        if read_only and operation.operation is not OperationType.QUERY:
            raise MethodNotAllowed("a GET only reads: send a mutation by POST")
        result = await self._execute(document, operation, asked.variables)
        if result.errors is None:
            return {"data": result.data}
        return _failed(result, operation, asked.variables)

    async def _execute(
        self, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
    ) -> ExecutionResult:
        context = Context(self._access, self._make_loaders)
        name = operation.name.value if operation.name else None
        if operation.operation is OperationType.QUERY:
            executor = LevelExecutor.build(
                executable,
                document.node,
                context_value=context,
                raw_variable_values=variables,
                operation_name=name,
                is_awaitable=_is_awaitable,
            )
            if isinstance(executor, list):
                return ExecutionResult(None, executor)
            with suppress(Hitch):
                return await cast("LevelExecutor", executor).execute()
        result = execute(
            executable,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=name,
            executor_class=Executor,
            is_awaitable=_is_awaitable,
        )
        return result if isinstance(result, ExecutionResult) else await result


def _failed(
    result: ExecutionResult, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> Answer:
    errors = result.errors or []
    if result.data is None and not any(error.path for error in errors):
        refused = variable_errors(executable, operation, variables)
        if refused:  # nothing was executed, so there is no data, not even null
            return {"errors": [document_entry(error) for error in refused]}
    entries: list[Entry] = [execution_entry(error) for error in errors]
    return {"data": result.data, "errors": entries}
