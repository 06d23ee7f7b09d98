"""What the service says of itself: ``/ServiceProviderConfig``, ``/ResourceTypes``, ``/Schemas`` (RFC 7644, 4)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from scim2_models import Context, ForbiddenException, Meta, NotImplementedException, ServiceProviderConfig

from provisioning.api.views import ScimView
from provisioning.shapes import CONFIG, PROVIDER, ResourceTypeList, SchemaList


class Discovery(ScimView):
    """What the service says of itself is read, never written or filtered."""

    http_method_names = ["get", "head", "options"]

    def placed(self, resource: Any, address: str) -> Any:
        """The same with where it is."""
        kind = type(resource).__name__
        return resource.model_copy(
            update={"meta": Meta(resource_type=kind, location=f"{self.base}{address}")}
        )

    def listed(self, shape: Any, resources: Sequence[Any]) -> Response:
        """
        Answer with all of them.

        :raises ForbiddenException: a filter was asked for.
        """
        if "filter" in self.request.query_params:
            raise ForbiddenException(detail="What the service says of itself is not filtered.")
        answer = shape(
            total_results=len(resources),
            start_index=1,
            items_per_page=len(resources),
            resources=list(resources),
        )
        return Response(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))

    def one(self, resources: Sequence[Any], number: str) -> Response:
        """
        Answer with one of them.

        :raises Http404: there is none of that name.
        """
        for each in resources:
            if each.id == number:
                return Response(each.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
        raise Http404


class Config(Discovery):
    """What the service can do."""

    def get(self, request: Request) -> Response:
        """Say it."""
        config: ServiceProviderConfig = self.placed(CONFIG, "/ServiceProviderConfig")
        return Response(config.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


class ResourceTypes(Discovery):
    """What there is."""

    def get(self, request: Request, number: str = "") -> Response:
        """Say it of all or one."""
        types = [self.placed(each, f"/ResourceTypes/{each.id}") for each in PROVIDER.resource_types]
        return self.one(types, number) if number else self.listed(ResourceTypeList, types)


class Schemas(Discovery):
    """What each has."""

    def get(self, request: Request, number: str = "") -> Response:
        """Say it of all or one."""
        schemas = [self.placed(each, f"/Schemas/{each.id}") for each in PROVIDER.schemas]
        return self.one(schemas, number) if number else self.listed(SchemaList, schemas)


class NotOffered(ScimView):
    """Parts of SCIM that a service need not have: many acts in one request, all resources in one list, oneself."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """
        Say so, to whoever may ask.

        :raises NotImplementedException: always.
        """
        super().initial(request, *args, **kwargs)
        raise NotImplementedException(detail="The service does not offer this.")
