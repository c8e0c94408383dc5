"""The numbers that both APIs share. Each stands here once."""

from typing import Final

DEFAULT_LIMIT: Final = 20  # objects in a list, or in a nested list of one parent
MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000
MAX_IDS: Final = 100
MAX_ID: Final = 2_147_483_647  # GraphQL's Int and PostgreSQL's integer end here
MAX_INT: Final = 2_147_483_647

MAX_NAME: Final = 200  # characters, as in all that follow
MAX_TEXT: Final = 5_000
MAX_GENRE: Final = 100
MAX_PHONE: Final = 50
MAX_ADDRESS: Final = 500
MIN_SEARCH: Final = 3
MAX_SEARCH: Final = 100

MAX_PRICE: Final = 1_000_000.0
MAX_STOCK: Final = 1_000_000
MAX_QUANTITY: Final = 1_000
MAX_ORDER_ITEMS: Final = 20
MAX_ORDER_PRICE: Final = MAX_PRICE * MAX_QUANTITY * MAX_ORDER_ITEMS

MAX_BODY_BYTES: Final = 1_000_000
MAX_BODY_ON_LOOP: Final = 16_384  # bytes; longer ones are parsed in a thread
MAX_RECEIVING_BYTES: Final = 64_000_000  # bodies of all requests of a process that have no answer
MAX_HEAD_BYTES: Final = 65_536  # of a request: its line and its headers; trailers as much again
MAX_HEAD_LINES: Final = 100
HEAD_TIMEOUT_S: Final = 30.0  # until a request's head has come whole
BODY_TIMEOUT_S: Final = 10.0  # after that, until its body has
IDLE_TIMEOUT_S: Final = 75.0  # that a connection is kept for the next request
ANSWER_TIMEOUT_S: Final = 30.0  # that a client may take nothing of its answer
MAX_UNSENT_BYTES: Final = 64_000_000  # of a process's answers that clients are slow to take
GZIP_MINIMUM_BYTES: Final = 1_000  # smaller bodies fit one packet anyway
GZIP_ON_LOOP_BYTES: Final = 100_000  # which take 1 to 3 ms; more are compressed in a thread
GZIP_LEVEL: Final = 4  # both servers use the same, so that their bytes compare

MIN_BOOKS: Final = 30  # the rows written by hand need as many
MAX_BOOKS: Final = 10_000_000

MAX_FIELDS_TEXT: Final = 2_000  # characters of a `fields` parameter
MAX_FIELDS_DEPTH: Final = 8  # names in one of its paths

MAX_SHARED_AGE_S: Final = 31_536_000  # a year (RFC 9111, 5.3)

MAX_COST: Final = 10_000  # objects that one request may ask for, unless set otherwise
MAX_GRAPHQL_DEPTH: Final = MAX_FIELDS_DEPTH + 1  # the field of the query type, then as `fields`
MAX_ALIASES: Final = 100  # as many as `ids` may name
MAX_STATEMENTS: Final = 1_000  # of SQL, that one request may have sent
MAX_TRACE_BYTES: Final = 16_384  # of the header that lists statements; the edge takes 64 KiB
MAX_VIOLATIONS: Final = 20  # that one error names

MAX_EFFORT_ON_LOOP: Final = 10_000  # rows that are looked at: about 7 ms, searched one by one
REQUEST_TIMEOUT_S: Final = 10.0
RETRY_AFTER_S: Final = 1  # after which who was answered 503 may try again
MAX_STREAMS: Final = 250  # streams and long polls under way at once, per process
MAX_WORKERS: Final = 64  # processes of each server
POOL_SIZE: Final = 10  # connections to PostgreSQL, per process
# Whoever writes to a connection finds out that the client is gone; freeing its thread may take two.
HEARTBEAT_S: Final = 3.0
MAX_WAIT_S: Final = 60.0  # of a long poll
MAX_CURSOR: Final = 2_000  # characters
MAX_IDEMPOTENCY_KEY: Final = 255  # characters
