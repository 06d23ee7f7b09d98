"""Joiner, mover and leaver, as the directory tells of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from categories.models import CategoryAssignment
from categories.responsibility import posts_on
from notices.models import Notice
from office.readiness import holes_on
from organizations.models import (
    ApiToken,
    Delegation,
    Departure,
    DirectoryMessage,
    KeyScope,
    Role,
    Session,
    User,
)
from organizations.operations.api_tokens import create_token
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, delegation
from tests.changes import close_account
from tests.pages import signed_in
from tests.provisioning.directories import ENTERPRISE, Directory, gives, roles, told

NEW = "ny.anstalld@gotland.example"


def test_joiner_has_an_account_without_password_or_roles(directory: Directory) -> None:
    body = told(NEW, "Ny", "Anställd", title="Barnmorska")
    body[ENTERPRISE] = {"employeeNumber": "4711", "department": "Förlossning"}
    answer = directory.ask("POST", "/Users", body)
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert "no-store" in answer.headers["Cache-Control"]
    user = User.objects.get(email=NEW)
    assert (user.full_name, user.title, user.has_usable_password(), roles(user)) == (
        "Ny Anställd",
        "Barnmorska",
        False,
        set(),
    )
    resource = answer.json()
    assert resource[ENTERPRISE] == {"employeeNumber": "4711", "department": "Förlossning"}
    assert (
        answer.headers["Location"]
        == resource["meta"]["location"]
        == f"http://testserver/scim/v2/Users/{resource['id']}"
    )
    assert answer.headers["ETag"] == resource["meta"]["version"]
    again = directory.ask("GET", f"/Users/{resource['id']}")
    assert again.json() == resource
    entry = Entry.objects.about(user).get()
    assert (entry.event, entry.by_name, entry.by_id) == (
        "person.entered_by_directory",
        "Katalogen region",
        None,
    )
    message = DirectoryMessage.objects.get()
    assert (message.act, message.label, message.key) == ("joined", NEW, directory.key)


def test_person_with_an_account_is_tied_to_it_and_keeps_what_she_has(
    cast: Cast, directory: Directory
) -> None:
    before = roles(cast.requester)
    number = directory.number(
        directory.ask("POST", "/Users", told(cast.requester.email.upper(), "Elin", "Berg"))
    )
    cast.requester.refresh_from_db()
    assert (cast.requester.last_name, roles(cast.requester)) == ("Berg", before)
    assert User.objects.filter(email__iexact=cast.requester.email).count() == 1
    assert [each["id"] for each in directory.listed("Users")] == [number]


def test_directory_sees_those_of_whom_it_has_told_and_nobody_else(cast: Cast, directory: Directory) -> None:
    number, other = directory.joins(cast.requester), Directory("annan")
    assert other.listed("Users") == []
    for method, body in (("GET", None), ("PUT", told(NEW, "A", "B")), ("DELETE", None)):
        assert other.ask(method, f"/Users/{number}", body).status_code == 404
    assert not directory.listed("Users", f'userName eq "{cast.administrator.email}"')


def test_the_same_person_again_is_refused_and_written_down(cast: Cast, directory: Directory) -> None:
    directory.joins(cast.requester)
    for _again in range(2):
        answer = directory.ask("POST", "/Users", told(cast.requester.email, "Elin", "Bergvall"))
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert DirectoryMessage.objects.refused().get().label == f"{cast.requester.email} · POST /Users"


DIALECTS: list[dict[str, Any]] = [
    {"op": "Replace", "path": "active", "value": "False"},
    {"op": "replace", "value": {"active": False}},
    {"op": "Replace", "path": "active", "value": False},
    {"op": "add", "value": {"urn:ietf:params:scim:schemas:core:2.0:User:active": "false"}},
]


@pytest.mark.parametrize("operation", DIALECTS, ids=["entra", "okta", "entra new", "urn"])
def test_leaver_in_every_dialect(cast: Cast, directory: Directory, operation: dict[str, Any]) -> None:
    number = directory.joins(cast.requester)
    answer = directory.patch(f"/Users/{number}", operation)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    cast.requester.refresh_from_db()
    assert (cast.requester.is_active, roles(cast.requester)) == (False, set())


def test_leaver_is_signed_out_and_her_work_is_placed_at_once(cast: Cast, directory: Directory) -> None:
    line = worlds.line(cast)
    browser = signed_in(cast.manager)
    assert browser.get("/mitt-konto/").status_code == 200
    create_token(user=cast.manager, name="x", days=9, scope=KeyScope.READ, by=cast.manager, at=NOW)
    delegation(cast.manager, cast.office_deputy, valid_during=DateRange(TODAY, TODAY + timedelta(days=5)))
    number = directory.joins(cast.manager)
    assert directory.patch(f"/Users/{number}", DIALECTS[0]).status_code == 200
    assert browser.get("/mitt-konto/").status_code == 302
    assert not Session.objects.filter(person=cast.manager).exists()
    assert not ApiToken.objects.filter(user=cast.manager).exists()
    assert not Delegation.objects.standing().exists()
    post = posts_on(TODAY)[cast.medical.pk]
    assert (post.manager, post.deputy) == (cast.deputy, None)
    line.refresh_from_db()
    assert line.responsible == cast.deputy
    assert Entry.objects.filter(event="line.moved").get().by_name == "Katalogen region"
    assert not holes_on(TODAY, registers=["posts", "people"])


def test_post_without_deputy_goes_to_the_one_above(cast: Cast, directory: Directory) -> None:
    CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.office_deputy, valid_during=ALWAYS
    )
    line = worlds.line(cast)
    assert line.responsible == cast.office_deputy
    number = directory.joins(cast.office_deputy)
    assert directory.ask("DELETE", f"/Users/{number}").status_code == 204
    line.refresh_from_db()
    assert line.responsible == cast.manager
    assert cast.gloves_category.pk not in posts_on(TODAY)
    assert cast.gloves_category.pk in posts_on(TODAY - timedelta(days=1))


def test_what_nobody_can_take_is_named_and_told(cast: Cast, directory: Directory) -> None:
    number, deputy = directory.joins(cast.deputy), directory.joins(cast.office_deputy)
    directory.ask("DELETE", f"/Users/{deputy}")
    assert not Notice.objects.filter(kind="left_behind").exists()
    directory.ask("DELETE", f"/Users/{number}")
    notice = Notice.objects.get(kind="left_behind")
    assert notice.recipient == cast.administrator
    assert notice.facts["categories"] == ["Kontor", "Konsulttjänster"]
    assert "post_of_leaver" in {hole.code for hole in holes_on(TODAY)}
    page = signed_in(cast.administrator).get("/notiser/").content.decode()
    assert "Ingen ansvarar för Kontor, Konsulttjänster." in page.replace("\xad", "")


def test_basket_goes_to_a_colleague_who_is_told(cast: Cast, directory: Directory) -> None:
    basket = worlds.basket(cast)
    number = directory.joins(cast.requester)
    directory.ask("DELETE", f"/Users/{number}")
    basket.refresh_from_db()
    assert basket.requester == cast.colleague
    assert Notice.objects.get(kind="basket_inherited").recipient == cast.colleague


def test_basket_of_a_department_where_nobody_orders_stays_and_is_told(
    cast: Cast, directory: Directory
) -> None:
    basket = worlds.basket(cast)
    worlds.basket(cast, by=cast.colleague)
    number = directory.joins(cast.requester)
    directory.ask("DELETE", f"/Users/{number}")
    assert Requisition.objects.get(pk=basket.pk).requester == cast.requester
    assert Notice.objects.get(kind="left_behind").facts["baskets"] == 1
    assert "basket_with_leaver" in {hole.code for hole in holes_on(TODAY)}


def test_deleted_person_is_gone_for_the_directory_and_kept_in_the_books(
    cast: Cast, directory: Directory
) -> None:
    worlds.line(cast)
    number = directory.joins(cast.requester)
    assert directory.ask("DELETE", f"/Users/{number}").status_code == 204
    for method in ("GET", "DELETE"):
        assert directory.ask(method, f"/Users/{number}").status_code == 404
    assert RequisitionLine.objects.get().requisition.requester == cast.requester
    cast.requester.refresh_from_db()
    assert not cast.requester.is_active
    assert not BudgetAttest.objects.filter(responsible=cast.requester).exists()


def test_person_who_comes_back_has_the_roles_of_her_groups_alone(cast: Cast, directory: Directory) -> None:
    gives("Hemse", Role.REQUESTER, cast.home)
    number = directory.joins(cast.requester)
    directory.group("Hemse", number)
    directory.patch(f"/Users/{number}", DIALECTS[0])
    assert roles(cast.requester) == set()
    answer = directory.patch(f"/Users/{number}", {"op": "Replace", "path": "active", "value": "True"})
    assert answer.json()["active"] is True
    cast.requester.refresh_from_db()
    assert (cast.requester.is_active, roles(cast.requester)) == (True, {("requester", "3310")})
    assert DirectoryMessage.objects.latest_first()[0].act == "returned"


def test_person_told_of_anew_after_she_was_deleted_comes_back(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.requester)
    directory.ask("DELETE", f"/Users/{number}")
    again = directory.joins(cast.requester)
    assert again != number
    cast.requester.refresh_from_db()
    assert (cast.requester.is_active, roles(cast.requester)) == (True, set())


def test_account_closed_on_a_page_stays_closed_whatever_else_changes(
    cast: Cast, directory: Directory
) -> None:
    number = directory.joins(cast.requester)
    close_account(user=cast.requester, by=cast.administrator, at=NOW)
    body = told(cast.requester.email, "Elin", "Bergvall", title="Vårdchef")
    answer = directory.ask("PUT", f"/Users/{number}", body)
    assert (answer.status_code, answer.json()["active"], answer.json()["title"]) == (200, False, "Vårdchef")
    cast.requester.refresh_from_db()
    assert not cast.requester.is_active


def test_mover_has_another_name_and_address(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.requester)
    answer = directory.patch(
        f"/Users/{number}",
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "Elin.Ek@gotland.example"},
        {"op": "Replace", "path": "userName", "value": "elin.ek@gotland.example"},
        {"op": "Replace", "path": "name.familyName", "value": "Ek"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Hemse"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "070-1"},
    )
    assert answer.status_code == 200, answer.content
    cast.requester.refresh_from_db()
    assert (cast.requester.email, cast.requester.full_name) == ("elin.ek@gotland.example", "Elin Ek")
    assert answer.json()[ENTERPRISE]["department"] == "Hemse"
    entry = Entry.objects.get(event="person.changed_by_directory")
    assert entry.details["before"] == {"last_name": "Bergvall", "email": "elin.bergvall@gotland.example"}


def test_somebody_elses_address_is_refused_and_nothing_is_changed(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.requester)
    answer = directory.patch(
        f"/Users/{number}",
        {"op": "replace", "path": "title", "value": "Chef"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": cast.administrator.email},
    )
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    cast.requester.refresh_from_db()
    assert (cast.requester.email, cast.requester.title) == ("elin.bergvall@gotland.example", "Sjuksköterska")


def test_the_same_again_changes_nothing(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.requester)
    body = told(cast.requester.email, "Elin", "Bergvall")
    first = directory.ask("PUT", f"/Users/{number}", body)
    counts = Entry.objects.count(), DirectoryMessage.objects.count()
    again = directory.ask("PUT", f"/Users/{number}", body)
    assert again.json() == first.json()
    assert (Entry.objects.count(), DirectoryMessage.objects.count()) == counts
    directory.patch(f"/Users/{number}", DIALECTS[0])
    counts = Entry.objects.count(), DirectoryMessage.objects.count()
    assert directory.patch(f"/Users/{number}", DIALECTS[0]).status_code == 200
    assert (Entry.objects.count(), DirectoryMessage.objects.count()) == counts


def test_a_version_that_is_over_is_refused(cast: Cast, directory: Directory) -> None:
    number = directory.joins(cast.requester)
    version = directory.ask("GET", f"/Users/{number}").headers["ETag"]
    assert directory.ask("GET", f"/Users/{number}", **{"if-none-match": version}).status_code == 304
    change = {"op": "replace", "path": "title", "value": "Chef"}
    assert directory.patch(f"/Users/{number}", change, **{"if-match": version}).status_code == 200
    assert directory.patch(f"/Users/{number}", change, **{"if-match": version}).status_code == 412
    assert directory.ask("DELETE", f"/Users/{number}", **{"if-match": version}).status_code == 412
    assert directory.ask("DELETE", f"/Users/{number}", **{"if-match": "*"}).status_code == 204


FILTERS = {
    'userName eq "ELIN.bergvall@gotland.example"': {"Elin"},
    'externalId eq "nummer-elin.bergvall"': {"Elin"},
    'externalId eq "NUMMER-elin.bergvall"': set(),
    'emails.value eq "elin.bergvall@gotland.example"': {"Elin"},
    'emails[type eq "work" and value eq "elin.bergvall@gotland.example"]': {"Elin"},
    'emails[type eq "home" and value eq "elin.bergvall@gotland.example"]': set(),
    'emails co "lindahl"': {"Oskar"},
    'name.familyName sw "l" and active eq true': {"Oskar"},
    'not (name.givenName eq "Elin")': {"Oskar", "Jonas", "Lars"},
    'name.givenName eq "Elin" or displayName ew "wedin"': {"Elin", "Lars"},
    f'{ENTERPRISE}:department eq "akuten"': {"Jonas"},
    f"{ENTERPRISE}:department pr": {"Jonas"},
    'title ne "ekonom"': {"Elin", "Oskar", "Jonas"},
    "active eq false": set(),
    'meta.created gt "2000-01-01T00:00:00Z"': {"Elin", "Oskar", "Jonas", "Lars"},
    'userName eq "a\\u0000b"': set(),
    'userName eq "\\ud800"': set(),
    'groups.display eq "Akuten"': {"Jonas"},
    'userName gt "l"': {"Lars", "Oskar"},
}


def test_filters_find_whom_they_should(cast: Cast, directory: Directory) -> None:
    directory.joins(cast.requester, title="Sjuksköterska")
    directory.joins(cast.colleague)
    jonas = directory.joins(cast.stranger, **{ENTERPRISE: {"department": "Akuten"}})
    directory.joins(cast.controller)
    directory.group("Akuten", jonas)
    names_by_filter = {
        query: {each["name"]["givenName"] for each in directory.listed("Users", query)} for query in FILTERS
    }
    assert names_by_filter == FILTERS


@pytest.mark.parametrize(
    "asked", ["userName", "userName eq", "hattstorlek eq 4", "(" * 400 + "x", "active gt true"]
)
def test_filter_that_cannot_be_understood_is_said_so(directory: Directory, asked: str) -> None:
    answer = directory.client.get(
        "/scim/v2/Users", {"filter": asked}, headers={"authorization": f"Bearer {directory.text}"}
    )
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


def test_lists_are_paged_ordered_and_as_narrow_as_asked(cast: Cast, directory: Directory) -> None:
    for each in (cast.requester, cast.colleague, cast.stranger):
        directory.joins(each)
    page = directory.ask("GET", "/Users?startIndex=2&count=1&sortBy=userName&attributes=userName").json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (3, 2, 1)
    (only,) = page["Resources"]
    assert (only["userName"], "name" in only, "id" in only) == (cast.stranger.email, False, True)
    backwards = directory.ask(
        "GET", "/Users?sortBy=name.familyName&sortOrder=descending&excludedAttributes=emails"
    )
    resources = backwards.json()["Resources"]
    assert [each["name"]["familyName"] for each in resources] == ["Lindahl", "Kvarnström", "Bergvall"]
    assert "emails" not in resources[0]
    assert directory.ask("GET", "/Users?count=0").json()["totalResults"] == 3
    searched = directory.ask("POST", "/Users/.search", {"filter": 'name.givenName eq "Jonas"', "count": 5})
    assert [each["userName"] for each in searched.json()["Resources"]] == [cast.stranger.email]


def test_what_a_directory_leaves_out_is_taken_from_the_rest(directory: Directory) -> None:
    answer = directory.ask("POST", "/Users", {"userName": NEW, "displayName": "Ny Anställd"})
    assert answer.status_code == 201, answer.content
    user = User.objects.get(email=NEW)
    assert (user.first_name, user.last_name, user.is_active) == ("Ny", "Anställd", True)
    nameless = directory.ask("POST", "/Users", {"userName": "bara-ett-namn"})
    assert (nameless.status_code, nameless.json()["scimType"]) == (400, "invalidValue")
    message = DirectoryMessage.objects.refused().get()
    assert (message.label, message.reason) == (
        "bara-ett-namn · POST /Users",
        "Personen behöver en e-postadress i emails eller userName.",
    )


def test_successor_of_a_plan_takes_over_when_the_directory_says_so_earlier(
    cast: Cast, directory: Directory
) -> None:
    line, number = worlds.line(cast), directory.joins(cast.manager)
    plan = Departure.objects.create(
        person=cast.manager, successor=cast.office_deputy, from_date=TODAY + timedelta(days=30)
    )
    directory.ask("DELETE", f"/Users/{number}")
    post = posts_on(TODAY)[cast.medical.pk]
    assert (post.manager, post.deputy) == (cast.office_deputy, cast.deputy)
    line.refresh_from_db()
    plan.refresh_from_db()
    assert (line.responsible, plan.status) == (cast.office_deputy, "done")


def test_directory_that_looks_for_nobody_finds_an_empty_list(directory: Directory) -> None:
    answer = directory.ask("GET", '/Users?filter=userName eq "7b2c"')
    assert (answer.status_code, answer.json()["totalResults"], answer.json()["Resources"]) == (200, 0, [])
