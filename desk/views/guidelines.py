"""The guideline for purchasing: what holds, how it was before, and what is being written."""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from desk.forms.governance import AdoptionForm, ParagraphForm, TitleForm
from desk.views.governing import ActQuestion, ask
from governance.models import Guideline, Paragraph
from governance.operations import guidelines as operations
from governance.permissions import can_write_guideline
from governance.rules import held_rules
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of


@require_safe
def guideline(request: PersonRequest) -> HttpResponse:
    """Show the guideline in force to everybody, or that there is none yet."""
    day = timezone.localdate()
    instance = Guideline.objects.in_force(day).with_paragraphs().first()
    return render(request, "desk/guideline.html", _context(request, instance, day))


@require_safe
def version(request: PersonRequest, number: int) -> HttpResponse:
    """Show a version: one that held before, one that is to hold, or to who writes it the draft."""
    day = timezone.localdate()
    guidelines = Guideline.objects.visible_to(request.user, day).with_paragraphs()
    return render(
        request, "desk/guideline.html", _context(request, get_object_or_404(guidelines, number=number), day)
    )


def _context(request: PersonRequest, instance: Guideline | None, day: date) -> dict[str, Any]:
    versions = Guideline.objects.visible_to(request.user, day).latest_first()
    paragraphs = instance.ordered_paragraphs() if instance else []
    return {
        "guideline": instance,
        "paragraphs": [(each, held_rules(each.rules)) for each in paragraphs],
        "versions": versions,
        "is_in_force": instance is not None and instance.is_in_force_on(day),
        "may_write": bool(can_write_guideline(request.user, at=timezone.now())),
        "has_draft": any(each.is_draft for each in versions),
        "day": day,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PersonRequest) -> HttpResponse:
    """Ask what it is to be called, and begin a draft."""
    return _ask(
        request,
        ActQuestion(
            question=_("Börja på en ny version av riktlinjen?"),
            button=_("Börja på ett utkast"),
            text=_(
                "Utkastet börjar med den förra versionens paragrafer. Det gäller inte förrän det är antaget."
            ),
            done=_("Utkastet är påbörjat. Skriv paragraferna, och anteckna sedan att den är antagen."),
            form=TitleForm,
            act=operations.begin_guideline,
        ),
        back=reverse("desk:guideline"),
        then=reverse("desk:guideline_draft"),
    )


@require_safe
def draft(request: PersonRequest) -> HttpResponse:
    """Lead to the draft."""
    may = can_write_guideline(request.user, at=timezone.now())
    if may.refusal is not None:
        return refuse(request, may.refusal, back=reverse("desk:guideline"))
    return redirect(_address(_draft()))


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: PersonRequest) -> HttpResponse:
    """Ask what the draft is to be called instead."""
    guideline_draft = _draft()
    return _ask(
        request,
        ActQuestion(
            question=_("Vad ska riktlinjen heta?"),
            button=_("Spara namnet"),
            text=_("Namnet står där riktlinjen nämns, som Enligt riktlinje för inköp § 4.2."),
            done=_("Namnet är ändrat."),
            form=TitleForm,
            act=partial(operations.rename_guideline, guideline=guideline_draft),
        ),
        back=_address(guideline_draft),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: PersonRequest) -> HttpResponse:
    """Ask who has adopted the draft, and make it a version that holds."""
    guideline_draft = _draft()
    return _ask(
        request,
        ActQuestion(
            question=_("Anteckna att riktlinjen är antagen?"),
            button=_("Anteckna antagandet"),
            text=_(
                "Den version som gäller nu slutar gälla dagen före. En antagen riktlinje går inte att ändra."
            ),
            done=_("Riktlinjen är antecknad som antagen."),
            form=AdoptionForm,
            act=partial(operations.adopt_guideline, guideline=guideline_draft),
            is_grave=True,
        ),
        back=_address(guideline_draft),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: PersonRequest) -> HttpResponse:
    """Ask, and throw the draft away."""
    guideline_draft = _draft()
    return _ask(
        request,
        ActQuestion(
            question=_("Kasta utkastet?"),
            button=_("Kasta utkastet"),
            text=_("Det som är skrivet i utkastet försvinner. Antagna versioner finns kvar."),
            done=_("Utkastet är kastat."),
            form=forms.Form,
            act=partial(operations.discard_guideline, guideline=guideline_draft),
            is_grave=True,
        ),
        back=_address(guideline_draft),
        then=reverse("desk:guideline"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def paragraph(request: PersonRequest, pk: int | None = None) -> HttpResponse:
    """Write a paragraph of the draft: a new one, or one that is there."""
    at = timezone.now()
    may = can_write_guideline(request.user, at=at)
    if may.refusal is not None:
        return refuse(request, may.refusal, back=reverse("desk:guideline"))
    guideline_draft = _draft()
    instance = get_object_or_404(guideline_draft.paragraphs, pk=pk) if pk else None
    form, status = ParagraphForm(_post_data(request), initial=_initial(instance)), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                operations.write_paragraph(
                    guideline=guideline_draft, paragraph=instance, **form.cleaned_data, by=request.user, at=at
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Paragrafen är sparad i utkastet."))
                return redirect(_address(guideline_draft))
    context = {
        "form": form,
        "paragraph": instance,
        "guideline": guideline_draft,
        "back": _address(guideline_draft),
    }
    return render(request, "desk/guideline_paragraph.html", context, status=status)


@require_POST
def remove_paragraph(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a paragraph out of the draft."""
    at = timezone.now()
    may = can_write_guideline(request.user, at=at)
    if may.refusal is not None:
        return refuse(request, may.refusal, back=reverse("desk:guideline"))
    guideline_draft = _draft()
    instance = get_object_or_404(guideline_draft.paragraphs, pk=pk)
    try:
        operations.remove_paragraph(paragraph=instance, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=_address(guideline_draft))
    messages.success(request, _("Paragrafen är borttagen ur utkastet."))
    return redirect(_address(guideline_draft))


def _ask(request: PersonRequest, question: ActQuestion, *, back: str, then: str = "") -> HttpResponse:
    may = can_write_guideline(request.user, at=timezone.now())
    return ask(request, question, may, back=back, back_label=_("Tillbaka till riktlinjen"), then=then)


def _draft() -> Guideline:
    return get_object_or_404(Guideline.objects.drafts())


def _address(instance: Guideline) -> str:
    return reverse("desk:guideline_version", args=[instance.number])


def _post_data(request: PersonRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _initial(instance: Paragraph | None) -> dict[str, Any]:
    if instance is None:
        return {}
    return {
        "number": instance.number,
        "heading": instance.heading,
        "text": instance.text,
        "rules": instance.rules,
        "seen": instance.content,
    }
