"""Django with nothing but the bare views: no middleware, no other address."""

import django
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

django.setup()
override_settings(ROOT_URLCONF="bench.bare_views", MIDDLEWARE=[]).enable()
application = WSGIHandler()
