"""The kinds of resources that clients may change freely, and the words of their cases."""

from typing import Any

from tests.contract.case import NEW, refused, the
from tests.contract.catalogue.sample import SAMPLE

# What each has: its unique member, what may be left out and then is, and a change of it.
_KINDS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "author": ("A", "email", {"bio": None}, {"name": "N. Okoro"}),
    "book": ("B", "isbn", {"description": None, "stock": 0}, {"title": "Newer", "price": 0.5}),
    "customer": ("C", "email", {"phone": None, "address": None}, {"name": "S. Ito"}),
}


class Kind:
    """A kind of resource, and the words that its cases are written in."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.letter, self.unique, self.empty, self.changes = _KINDS[kind]
        self.new = NEW[kind]
        self.get, self.create, self.update = f"get_{kind}", f"create_{kind}", f"update_{kind}"
        self.replace, self.delete = f"replace_{kind}", f"delete_{kind}"
        self.first = SAMPLE.table(kind)[1]
        self.own = the(f"{kind}.id")
        self.taken = refused("DUPLICATE", self.unique)


KINDS = [Kind(kind) for kind in _KINDS]
