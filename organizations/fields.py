"""Choose people and departments in a form, also where there are thousands of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choosing import OneOfMany, SeveralOfMany


class PersonField(OneOfMany):
    """One person, by e-mail address or name."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid_choice": _("Ingen med öppet konto heter %(typed)s. Skriv namnet eller e-postadressen.")
        }
        super().__init__(
            key="email",
            named_by=("first_name", "last_name"),
            typed_hint=_("Namn eller e-postadress."),
            error_messages={**messages, **kwargs.pop("error_messages", {})},
            **kwargs,
        )


_NO_DEPARTMENT = _("Ingen öppen enhet heter %(typed)s. Skriv enhetens namn eller ansvarskod.")


class DepartmentField(OneOfMany):
    """One department, by its ansvar code or name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            key="cost_center",
            named_by=("name",),
            typed_hint=_("Namn eller ansvarskod."),
            error_messages={"invalid_choice": _NO_DEPARTMENT, **kwargs.pop("error_messages", {})},
            **kwargs,
        )


class DepartmentsField(SeveralOfMany):
    """Several departments."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            key="cost_center",
            named_by=("name",),
            typed_hint=_("En enhet på varje rad, med namn eller ansvarskod."),
            error_messages={"invalid_choice": _NO_DEPARTMENT, **kwargs.pop("error_messages", {})},
            **kwargs,
        )
