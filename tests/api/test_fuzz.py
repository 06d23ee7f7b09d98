"""
The API held against its own description by Schemathesis.

Whatever is sent, right or wrong, is answered as described, and never with a failure. Each act is tried on objects that
are there, so that its operation is reached. The examples are the same every time.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from organizations.models import KeyScope
from organizations.operations.api_tokens import create_token
from procurement.models import Receipt
from reporting.operations.reports import request_report
from tests import worlds
from tests.cast import NOW, Cast
from tests.long import LONG

EXAMPLES = 100 if LONG else 2


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's connection open between requests, as Django's own test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@cache
def description() -> Any:
    generator: Any = SchemaGenerator  # untyped
    schema = json.loads(json.dumps(generator().get_schema(request=None, public=True), default=str))
    loaded = schemathesis.openapi.from_dict(schema)
    loaded.app = whole_answers
    return loaded


def whole_answers(asked: dict[str, Any], start_response: Any) -> list[bytes]:
    """The program, read to its end and closed, as a server does; the fuzzing client leaves it open."""
    answer: Any = application(asked, start_response)
    try:
        return list(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()


def operations() -> list[Any]:
    """Every operation described, in an order that is the same in every process."""
    all_operations = [result.ok() for result in description().get_all_operations()]
    return sorted(all_operations, key=lambda operation: str(operation.label))


def objects(cast: Cast) -> dict[str, dict[str, Any]]:
    """Something of each kind, as it stands in an address."""
    basket = worlds.basket(cast)
    worlds.received(cast, (cast.gown, 4))
    (order,) = worlds.ordered(cast, (cast.gloves, 1))
    costly = worlds.submitted(cast, (cast.chair, 5))
    token, _text = create_token(
        user=cast.requester, name="annan", days=1, scope=KeyScope.READ, by=cast.requester, at=NOW
    )
    report = request_report(
        year=2020, through_date=NOW.date().replace(year=2020), title="x", by=cast.controller, at=NOW
    )
    return {
        "baskets": {"id": basket.pk},
        "requisitions": {"id": costly.pk},
        "lines": {"id": costly.lines.get().pk},
        "attests": {"id": costly.attests.get().pk},
        "orders": {"id": order.pk},
        "receipts": {"id": Receipt.objects.get().pk},
        "reports": {"id": report.pk, "kind": "pdf"},
        "agreements": {"id": cast.agreement.pk},
        "suppliers": {"id": cast.supplier.pk},
        "tokens": {"id": token.pk},
        "items": {"number": cast.gloves.number},
        "categories": {"code": cast.office.code},
        "departments": {"code": cast.ward.cost_center},
    }


WHO = {
    "lines": "deputy",
    "attests": "budget_holder",
    "orders": "manager",
    "reports": "controller",
    "savings": "controller",
}


@pytest.fixture(scope="module")
def there(stage: Cast) -> dict[str, dict[str, Any]]:
    """The same things for every test."""
    return objects(stage)


def wrong_too(operation: Any) -> list[GenerationMode]:
    """Where there is nothing to get wrong, only what is right is sent."""
    takes_something = list(operation.body) or list(operation.query)
    return (
        [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if takes_something else [GenerationMode.POSITIVE]
    )


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
        for operation in operations()
        for mode in sorted(wrong_too(operation), key=str)
    ],
)
def test_answers_are_as_described(
    db: None, stage: Cast, there: dict[str, dict[str, Any]], operation: Any, mode: GenerationMode
) -> None:
    resource = operation.path.removeprefix("/api/v1/").split("/")[0]
    person = getattr(stage, WHO.get(resource, "requester"))
    _token, text = create_token(user=person, name="prov", days=1, scope=KeyScope.DECIDE, by=person, at=NOW)
    address = there.get(resource, {}) if "{" in operation.path else {}
    cases = operation.as_strategy(generation_mode=mode, path_parameters=address or None)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case: Case) -> None:
        answer = case.call(headers={"Authorization": f"Token {text}"})
        checks = [
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]
        case.validate_response(answer, checks=checks)

    try_it()
