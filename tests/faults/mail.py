"""A mail server that can hold its breath."""

import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    """One message, or none."""

    server: "MailServer"

    def handle(self) -> None:
        try:
            self.talk()
        except ConnectionError:
            return  # whoever spoke was killed

    def talk(self) -> None:
        self.say("220 mail")
        while command := self.rfile.readline().decode().strip().upper():
            if command.startswith(("EHLO", "HELO", "MAIL", "RCPT", "RSET", "NOOP")):
                self.say("250 ok")
            elif command == "DATA":
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                self.server.received.append(text)
                self.server.has_message.set()
                self.server.may_answer.wait(60)
                self.say("250 taken")
            elif command == "QUIT":
                self.say("221 bye")
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages, and answers that it has them when it is allowed to."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[str] = []
        self.has_message = threading.Event()
        self.may_answer = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"
