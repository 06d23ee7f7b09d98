"""
What a person typed is kept when the form could not be taken: her session had ended, or the form had stood open too long.

The fields are laid in the session of the browser, under the name of whoever signed in there last, and a page shows them
to her, and to nobody else, once she has signed in: the longer texts can be changed, and one press sends the form again.
Only a form that a page of ours sent is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY as SIGNED_IN_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from core.addresses import parts_of

SESSION_KEY = "kept_form"
PERSON_COOKIE = "rauk_person"
PERSON_COOKIE_AGE = 30 * 24 * 60 * 60
LARGEST_BODY = 512 * 1024
NEVER_KEPT = (
    "csrfmiddlewaretoken",
    "password",
    "old_password",
    "new_password1",
    "new_password2",
    "one_time_code",
    "credential",
)
SHORTEST_TEXT = 16
"""From how many characters a value is shown as a text that can be changed; what is shorter was chosen, not written."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """
    A form that was not taken.

    :param action: the address that it is sent to.
    :param fields: names and values in the order of the form.
    :param page: the address of the page that it stood on.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    page: str
    had_files: bool = False

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was written by hand."""
        return [(name, value) for name, value in self.fields if is_text(value)]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The rest, sent as it is."""
        return [(name, value) for name, value in self.fields if not is_text(value)]


def is_text(value: str) -> bool:
    """Whether a value was written rather than chosen."""
    return len(value) >= SHORTEST_TEXT or any(each.isspace() for each in value.strip())


def kept_form_of(request: HttpRequest, page: str) -> KeptForm | None:
    """
    Read the form that a request sent, or None when it is nothing to keep.

    :param page: the address of the page that it stood on.
    """
    length = request.headers.get("content-length") or "0"
    is_small = length.isdecimal() and int(length) <= LARGEST_BODY
    if request.method != "POST" or not is_small or not is_ours(request):
        return None
    fields = tuple(
        (name, value) for name, values in request.POST.lists() if name not in NEVER_KEPT for value in values
    )
    return KeptForm(request.get_full_path(), fields, page, bool(request.FILES)) if fields else None


def is_ours(request: HttpRequest) -> bool:
    """Whether the form stood on a page of this program."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return parts_of(sender).netloc == request.get_host()


def keep(request: HttpRequest, form: KeptForm) -> bool:
    """Lay the form in the session for the person who signed in here last; whether it was kept."""
    person = last_person(request)
    if person is None:
        return False
    request.session[SESSION_KEY] = {
        "person": person,
        "action": form.action,
        "fields": [list(field) for field in form.fields],
        "page": form.page,
        "had_files": form.had_files,
    }
    request.has_kept_form = True  # type: ignore[attr-defined]
    return True


def stored_form(request: HttpRequest) -> KeptForm | None:
    """The form that waits for whoever is signed in; what another person wrote is thrown away."""
    stored: Mapping[str, Any] | None = request.session.get(SESSION_KEY)
    if stored is None:
        return None
    if stored["person"] != str(request.user.pk):
        del request.session[SESSION_KEY]
        return None
    fields = tuple((str(name), str(value)) for name, value in stored["fields"])
    return KeptForm(stored["action"], fields, stored["page"], stored["had_files"])


def last_person(request: HttpRequest) -> str | None:
    """The id of whoever signed in last in this browser, as its signed cookie says."""
    try:
        return request.get_signed_cookie(PERSON_COOKIE, max_age=PERSON_COOKIE_AGE)
    except (KeyError, BadSignature):
        return None


class KeptForms:
    """Remember who is signed in, and let go of a kept form once it has been sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the person after the page was made, so that signing in counts at once."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if not isinstance(user, AbstractBaseUser) or SIGNED_IN_KEY not in request.session:
            return response  # nobody, or a program with somebody's key
        if last_person(request) != str(user.pk):
            response.set_signed_cookie(
                PERSON_COOKIE,
                str(user.pk),
                max_age=PERSON_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        was_led_away = hasattr(request, "has_kept_form")
        was_taken = (
            request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST and not was_led_away
        )
        if was_taken and request.session.get(SESSION_KEY, {}).get("action") == request.get_full_path():
            del request.session[SESSION_KEY]
        return response
