"""A mail server for what is sent."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.mail import MailServer


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that really listens, and settings that send to it."""
    mail_server = MailServer()
    mail_server.may_answer.set()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_TIMEOUT = 1
    yield mail_server
    mail_server.end()
