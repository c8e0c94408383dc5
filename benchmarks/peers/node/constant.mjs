// Node's own HTTP server with a constant answer: what Apollo Server and Yoga cannot go below.

import { createServer } from "node:http";

import { HOST, PORT } from "./bookstore.mjs";

const answer = JSON.stringify({ status: "ok" });
const server = createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(answer);
});
server.listen(PORT, HOST);
