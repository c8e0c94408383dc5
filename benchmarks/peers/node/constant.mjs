// Node's own HTTP server with a constant answer: what Apollo Server and Yoga cannot go below.

import { createServer } from "node:http";

import { HOST, PORT } from "./bookstore.mjs";

const answer = JSON.stringify({ status: "ok" });
const headers = { "Content-Type": "application/json", "Content-Length": answer.length };
const server = createServer((request, response) => {
  response.writeHead(200, headers);
  response.end(answer);
});
server.listen(PORT, HOST);
