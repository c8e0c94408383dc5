"""Writes a run as JUnit's XML, for continuous integration: a test for each arm and limit."""

import re
from xml.etree import ElementTree as ET

from client_examples.comparison.analysis.regressions.budget import KEPT
from client_examples.comparison.errors import Failure
from client_examples.comparison.report.sections.regressions.budget import asked_for, measure, most
from client_examples.comparison.report.sections.regressions.measures import written
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.judging.regressions import LimitResult

_RUN = "compare_apis"  # of what is of no screen
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2


def junit_of(document: Document) -> str:
    """The text of the file: a test suite for each screen, in seconds what one load takes.

    A run that did not end has a suite of its own with an error: what was not timed has no other.
    """
    root = ET.Element("testsuites", name="compare_apis")
    screens = {screen.name: screen for screen in document.screens}
    failed = [one.screen for one in document.failures if one.screen]
    limited = [one.limit.screen for one in document.budget]
    for name in dict.fromkeys([*screens, *failed, *limited]):
        suite = ET.SubElement(root, "testsuite", name=name, timestamp=document.began)
        _add_arms(suite, screens.get(name))
        for failure in document.failures:
            if failure.screen == name:
                _add_failure(suite, failure)
        for one in document.budget:
            if one.limit.screen == name:
                _add_limit(suite, one)
    _add_end(root, document)
    for suite in [*root, root]:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            suite.set(name, str(len(suite.findall(f".//{tag}"))))
    ET.indent(root, " ")
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", ET.tostring(root, "unicode"))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_arms(suite: ET.Element, screen: ScreenResult | None) -> None:
    for arm in screen.arms if screen else []:
        case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=arm.name)
        if arm.summary is not None:
            case.set("time", f"{arm.summary.median_ns / 1e9:.6f}")


def _add_end(root: ET.Element, document: Document) -> None:
    """What is of no screen: what ended the run, or that it did not end."""
    of_all = [one for one in document.failures if not one.screen]
    if not document.complete and not of_all:
        of_all = [Failure("this run did not end")]
    if of_all:
        suite = ET.SubElement(root, "testsuite", name=_RUN, timestamp=document.began)
        for failure in of_all:
            _add_failure(suite, failure)


def _add_failure(suite: ET.Element, failure: Failure) -> None:
    name = failure.arm or failure.screen or _RUN
    case = ET.SubElement(suite, "testcase", classname=failure.screen or _RUN, name=name)
    ET.SubElement(case, "error", message=failure.what, type="failed").text = str(failure)


def _add_limit(suite: ET.Element, one: LimitResult) -> None:
    limit = one.limit
    name = f"{limit.arm}: {measure(limit)} at most {asked_for(limit)}"
    case = ET.SubElement(suite, "testcase", classname=limit.screen, name=name)
    found = f"found {written(limit.measure, one.found)}, at most {most(one)}"
    if one.outcome not in KEPT:
        ET.SubElement(case, "failure", message=one.why or found, type=one.outcome)
    elif one.outcome != "kept":
        told = ": ".join(filter(None, (found, one.outcome, one.why)))
        ET.SubElement(case, "system-out").text = told
