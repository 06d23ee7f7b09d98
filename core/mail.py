"""
The outbox of development: each message is a file that can be opened, and the same message is the same file.

Used where no mail server is configured. A message with a Message-ID of its own, such as an order's, gets a file
of that name, so that sending it again replaces it.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from email.utils import unquote
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+", re.ASCII)


class FileOutbox(BaseEmailBackend):
    """Writes messages whole or not at all to ``OUTBOX_DIR`` (or ``file_path``)."""

    def __init__(self, *args: Any, file_path: str | Path | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = Path(file_path or settings.OUTBOX_DIR)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message; returns how many."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        sendable = message.message()
        path = self.directory / file_name(sendable["Message-ID"])
        handle, unfinished = tempfile.mkstemp(dir=self.directory, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sendable.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


def file_name(message_id: str) -> str:
    """Name the file after the part of the Message-ID that stands before the ``@``: ``2021-00417.eml``."""
    local_part = unquote(str(message_id).strip()).partition("@")[0]
    return f"{_NOT_IN_A_NAME.sub('_', local_part).lstrip('.') or 'message'}.eml"
