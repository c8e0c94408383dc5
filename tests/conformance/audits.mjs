// Run graphql-http's audits of a GraphQL server: node audits.mjs URL
// Prints a list of {id, name, status, reason}, where `status` is "ok" if the audit is passed.
import { serverAudits } from 'graphql-http';

const results = [];
for (const audit of serverAudits({ url: process.argv[2] })) {
  const { status, reason } = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status, reason });
}
console.log(JSON.stringify(results));
