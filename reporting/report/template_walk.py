"""
What a Word template says in Jinja, walked before it is ever run: it can write out, go through and leave out, by known names only.

The walk knows what each name gives, so an unknown one is named. A loop within another goes through something of what that one goes
through, so what comes out grows no faster than the report.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from jinja2 import Environment, TemplateError, nodes

from reporting.report.filled import BODY
from reporting.report.placeholders import Gives, Group, Leaf, Several, Shape
from reporting.report.template_refusals import (
    NotInHeaders,
    NotInTemplates,
    NotOfTheLoop,
    TemplateBroken,
    TooManyPlaceholders,
    UnknownPlaceholder,
    UnknownPlaceholderLike,
    WrongPlace,
)

MOST_PLACEHOLDERS = 500
MOST_BLOCKS = 40
"""So many times a template may ask for something that is drawn, or go through something."""
LOOP: Mapping[str, Shape] = {name: Leaf("") for name in ("first", "last", "index")}
"""What can be asked of a loop: which time it is."""

_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_TAGS = re.compile(r"<[^>]*>")


def walk(sources: Mapping[str, str], placeholders: Mapping[str, Shape]) -> None:
    """
    Walk all that Jinja would read of a template.

    :param sources: its parts, as ``Filled.sources`` has them.
    :raises TemplateRefused: with the first thing that does not hold.
    """
    walker = Walker(placeholders)
    for name, source in sources.items():
        walker.part = name
        for each in _parse(source).body:
            walker.statement(each, walker.names)


def _parse(source: str) -> nodes.Template:
    lines = _PARAGRAPH.sub("\n<w:p", source)
    try:
        return Environment(autoescape=True).parse(lines)
    except TemplateError as error:
        number = getattr(error, "lineno", None) or 1
        raise TemplateBroken(
            near=placeholder_tail(lines.splitlines()[number - 1]) or placeholder_tail(lines)
        ) from None


def placeholder_tail(source: str) -> str:
    """The words from the last placeholder on, without the XML about them; nothing where there is none."""
    words = " ".join(_TAGS.sub(" ", source).split())
    return words[max(words.rfind("{{"), words.rfind("{%")) :][:60] if "{{" in words or "{%" in words else ""


@dataclass(slots=True)
class Walker:
    """A walk under way: which part it is in, and how much it has met."""

    names: Mapping[str, Shape]
    part: str = BODY
    written: int = 0
    heavy: int = 0
    loops: list[str] = field(default_factory=list)

    def statement(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        """Look at something that a template does."""
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                if not isinstance(child, nodes.TemplateData):
                    self._write(child, names)
        elif isinstance(node, nodes.If):
            self._test(node.test, names)
            for each in (*node.body, *node.elif_, *node.else_):
                self.statement(each, names)
        elif isinstance(node, nodes.For):
            self._loop(node, names)
        else:
            raise NotInTemplates(what=_called(node))

    def _write(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        self.written += 1
        if self.written > MOST_PLACEHOLDERS:
            raise TooManyPlaceholders(most=MOST_PLACEHOLDERS)
        name, shape = self._placeholder(node, names)
        if isinstance(shape, Several):
            raise WrongPlace(name=name, how=f"{{%p for {shape.loop or 'rad'} in {name} %}}")
        if isinstance(shape, Group):
            raise WrongPlace(name=name, how=", ".join(f"{name}.{each}" for each in shape.fields))
        if shape.gives is not Gives.TEXT:
            self._count_block()
            if self.part != BODY:
                raise NotInHeaders(name=name)

    def _count_block(self) -> None:
        self.heavy += 1
        if self.heavy > MOST_BLOCKS:
            raise TooManyPlaceholders(most=MOST_BLOCKS)

    def _test(self, node: nodes.Node, names: Mapping[str, Shape]) -> None:
        if isinstance(node, nodes.Not):
            self._test(node.node, names)
        elif isinstance(node, nodes.And | nodes.Or):
            self._test(node.left, names)
            self._test(node.right, names)
        else:
            self._placeholder(node, names)

    def _loop(self, node: nodes.For, names: Mapping[str, Shape]) -> None:
        self._count_block()
        name, shape = self._placeholder(node.iter, names)
        if not isinstance(shape, Several):
            raise WrongPlace(name=name, how=f"{{{{ {name} }}}}")
        if node.test is not None or node.recursive or not isinstance(node.target, nodes.Name):
            raise NotInTemplates(what=f"{{% for … in {name} %}}")
        if self.loops and name.partition(".")[0] != self.loops[-1]:
            raise NotOfTheLoop(name=name)
        inner = {**names, node.target.name: shape.each, "loop": Group(LOOP)}
        self.loops.append(node.target.name)
        for each in (*node.body, *node.else_):
            self.statement(each, inner)
        self.loops.pop()

    def _placeholder(self, node: nodes.Node, names: Mapping[str, Shape]) -> tuple[str, Shape]:
        """The placeholder that an expression names, and what it gives."""
        if isinstance(node, nodes.Name):
            return node.name, _shape_of_name(node.name, node.name, names)
        if isinstance(node, nodes.Getattr):
            owner, shape = self._placeholder(node.node, names)
            name = f"{owner}.{node.attr}"
            fields = shape.fields if isinstance(shape, Group) else {}
            return name, _shape_of_name(node.attr, name, fields, owner=f"{owner}.")
        raise NotInTemplates(what=_called(node))


def _shape_of_name(key: str, name: str, names: Mapping[str, Shape], *, owner: str = "") -> Shape:
    if key in names:
        return names[key]
    matches = difflib.get_close_matches(key, names, n=1)
    if matches:
        raise UnknownPlaceholderLike(name=name, meant=f"{owner}{matches[0]}")
    raise UnknownPlaceholder(name=name)


_CALLED: Mapping[type[nodes.Node], str | Promise] = {
    nodes.Call: _("funktioner"),
    nodes.Filter: _("filter med |"),
    nodes.Test: _("prov med is"),
    nodes.Assign: "set",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Macro: "macro",
    nodes.Block: "block",
    nodes.Getitem: "[ ]",
    nodes.Const: _("fasta värden"),
    nodes.Compare: _("jämförelser"),
}


def _called(node: nodes.Node) -> str | Promise:
    """What a part of Jinja is called, as whoever wrote it would say."""
    return _CALLED.get(type(node), _("uträkningar"))
