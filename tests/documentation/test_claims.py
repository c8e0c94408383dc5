"""What the documentation claims of the program: settings, limits, files, links, versions."""

import json
import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from client_examples.comparison.screens import SCREENS
from shared import limits
from shared.config import PREFIX, Settings
from tests.documentation.markdown import ROOT, Document, documents
from tests.documentation.test_examples import here
from tests.exchange import Client
from tests.fixtures import Pair

DOCUMENTS = documents()
README = Document(ROOT / "README.md")
APIS = Document(ROOT / "docs/apis.md")
CONFIGURATION = Document(ROOT / "docs/configuration.md")
CONTRIBUTING = Document(ROOT / "CONTRIBUTING.md")
README_LINES = 200  # at most: what a reader goes through in some minutes
EACH = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


def tracked(*patterns: str) -> list[Path]:
    """The files of the checkout that Git knows, or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no checkout of Git")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


# -- settings and limits ---------------------------------------------------------------------


def test_the_table_of_settings_is_whole() -> None:
    named = [row[0].strip("`") for row in CONFIGURATION.table("setting")]
    assert named == [PREFIX + name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("row", CONFIGURATION.table("setting"), ids=lambda row: row[0].strip("`"))
def test_a_setting_has_the_default_that_is_shown(row: list[str]) -> None:
    name = row[0].strip("`").removeprefix(PREFIX).lower()
    shown, default = row[1].strip("`"), Settings.model_fields[name].default
    if default is None:
        assert shown == ""
    else:
        assert getattr(Settings(**{name: shown}), name) == default
    assert row[2]


def test_the_limits_are_those_of_the_program() -> None:
    (section,) = re.findall(r"^## Limits\n(.*?)(?=^## |\Z)", APIS.text, re.DOTALL | re.MULTILINE)
    text = " ".join(section.split())
    for claim in (
        f"at most {limits.MAX_LIMIT} objects",
        f"{limits.DEFAULT_LIMIT} by default",
        f"ends at {limits.MAX_OFFSET:,}",
        f"takes {limits.MIN_SEARCH} characters",
        f"at most {limits.MAX_BODY_BYTES / 1e6:.0f} MB",
        f"at most {limits.MAX_FIELDS_DEPTH} names deep",
    ):
        assert claim in text, claim


# -- links and files -------------------------------------------------------------------------


@EACH
def test_links_within_the_checkout_lead_somewhere(document: Document) -> None:
    for link in document.links():
        if re.match(r"\w+:", link):
            continue
        path, _, heading = link.partition("#")
        target = document.path.parent / path if path else document.path
        assert target.exists(), f"{document.name} links to {link}"
        if heading:
            assert heading in Document(target).headings(), f"{document.name} links to {link}"


@EACH
def test_files_that_are_named_exist(document: Document) -> None:
    for code in document.code():
        for word in code.split():
            named = re.fullmatch(r"(?:\./)?([\w.-]+(?:/[\w.-]+)*/?)", word)
            if not named or named[1].startswith("results/"):  # that a run of the reader's writes
                continue
            is_below = "/" in named[1] and (ROOT / named[1].partition("/")[0]).exists()
            if not is_below and not re.search(r"\.(py|sh|toml|txt|md|json|graphql)$", word):
                continue
            places = (ROOT / named[1], *ROOT.glob(f"*/{named[1]}"))
            assert any(p.exists() for p in places), f"{document.name} names {word}"


def test_the_code_map_has_every_folder() -> None:
    mapped = set(Document(ROOT / "docs/architecture.md").code())
    for package in ("shared", "rest_api", "graphql_api", "client_examples/comparison"):
        for first in sorted((ROOT / package).glob("*/__init__.py")):
            assert f"{first.parent.relative_to(ROOT)}/" in mapped


def test_addresses_of_the_servers_answer(fresh_pair: Pair) -> None:
    links = {link for d in DOCUMENTS for link in d.links() if "127.0.0.1" in link}
    assert len(links) >= 4
    for link in links:
        parts = urlsplit(here(link, fresh_pair))
        client = Client(f"{parts.scheme}://{parts.netloc}")
        response = client.request("GET", parts.path or "/", headers={"Accept": "text/html"})
        client.close()
        assert response.status == 200, link


def test_the_folders_are_all_named() -> None:
    listed = {re.findall(r"`(\w+)/`", row[0])[0] for row in CONTRIBUTING.table("folder")}
    there = {path.relative_to(ROOT).parts[0] for path in tracked("*.py")}
    assert listed == {name for name in there if (ROOT / name).is_dir()}


def test_the_readme_is_short_and_leads_to_every_document() -> None:
    assert len(README.text.splitlines()) <= README_LINES
    named = {ROOT / link.partition("#")[0] for link in README.links() if "://" not in link}
    documents_there = {*tracked("docs/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"}
    assert documents_there <= named


def test_the_readme_explains_every_arm() -> None:
    explained = [row[0].strip("`") for row in README.table("arm")]
    assert set(explained) == {arm.name for screen in SCREENS for arm in screen.arms}
    assert len(explained) == len(set(explained))


def test_the_words_that_are_explained_are_those_of_the_tables() -> None:
    findings = Document(ROOT / "docs/findings.md")
    (shown, *_) = README.of("text")
    headings = {
        README: shown.text.lower(),
        findings: findings.text.partition("\n| --- |")[0].splitlines()[-1],
    }
    for document, heading in headings.items():
        after = document.prose.partition("<!-- /")[2]
        explained = [word.lower() for word in re.findall(r"\*([A-Z][\w -]+)\*", after)]
        assert len(explained) >= 3
        assert [word for word in explained if word not in heading] == [], document.name


@EACH
def test_lines_end_and_nothing_trails(document: Document) -> None:
    assert document.text.endswith("\n")
    assert not document.text.endswith("\n\n")
    assert [line for line in document.text.splitlines() if line != line.rstrip()] == []


# -- versions and sources --------------------------------------------------------------------


def test_the_changelog_has_the_current_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert released[0][0] == version("bookstore-rest-graphql")
    assert [date for _, date in released] == sorted((d for _, d in released), reverse=True)


def test_the_licence_is_the_one_that_is_said() -> None:
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text()


# In pieces, so that this file names none either.
REGISTRIES = (
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "npm" + "js.org",
    "yarn" + "pkg.com",
    "--index" + "-url",
    "--extra-index" + "-url",
)


def test_no_file_names_a_registry() -> None:
    for path in tracked():
        text = path.read_bytes().decode(errors="replace")
        text = text.replace("--no-emit-index" + "-url", "")  # keeps uv from writing one
        for name in REGISTRIES:
            assert name not in text, f"{path.relative_to(ROOT)} names {name}"


def test_lock_files_have_no_addresses() -> None:
    locks = tracked("*package-lock.json")
    assert locks
    for path in locks:
        packages = json.loads(path.read_text())["packages"]
        assert not [name for name, entry in packages.items() if "resolved" in entry]
        for name, entry in packages.items():
            assert not name or entry["integrity"], f"{name} has no integrity"


def test_requirements_are_exact() -> None:
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if line and not line.startswith(("#", "-e .")):
            assert re.match(r"[\w.\-\[\]]+==[\w.+!]+( ;.*)?$", line), line


def test_every_dependency_is_among_the_requirements() -> None:
    pinned = {
        line.partition("==")[0].lower()
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {re.match(r"[\w-]+", one)[0].lower() for one in wanted} <= pinned
