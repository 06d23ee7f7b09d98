"""What moves when a file ends rows is said before it is applied, and what is lost before it is taken back."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from organizations.models import Department, User
from procurement.models import RequisitionLine
from registers.differences import moved_by
from registers.models import Import
from registers.operations.applying import apply_import, take_back_import
from registers.operations.imports import request_import, run_import
from registers.operations.leaving_out import leave_out
from registers.register import REGISTERS
from tests.cast import TODAY, Cast
from tests.pages import signed_in, text_of
from tests.worlds import basket, submitted

pytestmark = pytest.mark.usefixtures("at_nine")

PEOPLE = "E-postadress;Förnamn;Efternamn\n"
DEPARTMENTS = "Ansvar;Namn;Förvaltning;Verksamhet\n"


def in_file(
    cast: Cast, register: str, text: str, *, is_complete: bool = True, by: User | None = None
) -> Import:
    this = request_import(
        register=REGISTERS[register],
        file_name="fil.csv",
        content=BytesIO(text.encode()),
        by=by or cast.administrator,
        at=timezone.now(),
        is_complete=is_complete,
    )
    return run_import(of_import=this, at=timezone.now())


def page(cast: Cast, this: Import, act: str) -> str:
    assert this.requested_by
    return text_of(signed_in(this.requested_by).get(f"/inlasta-register/{this.pk}/{act}/"))


def test_a_complete_file_that_forgets_people_says_what_they_hold(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1))
    this = in_file(cast, "people", f"{PEOPLE}{cast.requester.email};Elin;Bergvall\n")
    text = page(cast, this, "genomfor")
    assert "3 kategorier går till ersättaren" in text
    assert "1 rad flyttas till den som ansvarar då." in text
    assert "roller upphör." in text


def test_a_file_that_closes_one_account_says_so_too(cast: Cast) -> None:
    text = f"E-postadress;Öppet konto;Titel\n{cast.requester.email};nej;Sjuksköterska\n{cast.colleague.email};ja;Chef\n"
    content = page(cast, in_file(cast, "people", text, is_complete=False), "genomfor")
    assert "1 roll upphör." in content


def test_taking_back_says_that_roles_and_passwords_do_not_come_back(cast: Cast) -> None:
    this = in_file(cast, "people", f"{PEOPLE}{cast.requester.email};Elin;Bergvall\n")
    count = User.objects.filter(is_active=True).count()
    apply_import(of_import=this, by=cast.administrator, at=timezone.now())
    closed = count - User.objects.filter(is_active=True).count()
    assert closed > 5
    text = page(cast, this, "ta-tillbaka")
    assert f"{closed} konton öppnas utan de roller och lösenord som de hade." in text
    take_back_import(of_import=this, by=cast.administrator, at=timezone.now())
    assert User.objects.filter(is_active=True).count() == count


def test_departments_that_a_complete_file_forgets(cast: Cast, tmp_path: Path) -> None:
    submitted(cast, (cast.gloves, 1))
    basket(cast)
    home: Department = cast.home
    text = f"{DEPARTMENTS}{home.cost_center};{home.name};{cast.administration.code};{cast.activity.code}\n"
    content = page(cast, in_file(cast, "departments", text), "genomfor")
    for sentence in (
        "3 personer kan inte beställa för enheten längre.",
        "1 korg kan inte skickas.",
        "1 rad som väntar på beslut går vidare.",
    ):
        assert sentence in content
    path = tmp_path / "enheter.csv"
    path.write_text(text)
    out = StringIO()
    call_command("import_register", "departments", str(path), "--complete", stdout=out)
    assert "1 line that waits for a decision goes on." in out.getvalue()


def test_what_is_only_renamed_moves_nothing(cast: Cast) -> None:
    text = f"{PEOPLE}{cast.requester.email};Elin;Berg\n"
    content = page(cast, in_file(cast, "people", text, is_complete=False), "genomfor")
    assert "Ändras: 1." in content
    assert "upphör" not in content


def test_a_file_that_hands_categories_over_says_how_many_lines_go_along(cast: Cast) -> None:
    """They are counted by trying the file, which leaves nothing behind."""
    lines = [submitted(cast, (cast.gloves, 1)).lines.get() for _ in range(2)]
    text = page(cast, handed_over(cast), "genomfor")
    assert "2 rader som väntar får en annan ansvarig." in text
    for line in lines:
        line.refresh_from_db()
        assert line.responsible == cast.manager
    apply_import(of_import=Import.objects.get(), by=cast.head, at=timezone.now())
    assert RequisitionLine.objects.filter(responsible=cast.office_deputy).count() == 2


def handed_over(cast: Cast) -> Import:
    text = f"Kategori;Ansvarig;Från och med\n{cast.medical.code};{cast.office_deputy.email};{TODAY}\n"
    return in_file(cast, "posts", text, is_complete=False, by=cast.head)


def test_what_was_counted_of_the_whole_file_is_said_so_when_rows_are_left_out(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1))
    this = handed_over(cast)
    leave_out(of_import=this, by=cast.head, at=timezone.now())
    this.refresh_from_db()
    assert moved_by(this, timezone.now(), is_taken_back=False) == [
        "Om inga rader hade utelämnats: 1 rad som väntar får en annan ansvarig."
    ]


def test_a_file_that_hands_over_what_nobody_waits_for_says_nothing(cast: Cast) -> None:
    handed_over(cast)
    assert Import.objects.get().handovers == {}


def test_codes_and_places_that_a_file_closes(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1))
    place = f"{cast.ward.cost_center};{cast.place.name};{TODAY}"
    this = in_file(cast, "delivery_places", f"Ansvar;Namn;Stängd från\n{place}\n", is_complete=False)
    assert "1 rad som inte är beställd än behöver en annan leveransplats." in page(cast, this, "genomfor")
    code = f"{cast.account.dimension};{cast.account.code};{cast.account.name};{TODAY}"
    this = in_file(
        cast,
        "accounting_codes",
        f"Dimension;Kod;Namn;Stängd från\n{code}\n",
        is_complete=False,
        by=cast.controller,
    )
    assert "1 rad som väntar behöver en annan kod." in page(cast, this, "genomfor")
