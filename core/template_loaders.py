"""How templates are read."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
SILENT = re.compile(
    r"""
    ^(
        \{%[ ](?: load | if | elif | else | endif | for | empty | endfor | with | endwith )\b (?:(?!%\}).)* %\}
      | \{%[ ](?: translate | url )\b (?:(?!%\}).)* [ ]as[ ]\w+ [ ]%\}
      | \{\#.*\#\}
      | \{%[ ]blocktranslate\b (?:(?!%\}).)* [ ]asvar[ ] .* \{%[ ]endblocktranslate[ ]%\}
    )\n
    """,
    re.MULTILINE | re.VERBOSE,
)
"""Lines on which nothing stands that is shown."""


class WithoutIndentation(filesystem.Loader):
    """
    Read pages without the indentation of their lines, and without the lines on which only a decision stands.

    They are for who reads the template; on a long page they are a fourth of what is sent. Texts are left as they are.
    """

    def get_contents(self, origin: Origin) -> str:
        """Give the template's text."""
        contents = super().get_contents(origin)
        if not str(origin.name).endswith(".html"):
            return contents
        return SILENT.sub(r"\1", INDENTATION.sub("", contents))
