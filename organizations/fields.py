"""Choose people and departments in a form, also where there are thousands of them."""

from django.utils.translation import gettext_lazy as _

from core.choice_fields import OneOfMany, SeveralOfMany


class PersonField(OneOfMany):
    """One person, by e-mail address or name."""

    key = "email"
    named_by = ("first_name", "last_name")
    typed_hint = _("Namn eller e-postadress.")
    unknown = _("Ingen med öppet konto heter %(typed)s. Skriv namnet eller e-postadressen.")


class DepartmentField(OneOfMany):
    """One department, by its ansvar code or name."""

    key = "cost_center"
    typed_hint = _("Namn eller ansvarskod.")
    unknown = _("Ingen öppen enhet heter %(typed)s. Skriv enhetens namn eller ansvarskod.")


class DepartmentsField(SeveralOfMany):
    """Several departments."""

    key = DepartmentField.key
    typed_hint = _("En enhet på varje rad, med namn eller ansvarskod.")
    unknown = DepartmentField.unknown
