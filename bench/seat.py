"""What a client of the bench is given to work with; knows nothing of Django, so that it can be sent to a process."""

from dataclasses import dataclass

LINES = 5
CLIENTS = 8


@dataclass(frozen=True)
class Seat:
    """What one client works with: ids, and keys to the API."""

    department: int
    cost_center: str
    needed_by: str
    place: int
    account: int
    activity: int
    category: int
    supplier: int
    agreement: int
    requester: int
    manager: int
    receiver: int
    items: tuple[int, ...]
    numbers: tuple[str, ...]
    requester_key: str
    manager_key: str
    receiver_key: str
