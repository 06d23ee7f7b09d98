"""Addresses of servers as the environment has them: DATABASE_URL, REDIS_URL and EMAIL_URL."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database(url: str) -> dict[str, Any]:
    """
    Read `postgresql://user:password@host:port/name?option=value` into Django's settings of a database.

    :raises ValueError: it is not PostgreSQL's.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgresql://; Rauk runs on PostgreSQL only.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def cache(url: str) -> dict[str, Any]:
    """Read `redis://host:port/number`, or Celery's `redis+socket:///path?virtual_host=number`, into a cache."""
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        number = dict(parse_qsl(parts.query)).get("virtual_host", "0")
        url = f"unix://{parts.path}?db={number}"
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "rauk",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }


def email(url: str) -> dict[str, Any]:
    """
    Read `smtp://`, `smtp+tls://` or `smtps://user:password@host:port?timeout=10` into Django's settings of e-mail.

    ``timeout`` is how many seconds an attempt waits for the server.

    :raises ValueError: it is none of these.
    """
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports:
        raise ValueError("EMAIL_URL must begin with smtp://, smtp+tls:// or smtps://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": int(dict(parse_qsl(parts.query)).get("timeout", "10")),
    }
