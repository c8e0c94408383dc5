"""Compression: what arms receive beyond what they use, as it is sent."""

from client_examples.comparison.analysis.compression import (
    SentPlain,
    Unused,
    hidden,
    sent_plain,
    unused,
)
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Items,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.document import ArmResult, Document

TITLE = "Compression and over-fetching"
COLUMNS = {
    "arm": Column("arm", kind="arm"),
    "body": Column("bodies: bytes", "bodies:\nbytes"),
    "sent": Column("as sent"),
    "decoded": Column("not used", "not\nused"),
    "encoded": Column("not used, as sent", "not used,\nas sent"),
}
SHOWN = 4
ABOUT = (
    "Bodies alone, without heads. Not used: the bytes beyond a document that has nothing but what "
    "the screen reads. As sent: the same, encoded as the answer was. Compression finds what "
    "repeats, such as the names of members, so what is not used may take little; small answers "
    "are sent as they are, since they fit a packet anyway."
)


def section(document: Document) -> Section | None:
    """What compression hides; None where it is not known of any arm."""
    groups = [
        Group(screen.name, [_row(arm, one) for arm in screen.arms if (one := unused(arm))])
        for screen in document.screens
    ]
    groups = [group for group in groups if group.rows]
    if not groups:
        return None
    blocks: list[Block] = [Table(COLUMNS, groups)]
    found = [hides(screen, one) for screen, one in hidden(document)]
    if found:
        blocks.append(Items("Where compression hides over-fetching", found, SHOWN))
    plain = [plainly(one) for one in sent_plain(document)]
    if plain:
        blocks.append(Items("Where a small answer is sent as it is", plain, SHOWN))
    if document.settings.encoding == "identity":
        blocks.append(Paragraph("Nothing was compressed: --encoding identity.", "quiet"))
    blocks.append(Paragraph(ABOUT, "quiet"))
    return Section("compression", TITLE, blocks, detail=True)


def hides(screen: str, one: Unused) -> str:
    """`book-list: of 4,430 bytes rest/textbook does not use 3,487; as sent they are 361`."""
    return (
        f"{screen}: of {one.body:,} bytes {one.arm.name} does not use {one.decoded:,}; as sent "
        f"they are {one.encoded:,} of {one.sent:,}"
    )


def plainly(one: SentPlain) -> str:
    """`book-list: rest/fields' 943 bytes are sent as they are; ... 4,430 become 1,304`."""
    small, large = one.plain, one.compressed
    return (
        f"{one.screen}: {small.arm.name} sends its {small.sent:,} bytes as they are; "
        f"{large.arm.name}'s {large.body:,} become {large.sent:,}"
    )


def _row(arm: ArmResult, one: Unused) -> dict[str, str]:
    return {
        "arm": arm.name,
        "body": numbers.whole(one.body),
        "sent": numbers.whole(one.sent),
        "decoded": numbers.whole(one.decoded),
        "encoded": numbers.whole(one.encoded),
    }
