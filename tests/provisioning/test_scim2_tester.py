"""The service held against RFC 7643 and 7644 by scim2-tester, which asks the program itself."""

from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from provisioning.operations.keys import create_directory_key
from tests.cast import Cast

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Let the program keep the test's connection, as Django's own client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_service_is_as_the_standard_has_it(cast: Cast, kept_connection: None) -> None:
    # These take seconds to import, which only the process of this test need spend.
    from scim2_client.engines.wsgi import WSGISCIMClient  # noqa: PLC0415
    from scim2_tester import Status, check_server  # noqa: PLC0415

    _key, text = create_directory_key(name="Test", directory="region", days=1, by=None, at=timezone.now())
    client = WSGISCIMClient(
        WSGIHandler(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {text}"},
    )
    results = check_server(client)
    wrong = [
        f"{each.title}: {each.reason}"
        for each in results
        if each.status not in (Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(results) > 60
