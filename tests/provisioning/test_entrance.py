"""What stands behind the way in is loaded when a directory asks, and not before."""

import os
import subprocess
import sys

from config.local import BASE_DIR

STARTED = """
import sys
import config.wsgi
from django.urls import reverse
reverse("home")
print(sorted(name for name in sys.modules if name in ("scim2_models", "provisioning.api.urls")))
"""


def test_a_process_starts_without_the_shapes_of_directories() -> None:
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", STARTED],
        cwd=BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout == "[]\n", result.stderr
