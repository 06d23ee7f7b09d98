"""The program as gunicorn runs it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

inner = get_wsgi_application()

from config.upgrading import SchemaGuard  # noqa: E402

application = SchemaGuard(inner)
