"""The form that chooses what is compared: two periods, a category, and an official index beside."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.models import IndexSeries
from categories.models import Category
from core.forms import DayField
from history.index_changes import Period
from reporting.comparisons import Comparison


class ComparisonForm(forms.Form):
    """Two periods of which the later begins when the earlier is over; the category is one that the person sees."""

    hides_optional = True

    fran = DayField(label=_("Perioden från och med"))
    till = DayField(label=_("Perioden till och med"))
    mot_fran = DayField(label=_("Jämförs med, från och med"))
    mot_till = DayField(label=_("Jämförs med, till och med"))
    kategori = forms.ModelChoiceField(
        Category.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Kategori"),
        empty_label=_("Alla kategorier"),
    )
    index = forms.ModelChoiceField(
        IndexSeries.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Prisindex att jämföra med"),
        empty_label=_("Inget"),
    )

    def __init__(self, *args: Any, reach: list[int] | None, **kwargs: Any) -> None:
        """``reach`` is the ids of the categories that the person sees; None for all."""
        super().__init__(*args, **kwargs)
        categories = Category.objects.in_tree_order()
        kategori, index = self.fields["kategori"], self.fields["index"]
        assert isinstance(kategori, forms.ModelChoiceField)  # noqa: S101, declared so above
        assert isinstance(index, forms.ModelChoiceField)  # noqa: S101, declared so above
        kategori.queryset = categories if reach is None else categories.filter(pk__in=reach)
        index.queryset = IndexSeries.objects.filter(continues=None).order_by("code")

    def clean(self) -> dict[str, Any]:
        """Refuse periods that end before they begin, and a later one that begins before the earlier is over."""
        cleaned = super().clean() or self.cleaned_data
        for starts, ends in (("fran", "till"), ("mot_fran", "mot_till")):
            if _is_before(cleaned.get(ends), cleaned.get(starts)):
                self.add_error(ends, _("Perioden slutar innan den börjar"))
        if not self.errors and not _is_before(cleaned.get("mot_till"), cleaned.get("fran")):
            self.add_error("mot_till", _("Perioden att jämföra med ska vara slut när den andra börjar"))
        return cleaned

    @property
    def comparison(self) -> Comparison:
        """What is asked for."""
        data = self.cleaned_data
        return Comparison(
            before=Period(data["mot_fran"], data["mot_till"]),
            after=Period(data["fran"], data["till"]),
            category=data["kategori"],
            series=data["index"],
        )


def _is_before(day: Any, other: Any) -> bool:
    return isinstance(day, date) and isinstance(other, date) and day < other
