"""Every day that a program hands in is read with the years that the program reckons with, so that none is too large to reckon with."""

from collections.abc import Iterator

from rest_framework import serializers

import config.api

assert config.api.__doc__, "its import is what makes the serializers known"


def inputs(base: type[serializers.Serializer]) -> Iterator[type[serializers.Serializer]]:
    """What programs hand in; what they are told is of another name."""
    for each in base.__subclasses__():
        yield from inputs(each)
        if each.__name__.endswith("Input"):
            yield each


def test_every_day_is_within_the_years() -> None:
    fields = list(inputs(serializers.Serializer))
    unbounded = {
        f"{each.__name__}.{name}"
        for each in fields
        for name, field in each._declared_fields.items()
        if type(field) is serializers.DateField
    }
    assert len(fields) > 40
    assert unbounded == set()
