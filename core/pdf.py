"""
Documents as PDF/UA-1, typeset by Typst with the fonts that come with it.

A template gets one JSON text and nothing else, so the same facts always give the same bytes, and no text of a
person's can be read as markup.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

PROJECT_DIR = Path(__file__).resolve().parent.parent


def typeset(template: Path, facts: dict[str, Any], *, at: datetime) -> bytes:
    """
    Typeset a template that lies within the project.

    The template reads its facts with ``json(bytes(sys.inputs.facts))`` and may import
    ``/core/documents/style.typ``. ``at`` is the document's date in its properties.
    """
    return bytes(
        typst.compile(
            str(template),
            root=str(PROJECT_DIR),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        )
    )
