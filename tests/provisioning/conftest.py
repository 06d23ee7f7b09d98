"""What tests of provisioning stand on."""

import pytest
from django.core.cache import cache

from tests.cast import Cast
from tests.provisioning.directories import Directory


@pytest.fixture
def directory(cast: Cast, at_nine: None) -> Directory:
    """The region's directory, which tells at the moment of the cast's world."""
    cache.clear()
    return Directory()
