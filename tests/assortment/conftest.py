"""A council of two in medical supplies."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from assortment.models import CouncilSeat
from organizations.models import User
from tests.cast import ALWAYS, TODAY, Cast, person


@pytest.fixture
def council(cast: Cast) -> list[User]:
    """Oskar of the ward and Nora, who sit in the council of medical supplies; Jonas did until today."""
    nora = person("nora.hallin", "Nora", "Hallin", "Hygiensjuksköterska")
    CouncilSeat.objects.create(category=cast.medical, user=cast.colleague, valid_during=ALWAYS)
    CouncilSeat.objects.create(category=cast.medical, user=nora, valid_during=ALWAYS)
    CouncilSeat.objects.create(
        category=cast.medical, user=cast.stranger, valid_during=DateRange(ALWAYS.lower, TODAY)
    )
    return [cast.colleague, nora]
