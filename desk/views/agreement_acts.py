"""What a person does with an agreement: each act is a page of its own where it asks for a reason."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agreements.models import Agreement, AgreementOption
from agreements.operations import agreements as operations
from agreements.operations import documents
from agreements.permissions import can_manage_agreement
from attachments.kinds import LARGEST_FORM
from core import reader
from core.addresses import address_of
from core.errors import DomainError
from core.request_cleaning import takes_files
from desk.forms.agreements import AgreementNoticeForm, AgreementReasonForm, DocumentsForm
from organizations.requests import PersonRequest
from procurement.refusals import refuse

Act = Callable[..., Agreement]


@require_POST
def activate(request: PersonRequest, pk: int) -> HttpResponse:
    """Let an agreement come into force."""
    agreement = _agreement(request, pk)
    act = partial(operations.activate, agreement=agreement)
    return _carry_out(request, agreement, act, done=_("Avtalet är aktiverat."))


@require_POST
def start_procurement(request: PersonRequest, pk: int) -> HttpResponse:
    """Note that the next procurement has started."""
    agreement = _agreement(request, pk)
    act = partial(operations.start_procurement, agreement=agreement)
    return _carry_out(request, agreement, act, done=_("Nästa upphandling är noterad som startad."))


@takes_files(LARGEST_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def add_documents(request: PersonRequest, pk: int) -> HttpResponse:
    """Lay documents to an agreement."""
    agreement = _agreement(request, pk)
    verdict = can_manage_agreement(request.user, agreement, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(agreement))
    form = DocumentsForm(_post_data(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.add_documents(
                agreement=agreement, files=form.cleaned_data["documents"], by=request.user, at=timezone.now()
            )
        except DomainError as refusal:
            return refuse(request, refusal, back=address_of(agreement))
        messages.success(request, _("Dokumentet är tillagt."))
        return redirect(address_of(agreement))
    context = {"agreement": agreement, "form": form}
    return render(request, "desk/agreement_documents.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def give_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask when and why, and terminate the agreement."""
    agreement = _agreement(request, pk)
    return _ask(
        request,
        agreement,
        partial(operations.give_notice, agreement=agreement),
        form_class=AgreementNoticeForm,
        question=_("Säga upp avtalet %(title)s?") % {"title": agreement.title},
        button=_("Säg upp avtalet"),
        text=_("Det går att beställa från avtalet till och med sista dagen. Uppsägningen kan inte ångras."),
        done=_("Avtalet är uppsagt och gäller till och med %(day)s."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask why, and end the agreement at once."""
    agreement = _agreement(request, pk)
    return _ask(
        request,
        agreement,
        partial(operations.end, agreement=agreement),
        question=_("Avsluta avtalet %(title)s genast?") % {"title": agreement.title},
        button=_("Avsluta avtalet"),
        text=_(
            "Inget mer beställs från avtalet. Rader som är godkända men inte beställda kommer tillbaka till den som"
            " ansvarar. Det kan inte ångras."
        ),
        done=_("Avtalet är avslutat."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def use_option(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Ask why, and prolong the agreement."""
    agreement = _agreement(request, pk)
    option = get_object_or_404(agreement.options, number=number)
    return _ask(
        request,
        agreement,
        partial(operations.use_option, option=option),
        question=ngettext(
            "Förlänga %(title)s %(months)s månad?", "Förlänga %(title)s %(months)s månader?", option.months
        )
        % {"title": agreement.title, "months": option.months},
        button=_("Utnyttja optionen"),
        text=_until(option),
        done=_("Avtalet är förlängt till och med %(day)s."),
        is_grave=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def let_option_go(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Ask why, and let the option go."""
    agreement = _agreement(request, pk)
    option = get_object_or_404(agreement.options, number=number)
    return _ask(
        request,
        agreement,
        partial(operations.let_option_go, option=option),
        question=_("Avstå från optionen för %(title)s?") % {"title": agreement.title},
        button=_("Avstå från optionen"),
        text=_("Senare optioner faller samtidigt. Det kan inte ångras."),
        done=_("Optionen utnyttjas inte."),
    )


def _post_data(request: PersonRequest) -> QueryDict | None:
    """What was sent, however little; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _until(option: AgreementOption) -> str:
    day = reader.long_day(option.decide_by_date)
    return _("Avtalets sista dag flyttas fram genast. Optionen ska beslutas senast %(day)s.") % {"day": day}


def _ask(
    request: PersonRequest,
    agreement: Agreement,
    act: Act,
    *,
    question: str,
    button: str,
    text: str,
    done: str,
    form_class: type[AgreementReasonForm] = AgreementReasonForm,
    is_grave: bool = True,
) -> HttpResponse:
    """Ask on a page of its own, and act with what the form says when it is right."""
    verdict = can_manage_agreement(request.user, agreement, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(agreement))
    form = form_class(_post_data(request))
    if request.method == "POST" and form.is_valid():
        return _carry_out(request, agreement, partial(act, **form.cleaned_data), done=done)
    context = {
        "agreement": agreement,
        "form": form,
        "question": question,
        "button": button,
        "text": text,
        "is_grave": is_grave,
    }
    return render(request, "desk/agreement_act.html", context, status=422 if form.errors else 200)


def _carry_out(request: PersonRequest, instance: Agreement, act: Act, *, done: str) -> HttpResponse:
    """
    Act, and say what has been done.

    :param done: the sentence, in which ``%(day)s`` is the last day that the agreement has then.
    """
    try:
        agreement = act(by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(instance))
    messages.success(request, done % {"day": agreement.end_date})
    return redirect(address_of(instance))


def _agreement(request: PersonRequest, pk: int) -> Agreement:
    agreements = Agreement.objects.visible_to(request.user, timezone.localdate())
    return get_object_or_404(agreements.select_related("category", "supplier", "owner"), pk=pk)
