"""docker-compose.yml starts what Procfile starts, with what the settings read. No Docker is needed to know that."""

import re
from typing import Any

import pytest
import yaml

from config.celery import SCHEDULE, app
from devservers.processes import commands
from tests.repository import code

COMPOSE: dict[str, Any] = yaml.safe_load((code.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "worker-mail", "worker-long", "beat", "migrate")


def variables_that_the_code_reads() -> set[str]:
    reads = re.compile(r"""(?:environ\.get\(|environ\[|flag\(|words\(|required\()\s*["']([A-Z_]+)["']""")
    return {name for path in code.modules("config") for name in reads.findall(path.read_text())}


def test_compose_starts_what_procfile_starts() -> None:
    assert {name: SERVICES[name]["command"] for name in commands()} == commands()


def queues() -> dict[str, str]:
    """Which worker listens to which queue."""
    return {
        queue: name
        for name, command in commands().items()
        for queue in re.findall(r"--queues=(\S+)", command)
    }


def test_every_task_has_a_queue_and_every_queue_a_worker() -> None:
    app.loader.import_default_modules()
    route = app.amqp.router.route
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    assert {"procurement.send_order", "registers.run_import", "reporting.build_report"} <= set(ours)
    assert {route({}, name)["queue"].name for name in ours} == set(queues())
    assert set(SCHEDULED) <= set(ours)


SCHEDULED = [entry["task"] for entry in SCHEDULE.values()]


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("procurement.send_order", "mail"),
        ("procurement.send_cancellation", "mail"),
        ("procurement.send_due", "mail"),
        ("procurement.consolidate_due", "short"),
        ("reporting.resume_reports", "short"),
        ("reporting.build_report", "long"),
        ("reporting.make_report_file", "long"),
        ("reporting.compute_savings", "long"),
        ("registers.run_import", "long"),
    ],
)
def test_what_waits_keeps_nobody_else_waiting(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


@pytest.mark.parametrize("name", sorted(name for name in SERVICES if name.startswith("worker")))
def test_compose_asks_the_right_worker_whether_it_is_well(name: str) -> None:
    (node,) = re.findall(r"--hostname=(\w+)@%h", SERVICES[name]["command"])
    assert f"--destination {node}@$$HOSTNAME" in SERVICES[name]["healthcheck"]["test"][1]


@pytest.mark.parametrize("service", OURS)
def test_compose_sets_what_the_settings_read(service: str) -> None:
    variables = set(SERVICES[service]["environment"])
    assert variables - variables_that_the_code_reads() == set()
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"} <= variables


def test_compose_explains_what_it_asks_for() -> None:
    variables = set(re.findall(r"\$\{([A-Z_]+)", (code.ROOT / "docker-compose.yml").read_text()))
    explained = set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (code.ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    )
    assert variables - explained == set()


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


@pytest.mark.parametrize("service", sorted(set(OURS) - {"migrate"}))
def test_only_migrations_connect_as_the_owner(service: str) -> None:
    owner, app = "postgresql://rauk:", "postgresql://rauk_app:"
    assert SERVICES["migrate"]["environment"]["DATABASE_URL"].startswith(owner)
    assert SERVICES["migrate"]["command"].endswith('python manage.py grant_rights"')
    assert SERVICES[service]["environment"]["DATABASE_URL"].startswith(app)
    assert "POSTGRES_PASSWORD" not in str(SERVICES[service])


def test_image_has_the_servers_own_programs_for_backups() -> None:
    (server,) = re.findall(r"^postgres:(\d+)", SERVICES["postgres"]["image"])
    assert f"postgresql-client-{server}" in (code.ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("service", sorted(set(OURS) - {"migrate"}))
def test_compose_serves_only_on_a_schema_that_is_migrated(service: str) -> None:
    assert SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
