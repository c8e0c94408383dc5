"""Operations on authors."""

from shared.models import AuthorCreate, AuthorUpdate
from shared.operations.plain_resource import PlainResource
from shared.reading.catalogue import AUTHOR
from shared.reading.listing import AuthorQuery

_authors = PlainResource[AuthorQuery, AuthorCreate, AuthorUpdate](AUTHOR, referrers="books")

list_authors = _authors.list
get_author = _authors.get
create_author = _authors.create
replace_author = _authors.replace
update_author = _authors.update
delete_author = _authors.delete
