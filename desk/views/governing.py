"""What the pages of governance share: an act is a page of its own, with its question, its form and the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.errors import DomainError
from core.verdicts import Verdict
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of


@dataclass(frozen=True, slots=True)
class ActQuestion:
    """
    An act as its page asks about it.

    :param form: what is to be said; a form without fields where nothing is.
    :param act: the operation, with the thing that it is done to; the form's fields are given to it by name.
    :param done: what the person is told when it is done.
    """

    question: str
    button: str
    text: str
    done: str
    form: type[forms.Form]
    act: Callable[..., Any]
    is_grave: bool = False


def ask(
    request: PersonRequest, question: ActQuestion, may: Verdict, *, back: str, back_label: str, then: str = ""
) -> HttpResponse:
    """
    Ask on a page of its own, and act with what the form says when it is right.

    :param back: the address of the page of the thing.
    :param then: where to when it is done; ``back`` unless it is said.
    """
    if may.refusal is not None:
        return refuse(request, may.refusal, back=back)
    form, status = question.form(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                question.act(**form.cleaned_data, by=request.user, at=timezone.now())
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, question.done)
                return redirect(then or back)
    context = {"asked": question, "form": form, "back": back, "back_label": back_label}
    return render(request, "desk/governance_act.html", context, status=status)
