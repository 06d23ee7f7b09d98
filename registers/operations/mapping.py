"""Keep how the files of a source look, and find it again when another comes from there."""

from datetime import datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.transactions import operation
from organizations.models import User
from registers.bundles import Bundle
from registers.events import Event
from registers.mappings import NO_MAPPING, Mapping, MappingUnreadable, mapping_of
from registers.models import FileMapping
from registers.models.mappings import LONGEST_SOURCE
from registers.operations.writing import permit
from registers.register import Register

LARGEST = 100_000
"""Bytes of a mapping."""


class MappingRefused(InvalidInput):
    """The file is no mapping."""

    code = "register_mapping_refused"
    sentence = _(
        "Mappningen går inte att läsa. Den är en JSON-fil med source och något av headings, columns, constants, decimal_sign"
        " och day_order."
    )


class MappingUnknown(InvalidInput):
    """No mapping is kept of the source."""

    code = "register_mapping_unknown"
    sentence = _("Ingen mappning finns för %(source)s.")


@operation
def keep_mapping(*, register: Register | Bundle, content: BinaryIO, by: User, at: datetime) -> FileMapping:
    """
    Keep a mapping of a source's files, in the place of the one that is kept of it.

    :raises NotPermitted: she may not change the register.
    :raises MappingRefused: the file is no mapping, or names no source.
    """
    for each in _registers(register):
        permit(each, by=by, at=at)
    mapping = _read(content)
    facts: dict[str, Any] = {
        "headings": mapping.headings,
        "columns": dict(mapping.columns),
        "constants": dict(mapping.constants),
        "decimal_sign": mapping.decimal_sign,
        "day_order": mapping.day_order,
    }
    file_mapping, _made = FileMapping.objects.update_or_create(
        register_name=register.name, source=mapping.source, defaults={**facts, "kept_by": by, "kept_at": at}
    )
    trail.record(Event.MAPPING_KEPT, subject=file_mapping, by=by, at=at, register=register.name, **facts)
    return file_mapping


def kept_mapping(register: Register | Bundle, *, chosen: str, source: str) -> Mapping:
    """
    The mapping that a file is read by: the chosen one, else that of its source, else none.

    :raises MappingUnknown: none is kept by that name.
    """
    file_mapping = FileMapping.objects.filter(register_name=register.name, source=chosen or source).first()
    if file_mapping is None and chosen:
        raise MappingUnknown(source=chosen)
    return file_mapping.mapping if file_mapping else NO_MAPPING


def _registers(register: Register | Bundle) -> list[Register]:
    return [part.register for part in register.parts] if isinstance(register, Bundle) else [register]


def _read(content: BinaryIO) -> Mapping:
    try:
        mapping = mapping_of(content.read(LARGEST).decode())
    except (MappingUnreadable, UnicodeDecodeError):
        raise MappingRefused from None
    if not 0 < len(mapping.source) <= LONGEST_SOURCE:
        raise MappingRefused
    return mapping
