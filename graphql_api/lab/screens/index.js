// What the comparison knows of its screens, put into JavaScript by
// `python -m client_examples.browser_arms graphql_api/lab/screens`.
import * as author_page from "./author_page.js";
import * as order_history from "./order_history.js";
import * as book_list from "./book_list.js";
import * as search_results from "./search_results.js";
import * as storefront from "./storefront.js";

export const MATERIAL = 1.05;
export const RESAMPLES = 10000;

export const SCREENS = [
  {
    name: "author-page",
    arms: [
      { name: "rest/textbook", load: author_page.textbook,
        description: "The author, then the books" },
      { name: "rest/parallel", load: author_page.parallel,
        description: "The author and the books side by side, as the id is known from the start" },
      { name: "rest/fields", load: author_page.fields,
        description: "One request that names what the page shows" },
      { name: "graphql/unbatched", path: "/graphql/unbatched", load: author_page.graphql,
        description: "One query for the author and the books; by resolvers, an SQL statement for each parent of a relation" },
      { name: "graphql/dataloader", path: "/graphql/dataloader", load: author_page.graphql,
        description: "One query for the author and the books; by resolvers with DataLoaders, one SQL statement per relation" },
      { name: "graphql/planned", path: "/graphql", load: author_page.graphql,
        description: "One query for the author and the books; planned before it runs, one SQL statement per relation" },
    ],
  },
  {
    name: "order-history",
    arms: [
      { name: "rest/textbook", load: order_history.textbook,
        description: "The history, then each order, then each book: one after the other" },
      { name: "rest/parallel", load: order_history.parallel,
        description: "The history, then all orders side by side, then all books side by side" },
      { name: "rest/batched", load: order_history.batched,
        description: "The customer's orders with their items, then all their books by one list of ids" },
      { name: "rest/fields", load: order_history.fields,
        description: "One request that names what the page shows, across three relations" },
      { name: "graphql/unbatched", path: "/graphql/unbatched", load: order_history.graphql,
        description: "One query across three relations, to the books' titles; by resolvers, an SQL statement for each parent of a relation" },
      { name: "graphql/dataloader", path: "/graphql/dataloader", load: order_history.graphql,
        description: "One query across three relations, to the books' titles; by resolvers with DataLoaders, one SQL statement per relation" },
      { name: "graphql/planned", path: "/graphql", load: order_history.graphql,
        description: "One query across three relations, to the books' titles; planned before it runs, one SQL statement per relation" },
    ],
  },
  {
    name: "book-list",
    arms: [
      { name: "rest/textbook", load: book_list.textbook,
        description: "The books with all their fields" },
      { name: "rest/fields", load: book_list.fields,
        description: "The books with the two fields that the page shows" },
      { name: "graphql/unbatched", path: "/graphql/unbatched", load: book_list.graphql,
        description: "One query for two fields of the books; by resolvers" },
      { name: "graphql/dataloader", path: "/graphql/dataloader", load: book_list.graphql,
        description: "One query for two fields of the books; by resolvers with DataLoaders" },
      { name: "graphql/planned", path: "/graphql", load: book_list.graphql,
        description: "One query for two fields of the books; planned before it runs" },
    ],
  },
  {
    name: "search-results",
    arms: [
      { name: "rest/textbook", load: search_results.textbook,
        description: "The books, then each author: one after the other" },
      { name: "rest/parallel", load: search_results.parallel,
        description: "The books, then all authors side by side" },
      { name: "rest/batched", load: search_results.batched,
        description: "The books, then all their authors by one list of ids" },
      { name: "rest/fields", load: search_results.fields,
        description: "One request that names what the page shows, the author's name among it" },
      { name: "graphql/unbatched", path: "/graphql/unbatched", load: search_results.graphql,
        description: "One query for the books and their authors' names; by resolvers, an SQL statement for each parent of a relation" },
      { name: "graphql/dataloader", path: "/graphql/dataloader", load: search_results.graphql,
        description: "One query for the books and their authors' names; by resolvers with DataLoaders, one SQL statement per relation" },
      { name: "graphql/planned", path: "/graphql", load: search_results.graphql,
        description: "One query for the books and their authors' names; planned before it runs, one SQL statement per relation" },
    ],
  },
  {
    name: "storefront",
    arms: [
      { name: "rest/textbook", load: storefront.textbook,
        description: "Each part of the page, one after the other" },
      { name: "rest/parallel", load: storefront.parallel,
        description: "All parts of the page side by side" },
      { name: "rest/fields", load: storefront.fields,
        description: "All parts side by side, each with the fields that the page shows" },
      { name: "graphql/unbatched", path: "/graphql/unbatched", load: storefront.graphql,
        description: "One query with all parts of the page; by resolvers, an SQL statement for each parent of a relation" },
      { name: "graphql/dataloader", path: "/graphql/dataloader", load: storefront.graphql,
        description: "One query with all parts of the page; by resolvers with DataLoaders, one SQL statement per relation" },
      { name: "graphql/planned", path: "/graphql", load: storefront.graphql,
        description: "One query with all parts of the page; planned before it runs, one SQL statement per relation" },
    ],
  },
];
