"""The stage between the password and the page: a second factor, from whoever has one."""

from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from factors.holdings import has_factor
from organizations.signing_in.strength import asks_second_factor

HASH = "hash"


class SecondFactorStage(LoginStage):  # type: ignore[misc]
    """Ask for the second factor."""

    key = "second_factor"
    urlname = "second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page that asks, unless she has none, or what she has shown is enough."""
        user = self.login.user
        is_enough = _is_left_to_directory(self.login) or did_use_passwordless_login(self.request, user)
        if is_enough or not has_factor(user):
            return None, True
        self.state[HASH] = user.get_session_auth_hash()
        return redirect("second_step"), True

    @property
    def is_still_right(self) -> bool:
        """Whether her account is open, and neither her password is changed nor her sessions are ended since."""
        user = self.login.user
        return user.is_active and constant_time_compare(
            self.state.get(HASH, ""), user.get_session_auth_hash()
        )


def stage_of(request: HttpRequest) -> SecondFactorStage | None:
    """The stage at which whoever asks stands; None when she has shown no password, or too long ago."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    return stage if isinstance(stage, SecondFactorStage) and stage.is_still_right else None


def _is_left_to_directory(login: Login) -> bool:
    arrived = (login.signal_kwargs or {}).get("sociallogin")
    return arrived is not None and not asks_second_factor(arrived.account.provider)
