"""Take a backup: everything as it was at one moment, while people go on working."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from config.backups import archive, contents, programs
from core.errors import DomainError
from core.schema import applied_migrations


class BackupFailed(DomainError):
    """Something outside stopped it; there is no file."""

    code = "backup_failed"
    sentence = _("Säkerhetskopian blev inte klar, och ingen fil finns kvar: %(why)s")


class FileExists(DomainError):
    """A backup never replaces another."""

    code = "file_exists"
    sentence = _("%(path)s finns redan. Säkerhetskopian är inte tagen.")


def take(stream: IO[bytes], *, at: datetime) -> archive.Manifest:
    """
    Write a backup to a stream.

    Rows are counted in the very snapshot that is dumped, so that a restore can be held against them. Files come after:
    whatever a row speaks of was there before the row.

    :raises NoProgram: there is no pg_dump for this server.
    :raises BackupFailed: it could not be done.
    """
    version = programs.server_version()
    pg_dump = programs.program("pg_dump", at_least=version)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        manifest = archive.Manifest(
            made_at=at.isoformat(timespec="seconds"),
            server_version=version,
            program_version=pg_dump.version,
            migrations=applied_migrations(),
            rows=contents.rows_by_table(),
        )
        with archive.Writer(stream, manifest) as writer:
            with _dump_stream(pg_dump.path, snapshot) as dump:
                writer.add(archive.DUMP, dump)
            for name, path in contents.kept_files():
                with path.open("rb") as file:
                    writer.add(archive.FILES + name, file)
            writer.finish()
    return manifest


@contextmanager
def _dump_stream(path: str, snapshot: str) -> Iterator[IO[bytes]]:
    """What pg_dump says; ended when nobody reads on."""
    dsn, environment = programs.address()
    command = [path, "--format=custom", "--no-password", f"--snapshot={snapshot}", f"--dbname={dsn}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=words, env=environment)
        assert process.stdout  # noqa: S101
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            process.wait()
        if process.returncode:
            words.seek(0)
            raise BackupFailed(why=last_words(words))


def last_words(words: IO[bytes]) -> str:
    """The first error that a program of PostgreSQL's told, without the rows that it was about."""
    lines = [line.decode(errors="replace").strip() for line in words]
    errors = [line for line in lines if "error:" in line] or lines
    return errors[0][:300] if errors else "?"


def take_to(path: Path, *, at: datetime) -> tuple[Path, archive.Manifest]:
    """
    Write a backup to a file that only its owner can read, whole or not at all.

    :param path: the file, or a directory where it gets a name with the time in it.
    :raises FileExists: there is such a file.
    """
    target = path / f"rauk-{at:%Y%m%d-%H%M%S}.zip" if path.is_dir() else path
    if target.exists():
        raise FileExists(path=str(target))
    unfinished = target.with_name(f".{target.name}.part")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            manifest = take(stream, at=at)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise BackupFailed(why=error.strerror or type(error).__name__) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target, manifest
