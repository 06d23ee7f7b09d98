"""When a directory, a rule or a page takes away the last administrator, the heads of procurement are told."""

from collections.abc import Callable

import pytest

from notices.models import Notice
from organizations.models import GroupRule, Membership, Role, User
from organizations.operations.directories import Arrival
from procurement.operations.leaving import leave
from provisioning.operations.arrivals import come_in
from registers.operations.rows import remove_row
from registers.register import REGISTERS
from tests.cast import ALWAYS, NOW, Cast, membership
from tests.pages import signed_in, text_of
from tests.provisioning.directories import REGION, Directory, gives


def by_directory(cast: Cast, directory: Directory) -> None:
    directory.ask("DELETE", f"/Users/{directory.joins(cast.administrator)}")


def by_group(cast: Cast, directory: Directory) -> None:
    group = _give_role_by_group(cast, directory)
    directory.patch(f"/Groups/{group}", {"op": "remove", "path": "members"})


def by_group_that_goes(cast: Cast, directory: Directory) -> None:
    directory.ask("DELETE", f"/Groups/{_give_role_by_group(cast, directory)}")


def by_rule(cast: Cast, directory: Directory) -> None:
    """She takes away the rule that makes herself administrator."""
    _give_role_by_group(cast, directory)
    rule = GroupRule.objects.get()
    remove_row(register=REGISTERS["group_rules"], row_id=rule.pk, by=cast.administrator, at=NOW)


def by_signing_in(cast: Cast, directory: Directory) -> None:
    Membership.objects.filter(user=cast.administrator).update(directory=REGION)
    who = Arrival(REGION, "1", cast.administrator.email, "Henrik", "Lagman", [])
    come_in(arrival=who, may_create=False, at=NOW)


def by_page(cast: Cast, directory: Directory) -> None:
    other = User.objects.create(email="chef@gotland.example", first_name="Nils", last_name="Bo", password="!")
    membership(other, Role.HEAD_OF_PROCUREMENT)
    leave(user=cast.administrator, successor=cast.head, by=other, at=NOW)


def _give_role_by_group(cast: Cast, directory: Directory) -> str:
    """Let the administrator have her role from a group alone."""
    gives("Systemförvaltare", Role.ADMINISTRATOR)
    Membership.objects.filter(user=cast.administrator).delete()
    return directory.group("Systemförvaltare", directory.joins(cast.administrator))


DOORS: list[Callable[[Cast, Directory], None]] = [
    by_directory, by_group, by_group_that_goes, by_rule, by_signing_in, by_page
]  # fmt: skip


@pytest.mark.parametrize("gone", DOORS)
def test_heads_are_told_when_nobody_administers(
    cast: Cast, directory: Directory, gone: Callable[[Cast, Directory], None]
) -> None:
    gone(cast, directory)
    notice = Notice.objects.get(kind="no_administrator", recipient=cast.head)
    assert "Ingen är systemadministratör längre" in text_of(signed_in(cast.head).get("/notiser/"))
    assert notice.made_at == NOW


def test_nobody_is_told_while_another_is_left(cast: Cast, directory: Directory) -> None:
    Membership.objects.create(user=cast.controller, role=Role.ADMINISTRATOR, valid_during=ALWAYS)
    by_directory(cast, directory)
    assert not Notice.objects.filter(kind="no_administrator").exists()


def test_what_she_leaves_behind_is_told_to_the_heads_too(cast: Cast, directory: Directory) -> None:
    deputy, number = directory.joins(cast.office_deputy), directory.joins(cast.deputy)
    by_directory(cast, directory)
    for each in (deputy, number):
        directory.ask("DELETE", f"/Users/{each}")
    assert Notice.objects.get(kind="left_behind").recipient == cast.head
