"""The file that a backup is: how it is written, and how it is read and held against what it says of itself."""

import hashlib
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import IO, Any, Self

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

FORMAT = 1
PIECE = 1 << 20
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"


class Damaged(DomainError):
    """The file is no backup, or not whole."""

    code = "damaged"
    sentence = _("Filen är skadad eller ingen säkerhetskopia: %(what)s. Inget är ändrat.")


@dataclass
class Manifest:
    """What a backup says of itself."""

    made_at: str
    server_version: int
    program_version: int
    migrations: list[str]
    rows: dict[str, int]
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, text: bytes) -> Self:
        """
        Read one.

        :raises ValueError: it is none, or of another format.
        """
        try:
            manifest = cls(**json.loads(text))
        except TypeError as error:
            raise ValueError("manifest") from error
        if manifest.format != FORMAT:
            raise ValueError("format")
        return manifest


class Writer:
    """Writes one backup, member by member, and the manifest last."""

    def __init__(self, stream: IO[bytes], manifest: Manifest) -> None:
        self.archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True)
        self.manifest = manifest

    def add(self, name: str, content: IO[bytes]) -> None:
        """Add what a stream holds."""
        digest, size = hashlib.sha256(), 0
        with self.archive.open(self._entry(name), "w", force_zip64=True) as member:
            for piece in iter(partial(content.read, PIECE), b""):
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.manifest.members[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self) -> None:
        """Write the manifest and the table of contents: without them nothing is a backup."""
        text = json.dumps(asdict(self.manifest), indent=1, sort_keys=True)
        self.archive.writestr(self._entry(MANIFEST), text)
        self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of the stream, also of a backup that was interrupted: it has no manifest, so it is none."""
        with suppress(OSError):
            self.archive.close()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, time.gmtime()[:6])
        entry.external_attr = 0o600 << 16
        return entry


class Reader:
    """Reads one backup."""

    def __init__(self, stream: IO[bytes]) -> None:
        """
        Read what it says of itself.

        :raises Damaged: it says nothing.
        """
        try:
            self.archive = zipfile.ZipFile(stream)
            self.manifest = Manifest.read(self.archive.read(MANIFEST))
        except KeyError:
            raise Damaged(what=_("innehållsförteckningen saknas")) from None
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
            raise Damaged(what=_("den går inte att läsa")) from None

    def check(self) -> None:
        """
        Read everything once, and hold it against the digests.

        :raises Damaged: something is missing, added or changed.
        """
        names = {name for name in self.archive.namelist() if name != MANIFEST}
        for name in sorted(names ^ set(self.manifest.members)):
            raise Damaged(what=_("%(name)s finns inte på båda ställena") % {"name": name})
        if DUMP not in names:
            raise Damaged(what=_("databasen saknas"))
        for name, facts in self.manifest.members.items():
            digest = hashlib.sha256()
            try:
                with self.open(name) as member:
                    for piece in iter(partial(member.read, PIECE), b""):
                        digest.update(piece)
            except (zipfile.BadZipFile, EOFError, OSError):
                raise Damaged(what=name) from None
            if digest.hexdigest() != facts["sha256"]:
                raise Damaged(what=name)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Read one member from its first byte."""
        with self.archive.open(name) as member:
            yield member

    def files(self) -> list[str]:
        """The files that were kept beside the database."""
        return sorted(name for name in self.manifest.members if name.startswith(FILES))
