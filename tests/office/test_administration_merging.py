"""What goes along when an administration goes up in another."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementAdministration
from office.registers.previews import of_administration_plan
from organizations.models import Administration
from procurement.operations.administrations import merge_administrations
from registers.register import Proposal
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2022, 1, 1)
ON_THE_DAY = NOW + (NEW_YEAR - TODAY)


def test_departments_that_come_call_off_what_they_could_before(cast: Cast) -> None:
    """An agreement of theirs alone is open to the administration that goes on; one that has run out is left as it was."""
    into = Administration.objects.create(authority=cast.authority, code="SOF", name="Socialförvaltningen")
    over = Agreement.objects.create(
        number="RA 2016-001",
        title="Handskar",
        category=cast.medical,
        supplier=cast.supplier,
        procedure="open",
        valid_during=DateRange(date(2018, 1, 1), TODAY),
        estimated_amount=1000,
        ceiling_amount=1000,
    )
    for agreement in (cast.agreement, over):
        AgreementAdministration.objects.create(agreement=agreement, administration=cast.administration)
    values = {"code": "HSF", "into": "SOF", "from_date": NEW_YEAR.isoformat(), "status": "planned"}
    proposal = Proposal(None, {}, values, by=cast.administrator, at=NOW)
    assert "1 avtal öppnas för hela förvaltningen som går vidare." in of_administration_plan(proposal)
    merge_administrations(administration=cast.administration, into=into, by=cast.administrator, at=ON_THE_DAY)
    cast.agreement.refresh_from_db()
    cast.ward.refresh_from_db()
    assert cast.agreement.is_open_to(cast.ward.administration_id)
    assert set(cast.agreement.open_to) == {cast.administration.pk, into.pk}
    over.refresh_from_db()
    assert over.open_to == [cast.administration.pk]
