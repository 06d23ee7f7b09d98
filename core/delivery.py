"""
Hand one message to the mail server, and say what became of it.

What went wrong decides what may be done next: a message that surely never left may be sent again at will, one that
may have left only a few times, and one that the server refuses for good not at all.
"""

from contextlib import suppress
from dataclasses import dataclass
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.tallies import tally

OUTCOMES = ("taken", "away", "refused", "put_off", "doubtful")
"""What becomes of a message: the server took it, did not answer, refused it for good or for now, or broke off."""
PERMANENT = 500
"""SMTP replies from here on are final (RFC 5321, 4.2.1)."""


class MessageNotSendable(DomainError):
    """The message itself cannot be written or sent by this server."""

    code = "message_not_sendable"
    sentence = _("Meddelandet kan inte skickas: %(error)s")


class MailServerAway(DomainError):
    """The mail server does not answer."""

    code = "mail_server_away"
    sentence = _("E-postservern svarar inte: %(error)s")


class AddressRefused(DomainError):
    """The mail server does not take the recipient's address."""

    code = "address_refused"
    sentence = _("E-postservern tar inte emot mottagarens adress: %(error)s")


class MessageRefused(DomainError):
    """The mail server does not take the message."""

    code = "message_refused"
    sentence = _("E-postservern tar inte emot meddelandet: %(error)s")


class ConnectionBroken(DomainError):
    """The connection broke in the middle, so nobody knows whether the message arrived."""

    code = "connection_broken"
    sentence = _("Förbindelsen bröts under sändningen, så meddelandet kan ha gått fram: %(error)s")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not delivered, and what that means for the next attempt."""

    reason: DomainError
    may_have_left: bool = False
    is_permanent: bool = False
    server_is_away: bool = False

    @property
    def outcome(self) -> str:
        """What it is counted as."""
        if self.server_is_away:
            return "away"
        if self.may_have_left:
            return "doubtful"
        return "refused" if self.is_permanent else "put_off"


def deliver(message: EmailMessage) -> Failure | None:
    """Send one message; None when the server has taken it, else why not. Never raises for the message's sake."""
    failure = _attempt(message)
    tally("mails", failure.outcome if failure else "taken")
    return failure


def _attempt(message: EmailMessage) -> Failure | None:
    try:
        message.message()
    except ValueError as error:
        return Failure(MessageNotSendable(error=str(error)), is_permanent=True)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        return Failure(MailServerAway(error=_words(error)), server_is_away=True)
    try:
        connection.send_messages([message])
    except Exception as error:  # a message of one order must never stop the others
        return _failure(error)
    finally:
        with suppress(OSError, SMTPException):
            connection.close()
    return None


def _failure(error: Exception) -> Failure:
    """Say what an interrupted or refused transmission means."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Failure(
            AddressRefused(error=_words(error)),
            is_permanent=all(code >= PERMANENT for code in codes),
        )
    if isinstance(error, SMTPResponseException):
        return Failure(MessageRefused(error=_words(error)), is_permanent=error.smtp_code >= PERMANENT)
    if isinstance(error, ValueError | SMTPNotSupportedError):
        return Failure(MessageNotSendable(error=str(error)), is_permanent=True)
    return Failure(ConnectionBroken(error=_words(error)), may_have_left=True)


def _words(error: Exception) -> str:
    """The server's own words where it gave any."""
    if isinstance(error, SMTPRecipientsRefused):
        return ", ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error) or type(error).__name__


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
