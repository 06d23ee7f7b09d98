"""What the program is built on is pinned, explained, and named without an address."""

import re
import tomllib

import pytest

from tests.repository import code

FILES = ("base", "dev")


def text(name: str) -> str:
    return (code.ROOT / "requirements" / f"{name}.txt").read_text()


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text(name), flags=re.MULTILINE))


@pytest.mark.parametrize("name", FILES)
def test_requirements_name_no_address(name: str) -> None:
    assert not re.search(
        r"://|^\s*(-i|-f|--index|--extra-index|--find-links|--trusted-host)", text(name), re.MULTILINE
    )


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text(name).split("\n", 2)[2])
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []
    assert len(pins(name)) == len(blocks)


def test_tools_are_beside_the_same_packages() -> None:
    assert pins("base").items() <= pins("dev").items()


def test_every_dependency_says_what_it_is_for() -> None:
    source = (code.ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(source)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    explained = re.findall(r'^    "([^"]+)",\s*# \S', source, flags=re.MULTILINE)
    assert sorted(set(wanted) - set(explained)) == []
