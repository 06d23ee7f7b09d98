"""How templates are read."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(filesystem.Loader):
    """
    Read pages without the indentation of their lines.

    It is for who reads the template; on a long page it is a fifth of what is sent. Texts are left as they are.
    """

    def get_contents(self, origin: Origin) -> str:
        """Give the template's text."""
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if str(origin.name).endswith(".html") else contents
