"""Which status of an order may follow which."""

from typing import Final

from shared.models import OrderStatus

NEXT: Final = {
    OrderStatus.PENDING: (OrderStatus.PAID, OrderStatus.CANCELLED),
    OrderStatus.PAID: (OrderStatus.SHIPPED, OrderStatus.CANCELLED),
    OrderStatus.SHIPPED: (OrderStatus.DELIVERED,),
    OrderStatus.DELIVERED: (),
    OrderStatus.CANCELLED: (),
}
LAST: Final = frozenset(status for status, following in NEXT.items() if not following)
