"""
What a Word template can ask a report for (platshållare), by name, and what each of them gives. Pure.

Templates are checked against this, the page lists it, and ``template_context`` fills it in; so none of them can know a name that
the others do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.models import TemplateKind

Words = str | Promise


class Gives(StrEnum):
    """What stands in the place of a placeholder."""

    TEXT = "text"
    BLOCKS = "blocks"
    """Paragraphs, lists, tables and pictures; written ``{{p … }}`` in a paragraph of its own."""
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Something that can be written out."""

    words: Words
    gives: Gives = Gives.TEXT


@dataclass(frozen=True, slots=True)
class Group:
    """Placeholders under a common name: ``avsnitt.rubrik``."""

    fields: "Mapping[str, Shape]"
    words: Words = ""


@dataclass(frozen=True, slots=True)
class Several:
    """Something to go through with ``{% for %}``; ``loop`` is what one of them is called where it is listed."""

    each: "Shape"
    words: Words = ""
    loop: str = ""


Shape = Leaf | Group | Several

TABLE = Group(
    {
        "rubrik": Leaf(_("Tabellens rubrik")),
        "kolumner": Several(Leaf(_("En kolumns rubrik"))),
        "rader": Several(Group({"celler": Several(Leaf(_("En cells text")))})),
        "not": Leaf(_("Det som står under tabellen")),
    }
)
PICTURE = Group(
    {
        "rubrik": Leaf(_("Frågan som bilden svarar på")),
        "bild": Leaf(_("Bilden, med alternativtext"), Gives.PICTURE),
        "text": Leaf(_("Bildens siffror i ord")),
    }
)
SECTION: Mapping[str, Shape] = {
    "rubrik": Leaf(_("Avsnittets rubrik")),
    "innehall": Leaf(_("Allt i avsnittet: text, listor, tabeller och bilder"), Gives.BLOCKS),
    "rader": Several(Leaf(_("En rad eller ett stycke")), _("Avsnittets text, rad för rad"), "rad"),
    "tabeller": Several(TABLE, _("Avsnittets tabeller, för den som ritar dem själv"), "tabell"),
    "bilder": Several(PICTURE, _("Avsnittets bilder"), "bild"),
}
"""What each section gives."""

COMMON: Mapping[str, Shape] = {
    "avsandare": Leaf(_("Regionens namn")),
    "enhet": Leaf(_("Avsändande förvaltning")),
    "mottagare": Leaf(_("Vem handlingen är till")),
    "handlaggare": Leaf(_("Vem som beställde rapporten")),
    "datum": Leaf(_("Dagen då siffrorna frystes")),
    "diarienummer": Leaf(_("Diarienumret, som RS 2020/1154")),
    "arende": Leaf(_("Diarienumret på båda sätten, som RS 2020/1154 (RS 1154-2020)")),
    "rubrik": Leaf(_("Rapportens rubrik")),
    "bilagans_rubrik": Leaf(_("Bilagans rubrik")),
    "sidfot": Leaf(_("Version och kontrollsumma")),
    "utkast": Leaf(_("Ordet Utkast, tomt i en låst rapport")),
}
"""What both documents give."""

CASE_SECTIONS = {
    "proposal": "forslag",
    "summary": "sammanfattning",
    "background": "arendebeskrivning",
    "assessment": "bedomning",
    "economy": "ekonomi",
    "children_perspective": "barn_och_genus",
    "rural_perspective": "landsbygd",
    "basis": "beslutsunderlag",
    "recipients": "skickas_till",
    "signature": "underskrift",
}
ANNEX_SECTIONS = {
    "pictures": "bilder",
    "indicators": "indikatorer",
    "initiatives": "initiativ",
    "increases": "kostnadsokningar",
    "apart": "redovisas_for_sig",
    "agreements": "avtal",
    "deviations": "avvikelser",
    "recommendations": "rekommendationer",
    "plan": "plan",
    "quality": "forbehall",
    "method": "metod",
}
"""What the sections are called in templates, by their keys, in the order of the document."""

SECTIONS: Mapping[TemplateKind, Mapping[str, str]] = {
    TemplateKind.CASE: CASE_SECTIONS,
    TemplateKind.ANNEX: ANNEX_SECTIONS,
}


def placeholders(kind: TemplateKind) -> Mapping[str, Shape]:
    """Everything that a template of a kind can ask for."""
    sections = {name: Group(SECTION) for name in SECTIONS[kind].values()}
    every = Several(Group(SECTION), _("Alla avsnitt i ordning"), "avsnitt")
    return {**COMMON, "avsnitten": every, **sections}


@dataclass(frozen=True, slots=True)
class Listed:
    """A placeholder as a page and the documentation list it: how it is written, and what it gives."""

    written: str
    words: Words


def listed(kind: TemplateKind) -> Iterator[Listed]:
    """The placeholders as they are written, the common ones first, then a section's own."""
    for name, shape in placeholders(kind).items():
        if isinstance(shape, Leaf):
            yield _leaf(name, shape)
        elif isinstance(shape, Several):
            yield Listed(f"{{%p for {shape.loop} in {name} %}} … {{%p endfor %}}", shape.words)
    for name, shape in SECTION.items():
        if isinstance(shape, Leaf):
            yield _leaf(f"avsnitt.{name}", shape)
        elif isinstance(shape, Several):
            yield Listed(f"{{%p for {shape.loop} in avsnitt.{name} %}} … {{%p endfor %}}", shape.words)
    for owner, group in (("tabell", TABLE), ("bild", PICTURE)):
        for name, shape in group.fields.items():
            if isinstance(shape, Leaf):
                yield _leaf(f"{owner}.{name}", shape)


def _leaf(name: str, leaf: Leaf) -> Listed:
    return Listed(f"{{{{p {name} }}}}" if leaf.gives is Gives.BLOCKS else f"{{{{ {name} }}}}", leaf.words)
