// How the two sides are called on the page.

export const NAMES = { rest: "REST", graphql: "GraphQL" };
