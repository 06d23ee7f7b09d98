"""What differs between two versions of a report, as a reader sees it: figures and texts of the two documents. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from reporting.report.document import Document, Paragraph, Picture, Points, Section, Table

NOT_COMPARED = frozenset({"basis"})
"""What always differs: the day that each version was made."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is said otherwise: where, what, and both versions; empty in one of them where it does not stand."""

    section: str
    name: str
    before: str
    after: str
    is_text: bool = False


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Compare what is said under each heading, in the order of the later document."""
    of_sections = _all_section_differences(before.sections, after.sections)
    return (*_facts(before, after), *of_sections, *_all_section_differences(before.annex, after.annex))


def _facts(before: Document, after: Document) -> Iterator[Difference]:
    """The title, and the facts of the case but for its date."""
    old = {"Rubrik": before.title} | dict(before.facts)
    new = {"Rubrik": after.title} | dict(after.facts)
    for name in dict.fromkeys([*new, *old]):
        if name != "Datum" and old.get(name, "") != new.get(name, ""):
            yield Difference("", name, old.get(name, ""), new.get(name, ""))


def _all_section_differences(before: tuple[Section, ...], after: tuple[Section, ...]) -> Iterator[Difference]:
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    for key in dict.fromkeys([*new, *old]):
        if key not in NOT_COMPARED:
            heading = (new.get(key) or old[key]).heading
            yield from _section_differences(heading, old.get(key), new.get(key))


def _section_differences(heading: str, before: Section | None, after: Section | None) -> Iterator[Difference]:
    """Its running text as a whole, its pictures one by one, its tables figure by figure with what stands small by them."""
    old_text, new_text = _text(before), _text(after)
    if old_text != new_text:
        yield Difference(heading, "", old_text, new_text, is_text=True)
    old_words, new_words = _words(before), _words(after)
    for caption in dict.fromkeys([*new_words, *old_words]):
        if old_words.get(caption, "") != new_words.get(caption, ""):
            yield Difference(heading, caption, old_words.get(caption, ""), new_words.get(caption, ""))
    old_cells, new_cells = _cells(before), _cells(after)
    for name in dict.fromkeys([*new_cells, *old_cells]):
        if old_cells.get(name, "") != new_cells.get(name, ""):
            yield Difference(heading, ", ".join(name[:2]), old_cells.get(name, ""), new_cells.get(name, ""))
    old_small, new_small = _small(before), _small(after)
    for small in dict.fromkeys([*new_small, *old_small]):
        if old_small.get(small, "") != new_small.get(small, ""):
            yield Difference(heading, small[0], old_small.get(small, ""), new_small.get(small, ""))


def _text(section: Section | None) -> str:
    parts: list[str] = []
    for block in section.blocks if section else ():
        if isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Points):
            parts += block.items
    return "\n".join(parts)


def _words(section: Section | None) -> dict[str, str]:
    """What each picture says in words, by its caption."""
    blocks = section.blocks if section else ()
    return {block.caption: block.words for block in blocks if isinstance(block, Picture)}


def _small(section: Section | None) -> dict[tuple[str, int, int], str]:
    """What stands small below a table, by its caption, and below a name in it; rows of the same name are numbered."""
    small: dict[tuple[str, int, int], str] = {}
    tables = [block for block in section.blocks if isinstance(block, Table)] if section else []
    for place, table in enumerate(tables):
        small[table.caption, 0, place] = table.note
        count_by_name: dict[str, int] = {}
        for row in table.rows:
            name = row.cells[0].text
            count_by_name[name] = count_by_name.get(name, 0) + 1
            small[name, count_by_name[name], place] = row.cells[0].below
    return small


def _cells(section: Section | None) -> dict[tuple[str, str, int, int], str]:
    """Each figure by the name of its row and the heading of its column; rows of the same name are numbered."""
    cells: dict[tuple[str, str, int, int], str] = {}
    tables = [block for block in section.blocks if isinstance(block, Table)] if section else []
    for place, table in enumerate(tables):
        count_by_name: dict[str, int] = {}
        for row in table.rows:
            name = row.cells[0].text
            count_by_name[name] = count_by_name.get(name, 0) + 1
            for cell, heading in zip(row.cells[1:], table.headings[1:], strict=True):
                cells[name, heading.text.replace("\u00ad", ""), count_by_name[name], place] = cell.text
    return cells
