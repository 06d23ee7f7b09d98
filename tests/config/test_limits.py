"""How long a session may wait, work and rest, by kind of process."""

import pytest
from django.db import connection

from config.limits import COMMAND, WEB, WORKER, Limits, as_options, limits


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("/srv/venv/bin/gunicorn", WEB),
        ("/srv/venv/bin/celery", WORKER),
        ("/srv/venv/lib/celery/__main__.py", WORKER),
        ("manage.py", COMMAND),
        ("/srv/rauk/devservers/__main__.py", COMMAND),
        ("/srv/something/else.py", WEB),
    ],
)
def test_limits_follow_the_kind_of_process(program: str, expected: Limits) -> None:
    assert limits({}, program) == expected


def test_environment_has_the_last_word() -> None:
    environment = {"LOCK_SECONDS": "7", "STATEMENT_SECONDS": "0", "IDLE_SECONDS": ""}
    assert limits(environment, "gunicorn") == Limits(lock=7, statement=0, idle=WEB.idle)


def test_options_are_read_by_postgresql() -> None:
    assert as_options(Limits(2, 30, 60)) == (
        "-c lock_timeout=2s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    )


@pytest.mark.django_db
def test_sessions_of_the_web_have_limits() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        )
        assert cursor.fetchone() == ("2s", "30s", "1min")
