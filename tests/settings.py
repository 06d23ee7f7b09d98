"""The one settings file, in a directory of the tests' own; each parallel process has its own queue of messages."""

import os

from config.local import var_dir
from devservers.environment import local_servers

if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["RAUK_VAR"] = str(var_dir() / "test")
servers = local_servers(os.environ, var_dir())
if servers:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = servers.redis_url.replace("virtual_host=0", f"virtual_host={number}")
os.environ.setdefault("SECRET_KEY", "known-to-all-since-it-protects-nothing-but-tests-0123456789")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("DEMO", "1")
os.environ.setdefault("HASHED_STATIC", "0")

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # else each client that a test makes reads every static file first
# In tables as small as those of tests, weighing in which order to join them is most of what a question costs.
DATABASES["default"]["OPTIONS"]["options"] += " -c join_collapse_limit=1 -c from_collapse_limit=1"  # noqa: F405
