const query = `# What an author's page shows, in one request.
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

const explorer = GraphiQLPluginExplorer.explorerPlugin();

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    // This page's own address: each endpoint has its GraphiQL.
    fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
    defaultQuery: query,
    variables: '{"authorId": 1}',
    defaultEditorToolsVisibility: "variables",
    plugins: [explorer],
  }),
);
