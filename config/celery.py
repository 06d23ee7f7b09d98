"""
Celery: the application, and the clock.

A message is only a wake-up; what is due stands in the database and is found by the sweeps below.
"""

import os
import warnings
from typing import Any

from celery import Celery

from config.heartbeats import Pulse
from config.starting import StartsOnRightSchema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# JSON is all that the worker reads, so what the warning fears cannot come in. `make run` works for root too.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("rauk")
app.config_from_object("django.conf:settings", namespace="CELERY")

# What the clock starts: {"name": {"task": "app.task_name", "schedule": seconds or crontab}}.
SCHEDULE: dict[str, dict[str, Any]] = {
    "order what is due": {"task": "procurement.consolidate_due", "schedule": 60.0},
    "ask about prices that have risen": {"task": "procurement.ask_about_prices", "schedule": 300.0},
    "take in suppliers' answers": {"task": "procurement.take_in_answers", "schedule": 60.0},
    "send orders that are ready": {"task": "procurement.send_due", "schedule": 15.0},
    "move what waits to who answers": {"task": "procurement.reroute_waiting", "schedule": 120.0},
    "let questions without an answer go back": {
        "task": "procurement.take_back_unanswered",
        "schedule": 300.0,
    },
    "follow the competitions that lines wait for": {
        "task": "procurement.follow_competitions",
        "schedule": 30.0,
    },
    "put away what was told and is done": {"task": "procurement.put_away_done", "schedule": 60.0},
    "carry out what is planned for today": {"task": "office.carry_out_plans", "schedule": 60.0},
    "propose prices by index": {"task": "office.propose_by_index", "schedule": 3600.0},
    "look after items that are recalled or leave": {
        "task": "procurement.look_after_assortment",
        "schedule": 60.0,
    },
    "resume reports": {"task": "reporting.resume_reports", "schedule": 15.0},
    "resume registers": {"task": "registers.resume", "schedule": 15.0},
    "resume savings": {"task": "reporting.resume_savings", "schedule": 15.0},
    "send links for passwords": {"task": "organizations.send_password_links", "schedule": 60.0},
    "send letters with notices": {"task": "notices.send_due", "schedule": 15.0},
    "tell of agreements' days": {"task": "agreements.tell_of_deadlines", "schedule": 3600.0},
    "remind of what the board has asked for": {
        "task": "governance.remind_of_assignments",
        "schedule": 3600.0,
    },
    "tell of prices that nobody decided about": {
        "task": "catalog.tell_of_passed_prices",
        "schedule": 3600.0,
    },
    "tell of competitions that are to be decided": {
        "task": "catalog.tell_of_ended_competitions",
        "schedule": 3600.0,
    },
    "tell what waits this morning": {"task": "assortment.tell_morning", "schedule": 60.0},
    "tell of keys that end": {"task": "provisioning.tell_of_ending_keys", "schedule": 3600.0},
    "ask the rules": {"task": "office.check_rules", "schedule": 3600.0},
    "seal the trail": {"task": "audit.seal_trail", "schedule": 60.0},
    "mail the trail's head": {"task": "audit.send_head", "schedule": 3600.0},
    "hold the trail against its seals": {"task": "audit.verify_trail", "schedule": 3600.0},
    "forget what is over": {"task": "config.clean", "schedule": 3600.0},
    "keep searches that found nothing": {"task": "assortment.keep_searches", "schedule": 60.0},
    "end seats in councils of who has left": {
        "task": "assortment.end_seats_of_leavers",
        "schedule": 60.0,
    },
    "look for what could be one choice": {"task": "assortment.compute_candidates", "schedule": 3600.0},
    "sum up the months that have changed": {"task": "reporting.compute_months", "schedule": 60.0},
    "count what was received": {"task": "reporting.compute_due_savings", "schedule": 120.0},
}
# A wake-up that nobody took before the next one comes is of no use any more.
for entry in SCHEDULE.values():
    entry.setdefault("options", {"expires": entry["schedule"]})

# What waits for a mail server, and what works for minutes, keeps nobody else waiting: each has workers of its own.
ROUTES = {
    "organizations.send_*": {"queue": "mail"},
    "procurement.send_*": {"queue": "mail"},
    "notices.send_*": {"queue": "mail"},
    "audit.send_*": {"queue": "mail"},
    "registers.run_*": {"queue": "long"},
    "reporting.compute_*": {"queue": "long"},
    "assortment.compute_*": {"queue": "long"},
    "office.check_rules": {"queue": "long"},
    "audit.verify_trail": {"queue": "long"},
    "reporting.build_report": {"queue": "long"},
    "reporting.make_report_file": {"queue": "long"},
    "office.propose_*": {"queue": "long"},
}

app.conf.update(
    task_default_queue="short",
    task_routes=ROUTES,
    beat_schedule=SCHEDULE,
    # Remembers nothing on disk: what was missed while it was away is found by the sweeps.
    beat_scheduler="config.heartbeats:Clock",
    timezone="Europe/Stockholm",
    enable_utc=True,
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=False,
    worker_concurrency=int(os.environ.get("WORKERS", "2")),
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=1,
    broker_transport_options={
        # A message of a worker that vanished is handed out again after this time; the sweeps are quicker.
        "visibility_timeout": 600,
        "socket_connect_timeout": 0.5,
        "socket_timeout": 0.5,
        # How long a sender tries. The consumer's patience is broker_connection_max_retries.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "connect_retries_timeout": 1,
    },
)
app.steps["worker"].update((StartsOnRightSchema, Pulse))
app.autodiscover_tasks()


def queues() -> set[str]:
    """The queues that the clock puts messages in, which are all that there are."""
    return {app.amqp.router.route({}, entry["task"])["queue"].name for entry in SCHEDULE.values()} | {
        route["queue"] for route in ROUTES.values()
    }
