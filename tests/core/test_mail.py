"""The outbox of development: whole files, and the same message is the same file."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from core.mail import FileOutbox, file_name


def message(body: str = "Hej å ä ö", message_id: str = "<2021-00417@inkop.example>") -> EmailMessage:
    return EmailMessage("Order", body, to=["order@kustkem.example"], headers={"Message-ID": message_id})


def test_a_message_sent_again_replaces_itself(tmp_path: Path) -> None:
    outbox = FileOutbox(file_path=tmp_path / "outbox")
    assert outbox.send_messages([message()]) == 1
    assert outbox.send_messages([message("Hej igen")]) == 1
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == "2021-00417.eml"
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail.get_content().strip() == "Hej igen"
    assert mail["Message-ID"] == "<2021-00417@inkop.example>"


def test_messages_without_an_id_of_their_own_get_a_file_each(tmp_path: Path) -> None:
    messages = [EmailMessage("Ett", "Hej", to=["a@b.example"]) for _number in range(2)]
    FileOutbox(file_path=tmp_path).send_messages(messages)
    assert len(list(tmp_path.glob("*.eml"))) == 2


def test_a_disk_that_fails_leaves_no_half_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.mail.os.fsync", full)
    with pytest.raises(OSError):
        FileOutbox(file_path=tmp_path).send_messages([message()])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("<2021-00417@inkop.example>", "2021-00417.eml"),
        ("<../../etc/passwd@x>", "_.._etc_passwd.eml"),
        ("<@x>", "message.eml"),
        ("", "message.eml"),
    ],
)
def test_a_file_is_named_by_its_message_and_stays_in_the_outbox(message_id: str, name: str) -> None:
    assert file_name(message_id) == name
