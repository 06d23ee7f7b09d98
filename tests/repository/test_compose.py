"""docker-compose.yml starts what Procfile starts, with what the settings read. No Docker is needed to know that."""

import re
from typing import Any

import pytest
import yaml

from devservers.processes import commands
from tests.repository import code

COMPOSE: dict[str, Any] = yaml.safe_load((code.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")


def variables_that_the_code_reads() -> set[str]:
    reads = re.compile(r"""(?:environ\.get\(|environ\[|flag\(|words\(|required\()\s*["']([A-Z_]+)["']""")
    return {name for path in code.modules("config") for name in reads.findall(path.read_text())}


def test_compose_starts_what_procfile_starts() -> None:
    assert {name: SERVICES[name]["command"] for name in commands()} == commands()


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_what_the_settings_read(service: str) -> None:
    given = set(SERVICES[service]["environment"])
    assert given - variables_that_the_code_reads() == set()
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"} <= given


def test_compose_explains_what_it_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (code.ROOT / "docker-compose.yml").read_text()))
    explained = set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (code.ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    )
    assert asked - explained == set()


def test_settings_are_explained() -> None:
    explained = set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (code.ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    )
    for_the_program_itself = {"DJANGO_SETTINGS_MODULE", "HASHED_STATIC", "HOST", "PORT", "PATH"}
    assert variables_that_the_code_reads() - explained - for_the_program_itself == set()


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_compose_runs_nothing_as_root(service: str) -> None:
    user = str(SERVICES[service]["user"])
    assert user.split(":")[0] not in ("root", "0", "")
    assert SERVICES[service]["cap_drop"] == ["ALL"]


def test_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)", (code.ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    assert users == ["rauk"]


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"migrate"}))
def test_compose_watches_over_each_service(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


def test_compose_keeps_what_must_be_kept() -> None:
    declared = set(COMPOSE["volumes"])
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert mounted == declared
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]


@pytest.mark.parametrize("service", OURS)
def test_compose_waits_for_the_database(service: str) -> None:
    assert SERVICES[service]["depends_on"]["postgres"] == {"condition": "service_healthy"}
