"""
A report as a document: what the page, the PDF and the Word file draw.

Only shapes. The words are in ``case`` (the tjänsteskrivelse) and ``annex``. A section that only a person can write
has no blocks until somebody has written it; nothing is made up in its place, and every drawing says that it is missing.
"""

from dataclasses import dataclass
from typing import Literal

RowKind = Literal["", "increase", "sum"]
Tone = Literal["plan", "realised", "apart", "before", "increase", "share", "low"]
"""How a bar is filled; a colour never says anything that its label does not."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure or some words, with what stands small below and the address of the lines behind it."""

    text: str
    url: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; cost increases and sums look different."""

    cells: tuple[Cell, ...]
    kind: RowKind = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column; numbers stand to the right. ``share`` is its part of the width."""

    text: str
    is_number: bool = True
    share: int = 2


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row, each cell with its column's heading."""

    cells: tuple[tuple[Cell, Heading], ...]
    kind: RowKind


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and, below it, what one must know to read it."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    note: str = ""
    kind: Literal["table"] = "table"

    @property
    def drawn(self) -> list[DrawnRow]:
        """Rows whose cells stand beside their headings, for a template that needs both."""
        return [DrawnRow(tuple(zip(row.cells, self.headings, strict=True)), row.kind) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Points:
    """A list, numbered when its order matters."""

    items: tuple[str, ...]
    is_numbered: bool = False
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Bar:
    """
    A bar of a picture: what it is, what it says, and where it begins and ends.

    ``starts``, ``ends`` and ``mark`` are shares of the picture's width, as decimal text so that every reader rounds alike;
    ``mark`` is a line to compare with, where there is one.
    """

    label: str
    text: str
    tone: Tone
    starts: str
    ends: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars that belong together, under the name of what they tell of; a single bar may have its name in its label."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture that answers the question in its caption, with all of its numbers in words below it.

    ``key`` is its name in addresses, ``alt`` what is said in its place, ``zero`` where its bars begin, and ``mark`` what the lines
    across the bars stand for.
    """

    key: str
    caption: str
    groups: tuple[Bars, ...]
    words: str
    alt: str
    zero: str = "0"
    mark: str = ""
    kind: Literal["picture"] = "picture"


Block = Table | Paragraph | Points | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document under one heading; without blocks it waits for somebody to write what is asked."""

    key: str
    heading: str
    blocks: tuple[Block, ...]
    is_written_by_rauk: bool = True
    ask: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether nobody has written it."""
        return not self.blocks


@dataclass(frozen=True, slots=True)
class Document:
    """A case document (tjänsteskrivelse) with its annex."""

    sender: str
    sender_unit: str
    facts: tuple[tuple[str, str], ...]
    title: str
    sections: tuple[Section, ...]
    annex_title: str
    annex: tuple[Section, ...]
    footer: str
    diary_number: str = ""
    mark: str = ""
    """What is to be seen on every page of what is not the final document: that it is a draft."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        sections = (*self.sections, *self.annex)
        return tuple(block for each in sections for block in each.blocks if isinstance(block, Picture))

    @property
    def missing(self) -> tuple[Section, ...]:
        """Sections that wait for somebody to write them."""
        return tuple(section for section in self.sections if section.is_missing)
