"""The names of files, as they can be kept and handed out again (pure)."""

import re
from pathlib import PurePosixPath

from attachments.kinds import LONGEST_NAME
from core.text import cleaned

NAMELESS = "fil"
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*:<>?|\ud800-\udfff]+')


def safe_name(name: str, *, suffix: str) -> str:
    """
    Write a file's name as every system can keep it, ending as its content says.

    No folders, no characters that nobody sees or that a system forbids, and no longer than ``LONGEST_NAME``. A name that
    says that the file is something else keeps saying so, before the right ending: ``bild.png.pdf``.
    """
    last = re.split(r"[\\/]", name)[-1]
    bare = " ".join(cleaned(_NOT_IN_NAMES.sub(" ", last)).split())
    stem = bare[: len(bare) - len(suffix)] if bare.lower().endswith(suffix) else bare
    return f"{stem[: LONGEST_NAME - len(suffix)].strip(' .') or NAMELESS}{suffix}"


def picture_name(name: str) -> str:
    """The name of a picture without the ending of the format that it was handed in as."""
    path = PurePosixPath(re.split(r"[\\/]", name)[-1])
    endings = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".jfif"}
    return path.stem if path.suffix.lower() in endings else path.name
