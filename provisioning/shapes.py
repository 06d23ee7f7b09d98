"""
What a directory may tell, as SCIM describes it: the attributes that are kept, and how its dialects are read (pure).

Attributes that stand here are kept and given back. All others are ignored, so that a directory may send what it has.
"""

from typing import Annotated, Any, Final

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    GroupMembership,
    ListResponse,
    Mutability,
    Patch,
    PatchOp,
    Reference,
    Required,
    Resource,
    ResourceType,
    ResponseParameters,
    Schema,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import Email as StandardEmail
from scim2_models.resources.resource import AnyExtension

MOST_RESULTS: Final = 200
"""The most resources in one answer."""


class Name(ComplexAttribute):
    """What a person is called."""

    family_name: str | None = None
    given_name: str | None = None


class Email(ComplexAttribute):
    """An address of a person."""

    value: Annotated[str | None, Required.true] = None
    type: StandardEmail.Type | None = None
    primary: bool | None = None


class User(Resource[AnyExtension]):
    """A person who may have an account."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Annotated[Name | None, Required.true] = None
    display_name: str | None = None
    title: str | None = None
    active: Annotated[bool | None, Required.true] = None
    emails: Annotated[list[Email] | None, Required.true] = None
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None


class EnterpriseUser(Extension):
    """What an employer knows of a person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    department: str | None = None


class Member(ComplexAttribute):
    """A person in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A group of people; what it gives is said by the region's group rules."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    members: list[Member] | None = None


Person = User[EnterpriseUser]
"""A person with what her employer knows."""

# Each on a line of its own: where they are made, pydantic reads the source for their descriptions.
PersonList = ListResponse[Person]
PersonSearch = SearchRequest[Person]
PersonParameters = ResponseParameters[Person]
PersonPatch = PatchOp[Person]
GroupList = ListResponse[Group]
GroupSearch = SearchRequest[Group]
GroupParameters = ResponseParameters[Group]
GroupPatch = PatchOp[Group]
ResourceTypeList = ListResponse[ResourceType]
SchemaList = ListResponse[Schema]

POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""Entra ID's dialect is followed: a value in ``remove``, and an entry that a path describes is made when it is missing."""

CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Directory key",
            description="A key that an administrator has made for the directory, as a bearer token.",
            primary=True,
        )
    ],
)

PROVIDER: Final = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(Person), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
"""The service as it describes itself."""
