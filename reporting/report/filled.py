"""A Word template as docxtpl fills it in: its body, headers and footers, and nothing else of it."""

import io
from collections.abc import Mapping
from typing import Any

from docxtpl import DocxTemplate

BODY = "body"


class Filled(DocxTemplate):  # type: ignore[misc]
    """
    A template that is opened to be filled in.

    Footnotes and properties are left as they are: docxtpl fills in footnotes once for every section of the document, and the second
    time it would read what a person had typed as a template.
    """

    def __init__(self, template: bytes) -> None:
        super().__init__(io.BytesIO(template))
        self.init_docx()

    @property
    def sources(self) -> Mapping[str, str]:
        """What Jinja gets to read: the XML of the body, and of each header and footer by its name."""
        sources = {BODY: self.patch_xml(self.get_xml())}
        for uri in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(uri):
                sources[str(part.partname)] = self.patch_xml(self.get_part_xml(part))
        return sources

    def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Leave footnotes as they are."""

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Leave properties to whoever writes the report's own."""
