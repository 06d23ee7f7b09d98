"""Real material that lies beside the repository and may not be committed: a test that needs it is skipped where it is absent."""

import subprocess
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"
"""In the workplace, or a link to it."""


def shared(path: str) -> Path:
    """A file or directory of the real material, or the test is skipped."""
    target = SHARED / path
    if not target.exists():
        pytest.skip(f"The real material {path} is not beside the repository.")
    return target


def unpacked(path: str) -> bytes:
    """The content of a file that Zstandard packed."""
    try:
        return subprocess.run(["zstd", "-dc", shared(path)], check=True, capture_output=True).stdout
    except FileNotFoundError:
        pytest.skip("The program zstd is not installed.")
