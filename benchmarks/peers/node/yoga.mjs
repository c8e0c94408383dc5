// GraphQL Yoga on Node's own HTTP server, as its documentation begins.

import { createServer } from "node:http";

import { createSchema, createYoga } from "graphql-yoga";

import { HOST, PORT, resolvers, typeDefs } from "./bookstore.mjs";

const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }) });
createServer(yoga).listen(PORT, HOST);
