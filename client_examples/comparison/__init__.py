"""Screens loaded by every way over REST and GraphQL; these names are for users' own files."""

from client_examples.comparison.arms.api import Get, GraphqlApi, RestApi
from client_examples.comparison.arms.screen import Screen, View, compact
from client_examples.comparison.arms.session import SessionApi

__all__ = ["Get", "GraphqlApi", "RestApi", "Screen", "SessionApi", "View", "compact"]
