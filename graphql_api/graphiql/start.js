// This page's own address: each endpoint has its GraphiQL, with a start and a memory of its own.
const endpoint = window.location.pathname;

const authorPage = `# What an author's page shows, in one request.
# Ctrl-Enter runs it, Ctrl-Space completes; the book at the top left has the schema.
query AuthorPage($authorId: Int!) {
  author(id: $authorId) {
    name
    email
    books(sort: PUBLICATION_DATE_DESC) {
      title
      price
      genre
      publicationDate
    }
  }
}
`;

const orderHistory = `# A customer's order history, where
# each related row is read by itself.
# Ctrl-Enter runs it. Look at the SQL
# statements below the answer, then
# run it at /graphql.
query OrderHistory($customerId: Int!) {
  customer(id: $customerId) {
    orders {
      orderDate
      status
      items {
        quantity
        price
        book {
          title
        }
      }
    }
  }
}
`;

const showsHistory = endpoint.endsWith("/graphql/unbatched");
const start = showsHistory
  ? { query: orderHistory, variables: '{"customerId": 1}' }
  : { query: authorPage, variables: '{"authorId": 1}' };

// What is typed at one endpoint is not shown at another, whose first query makes another point.
const memory = {
  get length() {
    return localStorage.length;
  },
  getItem: (name) => localStorage.getItem(`${endpoint} ${name}`),
  setItem: (name, value) => localStorage.setItem(`${endpoint} ${name}`, value),
  removeItem: (name) => localStorage.removeItem(`${endpoint} ${name}`),
  clear: () => localStorage.clear(),
};

let tell = () => {};

// What an answer took, as the server and its size tell.
async function watched(address, options) {
  const began = performance.now();
  const response = await fetch(address, options);
  const bytes = response.headers.get("Content-Length"); // as sent; a stream has none, and no end
  if (bytes === null || String(options.body).includes("IntrospectionQuery")) return response;
  await response.clone().arrayBuffer();
  const ms = performance.now() - began;
  const timing = response.headers.get("Server-Timing") ?? "";
  const statements = /desc="(\d+) statements?"/.exec(timing)?.[1] ?? "–";
  const noun = statements === "1" ? "SQL statement" : "SQL statements";
  tell(`${statements} ${noun} · ${Number(bytes).toLocaleString("en")} bytes · ${ms.toFixed(1)} ms`);
  return response;
}

function Footer() {
  const [told, setTold] = React.useState("Run a query to see what its answer takes.");
  tell = setTold;
  return React.createElement("output", { id: "taken" }, told);
}

function Page() {
  return React.createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: endpoint, fetch: watched }),
      defaultQuery: start.query,
      variables: start.variables,
      defaultEditorToolsVisibility: "variables",
      plugins: [GraphiQLPluginExplorer.explorerPlugin()],
      storage: memory,
    },
    React.createElement(GraphiQL.Logo, null, React.createElement("code", { id: "endpoint" }, endpoint)),
    React.createElement(GraphiQL.Footer, null, React.createElement(Footer)),
  );
}

document.title = `Bookstore: GraphiQL at ${endpoint}`;
ReactDOM.createRoot(document.getElementById("graphiql")).render(React.createElement(Page));
