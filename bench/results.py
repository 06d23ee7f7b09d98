"""bench/RESULTS.md, a section for each bench: whoever measures anew writes its own and leaves the others."""

import re
from pathlib import Path

FILE = Path(__file__).resolve().parent / "RESULTS.md"


def write_section(section: str) -> None:
    """Write a section in the place of the one with the same heading, or after the others."""
    text = FILE.read_text() if FILE.exists() else ""
    sections = [part for part in re.split(r"(?m)^(?=# )", text) if part.strip()]
    heading = section.lstrip().splitlines()[0]
    parts = {part.splitlines()[0]: part.strip() for part in sections} | {heading: section.strip()}
    FILE.write_text("\n\n".join(parts.values()) + "\n")
