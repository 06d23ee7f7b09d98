"""Why a Word template is not taken: each reason with what to do instead."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class TemplateRefused(InvalidInput):
    """A template that is not taken."""

    code = "report_template_refused"
    sentence = _("Mallen går inte att använda.")


class NotAWordFile(TemplateRefused):
    """It is something else than a Word document."""

    code = "report_template_not_word"
    sentence = _("%(name)s är inget Word-dokument. Spara mallen som Word-dokument (.docx) och välj den igen.")


class TemplateTooLarge(TemplateRefused):
    """It is larger than a template is."""

    code = "report_template_too_large"
    sentence = _(
        "Mallen är för stor. Högst %(limit)s MB går bra, och %(part)s MB text. Gör bilderna i den mindre."
    )


class TemplateFetches(TemplateRefused):
    """It would have whoever opens the report fetch something, or run something."""

    code = "report_template_fetches"
    sentence = _(
        "Mallen hämtar eller kör något utifrån (%(what)s). Ta bort det, eller lägg in det i själva mallen."
    )


class FieldNotAllowed(TemplateFetches):
    """A field that reads other files or programs."""

    code = "report_template_field"
    sentence = _("Mallen har fältet %(field)s, som kan läsa andra filer. Ta bort det.")


class TemplateBroken(TemplateRefused):
    """Its placeholders are not whole."""

    code = "report_template_broken"
    sentence = _(
        "Platshållarna går inte att läsa nära ”%(near)s”. Varje {{ ska ha sin }} och varje {%% sin %%}, och det som öppnas ska stängas."
    )


class UnknownPlaceholder(TemplateRefused):
    """It asks for something that reports do not have."""

    code = "report_template_unknown"
    sentence = _("Mallen frågar efter %(name)s, som inte finns.")


class UnknownPlaceholderLike(UnknownPlaceholder):
    """It asks for something that has nearly that name."""

    sentence = _("Mallen frågar efter %(name)s, som inte finns. Menar du %(meant)s?")


class NotInTemplates(TemplateRefused):
    """It does something else than writing out, going through and leaving out."""

    code = "report_template_not_allowed"
    sentence = _(
        "I en mall går det att skriva ut platshållare och att använda for och if, men inte %(what)s. Ta bort det."
    )


class WrongPlace(TemplateRefused):
    """A placeholder that has to be written in another way."""

    code = "report_template_wrong_place"
    sentence = _("%(name)s går inte att skriva ut så. Skriv %(how)s.")


class NotInHeaders(WrongPlace):
    """What is drawn stands in the body."""

    sentence = _("%(name)s kan bara stå i själva dokumentet, inte i sidhuvud eller sidfot.")


class NotOfTheLoop(WrongPlace):
    """A loop within another goes through what belongs to it."""

    sentence = _("Inne i en for går det bara att gå igenom det som hör till den. %(name)s gör inte det.")


class NotInNotes(WrongPlace):
    """Footnotes and comments are left as they are."""

    sentence = _("Platshållare i fotnoter och kommentarer fylls inte i. Flytta dem till själva dokumentet.")


class TooManyPlaceholders(TemplateRefused):
    """More than a template for a report has use for."""

    code = "report_template_too_many"
    sentence = _("Mallen har för många platshållare. Högst %(most)s går bra.")


class SectionsLeftOut(TemplateRefused):
    """A section of the report would not be in the document."""

    code = "report_template_sections_left_out"
    sentence = _(
        "Mallen saknar %(sections)s. Alla avsnitt måste vara med. Skriv ut dem ett och ett, eller med {%%p for avsnitt in avsnitten %%}."
    )
