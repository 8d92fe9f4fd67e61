"""A mail server for tests: it speaks SMTP on a real port and keeps what it takes, or does as it is told."""

import email
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """`behaviour`: "take" what comes, "refuse" its reader, or take it and "break" off without a word."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.behaviour = "take"
        self.taken: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.taken if each["To"] == address]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 mail server of the tests")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            if word == "DATA" and not self._take():
                return
            if word == "RCPT" and self.server.behaviour == "refuse":
                self._say("550 nobody of that name")
            elif word != "DATA":
                self._say("250 well")

    def _take(self) -> bool:
        """The mail itself; whether the conversation goes on."""
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        whole: Any = email.message_from_bytes(b"".join(lines), policy=default)
        self.server.taken.append(whole)
        if self.server.behaviour == "break":
            return False
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
    with MailServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
