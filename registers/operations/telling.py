"""Tell who handed a file in what became of it."""

from datetime import datetime

from core.addresses import address_of
from notices.operations.telling import News, tell
from registers.models import Import
from registers.notices import IMPORT


def tell_of_import(of_import: Import, how: str, *, to: int | None, at: datetime, error: str = "") -> None:
    """Tell the person, inside the operation; nobody when it was done on the command line."""
    if to is not None:
        facts = {"file": of_import.file_name, "how": how, "error": error}
        tell([News(to, IMPORT, address_of(of_import), facts)], by=None, at=at)
