"""``/Groups``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, ResponseParameters

from organizations.models import ProvisionedGroup, ProvisionedMember
from provisioning.api.searching import attributes_of, query_parameters, search_page
from provisioning.api.views import ScimView, name_of, number_of
from provisioning.filters import OF_GROUPS, ORDERS_OF_GROUPS
from provisioning.group_patches import applied, steps_of
from provisioning.operations.groups import add_group, change_group, remove_group
from provisioning.operations.people import NotThere
from provisioning.payloads import GroupFacts, facts_of_group
from provisioning.shapes import POLICY, Group, GroupList, GroupParameters, GroupSearch
from provisioning.showing import group_resource
from provisioning.versions import version_of


class GroupDoor(ScimView):
    """What both addresses of groups have."""

    def rows(self) -> QuerySet[ProvisionedGroup]:
        """Those of which the directory has told."""
        return ProvisionedGroup.objects.of(self.key.directory)

    def shown_all(self, rows: Sequence[ProvisionedGroup], *, with_members: bool = True) -> list[Group]:
        """Show groups with their members, in one question for them all."""
        groups = list(rows)
        of_group: dict[int, list[UUID]] = {}
        members = ProvisionedMember.objects.filter(group__in=groups if with_members else [])
        for group, number in members.order_by("pk").values_list("group", "person__number"):
            of_group.setdefault(group, []).append(number)
        return [group_resource(each, base=self.base, members=of_group.get(each.pk, ())) for each in groups]

    def answered(
        self,
        row: ProvisionedGroup,
        parameters: ResponseParameters[Group],
        context: Context,
        status: int = 200,
    ) -> Response:
        """Answer with one group."""
        (group,) = self.shown_all([row], with_members=asks_for_members(parameters))
        return self.shown(group, parameters, context, status)

    def told(self, context: Context) -> GroupFacts:
        """
        Read a whole group.

        :raises ValidationError: it is none.
        :raises InvalidInput: a value cannot be kept.
        """
        return facts_of_group(Group.model_validate(self.body(), scim_ctx=context, scim_policy=POLICY))


class Groups(GroupDoor):
    """All groups."""

    def get(self, request: Request) -> Response:
        """List those that are asked for."""
        return self.list(query_parameters(request.query_params))

    def post(self, request: Request) -> Response:
        """Take in a group."""
        parameters = GroupParameters.model_validate(attributes_of(request.query_params))
        group = self.told(Context.RESOURCE_CREATION_REQUEST)
        row = add_group(facts=group, key=self.key, at=timezone.now())
        return self.answered(row, parameters, Context.RESOURCE_CREATION_RESPONSE, HTTPStatus.CREATED)

    def list(self, query: dict[str, Any]) -> Response:
        """Answer with a page of groups; members are read only when they are asked for."""
        search = GroupSearch.model_validate(query)
        with_members = asks_for_members(search) or "members" in str(search.filter or "").lower()
        page = search_page(
            search,
            self.rows(),
            to_resources=lambda rows: self.shown_all(rows, with_members=with_members),
            attributes=OF_GROUPS,
            orders=ORDERS_OF_GROUPS,
        )
        return Response(page.told(GroupList, search))


class SearchedGroups(Groups):
    """The same question, sent as a body (RFC 7644, 3.4.3)."""

    http_method_names = ["post", "options"]

    def post(self, request: Request) -> Response:
        """List those that are asked for."""
        return self.list(self.body())


class OneGroup(GroupDoor):
    """One group."""

    def get(self, request: Request, number: str) -> Response:
        """Show it; nothing where the directory has it as it is."""
        parameters = GroupParameters.model_validate(attributes_of(request.query_params))
        row = self.rows().filter(number=number_of(number)).first()
        if row is None:
            raise NotThere
        return self.unless_known(self.answered(row, parameters, Context.RESOURCE_QUERY_RESPONSE))

    def known(self) -> str:
        """What it is called here."""
        return name_of(self.rows(), self.kwargs["number"])

    def put(self, request: Request, number: str) -> Response:
        """Let it be what is told, and nothing else."""
        parameters = GroupParameters.model_validate(attributes_of(request.query_params))
        group = self.told(Context.RESOURCE_REPLACEMENT_REQUEST)
        row = self._change(number, lambda _group: group)
        return self.answered(row, parameters, Context.RESOURCE_REPLACEMENT_RESPONSE)

    def patch(self, request: Request, number: str) -> Response:
        """Change what is told of; a group of thousands is not told back unless somebody asks."""
        asked_for = attributes_of(request.query_params)
        parameters = GroupParameters.model_validate(asked_for)
        steps = steps_of(self.body())
        row = self._change(number, lambda group: applied(steps, group))
        if not asked_for:
            return Response(status=HTTPStatus.NO_CONTENT, headers={"ETag": version_of(row)})
        return self.answered(row, parameters, Context.RESOURCE_PATCH_RESPONSE)

    def delete(self, request: Request, number: str) -> Response:
        """Forget it."""
        remove_group(number=number_of(number), version=self.version, key=self.key, at=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)

    def _change(self, number: str, change: Callable[[GroupFacts], GroupFacts]) -> ProvisionedGroup:
        return change_group(
            number=number_of(number), change=change, version=self.version, key=self.key, at=timezone.now()
        )


def asks_for_members(parameters: ResponseParameters[Any]) -> bool:
    """Whether the members are to be shown."""
    if parameters.attributes:
        return any("members" in str(each).lower() for each in parameters.attributes)
    return not any(str(each).lower().endswith("members") for each in parameters.excluded_attributes or [])
