"""A signed-in browser for tests of pages, at the moment of the cast's day."""

from django.test import Client

from organizations.models import User


def signed_in(user: User) -> Client:
    """A client in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
