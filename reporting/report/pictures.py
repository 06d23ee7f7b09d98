"""
The pictures of a report as files: one drawing in one style, as SVG for the page and as PNG for Word and Excel.

Typst draws them, as it does the PDF, with the program's own fonts; in the PDF the same drawing stands as it is. The same
picture gives the same bytes.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Literal

from core.pdf import draw_page
from reporting.report.document import Picture

TEMPLATE = Path(__file__).with_name("picture_alone.typ")

Width = Literal["wide", "narrow"]


def picture_svg(picture: Picture, *, width: Width = "wide") -> bytes:
    """Draw a picture for a page; the narrow one has its labels above its bars, so that they are read on a telephone."""
    return draw_page(TEMPLATE, {"picture": asdict(picture), "width": width}, form="svg")


def picture_png(picture: Picture) -> bytes:
    """Draw a picture for a document, 162 mm wide."""
    return draw_page(TEMPLATE, {"picture": asdict(picture), "width": "wide"}, form="png")
