"""Executes subscriptions, and operations on connections that carry these, over any transport."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, aclosing
from typing import Any, cast

from graphql import ExecutionResult, OperationType, execute
from graphql.execution import Executor, create_source_event_stream

from graphql_api.execution.engine import Answer, Engine
from graphql_api.resolving.context import Context
from graphql_api.schema import executable
from graphql_api.validation.admission import Admission, Admitted, Refused
from graphql_api.validation.errors import entry_of, internal_entry
from graphql_api.validation.request import Parameters
from shared.errors import BookstoreError
from shared.serving.running import is_short
from shared.serving.streams import Streams
from shared.storage.instrumentation import Timing

Events = AsyncGenerator[Any, None]


class Subscription(AsyncIterator[Answer]):
    """An open subscription: an answer for each event. The caller has to close it."""

    def __init__(
        self, place: ExitStack, events: Events, answer: Callable[[Any], Awaitable[Answer]]
    ) -> None:
        self._place = place
        self._events = events
        self._answer = answer

    async def __anext__(self) -> Answer:
        with Timing():  # to wait for an event may take any time
            event = await anext(self._events)
        return await self._answer(event)

    async def aclose(self) -> None:
        """Count no longer as an open stream."""
        with self._place:
            await self._events.aclose()


class Operations:
    """Gives the answers to any operation: one, or those of a subscription as they come."""

    def __init__(
        self, engine: Engine, admission: Admission, streams: Streams, timeout_s: float
    ) -> None:
        self._engine = engine
        self._admission = admission
        self._streams = streams
        self._timeout_s = timeout_s

    async def answers(
        self, asked: Parameters, authorization: str | None
    ) -> AsyncGenerator[Answer, None]:
        """The answers to an operation on a connection that carries others too.

        It raises nothing: a refusal is an answer without data.
        """
        try:
            with Timing(self._timeout_s):
                admitted = await self._admission.admit(asked, authorization)
                if admitted.kind is OperationType.SUBSCRIPTION:
                    opened = await self.subscribe(admitted)
                else:
                    opened, answer = None, (await self._engine.execute(admitted)).answer
            if opened is None:
                yield answer
                return
            async with aclosing(opened) as answers:
                async for answer in answers:
                    yield answer
        except Refused as refused:
            yield {"errors": refused.entries}
        except BookstoreError as error:
            yield {"errors": [entry_of(error)]}
        except Exception as error:
            yield {"errors": [internal_entry(error)]}

    async def subscribe(self, admitted: Admitted) -> Subscription:
        """Open a subscription.

        Raises:
            TooManyStreams: as many as may be are open already.
            Refused: the subscription cannot be opened; says why.
        """
        with ExitStack() as place:
            place.enter_context(self._streams.one_more())
            events = await self._events(admitted)
            return Subscription(
                place.pop_all(), events, lambda event: self._answer(admitted, event)
            )

    async def _events(self, admitted: Admitted) -> Events:
        executor = Executor.build(
            executable,
            admitted.document.node,
            context_value=self._context(admitted),
            raw_variable_values=admitted.variables,
            operation_name=_name(admitted),
        )
        if isinstance(executor, list):
            found: Any = ExecutionResult(None, executor)
        else:
            found = create_source_event_stream(executor)
            if executor.is_awaitable(found):
                found = await found
        if isinstance(found, ExecutionResult):
            raise Refused(self._engine.failed(found, admitted).answer["errors"])
        return cast("Events", found)

    async def _answer(self, admitted: Admitted, event: Any) -> Answer:
        """The answer for an event; new loaders are used, so that nothing old is shown."""
        with Timing(self._timeout_s):
            if is_short(admitted.effort):
                return await self._executed(admitted, event)
            return await self._engine.apart.execute(lambda: self._executed(admitted, event))

    async def _executed(self, admitted: Admitted, event: Any) -> Answer:
        result = execute(
            executable,
            admitted.document.node,
            root_value=event,
            context_value=self._context(admitted),
            variable_values=admitted.variables,
            operation_name=_name(admitted),
            executor_class=Executor,
        )
        done = result if isinstance(result, ExecutionResult) else await result
        answer = self._engine.failed(done, admitted).answer if done.errors else {"data": done.data}
        return {**answer, "extensions": admitted.extensions} if admitted.extensions else answer

    def _context(self, admitted: Admitted) -> Context:
        return self._engine.context(admitted.shows_private)


def _name(admitted: Admitted) -> str | None:
    name = admitted.operation.name
    return name.value if name else None
