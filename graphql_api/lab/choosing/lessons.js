// Three lessons: each step is an address that sets everything up.

import { toAddress } from "./state.js";

export const LESSONS = [
  {
    name: "many-requests",
    title: "Many requests",
    brief: "What a round trip costs",
    steps: [
      {
        title: "One after the other",
        state: { screen: "author-page", rest: "rest/textbook", graphql: "graphql/planned" },
        text: [
          "REST by the textbook asks for the author and then for the books, so the reader waits",
          "for the network twice; GraphQL asks once. Look at the steps, and at how the two bars",
          "of REST stand behind each other. Move the distance to 300 ms: what the servers do stays",
          "the same, and the waiting is nearly all there is.",
        ],
      },
      {
        title: "Side by side",
        state: { screen: "author-page", rest: "rest/parallel", graphql: "graphql/planned" },
        text: [
          "The same two requests, but neither waits for the other: the bars of REST now stand",
          "above each other. Requests are still two to one, and steps are one to one. What was lost",
          "before was lost to waiting, not to REST.",
        ],
      },
      {
        title: "One request each",
        state: { screen: "author-page", rest: "rest/fields", graphql: "graphql/planned" },
        text: [
          "REST can ask once, too, where the API takes a list of the fields to show. Both sides",
          "now send one request and get nearly the same bytes. Press “Load 20 times”: is what",
          "is left between them more than a tie?",
        ],
      },
    ],
  },
  {
    name: "n-plus-1",
    title: "N+1",
    brief: "A request, or an SQL statement, for each row",
    steps: [
      {
        title: "In the client",
        state: { screen: "order-history", rest: "rest/textbook", graphql: "graphql/unbatched" },
        text: [
          "A customer’s five orders hold fifteen books, so REST by the textbook sends one",
          "request for the history, five for the orders and fifteen for the books: 21 requests,",
          "each of which waits for the one before. GraphQL asks once. But look at its SQL",
          "statements: there are 22, since this endpoint reads each related row by itself.",
        ],
      },
      {
        title: "In the server",
        state: { screen: "order-history", rest: "rest/fields", graphql: "graphql/unbatched" },
        text: [
          "Both sides now send one request, and the difference is behind it: 4 SQL statements for",
          "REST with fields, 22 for GraphQL without batching. Nothing of that shows in the",
          "waterfall but the longer part in full colour. With a database in another building,",
          "each of the 22 would wait for its own round trip.",
        ],
      },
      {
        title: "Fixed on both sides",
        state: { screen: "order-history", rest: "rest/fields", graphql: "graphql/planned" },
        text: [
          "One request and 4 SQL statements on both sides: one for each level of the data. The",
          "same query as before went to another endpoint, which reads a level at once. N+1 is",
          "neither REST’s nor GraphQL’s: it is a loop, on whichever side it is left in.",
        ],
      },
    ],
  },
  {
    name: "over-fetching",
    title: "Over-fetching",
    brief: "What is sent and never shown",
    steps: [
      {
        title: "Whole objects",
        state: { screen: "book-list", rest: "rest/textbook", graphql: "graphql/planned" },
        text: [
          "The screen shows title and price of twenty books; REST by the textbook sends all nine",
          "fields of each. In the answers below, bold is what the screen used and grey is what it",
          "did not need. Requests, steps and statements are the same: only the bytes differ.",
        ],
      },
      {
        title: "Only what is shown",
        state: { screen: "book-list", rest: "rest/fields", graphql: "graphql/planned" },
        text: [
          "With a list of fields, REST sends no more than the screen shows: nothing is grey on either",
          "side. Its answer is a little smaller than GraphQL’s, which comes wrapped in the names of",
          "the query. What whole objects cost shows in the milliseconds of a slow line only, and a",
          "line’s width is not simulated here.",
        ],
      },
    ],
  },
];

const DISTANCE = { "many-requests": 100, "n-plus-1": 100, "over-fetching": 0 };

/** The address of a step: the whole state. */
export function addressOf(lesson, step) {
  return toAddress({
    ...lesson.steps[step].state,
    distance: DISTANCE[lesson.name],
    protocol: "http1",
    lesson: `${lesson.name}/${step + 1}`,
  });
}

/** The lesson and step that a state names; null if it names none. */
export function lessonOf(state) {
  const [name, number] = state.lesson.split("/");
  const lesson = LESSONS.find((one) => one.name === name);
  const step = Number(number || 1) - 1;
  return lesson?.steps[step] ? { lesson, step } : null;
}
