"""Why a value that was handed in cannot be read."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class Unreadable(InvalidInput):
    """The value is not of the column's kind."""

    code = "unreadable_value"
    sentence = _("”%(value)s” går inte att läsa här.")


class TooLong(Unreadable):
    """The text does not fit."""

    code = "value_too_long"
    sentence = _("Texten är längre än %(most)s tecken.")


class UnseenCharacters(Unreadable):
    """The text holds characters that no database holds."""

    code = "value_unstorable"
    sentence = _("Texten innehåller tecken som inte går att spara.")


class LostLetters(Unreadable):
    """Letters were lost when a program read the text in the wrong encoding."""

    code = "value_lost_letters"
    sentence = _(
        "Texten har tappat bokstäver (�) i ett tidigare program. Rätta den, eller exportera filen på nytt."
    )


class NotANumberHere(Unreadable):
    """Not a number."""

    code = "value_not_a_number"
    sentence = _("”%(value)s” är inget tal.")


class AmbiguousNumber(Unreadable):
    """The text is one number with thousands and another with decimals."""

    code = "value_ambiguous_number"
    sentence = _(
        "”%(value)s” kan vara %(thousands)s eller %(decimals)s. Ange vilket decimaltecken filen har."
    )


class NumberOutOfRange(Unreadable):
    """The number has more digits or decimals than there is room for, or the wrong sign."""

    code = "value_out_of_range"
    sentence = _("”%(value)s” är för stort, för litet eller har för många decimaler.")


class NotADay(Unreadable):
    """Not a day."""

    code = "value_not_a_day"
    sentence = _("”%(value)s” är inget datum. Skriv som 2026-11-25.")


class NotAMonth(Unreadable):
    """Not a month."""

    code = "value_not_a_month"
    sentence = _("”%(value)s” är ingen månad. Skriv som 2026-11.")


class AmbiguousDay(Unreadable):
    """The text is one day with the day first and another with the month first."""

    code = "value_ambiguous_day"
    sentence = _("”%(value)s” kan vara två olika dagar. Ange om dag eller månad står först i filen.")


class NotATime(Unreadable):
    """Not a time of the day."""

    code = "value_not_a_time"
    sentence = _("”%(value)s” är inget klockslag. Skriv som 15.00.")


class NotAChoice(Unreadable):
    """Not one of the column's values."""

    code = "value_not_a_choice"
    sentence = _("”%(value)s” finns inte att välja. Det som finns är %(choices)s.")


class NotYesOrNo(Unreadable):
    """Neither yes nor no."""

    code = "value_not_yes_or_no"
    sentence = _("”%(value)s” är varken ja eller nej.")


class NotAnAddress(Unreadable):
    """Not one e-mail address."""

    code = "value_not_an_address"
    sentence = _("”%(value)s” är ingen e-postadress.")


class UnknownUnit(Unreadable):
    """No such unit."""

    code = "value_unknown_unit"
    sentence = _("Enheten ”%(value)s” är okänd.")


class ValueMissing(InvalidInput):
    """A column that must have a value has none."""

    code = "register_value_missing"
    sentence = _("Fyll i %(column)s.")
