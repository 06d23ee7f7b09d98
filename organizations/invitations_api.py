"""The API of invitations: who cannot sign in yet, and the links by which they do."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.numbers import LARGEST_ID
from core.representation import represent
from core.verdicts import require
from organizations.api import person
from organizations.models import Invitation, User
from organizations.operations.passwords import invite, take_back_invitation
from organizations.permissions import can_invite

MOST_INVITED = 1000


class InvitationSerializer(serializers.Serializer[User]):
    """Somebody who has an account and cannot sign in yet."""

    id = serializers.IntegerField(help_text=_("Personens nummer."))
    name = serializers.CharField(source="full_name")
    email = serializers.EmailField()
    status = serializers.SerializerMethodField()
    sent_at = serializers.SerializerMethodField()
    expires_at = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Invitation.choices))
    def get_status(self, user: User) -> str:
        """How far she has come."""
        return user.invitation(timezone.now()).value

    def get_sent_at(self, user: User) -> datetime | None:
        """When the letter was sent."""
        return _link_moment(user, "sent_at")

    def get_expires_at(self, user: User) -> datetime | None:
        """When the link ends."""
        return _link_moment(user, "expires_at")

    def get_failure(self, user: User) -> str:
        """Why the letter could not be sent."""
        link = getattr(user, "password_link", None)
        return link.reason if link else ""


def _link_moment(user: User, name: str) -> datetime | None:
    return getattr(getattr(user, "password_link", None), name, None)


class InvitationInput(serializers.Serializer[Any]):
    """Who is invited."""

    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        required=False,
        max_length=MOST_INVITED,
        help_text=_("Personernas nummer. Utan dem bjuds alla in som inte har någon länk."),
    )


class InvitedSerializer(serializers.Serializer[Any]):
    """How many letters go out."""

    count = serializers.IntegerField()


class InvitationResource(ListModelMixin, RetrieveModelMixin, Resource[User]):
    """Those who have an account and cannot sign in yet, and their invitations."""

    serializer_class = InvitationSerializer
    queryset = User.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[User]:
        """
        All of them, for those who invite.

        :raises NotPermitted: she is neither administrator nor head of procurement.
        """
        me = person(self.request)
        require(can_invite(me, at=timezone.now()))
        return User.objects.without_way_in().exclude(pk=me.pk).select_related("password_link").order_by()

    @extend_schema(request=InvitationInput, responses=InvitedSerializer)
    def create(self, request: Request) -> Response:
        """Invite some, or all who have no link; whoever was invited a moment ago is left alone."""
        data, at, waiting = self.given(InvitationInput), timezone.now(), self.get_queryset()
        people = (
            waiting.filter(pk__in=data["people"])
            if "people" in data
            else User.objects.uninvited(at).exclude(pk=person(request).pk)
        )
        count = invite(people=list(people), by=person(request), at=at)
        return Response(represent(InvitedSerializer, {"count": count}))

    @extend_schema(request=None, responses=InvitedSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Send a new link in place of the one that she has; none when it was sent a moment ago."""
        count = invite(people=[self.get_object()], by=person(request), at=timezone.now())
        return Response(represent(InvitedSerializer, {"count": count}))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Let the link open nothing; when there is none, nothing is done."""
        take_back_invitation(person=self.get_object(), by=person(request), at=timezone.now())
        return Response(status=204)
