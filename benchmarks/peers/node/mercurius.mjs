// Mercurius on Fastify with its just-in-time compiler on, from a query's second execution.

import Fastify from "fastify";
import mercurius from "mercurius";

import { HOST, PORT, resolvers, typeDefs } from "./bookstore.mjs";

const app = Fastify();
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 });
app.get("/ping", async () => ({ status: "ok" })); // the floor: the same server, a constant
await app.listen({ host: HOST, port: PORT });
