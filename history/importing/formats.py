"""The formats that can be read, by the name they have in the register."""

from history.importing import scms
from history.importing.lines import Reader

READERS: dict[str, Reader] = {"scms": scms.READER}
