"""Refuses documents whose overlapping fields would take long to validate.

GraphQL lets fields share a name in the answer if all of them ask for the same (specification,
5.3.2). graphql-core compares each with each, so that the time grows with the square of how often a
name is repeated. Those comparisons are counted here.
"""

from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from shared.errors import TooComplex

# Comparisons, each of about 10 µs; and fields, with fragments in their places. An object whose id
# 60 fragments ask for has 3,540 of the first, and GraphiQL's introspection 200 of the second.
MAX_COMPARISONS: Final = 6_000
MAX_FIELDS: Final = 5_000


class _Part:
    """A selection set on an object, directly or through fragments.

    Attributes:
        selections: the set.
        within: the fragments that enclose it, by which a cycle is seen.
        spread: the fragments that the same field has spread already.
    """

    __slots__ = ("selections", "spread", "within")

    def __init__(
        self, selections: SelectionSetNode, within: frozenset[str], spread: set[str]
    ) -> None:
        self.selections = selections
        self.within = within
        self.spread = spread


def require_comparable(document: DocumentNode) -> int:
    """How many fields a document has, which need not be valid.

    Raises:
        TooComplex: validating it would take long.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    walk = _Walk(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            walk.go(definition.selection_set)
    for name, fragment in fragments.items():
        if name not in walk.reached:  # it is validated although nobody uses it
            walk.go(fragment.selection_set)
    return walk.fields


class _Walk:
    """Walks through a document; all selection sets that make up one object are taken together.

    Attributes:
        fields: how many were met, with fragments expanded.
        reached: the fragments that were met.
    """

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self.fields = 0
        self._comparisons = 0
        self.reached: set[str] = set()

    def go(self, selections: SelectionSetNode) -> None:
        """Count what is in a selection set, and below it."""
        waiting = [[_Part(selections, frozenset(), set())]]
        while waiting:
            waiting += [below for below in self._object(waiting.pop()).values() if below]

    def _object(self, parts: list[_Part]) -> dict[str, list[_Part]]:
        """The parts of each field of one object."""
        found: dict[str, list[_Part]] = {}
        counts: dict[str, int] = {}
        while parts:
            part = parts.pop()
            for node in part.selections.selections:
                if isinstance(node, FieldNode):
                    name = (node.alias or node.name).value
                    below = found.setdefault(name, [])
                    if node.selection_set:
                        below.append(_Part(node.selection_set, part.within, set()))
                elif isinstance(node, FragmentSpreadNode):
                    name = "..."  # fragments are compared with each other too
                    if not self._spread(node.name.value, part, parts):
                        continue
                else:
                    assert isinstance(node, InlineFragmentNode)
                    parts.append(_Part(node.selection_set, part.within, part.spread))
                    continue
                self._count(counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
        return found

    def _spread(self, name: str, part: _Part, parts: list[_Part]) -> bool:
        """Whether the fragment is spread here for the first time."""
        fragment = self._fragments.get(name)
        if fragment is None or name in part.spread or name in part.within:
            return False
        part.spread.add(name)
        self.reached.add(name)
        parts.append(_Part(fragment.selection_set, part.within | {name}, part.spread))
        return True

    def _count(self, others: int) -> None:
        """Count one more field, which is compared with each other one of its name."""
        self.fields += 1
        self._comparisons += others
        if self._comparisons > MAX_COMPARISONS:
            raise TooComplex(
                "the query repeats the same fields of the same objects too often; name each of "
                "them once",
                MAX_COMPARISONS,
            )
        if self.fields > MAX_FIELDS:
            raise TooComplex(
                f"the query must have at most {MAX_FIELDS:,} fields, fragments counted wherever "
                "they are used",
                MAX_FIELDS,
            )
