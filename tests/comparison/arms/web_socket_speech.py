"""The server's side of a WebSocket over a socket that is at hand, by the library's own protocol."""

import json
import socket

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.server import ServerProtocol


class Speech:
    """JSON messages in graphql-transport-ws, once the handshake that was read is answered."""

    def __init__(self, connection: socket.socket, path: str, headers) -> None:
        self._connection = connection
        self._heard: list = []
        self._protocol = ServerProtocol(
            subprotocols=["graphql-transport-ws"], extensions=[ServerPerMessageDeflateFactory()]
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._protocol.receive_data(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        (request,) = self._protocol.events_received()
        self._protocol.send_response(self._protocol.accept(request))
        self._send()

    def say(self, **message: object) -> None:
        self._protocol.send_text(json.dumps(message).encode())
        self._send()

    def hear(self) -> dict:
        while True:
            self._heard += self._protocol.events_received()
            while self._heard:
                frame = self._heard.pop(0)
                if frame.opcode is Opcode.TEXT:
                    return json.loads(frame.data)
            self._send()
            if self._protocol.close_expected():
                raise EOFError
            data = self._connection.recv(65536)
            if not data:
                raise EOFError
            self._protocol.receive_data(data)

    def _send(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._connection.sendall(data)
