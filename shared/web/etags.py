"""Entity tags: which of two answers are the same (RFC 9110, 8.8.3), for both APIs.

A tag here has its quotes, as in the header. An answer that is compressed has a tag of its own,
since strong tags tell of bytes: the same with `-gzip` in front of the closing quote.
"""

from hashlib import blake2b
from typing import Final

from shared.errors import PreconditionFailed, ValidationFailed, Violation
from shared.rules.values import shown
from shared.web.header_lists import entity_tags

_MARK_BYTES: Final = 12  # 2**48 answers before two are likely to share one
_CODING: Final = '-gzip"'


def content_mark(content: bytes) -> str:
    """A short hash, to make a tag of."""
    return blake2b(content, digest_size=_MARK_BYTES).hexdigest()


def content_tag(body: bytes) -> str:
    """The strong tag of an answer with this body, before it is compressed."""
    return f'"{content_mark(body)}"'


def with_coding(tag: str) -> str:
    """The tag of the same answer, compressed."""
    return f"{tag[:-1]}{_CODING}"


def tags_to_match(condition: str, header: str = "If-Match") -> tuple[str, ...] | None:
    """The tags of a condition, weak ones with their `W/`; None for `*`: any.

    Args:
        header: that has the condition.

    Raises:
        ValidationFailed: it is no list of tags.
    """
    if is_any(condition):
        return None
    tags = entity_tags(condition)
    if not tags:
        rule = f"must be * or tags as ETag has given them, got {shown(condition)}"
        raise ValidationFailed([Violation((header,), rule)])
    return tags


def require_match(if_match: str | None, tag: str) -> None:
    """Refuse a request whose `If-Match` does not name the state that would be shown.

    Compared strongly (RFC 9110, 13.1.1). The tags of the plain and the compressed answer name the
    same state, so either of them matches.

    Args:
        if_match: the header, None if there is none.
        tag: that of the answer, not compressed.

    Raises:
        PreconditionFailed: it names other states only.
        ValidationFailed: it is no list of tags.
    """
    if if_match is None:
        return
    tags = tags_to_match(if_match)
    if tags is not None and tag not in tags and with_coding(tag) not in tags:
        raise PreconditionFailed(
            f"this has another state than If-Match names: its ETag is {tag}; read it again"
        )


def is_any(header: str) -> bool:
    """Whether an `If-Match` or `If-None-Match` is `*`: whatever there is."""
    return header.strip(" \t") == "*"


def matching(if_none_match: str | None, tag: str, accepts_gzip: bool) -> str | None:
    """The tag for a 304: which answer the client has already; None if it must be sent.

    Compared weakly (RFC 9110, 13.1.2). A tag of the compressed answer counts only if the client
    still takes that: else it could not read what its cache gives it.

    Args:
        if_none_match: the header, None if there is none.
        tag: that of the answer, not compressed.
        accepts_gzip: whether the request allows gzip.
    """
    if if_none_match is None:
        return None
    if is_any(if_none_match):
        return tag
    for each in entity_tags(if_none_match):
        known = each.removeprefix("W/")
        if known == tag or (accepts_gzip and known == with_coding(tag)):
            return known
    return None
