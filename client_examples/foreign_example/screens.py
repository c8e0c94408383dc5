"""Screens for two APIs that are not the bookstore's: a collection of records.

servers.py beside this file is such a pair; docs/own_screens.md shows how to compare it.
"""

from client_examples.comparison import GraphqlApi, RestApi, Screen, View

ARTIST = 7
QUERY = "query Page($id: ID!) { artist(id: $id) { name albums { title year } } }"

page = Screen("artist-page", "an artist with the albums' titles and years")


def view(artist: View, albums: View) -> View:
    """What the page shows; every arm must give the same."""
    shown = [{"title": album["title"], "year": album["year"]} for album in albums]
    return {"artist": artist["name"], "albums": shown}


@page.rest("textbook")
def textbook(api: RestApi) -> View:
    """The artist, then each album."""
    artist = api.get(f"/v1/artists/{ARTIST}")
    return view(artist, [api.get(f"/v1/albums/{album}") for album in artist["albumIds"]])


@page.rest("parallel")
def parallel(api: RestApi) -> View:
    """The artist, then all albums side by side."""
    artist = api.get(f"/v1/artists/{ARTIST}")
    return view(artist, api.get_all([f"/v1/albums/{album}" for album in artist["albumIds"]]))


@page.graphql("one-query", path="/api")
def one_query(api: GraphqlApi) -> View:
    """One query."""
    artist = api.query(QUERY, id=ARTIST)["artist"]
    return view(artist, artist["albums"])
