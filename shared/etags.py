"""Entity tags: which of two answers are the same (RFC 9110, 8.8.3), for both APIs.

A tag here has its quotes, as in the header. An answer that is compressed has a tag of its own,
since strong tags tell of bytes: the same with `-gzip` in front of the closing quote.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

_MARK_BYTES: Final = 12  # 2**48 answers before two are likely to share one
_CODING: Final = '-gzip"'
_TAG: Final = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def content_mark(content: bytes) -> str:
    """A short hash, to make a tag of."""
    return blake2b(content, digest_size=_MARK_BYTES).hexdigest()


def content_tag(body: bytes) -> str:
    """The strong tag of an answer with this body, before it is compressed."""
    return f'"{content_mark(body)}"'


def with_coding(tag: str) -> str:
    """The tag of the same answer, compressed."""
    return f"{tag[:-1]}{_CODING}"


@lru_cache(maxsize=512)
def parse_tags(header: str) -> tuple[str, ...]:
    """The tags of `If-Match` or `If-None-Match` without their `W/`; none if it is no such list."""
    tags = []
    at = 0
    while at < len(header):
        found = _TAG.match(header, at)
        if not found:
            return ()
        tags.append(found[1])
        at = found.end()
    return tuple(tags)


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
    if if_none_match.strip() == "*":
        return tag
    for known in parse_tags(if_none_match):
        if known == tag or (accepts_gzip and known == with_coding(tag)):
            return known
    return None
