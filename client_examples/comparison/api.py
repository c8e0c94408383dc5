"""The former place of these names: users' own files may import them from here."""

from client_examples.comparison.arms.api import Get, GraphqlApi, RestApi

__all__ = ["Get", "GraphqlApi", "RestApi"]
