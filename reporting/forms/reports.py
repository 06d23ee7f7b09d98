"""The forms of follow-up reports: to ask for one, to write in it, and to take it to the board."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from attachments.kinds import LARGEST_FILE
from core.forms import DayField
from governance.models import BoardAssignment
from governance.permissions import reportable_assignments
from organizations.models import User
from reporting.models import LONGEST_TEXT, FollowUpReport


class ReportForm(forms.Form):
    """Which period, and under which name; the texts are written in the report itself."""

    title = forms.CharField(
        label=_("Rubrik"), max_length=150, error_messages={"required": _("Ange en rubrik")}
    )
    diary_number = forms.CharField(
        label=_("Diarienummer"), required=False, max_length=30, help_text=_("Till exempel RS 2020/1154")
    )
    through_date = DayField(
        label=_("Till och med"),
        help_text=_("Rapporten börjar den 1 januari samma år och slutar den här dagen."),
    )


class TextForm(forms.Form):
    """One part of a report, and the version that whoever writes had before her."""

    hides_optional = True

    text = forms.CharField(
        label=_("Din text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    began_from = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SendBackForm(forms.Form):
    """Why a report goes back to draft."""

    words = forms.CharField(
        label=_("Vad behöver ändras?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LockForm(forms.Form):
    """The case that a locked report belongs to."""

    diary_number = forms.CharField(
        label=_("Diarienummer"), required=False, max_length=30, help_text=_("Till exempel RS 2020/1154")
    )


class _Assignments(forms.ModelMultipleChoiceField[BoardAssignment]):
    def label_from_instance(self, obj: BoardAssignment) -> str:
        return _("%(paragraph)s av %(day)s: %(text)s") % {
            "paragraph": obj.paragraph,
            "day": obj.meeting_date.isoformat(),
            "text": Truncator(obj.text).chars(120),
        }


class HandOverForm(forms.Form):
    """The meeting that took up the report."""

    meeting_date = DayField(label=_("Mötets dag"))
    paragraph = forms.CharField(label=_("Paragraf"), max_length=20, help_text=_("Till exempel § 94"))
    answered = _Assignments(
        BoardAssignment.objects.none(),
        label=_("Uppdrag som rapporten besvarar"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De markeras som återrapporterade den dagen."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: User, report: FollowUpReport) -> None:
        super().__init__(data)
        assignments = reportable_assignments(by, at=timezone.now()).in_order()
        if not assignments:
            del self.fields["answered"]
            return
        field = cast("_Assignments", self.fields["answered"])
        field.queryset = assignments
        field.initial = [each.pk for each in assignments if each.diary_number == report.diary_number]


class TemplateForm(forms.Form):
    """A Word template to make reports on."""

    file = forms.FileField(
        label=_("Word-dokument"),
        help_text=_("Ett Word-dokument (.docx) utan makron, högst %(limit)s MB.")
        % {"limit": LARGEST_FILE // 1_000_000},
        error_messages={
            "required": _("Välj en fil"),
            "empty": _("Filen är tom. Välj den igen."),
        },
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
