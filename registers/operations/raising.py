"""What becomes of the rows of an import that raise a register's measure: proposals, or written by whoever decides about them."""

from datetime import datetime

from audit import trail
from organizations.models import User
from registers.events import Event
from registers.models import Import


def refuse_rises(of_import: Import, *, by: User | None, at: datetime) -> None:
    """Refuse the rises that may not be, or that are not hers to propose."""
    if (raises := of_import.register.raises) is not None and of_import.changes.to_propose().exists():
        raises.refuse(of_import, by, at)


def differing_rises(of_import: Import, *, by: User | None, at: datetime) -> int:
    """How many rows rise now that did not when the file was compared, or no longer do."""
    raises = of_import.register.raises
    return raises.differing(of_import, at) if raises is not None and by is not None else 0


def decide_rises(of_import: Import, *, reason: str, by: User | None, at: datetime) -> None:
    """
    Let what rises be written with the rest, since whoever has it applied decides about it herself, and says why.

    All that is marked is hers: what is not has been refused. What the command line applies nobody is asked about.
    """
    rises = of_import.changes.to_propose()
    if (by is not None and not reason) or not rises.exists():
        return
    moves = of_import.moves()
    rises.update(is_proposed=False)
    trail.record(
        Event.IMPORT_RISES_DECIDED,
        subject=of_import,
        by=by,
        at=at,
        register=of_import.register_name,
        amount=str(moves.raised) if moves and moves.raised is not None else "",
        comment=reason,
    )


def propose_rises(of_import: Import, *, by: User | None, at: datetime) -> None:
    """Make proposals of what rises."""
    raises = of_import.register.raises
    if raises is not None and by is not None and of_import.changes.to_propose().exists():
        raises.propose(of_import, by, at)


def take_back_rises(of_import: Import, *, by: User | None, at: datetime) -> None:
    """
    Withdraw what was proposed.

    :raises WrongState: some of it is approved.
    """
    if (raises := of_import.register.raises) is not None:
        raises.take_back(of_import, by, at)
