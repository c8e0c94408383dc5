"""Words for the sample data, and the rows that are written by hand."""

from typing import Final

FIRST_NAMES: Final = (
    "Ada Amara Anton Beatriz Carlos Chen Dana Elif Emil Farah Grace Hana Hugo Ines Ivan Jonas "
    "Kofi Lena Linus Mara Mateo Mei Nadia Noor Olga Omar Pavel Priya Rosa Samir Sofia Tariq Tomas "
    "Uma Vera Wei Yara Yusuf Zoe"
).split()
LAST_NAMES: Final = (
    "Abbott Almeida Becker Bianchi Castro Dahl Diallo Eriksen Fischer Garcia Haddad Holm Ito "
    "Jansen Kaya Keller Kim Laurent Lopez Marlowe Mensah Moreau Nakamura Novak Okafor Olsen Patel "
    "Petrov Quist Rahman Rossi Silva Santos Tanaka Vargas Weber Yilmaz Zhang"
).split()
STREETS: Final = ("Library Lane", "Index Street", "Chapter Road", "Margin Way", "Folio Square")
ADJECTIVES: Final = (
    "Practical",
    "Gentle",
    "Modern",
    "Complete",
    "Hidden",
    "Small",
    "Curious",
    "Quiet",
)
TITLES: Final = (
    "{adjective} {topic}",
    "{topic} by Example",
    "The {adjective} Guide to {topic}",
    "{topic} in Twenty Evenings",
    "{topic}: A {adjective} History",
    "Notes on {topic}",
)
TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "Programming": ("Python", "Rust", "Compilers", "Testing", "Concurrency", "Algorithms"),
    "Databases": ("SQL", "Indexes", "Transactions", "Data Modelling", "Query Planning"),
    "Networking": ("HTTP", "TCP", "Caching", "Web APIs", "Latency"),
    "Science": ("Astronomy", "Genetics", "Statistics", "Optics", "Chemistry"),
    "History": ("Printing", "Libraries", "Sea Trade", "Cartography", "Rome"),
    "Fiction": ("the Lighthouse", "the Long Winter", "Two Rivers", "the Clockmaker", "Salt"),
    "Mystery": ("the Missing Folio", "the Night Train", "the Silent Bell", "the Ninth Key"),
    "Travel": ("the Andes", "Lisbon", "the Baltic", "Kyoto", "the Silk Road"),
    "Cooking": ("Bread", "Spices", "Fermentation", "Soups", "Pasta"),
    "Art": ("Woodcuts", "Typography", "Watercolour", "Bookbinding", "Perspective"),
}

# name, email, bio
FIRST_AUTHORS: Final = (
    (
        "Ada Marlowe",
        "ada.marlowe@example.com",
        "Teaches programming by small, complete programs.",
    ),
    ("Jonas Keller", "jonas.keller@example.com", "Has run databases since they fitted a drawer."),
)

# author, title, genre, price in cents, publication date, description
FIRST_TITLES: Final = (
    (1, "Python Programming", "Programming", 2999, "2023-01-15",
     "From the first line to a finished program."),
    (1, "Advanced Python", "Programming", 3999, "2023-06-20",
     "Generators, descriptors, asyncio, and when to leave them alone."),
    (1, "Testing with Python", "Programming", 3450, "2022-03-08",
     "Tests that fail when they should."),
    (1, "Web APIs with Python", "Networking", 4200, "2024-02-29",
     "REST and GraphQL, built and measured."),
    (1, "Algorithms in the Kitchen", "Cooking", 1995, "2021-11-02", None),
    (2, "SQL from the Ground Up", "Databases", 3150, "2020-05-11",
     "Tables, joins, and the questions they answer."),
    (2, "Indexes Explained", "Databases", 2750, "2021-09-30",
     "Why a query is slow, and what the planner thinks."),
    (2, "Transactions without Tears", "Databases", 2899, "2022-01-17",
     "Isolation, locks and retries."),
    (2, "The PostgreSQL Reader", "Databases", 4499, "2023-10-05",
     "Thirty chapters on one database."),
    (2, "SQLite at Work", "Databases", 2499, "2019-04-25",
     "The database that is a file."),
    (2, "Modelling Data", "Databases", 3325, "2018-08-14", None),
    (2, "Query Plans by Example", "Databases", 3075, "2024-06-01",
     "Read what the database is about to do."),
    (2, "Caches and Other Lies", "Networking", 2650, "2020-12-12",
     "When an old answer is good enough."),
    (2, "Backups that Restore", "Databases", 2225, "2017-02-03",
     "The other half of a backup."),
    (2, "A History of Databases", "History", 3890, "2016-07-19",
     "From punched cards to distributed logs."),
)  # fmt: skip

# name, email, phone, address
FIRST_CUSTOMERS: Final = (
    ("Grace Holm", "grace.holm@example.com", "+1 555 0101", "1 Library Lane, Booktown"),
    ("Omar Haddad", "omar.haddad@example.com", "+1 555 0102", "22 Index Street, Booktown"),
)
