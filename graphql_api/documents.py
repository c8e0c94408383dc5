"""Documents, parsed and validated once for each text as long as it is in use."""

from collections import OrderedDict
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    ValuesOfCorrectTypeRule,
    parse,
    specified_rules,
    validate,
)

from graphql_api.coercion import ValuesRule
from shared.errors import ValidationFailed, Violation
from shared.values import shown

# A document is parsed and validated on the event loop: 4,000 tokens take 0.1 s, or 1 s if they
# are chosen to be slow. GraphiQL's introspection has 300.
MAX_TOKENS: Final = 4_000
MAX_REMEMBERED: Final = 500_000  # characters of text; parsed, a character takes up to 200 bytes

_RULES: Final = tuple(
    ValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules
)


class Document:
    """A parsed document, and what is wrong with it."""

    __slots__ = ("errors", "node", "operations")

    def __init__(self, node: DocumentNode, errors: list[GraphQLError]) -> None:
        self.node = node
        self.errors = errors
        self.operations = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]

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

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
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
            document = Document(node, validate(self._schema, node, _RULES))
            if not document.errors and len(text) <= MAX_REMEMBERED / 10:
                self._remember(text, document)
        else:
            self._known.move_to_end(text)
        return document

    def _remember(self, text: str, document: Document) -> None:
        self._known[text] = document
        self._characters += len(text)
        while self._characters > MAX_REMEMBERED:
            forgotten, _ = self._known.popitem(last=False)
            self._characters -= len(forgotten)
