"""A directory that tells by SCIM, as Entra ID and its like do."""

import json
from decimal import Decimal
from typing import Any

from django.test import Client

from organizations.models import Department, GroupRule, Membership, Role, User
from provisioning.operations.keys import create_directory_key
from tests.cast import NOW, TODAY

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REGION = "region"


class Directory:
    """A directory with a key of its own."""

    def __init__(self, name: str = REGION, *, days: int = 30) -> None:
        self.key, self.text = create_directory_key(
            name=f"Nyckel till {name}", directory=name, days=days, by=None, at=NOW
        )
        self.client = Client(raise_request_exception=False)

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        content = "" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(
            method,
            f"/scim/v2{address}",
            content,
            content_type="application/scim+json",
            headers={"authorization": f"Bearer {self.text}", **headers},
        )

    def joins(self, user: User, **more: Any) -> str:
        """Tell of a person who has an account; returns her number."""
        return self.number(
            self.ask("POST", "/Users", told(user.email, user.first_name, user.last_name, **more))
        )

    def number(self, answer: Any) -> str:
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def group(self, name: str, *members: str, **more: Any) -> str:
        """Tell of a group; returns its number."""
        body = {"schemas": [GROUP], "displayName": name, "members": [{"value": each} for each in members]}
        return self.number(self.ask("POST", "/Groups", body | more))

    def patch(self, address: str, *operations: dict[str, Any], **headers: str) -> Any:
        return self.ask("PATCH", address, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def listed(self, kind: str, asked: str = "") -> list[dict[str, Any]]:
        answer = self.client.get(
            f"/scim/v2/{kind}",
            {"filter": asked} if asked else {},
            headers={"authorization": f"Bearer {self.text}"},
        )
        assert answer.status_code == 200, answer.content
        resources: list[dict[str, Any]] = answer.json().get("Resources", [])
        return resources


def told(email: str, first_name: str, last_name: str, **more: Any) -> dict[str, Any]:
    """A person as Entra ID tells of her."""
    return {
        "schemas": [USER, ENTERPRISE],
        "externalId": f"nummer-{email.partition('@')[0]}",
        "userName": email,
        "name": {"givenName": first_name, "familyName": last_name, "formatted": f"{first_name} {last_name}"},
        "displayName": f"{first_name} {last_name}",
        "active": True,
        "emails": [{"type": "work", "value": email, "primary": True}],
        "meta": {"resourceType": "User"},
        **more,
    }


def gives(
    group: str, role: Role, department: Department | None = None, limit: str | None = None
) -> GroupRule:
    """Let a group of the directory give a role."""
    return GroupRule.objects.create(
        directory=REGION,
        group=group,
        role=role,
        department=department,
        amount_limit=Decimal(limit) if limit else None,
    )


def roles(user: User) -> set[tuple[str, str]]:
    """Which roles the person has, and where."""
    memberships = Membership.objects.on(TODAY).filter(user=user).select_related("department")
    return {(each.role, each.department.cost_center if each.department else "") for each in memberships}
