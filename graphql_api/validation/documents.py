"""Documents, parsed and validated once for each text as long as it is in use."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    Node,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    Token,
    TokenKind,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    parse,
    specified_rules,
    validate,
)

from graphql_api.planning.field_collection import Unplannable
from graphql_api.planning.plan import Plan, Variation
from graphql_api.planning.plan_cache import PlanCache
from graphql_api.validation.complexity import Complexity
from graphql_api.validation.overlapping_fields import require_comparable
from graphql_api.validation.value_errors import ValuesRule
from shared import limits
from shared.errors import TooComplex, ValidationFailed, Violation
from shared.rules.values import shown

# Within these limits and those of `overlapping_fields`, a document is parsed and validated in 0.1 s
# at most. GraphiQL's introspection has 300 tokens, of 2,000 characters.
MAX_TOKENS: Final = 2_000
MAX_CHARACTERS: Final = 100_000
_MAX_ERRORS: Final = limits.MAX_VIOLATIONS - 1  # and one that says that there are more
# Characters of text. What is remembered, Python's garbage collector goes through now and then, with
# nothing else running: 0.5 µs for each object, of which a character makes up to 0.4.
MAX_REMEMBERED: Final = 40_000
MAX_SHARE: Final = 4  # one text may take the fourth part of the room

MAX_SHORT: Final = 200  # fields, for which to work out plan and cost takes 5 ms at most

_TOO_LONG: Final = (
    f"the query must have at most {MAX_CHARACTERS:,} characters; send long values as variables"
)
_TOO_MANY: Final = f"the query has more errors than these {_MAX_ERRORS}"
_TOO_DEEP: Final = "the query nests its fields or fragments too deeply"
_SUGGESTION: Final = " Did you mean "
_ABORTED: Final = "Validation aborted."  # graphql-core's own words, which tell a client nothing

_NAMED_BY_ERRORS: Final = (
    DocumentNode,  # which has the text
    OperationDefinitionNode,
    VariableDefinitionNode,
    FieldNode,
    VariableNode,
)
_NO_TOKEN: Final = Token(TokenKind.SOF, 0, 0, 0, 0)
_RULES: Final = tuple(
    ValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules
)


class Document:
    """A parsed document, and what is wrong with it."""

    __slots__ = (
        "_complexities", "_plan_cache", "_plans", "_schema", "errors", "is_short", "node",
        "operations",
    )  # fmt: skip

    def __init__(
        self,
        schema: GraphQLSchema,
        node: DocumentNode,
        errors: list[GraphQLError],
        plan_cache: PlanCache[Variation] | None,
        fields: int,
    ) -> None:
        """Without a cache of plans it is not planned; `fields` is how many it has."""
        self._schema = schema
        self._plan_cache = plan_cache
        self.is_short = fields <= MAX_SHORT
        self.node = node
        self.errors = errors
        self.operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        self._complexities: dict[int, Complexity] = {}
        self._plans: dict[int, Plan | None] = {}  # None: it cannot be planned

    def complexity(self, operation: OperationDefinitionNode) -> Complexity:
        """What one of its operations asks for; worked out once. The document must be valid."""
        complexity = self._complexities.get(id(operation))
        if complexity is None:
            fragments = {
                definition.name.value: definition
                for definition in self.node.definitions
                if isinstance(definition, FragmentDefinitionNode)
            }
            complexity = Complexity(self._schema, fragments, operation)
            self._complexities[id(operation)] = complexity
        return complexity

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        """How to read one of its operations; worked out once. The document must be valid.

        Raises:
            Unplannable: the operation is not a query, or the document is not remembered, so that
                a plan would take longer than it saves.
        """
        plan = self._plans.get(id(operation))
        if plan is not None:
            return plan
        if self._plan_cache is None or id(operation) in self._plans:
            raise Unplannable
        self._plans[id(operation)] = None
        plan = Plan(self._schema, self.node, operation, self._plan_cache)
        self._plans[id(operation)] = plan
        return plan

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to execute.

        Raises:
            ValidationFailed: no operation has this name, or several have and none is named.
        """
        if not name and len(self.operations) == 1:
            return self.operations[0]
        by_name = {o.name.value: o for o in self.operations if o.name}
        if name in by_name:
            return by_name[name]
        known = f"must be one of {', '.join(by_name)}" if by_name else "must be left out"
        rule = f"{known}, got {shown(name)}" if name else f"{known}: the query has several"
        raise ValidationFailed([Violation(("operationName",), rule)])


