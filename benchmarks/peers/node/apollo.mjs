// Apollo Server, as its documentation begins: standalone, which is lighter than with Express.

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

import { HOST, PORT, resolvers, typeDefs } from "./bookstore.mjs";

const server = new ApolloServer({ typeDefs, resolvers });
await startStandaloneServer(server, { listen: { host: HOST, port: PORT } });
