"""A mail server that can be silent, refuse, drop the line, or hold its breath."""

import socketserver
import threading
import time
from enum import Enum


class Mood(Enum):
    """How the server treats whoever speaks to it."""

    HELPFUL = "takes everything"
    SILENT = "accepts the connection and says nothing"
    DRIPPING = "answers one letter a second"
    NO_SUCH_RECIPIENT = "refuses the recipient for good"
    GREYLISTING = "refuses the recipient for now"
    REFUSES_MESSAGE = "refuses the message for good, having read it"
    DROPS_AFTER_MESSAGE = "takes the message, and closes the connection without a word"


class _Session(socketserver.StreamRequestHandler):
    """One message, or none."""

    server: "MailServer"

    def handle(self) -> None:
        try:
            self.talk()
        except OSError:
            return  # whoever spoke was killed, or has hung up

    def talk(self) -> None:
        if self.server.mood is Mood.SILENT:
            self.server.ended.wait(60)
            return
        self.say("220 mail")
        while command := self.rfile.readline().decode().strip().upper():
            if command.startswith("RCPT"):
                self.say(self.answer_to_recipient(command))
            elif command.startswith(("EHLO", "HELO", "MAIL", "RSET", "NOOP")):
                self.say("250 ok")
            elif command == "DATA":
                self.say("354 go on")
                if not self.take():
                    return
            elif command == "QUIT":
                self.say("221 bye")
                return

    def answer_to_recipient(self, command: str) -> str:
        mood = self.server.mood
        if self.server.unknown_recipient and self.server.unknown_recipient.upper() in command:
            return "550 5.1.1 no such mailbox"
        if mood is Mood.NO_SUCH_RECIPIENT:
            return "550 5.1.1 no such mailbox"
        return "451 4.7.1 try again later" if mood is Mood.GREYLISTING else "250 ok"

    def take(self) -> bool:
        """Read a message and answer; tells whether the conversation goes on."""
        text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
        self.server.received.append(text)
        self.server.has_message.set()
        if self.server.mood is Mood.DROPS_AFTER_MESSAGE:
            return False
        self.server.may_answer.wait(60)
        if self.server.mood is Mood.REFUSES_MESSAGE:
            self.say("554 5.7.1 message refused")
        else:
            self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        for letter in f"{line}\r\n" if self.server.mood is Mood.DRIPPING else [f"{line}\r\n"]:
            self.wfile.write(letter.encode())
            if self.server.mood is Mood.DRIPPING:
                time.sleep(1)


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages, and answers that it has them when it is allowed to."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mood: Mood = Mood.HELPFUL) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mood = mood
        self.unknown_recipient = ""
        self.received: list[str] = []
        self.has_message = threading.Event()
        self.may_answer = threading.Event()
        self.ended = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def end(self) -> None:
        """Stop listening, and let go of whoever is being kept waiting."""
        self.ended.set()
        self.may_answer.set()
        self.shutdown()
        self.server_close()
