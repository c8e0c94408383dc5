"""Records: the sample's values in the models' shapes."""

import pytest

from shared import models
from shared.database import Connection
from shared.operations import orders
from shared.reading.listing import OrderQuery
from shared.reading.selection import ORDER_SUMMARY
from tests.model import Model, summary
from tests.shared.listed import QUERIES, listed


@pytest.mark.parametrize("name", QUERIES)
def test_full_records_are_those_of_the_sample(
    connection: Connection, model: Model, name: str
) -> None:
    assert listed(connection, name, limit=100).records == model.listed(name, limit=100)


@pytest.mark.parametrize("name", QUERIES)
def test_records_fit_the_models(connection: Connection, name: str) -> None:
    shape = {
        "author": models.Author,
        "book": models.Book,
        "customer": models.Customer,
        "order": models.Order,
    }[name]
    records = listed(connection, name, limit=100).records
    assert len(records) > 20
    for record in records:
        assert shape.model_validate(record, strict=name != "order").model_dump() == record
        assert list(record) == list(shape.model_fields)


def test_order_summaries_fit_the_model(connection: Connection, model: Model) -> None:
    found = orders.list_orders(connection, OrderQuery(limit=100), ORDER_SUMMARY).records
    assert found == [summary(order) for order in model.listed("order", limit=100)]
    for record in found:
        assert models.OrderSummary.model_validate(record).model_dump() == record
        assert list(record) == list(models.OrderSummary.model_fields)
