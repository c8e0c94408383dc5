// Three lessons: each step is a state that sets everything up.

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

/** All that a step sets up, as in `state.js`. */
export function stateOf(lesson, step) {
  return {
    ...lesson.steps[step].state,
    distance: DISTANCE[lesson.name],
    protocol: "http1",
    lesson: nameOf(lesson, step),
  };
}

/** The lesson and step of a name such as `n-plus-1/2`, or `n-plus-1` for its first; else null. */
export function named(text) {
  for (const lesson of LESSONS) {
    if (text === lesson.name) return { lesson, step: 0 };
    const step = lesson.steps.findIndex((_, index) => text === nameOf(lesson, index));
    if (step >= 0) return { lesson, step };
  }
  return null;
}

/** The names of all steps. */
export function allNames() {
  return LESSONS.flatMap((lesson) => lesson.steps.map((_, step) => nameOf(lesson, step)));
}

/**
 * The lesson that a state is in, and its step, which is the one that chooses these arms: -1 if none
 * does. Null where there is no lesson, or one about another screen.
 */
export function lessonOf(state) {
  const lesson = named(state.lesson)?.lesson;
  if (lesson?.steps[0].state.screen !== state.screen) return null;
  const step = lesson.steps.findIndex(({ state: { rest, graphql } }) =>
    rest === state.rest && graphql === state.graphql);
  return { lesson, step };
}

/** The state, with the name of the step that it is: a step's text holds for its own arms alone. */
export function inItsStep(state) {
  const current = lessonOf(state);
  if (!current) return { ...state, lesson: "" };
  const { lesson, step } = current;
  return { ...state, lesson: step < 0 ? lesson.name : nameOf(lesson, step) };
}

const nameOf = (lesson, step) => `${lesson.name}/${step + 1}`;
