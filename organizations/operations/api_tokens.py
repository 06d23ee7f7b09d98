"""Keys by which programs act for a person: create, revoke."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from knox.crypto import create_token_string, hash_token
from knox.settings import CONSTANTS

from audit import trail
from core.errors import DomainError, InvalidInput, NotPermitted
from core.transactions import operation
from core.verdicts import require
from organizations import permissions
from organizations.events import Event
from organizations.models import ApiToken, KeyScope, User

MOST_TOKENS = 20
LONGEST_LIFE_DAYS = 366


class TokenNameMissing(InvalidInput):
    """A key is called something, so that one knows which to revoke."""

    code = "token_name_missing"
    sentence = _("Ge nyckeln ett namn på högst 60 tecken, så att du vet vilken du drar in.")


class TokenNameTaken(InvalidInput):
    """The person has a key of that name."""

    code = "token_name_taken"
    sentence = _("Du har redan en nyckel som heter %(name)s.")


class TokenLifeNotPossible(InvalidInput):
    """A key lives at least a day and at most a year."""

    code = "token_life_not_possible"
    sentence = _("En nyckel gäller minst en dag och högst ett år.")


class OnlyInTheBrowser(NotPermitted):
    """A key that has come astray must not be able to make another, or to revoke the others."""

    code = "only_in_the_browser"
    sentence = _("Det här kan en nyckel inte göra. Logga in i webbläsaren och gör det där.")


class TooManyTokens(DomainError):
    """Nobody keeps track of so many keys."""

    code = "too_many_tokens"
    sentence = _("Du har redan %(count)s nycklar. Dra in en som inte används.")


@operation
def create_token(
    *,
    user: User,
    name: str,
    days: int,
    scope: KeyScope,
    by: User,
    at: datetime,
    has_second_factor: bool = False,
) -> tuple[ApiToken, str]:
    """
    Make a key that acts for the person within a scope during so many days, as long as she keeps her password.

    :param has_second_factor: whether she has shown one where she makes the key.
    :returns: the key as it is kept, and its text, which is kept nowhere and can be shown this once.
    :raises NotPermitted: for somebody else.
    :raises InvalidInput: the name is missing or taken, or the life is too long.
    :raises TooManyTokens: she has twenty.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_hold_tokens_of(by, user))
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise TokenNameMissing
    if not 0 < days <= LONGEST_LIFE_DAYS:
        raise TokenLifeNotPossible
    tokens = ApiToken.objects.visible_to(user)
    if tokens.filter(name=name).exists():
        raise TokenNameTaken(name=name)
    if tokens.count() >= MOST_TOKENS:
        raise TooManyTokens(count=MOST_TOKENS)
    text = create_token_string()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=hash_token(text),
        token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
        created=at,
        expiry=at + timedelta(days=days),
        scope=scope,
        password_digest=user.password_digest,
        has_second_factor=has_second_factor,
    )
    trail.record(Event.API_TOKEN_CREATED, subject=token, by=by, at=at, days=days, scope=scope)
    return token, text


@operation
def revoke_token(*, token: ApiToken, by: User, at: datetime, key: ApiToken | None = None) -> None:
    """
    Make a key worthless at once. Revoking what is revoked does nothing more.

    :param key: the key that ``by`` acts with; it may revoke itself, and no other.
    :raises NotPermitted: it is somebody else's, or the key's owner has to do it herself.
    """
    if key is not None and key.pk != token.pk:
        raise OnlyInTheBrowser
    locked = (
        ApiToken.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(pk=token.pk)
        .first()
    )
    if locked is None:
        return
    require(permissions.can_hold_tokens_of(by, locked.user))
    trail.record(Event.API_TOKEN_REVOKED, subject=locked, by=by, at=at)
    locked.delete()
