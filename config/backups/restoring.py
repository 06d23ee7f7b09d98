"""Bring everything back from a backup, into a place that is empty."""

import hashlib
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.backups import archive, contents, programs
from config.backups.taking import last_words
from core.errors import DomainError
from core.grants import grant_rights
from core.schema import code_migrations


class NotEmpty(DomainError):
    """What is there is never replaced."""

    code = "not_empty"
    sentence = _(
        "Databasen %(database)s är inte tom: %(name)s finns där. Läs in säkerhetskopian i en tom databas. Inget är ändrat."
    )


class FileInTheWay(DomainError):
    """A file beside the database is never replaced."""

    code = "file_in_the_way"
    sentence = _("%(path)s finns redan, med annat innehåll. Ange en tom katalog i RAUK_VAR. Inget är ändrat.")


class NewerSchema(DomainError):
    """The backup has tables that this code does not know."""

    code = "newer_schema"
    sentence = _(
        "Säkerhetskopian är gjord av nyare kod än den här, som inte känner till %(names)s. Använd den koden. Inget är ändrat."
    )


class OlderSchema(DomainError):
    """The backup lacks what this code needs."""

    code = "older_schema"
    sentence = _(
        "Säkerhetskopian är gjord av äldre kod än den här och saknar %(names)s. Använd den koden, eller läs in med --older och kör sedan manage.py migrate. Inget är ändrat."
    )


class OlderServer(DomainError):
    """PostgreSQL cannot be sure to read what a newer one has written."""

    code = "older_server"
    sentence = _(
        "Säkerhetskopian kommer från PostgreSQL %(theirs)s, och servern här är äldre: %(ours)s. Inget är ändrat."
    )


class RestoreFailed(DomainError):
    """Something outside stopped it; one transaction, so that the database is empty still."""

    code = "restore_failed"
    sentence = _("Databasen gick inte att läsa in, och är fortfarande tom: %(why)s")


class RowsDiffer(DomainError):
    """What came back is not what was copied."""

    code = "rows_differ"
    sentence = _(
        "Det som lästes in stämmer inte med kopian: antalet rader i %(table)s är %(found)s, och ska vara %(told)s."
    )


def restore(stream: IO[bytes], *, role: str, allow_older: bool = False) -> archive.Manifest:
    """
    Read a backup twice: first all of it, to know that it is whole, and then into the empty database.

    :param role: what web and workers connect as; it gets its rights anew, since rights are not in a backup.
    :raises Damaged: it is not whole.
    :raises NewerSchema: it was made by newer code.
    :raises OlderSchema: it was made by older code, and that is not what was asked for.
    :raises NotEmpty: there is something in the database.
    """
    reader = archive.Reader(stream)
    manifest = reader.manifest
    check_schema(manifest, allow_older=allow_older)
    version = programs.server_version()
    if manifest.server_version > version:
        raise OlderServer(theirs=str(manifest.server_version), ours=str(version))
    pg_restore = programs.program("pg_restore", at_least=max(version, manifest.program_version))
    if name := contents.first_thing():
        raise NotEmpty(database=connection.settings_dict["NAME"], name=name)
    reader.check()
    check_files(reader)
    for file in reader.files():
        _write(reader, file)
    with reader.open(archive.DUMP) as dump:
        _load(pg_restore.path, dump)
    check_rows(manifest)
    grant_rights(role, password=settings.APP_DATABASE_PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return manifest


def check_schema(manifest: archive.Manifest, *, allow_older: bool) -> None:
    """Hold the backup's migrations against the code's."""
    code = {f"{app}.{name}" for app, name in code_migrations().disk_migrations}
    ours = {name for name in manifest.migrations if name.partition(".")[0] in code_migrations().migrated_apps}
    if newer := sorted(ours - code):
        raise NewerSchema(names=", ".join(newer))
    if (older := sorted(code - ours)) and not allow_older:
        raise OlderSchema(names=", ".join(older[:5]))


def check_files(reader: archive.Reader) -> None:
    """Refuse to replace a file; one that is the same already is no hindrance."""
    for name in reader.files():
        path = _place(name)
        if path.exists() and _digest(path) != reader.manifest.members[name]["sha256"]:
            raise FileInTheWay(path=str(path))


def check_rows(manifest: archive.Manifest) -> None:
    """Count what came back."""
    counts = contents.rows_by_table()
    for table, expected in manifest.rows.items():
        if counts.get(table) != expected:
            raise RowsDiffer(table=table, found=counts.get(table, 0), told=expected)


def _load(path: str, dump: IO[bytes]) -> None:
    """Let pg_restore read the stream, in one transaction."""
    dsn, environment = programs.address()
    command = [path, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    command += ["--no-password", f"--dbname={dsn}"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words, env=environment
        )
        assert process.stdin  # noqa: S101
        try:
            with suppress(BrokenPipeError), process.stdin:
                shutil.copyfileobj(dump, process.stdin, archive.PIECE)
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            words.seek(0)
            raise RestoreFailed(why=last_words(words))


def _place(name: str) -> Path:
    """Where a file belongs; a name that leads out of the folders that are kept leads nowhere."""
    path = Path(settings.VAR_DIR, name.removeprefix(archive.FILES)).resolve()
    if not any(path.is_relative_to(Path(settings.VAR_DIR, each).resolve()) for each in contents.KEPT_FOLDERS):
        raise archive.Damaged(what=name)
    return path


def _write(reader: archive.Reader, name: str) -> None:
    path = _place(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with reader.open(name) as member, path.open("wb") as file:
        shutil.copyfileobj(member, file, archive.PIECE)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
