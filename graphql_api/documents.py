"""Documents, parsed and validated once for each text as long as it is in use."""

from collections import OrderedDict
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
)

from graphql_api.coercion import ValuesRule
from graphql_api.collecting import Unplannable
from graphql_api.complexity import Complexity
from graphql_api.planning import Plan, Variations
from shared.errors import ValidationFailed, Violation
from shared.values import shown

# A document is parsed and validated on the event loop: 4,000 tokens take 0.1 s, or 1 s if they
# are chosen to be slow. GraphiQL's introspection has 300.
MAX_TOKENS: Final = 4_000
MAX_REMEMBERED: Final = 500_000  # characters of text; parsed, a character takes up to 200 bytes
MAX_SHARE: Final = 10  # one text may take the tenth part of the room

_RULES: Final = tuple(
    ValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules
)


class Document:
    """A parsed document, and what is wrong with it."""

    __slots__ = (
        "_complexities", "_plans", "_schema", "_variations", "errors", "node", "operations"
    )  # fmt: skip

    def __init__(
        self,
        schema: GraphQLSchema,
        node: DocumentNode,
        errors: list[GraphQLError],
        variations: Variations | None,
    ) -> None:
        """Without variations it is not planned."""
        self._schema = schema
        self._variations = variations
        self.node = node
        self.errors = errors
        self.operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        self._complexities: dict[int, Complexity] = {}
        self._plans: dict[int, Plan] = {}

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
        if self._variations is None:
            raise Unplannable
        plan = self._plans.get(id(operation))
        if plan is None:
            plan = Plan(self._schema, self.node, operation, self._variations)
            self._plans[id(operation)] = plan
        return plan

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to execute.

        Raises:
            ValidationFailed: the name says none of them, or is needed and missing.
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
        self._variations = Variations()
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Document:
        """The document with this text.

        Raises:
            GraphQLSyntaxError: it is none.
        """
        document = self._known.get(text)
        if document is None:
            node = parse(text, max_tokens=MAX_TOKENS)
            is_short = len(text) <= MAX_REMEMBERED / MAX_SHARE
            variations = self._variations if is_short else None
            document = Document(self._schema, node, self._errors(node), variations)
            if is_short and not document.errors:
                self._remember(text, document)
        else:
            self._known.move_to_end(text)
        return document

    def _errors(self, node: DocumentNode) -> list[GraphQLError]:
        # Errors that suggest names would be introspection by guessing.
        return validate(self._schema, node, self._rules, hide_suggestions=not self._introspection)

    def _remember(self, text: str, document: Document) -> None:
        self._known[text] = document
        self._characters += len(text)
        while self._characters > MAX_REMEMBERED:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)
