"""An account that is opened again, by each door: nothing of what opened it before does so now."""

from collections.abc import Callable
from io import BytesIO

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from organizations.models import User
from procurement.operations.leaving import leave
from registers.models import Import
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import add_row, change_row
from registers.register import REGISTERS
from tests.cast import NOW, Cast
from tests.changes import close_account
from tests.organizations.test_passwords import invited
from tests.pages import signed_in, text_of
from tests.provisioning.directories import Directory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def signs_in(user: User) -> bool:
    """Whether the password that she had lets her in."""
    answer = Client().post("/logga-in/", {"username": user.email, "password": "rauk"})
    return answer.status_code == 302


def write(cast: Cast, is_active: str) -> None:
    change_row(
        register=REGISTERS["people"],
        row_id=cast.requester.pk,
        cells={"is_active": is_active},
        by=cast.administrator,
        at=timezone.now(),
    )


def by_leaving(cast: Cast) -> None:
    leave(user=cast.requester, successor=cast.colleague, by=cast.administrator, at=timezone.now())
    write(cast, "ja")


def by_row(cast: Cast) -> None:
    write(cast, "nej")
    write(cast, "ja")


def by_file(cast: Cast) -> None:
    for is_active in ("nej", "ja"):
        of_import = in_file(cast, "people", f"E-postadress;Öppet konto\n{cast.requester.email};{is_active}\n")
        apply_import(of_import=of_import, by=cast.administrator, at=timezone.now())


def in_file(cast: Cast, register: str, text: str) -> Import:
    """A file that is read and compared."""
    of_import = request_import(
        register=REGISTERS[register],
        file_name="fil.csv",
        content=BytesIO(text.encode()),
        by=cast.administrator,
        at=timezone.now(),
    )
    return run_import(of_import=of_import, at=timezone.now())


def by_directory(cast: Cast) -> None:
    directory = Directory()
    number = directory.joins(cast.requester)
    for active in (False, True):
        response = directory.patch(f"/Users/{number}", {"op": "replace", "path": "active", "value": active})
        assert response.status_code == 200


def by_directory_anew(cast: Cast) -> None:
    """Taken away in the directory, and told of again."""
    directory = Directory()
    assert directory.ask("DELETE", f"/Users/{directory.joins(cast.requester)}").status_code == 204
    directory.joins(cast.requester)


DOORS: list[Callable[[Cast], None]] = [by_leaving, by_row, by_file, by_directory, by_directory_anew]


@pytest.mark.parametrize("opened_again", DOORS)
def test_old_password_opens_nothing_and_she_is_invited_anew(
    cast: Cast, client: Client, opened_again: Callable[[Cast], None]
) -> None:
    assert signs_in(cast.requester)
    opened_again(cast)
    person = User.objects.get(pk=cast.requester.pk)
    assert (person.is_active, person.has_usable_password()) == (True, False)
    assert not signs_in(person)
    assert person in User.objects.uninvited(timezone.now())
    row = signed_in(cast.administrator).get(f"/register/people/{person.pk}/")
    assert "Bjud in" in text_of(row)
    assert client.get(invited(person, cast.administrator), follow=True).status_code == 200


def test_who_comes_through_a_directory_needs_no_invitation(cast: Cast) -> None:
    """The two ways in are told apart: her password is over, and the directory lets her in as before."""
    SocialAccount.objects.create(user=cast.requester, provider="region", uid="1")
    User.objects.filter(pk=cast.requester.pk).update(last_login=NOW)
    by_row(cast)
    person = User.objects.get(pk=cast.requester.pk)
    assert not person.has_usable_password()
    assert person not in User.objects.without_way_in()


def test_passwords_of_others_stay(cast: Cast) -> None:
    close_account(user=cast.requester, by=cast.administrator)
    assert signs_in(cast.colleague)


def test_a_closed_account_is_given_no_role(cast: Cast) -> None:
    """It ended at once, while the page that showed it was not found and the file said that it was new."""
    close_account(user=cast.requester, by=cast.administrator)
    row = {"email": cast.requester.email, "role": "requester", "cost_center": cast.ward.cost_center}
    page = signed_in(cast.administrator).post("/register/roles/ny/", row)
    assert page.status_code == 422
    assert "Kontot är stängt. Öppna det innan personen får en roll." in text_of(page)
    text = "\n".join([";".join(row), ";".join(row.values()), f"{cast.colleague.email};auditor;"])
    of_import = in_file(cast, "roles", text)
    assert of_import.counts() | {"new": 1, "refused": 1} == of_import.counts()
    over = row | {"from_date": "2019-01-01", "through_date": "2019-12-31"}
    add_row(register=REGISTERS["roles"], cells=over, by=cast.administrator, at=NOW)
