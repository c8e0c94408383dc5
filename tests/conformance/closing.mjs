// Say these messages on a WebSocket and tell how the server takes it:
//   node closing.mjs URL SUBPROTOCOL MESSAGE...
// Prints {code, reason, protocol, messages}: the close code, and what the server has said before.
import WebSocket from 'ws';

const [url, protocol, ...said] = process.argv.slice(2);
const socket = new WebSocket(url, protocol);
const messages = [];
let refused;
socket.on('open', () => said.forEach((message) => socket.send(message)));
socket.on('message', (data) => messages.push(JSON.parse(data)));
socket.on('error', (error) => (refused = error.message));
socket.on('close', (code, reason) =>
  console.log(JSON.stringify({ code, reason: String(reason), protocol: socket.protocol, refused, messages })),
);
