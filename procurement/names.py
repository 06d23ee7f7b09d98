"""What a line is called on a page: what was asked for is kept in Swedish, an item has a name in English too."""

from procurement.models import OrderLine, RequisitionLine


def name_of(line: RequisitionLine | OrderLine) -> str:
    """
    Say what the line is about in the reader's language.

    In the words that were kept where the item has been renamed since, or was not read with the line.
    """
    item = line.item if type(line).item.is_cached(line) else None
    return str(item) if item is not None and item.swedish_name == line.description else line.description
