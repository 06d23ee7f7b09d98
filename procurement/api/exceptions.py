"""What the API is told when a head of procurement lets a line pass the direct-award limit."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from procurement.models import ExceptionGround

GROUND_HELP = _(
    "Undantaget som köpet stöder sig på, när det går över gränsen för direktupphandling. Inköpschefens."
)


class ExceptionInput(serializers.Serializer):  # type: ignore[type-arg]
    """The ground and the reason; both may be left out."""

    exception_ground = serializers.ChoiceField(
        choices=ExceptionGround.choices, allow_blank=True, default="", help_text=GROUND_HELP
    )
    exception_reason = serializers.CharField(
        max_length=2000, allow_blank=True, default="", help_text=_("Varför undantaget gäller.")
    )
