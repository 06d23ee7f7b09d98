"""What is there is made once for each module; whatever is sent is taken back."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.cast import Cast
from tests.database.copies import one_transaction


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, with whatever the module makes of it."""
    with django_db_blocker.unblock(), one_transaction() as cast:
        yield cast
