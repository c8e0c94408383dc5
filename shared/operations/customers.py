"""Operations on customers."""

from shared.models import CustomerCreate, CustomerUpdate
from shared.operations.plain_resource import PlainResource
from shared.reading.catalogue import CUSTOMER
from shared.reading.listing import CustomerQuery

_customers = PlainResource[CustomerQuery, CustomerCreate, CustomerUpdate](
    CUSTOMER, referrers="orders"
)

list_customers = _customers.list
get_customer = _customers.get
create_customer = _customers.create
replace_customer = _customers.replace
update_customer = _customers.update
delete_customer = _customers.delete
