"""A cache of plans for particular values of variables; those used last are kept."""

from collections import OrderedDict
from threading import Lock
from typing import Final, Generic, Protocol, TypeVar

# A member of a selection takes up to 2 kB, with its part of statements: 20 MB at most. And Python's
# garbage collector goes through them now and then, with nothing else running.
MAX_MEMBERS: Final = 10_000


class Weighed(Protocol):
    """Something whose size is measured in members of selections."""

    @property
    def weight(self) -> int:
        """The members."""


Kept = TypeVar("Kept", bound=Weighed)


class PlanCache(Generic[Kept]):
    """The variations of all plans, by the values that vary them; those used last are kept."""

    def __init__(self, most: int = MAX_MEMBERS) -> None:
        """Args:
        most: how many members of selections may be kept.
        """
        self._most = most
        self._known: OrderedDict[object, Kept] = OrderedDict()
        self._members = 0
        self._lock = Lock()  # operations that are new are planned in threads

    def get(self, key: object) -> Kept | None:
        """What was kept by this key."""
        found = self._known.get(key)
        if found is not None:
            try:
                self._known.move_to_end(key)
            except KeyError:
                return None  # it has just been forgotten, in another thread
        return found

    def keep(self, key: object, made: Kept) -> None:
        """Keep a variation that is new."""
        with self._lock:
            if key in self._known:
                return  # another thread was first
            self._known[key] = made
            self._members += made.weight
            while self._members > self._most:
                _, forgotten = self._known.popitem(last=False)
                self._members -= forgotten.weight
