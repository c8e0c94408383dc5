"""Views: which members of a resource a client sees, and the entity tag of what it sees."""

from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from rest_api.web.problems import BadInput
from rest_api.web.row_tags import row_prefix
from shared.config import Settings
from shared.errors import TooComplex
from shared.models import Input
from shared.reading.cost import require_affordable
from shared.reading.listing import load_of
from shared.reading.selection import Field, Nested, Selection
from shared.web.authorization import Authorization
from shared.web.cache_control import CacheControl
from shared.web.etags import content_mark

Headers = list[tuple[str, str]]

_HIDDEN: Final = ("id", "version")
BY_TOKEN: Final = ("Vary", "Authorization")


class View:
    """A selection as one kind of client sees it.

    Attributes:
        selection: what is shown.
        tagged: the same, and the id and the version where they are not shown: a tag needs them.
        hidden: those that are in `tagged` only.
        headers: what the answer carries besides its tag and its links.
        is_deprecated: whether a field in it is, so that `headers` say so.
    """

    __slots__ = ("_instance", "_mark", "headers", "hidden", "is_deprecated", "selection", "tagged")

    def __init__(self, selection: Selection, headers: Headers, instance: str) -> None:
        self.selection = selection
        self.hidden = [name for name in _HIDDEN if name not in selection.keys]
        more = [Field(name, name) for name in self.hidden]
        self.tagged = (
            Selection(selection.entity, [*selection.members, *more]) if more else selection
        )
        deprecation = _deprecation(selection)
        self.is_deprecated = bool(deprecation)
        self.headers = [*headers, *deprecation]
        self._instance = instance
        self._mark = content_mark(_shape(selection).encode())

    @property
    def is_own(self) -> bool:
        """Whether the version of the row alone tells what is shown."""
        return self.selection.is_own

    def prefix(self, row_id: int) -> str:
        """How the tags of a row begin."""
        return row_prefix(self._instance, self.selection.entity.name, row_id)

    def tag(self, row_id: int, version: int, body: bytes = b"") -> str:
        """The tag of a row; what is shown of other rows is told by the body."""
        content = "" if self.selection.is_own else content_mark(body)
        return f'{self.prefix(row_id)}{version}-{self._mark}{content}"'


class Views:
    """Makes the views of an application."""

    def __init__(self, settings: Settings, instance: str, books: int) -> None:
        """Args:
        instance: the bookstore's, which is part of tags.
        books: how many it has, about: by them it is known what takes long to find.
        """
        self._authorization = Authorization(settings.token)
        self._cache_control = CacheControl(settings)
        self._max_cost = settings.max_cost
        self._instance = instance
        self._books = books
        self._of = lru_cache(maxsize=256)(self._make)

    def view(self, query: Input, authorization: str | None) -> View:
        """What the query asks for, as far as the client may see it.

        Args:
            query: with `fields`, and what says how many of them.
            authorization: the header, or None.

        Raises:
            BadInput: `fields` asks for more objects than one request may.
        """
        # Each resource's own query has `fields`; mypy knows of no type that they share.
        selection: Selection = query.fields  # type: ignore[attr-defined]
        if "fields" in query.model_fields_set:
            self._require_affordable(selection, query)
        trusted = self._authorization.allows(authorization)
        return self._of(selection, trusted, authorization is not None)

    def effort(self, query: Input) -> float:
        """Rows that are looked at to answer the query, see `shared.serving.running`."""
        selection: Selection = query.fields  # type: ignore[attr-defined]
        return load_of(query, selection).effort(self._books)

    def _require_affordable(self, selection: Selection, query: Input) -> None:
        try:
            require_affordable(load_of(query, selection), self._max_cost, "fields")
        except TooComplex as error:
            raise BadInput("query", error) from None

    def _make(self, selection: Selection, trusted: bool, authorized: bool) -> View:
        public = selection.public
        depends = public is not selection and not self._authorization.is_open
        shown = selection if trusted else public
        control = self._cache_control.of_read(by_token=depends, authorized=authorized)
        headers = [("Cache-Control", control), *([BY_TOKEN] if depends else [])]
        return View(shown, headers, self._instance)


def _deprecation(selection: Selection) -> Headers:
    """`Deprecation` and `Sunset`, of the deprecated field that goes first; none without such."""
    said = selection.deprecations
    if not said:
        return []
    since = min(one.since for one in said)
    sunset = min(one.sunset for one in said)
    return [
        ("Deprecation", f"@{since.timestamp():.0f}"),  # RFC 9745, 2.1: a Date of RFC 9651
        ("Sunset", format_datetime(sunset, usegmt=True)),  # RFC 8594, 3
    ]


def _shape(selection: Selection) -> str:
    """A text that is the same for all selections that show the same."""
    members: list[Any] = [
        f"{member.key}({_shape(member.selection)})"
        if isinstance(member, Nested)
        else f"{member.key}{'' if getattr(member, 'shown', True) else '?'}"
        for member in selection.members
    ]
    return f"{selection.entity.name}:{','.join(members)}"