class Documents:
    """The documents of a schema; those used last are remembered.

    Strawberry's ParserCache and ValidationCache do the same, but its chain of extensions costs
    50 µs for each request, which is as much as executing a small query.
    """

    def __init__(self, schema: GraphQLSchema, *, introspection: bool = True) -> None:
        self._schema = schema
        self._introspection = introspection
        self._rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
        self._plan_cache: PlanCache[Variation] = PlanCache()
        self._lock = Lock()  # documents that are new are read in threads
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def known(self, text: str) -> Document | None:
        """The document with this text, if it is remembered."""
        document = self._known.get(text)
        if document is not None:
            try:
                self._known.move_to_end(text)
            except KeyError:
                return None  # it has just been forgotten, in another thread
        return document

    def get(self, text: str) -> Document:
        """The document with this text; a new one is parsed and validated.

        Raises:
            GraphQLSyntaxError: it is none.
            GraphQLError: it is too long.
        """
        return self.known(text) or self._read(text)

    def _read(self, text: str) -> Document:
        if len(text) > MAX_CHARACTERS:
            raise _too_complex(TooComplex(_TOO_LONG, MAX_CHARACTERS))
        node = parse(text, max_tokens=MAX_TOKENS)
        is_short = len(text) <= MAX_REMEMBERED / MAX_SHARE
        plan_cache = self._plan_cache if is_short else None
        errors, fields = self._checked(node)
        _let_go_of_places(node)
        document = Document(self._schema, node, errors, plan_cache, fields)
        if is_short and not errors:
            self._remember(text, document)
        return document

    def _checked(self, node: DocumentNode) -> tuple[list[GraphQLError], int]:
        """What is wrong with a document, and how many fields it has."""
        try:
            fields = require_comparable(node)
        except TooComplex as error:
            return [_too_complex(error)], 0
        return self._errors(node), fields

    def _errors(self, node: DocumentNode) -> list[GraphQLError]:
        errors = validate(
            self._schema,
            node,
            self._rules,
            _MAX_ERRORS,
            hide_suggestions=not self._introspection,
        )
        if errors and errors[-1].message.endswith(_ABORTED):
            rule = _TOO_MANY if len(errors) > _MAX_ERRORS else _TOO_DEEP
            errors[-1] = _too_complex(TooComplex(rule, _MAX_ERRORS))
        if not self._introspection:
            # Errors that suggest names would be introspection by guessing; one of graphql-core's
            # rules suggests them whatever it is told.
            for found in errors:
                found.message = found.message.partition(_SUGGESTION)[0]
        return errors

    def _remember(self, text: str, document: Document) -> None:
        with self._lock:
            if text in self._known:
                return
            self._known[text] = document
            self._characters += len(text)
            while self._characters > MAX_REMEMBERED:
                forgotten, _ = self._known.popitem(last=False)
                self._characters -= len(forgotten)


def _let_go_of_places(document: DocumentNode) -> None:
    """Drop the locations of a document's nodes, but for those that errors of an execution name.

    Together with the tokens these are more than half of all objects. Tokens refer to each other, in
    both directions, so that only the garbage collector could free them later. A name that stands in
    several places becomes one node: a fifth fewer objects for the collector to go through.
    """
    token = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token = None, token.next
    names: dict[str, NameNode] = {}
    waiting: list[Node] = [document]
    while waiting:
        node = waiting.pop()
        if node.loc is not None:
            node.loc.start_token = node.loc.end_token = _NO_TOKEN
            if not isinstance(node, _NAMED_BY_ERRORS):
                object.__setattr__(node, "loc", None)  # nobody else has it yet: it is new
        for key in node.keys:
            below = getattr(node, key)
            if isinstance(below, NameNode):
                object.__setattr__(node, key, names.setdefault(below.value, below))
            if isinstance(below, Node):
                waiting.append(below)
            elif isinstance(below, tuple | list):
                waiting.extend(one for one in below if isinstance(one, Node))


def _too_complex(cause: TooComplex) -> GraphQLError:
    return GraphQLError(cause.message, original_error=cause)
