"""The formats that can be read, by the name they have in the register."""

from reporting.importing import scms
from reporting.importing.lines import Reader

READERS: dict[str, Reader] = {"scms": scms.READER}
