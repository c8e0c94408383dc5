// A client that does what it is told: node subscriber.mjs (ws|sse) URL
// Each line of its input is {"do": "start", "id", "query", "variables"} or {"do": "drop"}, which
// ends the connection as a broken network would. Each line of its output tells what has come:
// {"kind": "connected" | "next" | "complete" | "error", "id", ...}.
import { createInterface } from 'node:readline';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

const [transport, url] = process.argv.slice(2);

const tell = (kind, more) => console.log(JSON.stringify({ kind, ...more }));
const connected = () => tell('connected');
// Whoever drives this connects again by itself: a retry of the client's would hide what is missed.
const options = { url, retryAttempts: 0, on: { connected } };
const makeClient = () =>
  transport === 'ws'
    ? createWs({ ...options, webSocketImpl: WebSocket, lazyCloseTimeout: 60_000 })
    : createSse(options);

const describe = (error) =>
  Array.isArray(error)
    ? { errors: error }
    : { code: error.code, status: error.response?.status, message: String(error.message ?? error) };

let client = makeClient();

function start({ id, query, variables }) {
  const mine = client;
  const unlessDropped = (kind, more) => mine === client && tell(kind, { id, ...more });
  client.subscribe(
    { query, variables },
    {
      next: (result) => unlessDropped('next', { result }),
      complete: () => unlessDropped('complete'),
      error: (error) => unlessDropped('error', describe(error)),
    },
  );
}

function drop() {
  const old = client;
  client = makeClient();
  if (transport === 'ws') old.terminate();
  else old.dispose();
  tell('dropped');
}

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.do === 'start') start(command);
  else drop();
}
process.exit();
