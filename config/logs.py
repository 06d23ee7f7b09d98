"""Where log lines go."""

from typing import Any


def to_console(form: str, *, level: str) -> dict[str, Any]:
    """Give logging its settings: everything to the console, as ``text`` for people or ``json`` for machines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": "core.logs.JSONLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Writes each passkey's name at INFO.
            "fido2": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
