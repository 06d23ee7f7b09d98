"""How a command tells what it did, to a person or to a program."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.management.base import OutputWrapper

from core.errors import DomainError, in_english

EXIT_CODES = {
    "damaged": 3,
    "newer_schema": 4,
    "older_schema": 4,
    "older_server": 4,
    "not_empty": 5,
    "file_in_the_way": 5,
    "file_exists": 5,
    "no_program": 6,
}
"""What a script can go by; whatever else fails is 1."""


def tell(stream: OutputWrapper, output: str, facts: Mapping[str, Any], sentence: str) -> None:
    """Write the facts as JSON, or in a sentence."""
    stream.write(json.dumps(facts, ensure_ascii=False) if output == "json" else sentence.format(**facts))


def write_refusal(stream: OutputWrapper, output: str, error: DomainError) -> None:
    """Write why nothing was done."""
    detail = in_english(error)
    stream.write(
        json.dumps({"code": error.code, "detail": detail}, ensure_ascii=False) if output == "json" else detail
    )
