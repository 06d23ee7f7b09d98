"""An answer of the API held against the API's own description."""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response

FRAMEWORK = frozenset({405, 406})
"""Statuses that HTTP itself gives any address; no act describes them."""


def as_described(answer: Response, method: str, address: str) -> Response:
    """
    Give an answer back that is as the description says: its status, its content type and its shape.

    :param address: with or without what is asked after it.
    """
    act = _act(method, address.partition("?")[0])
    if act is None or answer.status_code in FRAMEWORK:
        return answer
    assert str(answer.status_code) in act["responses"], (
        f"{method} {address}: {answer.status_code} is not described"
    )
    kinds = act["responses"][str(answer.status_code)].get("content", {})
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if not kinds:
        assert answer.streaming or not answer.content, (
            f"{method} {address}: an answer with content has no shape"
        )
        return answer
    assert kind in kinds, f"{method} {address}: {kind} is not described"
    if kind == "application/json":
        faults = list(_validator(json.dumps(kinds[kind]["schema"])).iter_errors(json.loads(answer.content)))
        assert not faults, f"{method} {address}: {list(faults[0].instance_path)}: {faults[0].message[:300]}"
    return answer


@cache
def description() -> Any:
    """The description with what may be null as JSON Schema says it."""
    generator: Any = SchemaGenerator  # untyped
    told = json.loads(json.dumps(generator().get_schema(request=None, public=True), default=str))
    return _with_nulls(told)


def _with_nulls(part: Any) -> Any:
    if isinstance(part, list):
        return [_with_nulls(each) for each in part]
    if not isinstance(part, dict):
        return part
    told = {name: _with_nulls(each) for name, each in part.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if part.get("nullable") is True else told


@cache
def _patterns() -> list[tuple[re.Pattern[str], Any]]:
    """Addresses as the description has them; those without an id first."""
    paths = sorted(description()["paths"].items(), key=lambda each: each[0].count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), acts) for path, acts in paths]


@cache
def _act(method: str, address: str) -> Any:
    found: Any = next((acts for pattern, acts in _patterns() if pattern.fullmatch(address)), {})
    return found.get(method)


@cache
def _validator(schema: str) -> Any:
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": description()["components"]}
    )
