"""Programs that act for the cast's people; whatever they are answered is held against the API's description."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from organizations.models import KeyScope, User
from organizations.operations.api_tokens import create_token
from tests.api.described import as_described


class Program:
    """A program with a person's key."""

    def __init__(self, user: User, language: str = "", scope: KeyScope = KeyScope.DECIDE) -> None:
        self.client = APIClient(raise_request_exception=True)
        self.user = user
        _token, text = create_token(
            user=user,
            name=f"prov {language} {scope}",
            days=30,
            scope=scope,
            by=user,
            at=timezone.now(),
        )
        headers = {"Authorization": f"Token {text}"} | ({"Accept-Language": language} if language else {})
        self.client.credentials(
            **{f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()}
        )

    def get(self, address: str, **query: Any) -> Response:
        return as_described(self.client.get(f"/api/v1/{address}", query), "get", f"/api/v1/{address}")

    def post(self, address: str, **body: Any) -> Response:
        answer = self.client.post(f"/api/v1/{address}", body, format="json")
        return as_described(answer, "post", f"/api/v1/{address}")

    def send(self, address: str, content: str | bytes) -> Response:
        answer = self.client.post(f"/api/v1/{address}", content, content_type="application/json")
        return as_described(answer, "post", f"/api/v1/{address}")


class Counted(CaptureQueriesContext):
    """Statements sent to the database, savepoints apart."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> list[str]:
        return [query["sql"] for query in self.captured_queries if "SAVEPOINT" not in query["sql"]]
