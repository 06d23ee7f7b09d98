# Rauk for production. One image for web, worker and beat; docker-compose.yml says which of them it is.

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r /tmp/base.txt && /opt/venv/bin/pip check

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    RAUK_VAR=/srv/rauk/var STATIC_ROOT=/srv/rauk/static HOST=0.0.0.0 PORT=8000
# PostgreSQL's own client programs, as new as the server, for backup and restore.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin rauk \
    && install -d -o rauk -g rauk /srv/rauk/var /srv/rauk/static
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/rauk/app
COPY . .
# The settings ask for what production has; none of it is used or kept here.
RUN DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost/0 SECRET_KEY=only-while-building \
    HASHED_STATIC=1 python manage.py collectstatic --no-input --verbosity 0 \
    && chown -R rauk:rauk /srv/rauk/static
USER rauk
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
