// What all servers of this folder have in common: the port, the schema, and the data as plain
// arrays with a resolver for each field that is not a plain member.
//
//     node SERVER.mjs PORT DATA
//
// DATA is a file that `benchmarks.peers.data` has written.

import { readFileSync } from "node:fs";

const [, , port, file] = process.argv;

export const PORT = Number(port);
export const HOST = "127.0.0.1";
export const typeDefs = readFileSync(new URL("../schema.graphql", import.meta.url), "utf8");

// Whoever started this has gone when our standard input ends.
process.stdin.on("end", () => process.exit(0)).resume();

const { authors, books, customers, orders } = JSON.parse(readFileSync(file, "utf8"));

// A row's place in an array is its id, or its parent's: no row is ever searched for.
const byId = (rows) => {
  const placed = [];
  for (const row of rows) placed[row.id] = row;
  return placed;
};
const byParent = (rows, key) => {
  const placed = [];
  for (const row of rows) (placed[row[key]] ??= []).push(row);
  return placed;
};

const authorById = byId(authors);
const bookById = byId(books);
const customerById = byId(customers);
const booksByAuthor = byParent(books, "authorId");
const ordersByCustomer = byParent(orders, "customerId");

export const resolvers = {
  Query: {
    author: (_, { id }) => authorById[id],
    book: (_, { id }) => bookById[id],
    books: (_, { limit }) => books.slice(0, limit),
    customer: (_, { id }) => customerById[id],
  },
  Author: { books: ({ id }, { limit }) => (booksByAuthor[id] ?? []).slice(0, limit) },
  Customer: { orders: ({ id }, { limit }) => (ordersByCustomer[id] ?? []).slice(0, limit) },
  OrderItem: { book: ({ bookId }) => bookById[bookId] },
};
