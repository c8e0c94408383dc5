"""Writes a recording's views as screens for compare_apis.py, each with the recorded arm."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from client_examples.advice.advising import Known, Settings, shows
from client_examples.advice.masking import shown_address
from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.groups import may_succeed_later
from client_examples.advice.traffic.templates import is_prefix
from client_examples.advice.traffic.views import View
from client_examples.advice.what_if.plan import Key, levels, recorded
from client_examples.comparison.report.numbers import counted

_HEAD = '''\
"""Screens of a recording, written by advise.py: each has the arm that was recorded.

Add other arms beside it, and have all give the same view (docs/own_screens.md).
{where}
"""

from pathlib import Path

from client_examples.advice.replay import Recorded
from client_examples.comparison import {names}

# Headers that the calls had besides those of every browser. Fill in those that the API needs:
# compare_apis.py --screens THIS_FILE --header 'NAME: VALUE' (no result holds the value).
HEADERS: list[str] = {headers}

{recordings}
'''
_NAMES = ("Get(", "GraphqlApi", "RestApi")
_READ = "Addresses and operations are read from the recording, which has to stay."


def screens_text(found: Known, settings: Settings, place: Path) -> str:
    """The file's text.

    Args:
        found: the recording.
        settings: how it was looked at.
        place: where the file is to be, from which it finds the recording.
    """
    writer = _Writer(found, settings)
    screens = [part for view in found.views for part in writer.screens(view)]
    used = {name for part in screens for name in _NAMES if name in part}
    names = sorted(name.rstrip("(") for name in used)
    headers = sorted({name for call in found.recording.calls for name in call.asked_with})
    head = _HEAD.format(
        where=_READ,
        names=", ".join([*names, "Screen", "View"]),
        headers=json.dumps(headers),
        recordings="\n".join(_recordings(settings.files, place)),
    )
    return head + "".join(screens)


def _recordings(files: Sequence[Path], place: Path) -> Iterator[str]:
    for number, file in enumerate(files, 1):
        relative = Path(os.path.relpath(file.resolve(), place.resolve().parent)).as_posix()
        name = "recorded" if len(files) == 1 else f"recorded_{number}"
        yield f"{name} = Recorded(Path(__file__).parent / {relative!r})"


def _main(calls: Sequence[Call]) -> str:
    """The origin that most of the calls go to."""
    return Counter(one.origin for one in calls).most_common(1)[0][0]


class _Writer:
    def __init__(self, found: Known, settings: Settings) -> None:
        self._found = found
        self._settings = settings

    def screens(self, view: View) -> Iterator[str]:
        """A screen for what a view asks of REST, of GraphQL, and of GraphQL by GET."""
        by_suffix: dict[str, list[Call]] = {"": [], "-graphql": [], "-graphql-get": []}
        for one in view.calls:
            by_get = "-get" if one.call.method == "GET" else ""
            by_suffix[f"-graphql{by_get}" if one.call.is_graphql else ""].append(one.call)
        several = sum(map(bool, by_suffix.values())) > 1
        for suffix, calls in by_suffix.items():
            if not calls:
                continue
            main = _main(calls)
            reasons = {call.key: self._why_not(call, main) for call in calls}
            if not all(reasons.values()):
                name = f"view-{view.number}{suffix if several else ''}"
                yield "\n\n" + "\n".join(self._screen(view, calls, reasons, name)) + "\n"

    def _screen(
        self, view: View, calls: Sequence[Call], reasons: Mapping[Key, str | None], name: str
    ) -> Iterator[str]:
        """Its lines; `reasons` say of each call why it is not sent, None of those that are."""
        sent = [call for call in calls if reasons[call.key] is None]
        variable = name.replace("-", "_")
        labels = {one.call.key: one.template.label for one in view.calls}
        yield f"{variable} = Screen({name!r}, {shows(view)!r})  # {sent[0].origin}"
        yield ""
        yield ""
        if sent[0].is_graphql:
            segments = sent[0].segments
            is_usual = all(map(is_prefix, segments))  # and so holds no value
            read = f"{self._name(sent[0])}.path({sent[0].number})"
            path = repr("/" + "/".join(segments)) if is_usual else read
            method = ', method="GET"' if sent[0].method == "GET" else ""
            yield f'@{variable}.graphql("recorded", path={path}{method})'
            yield f"def {variable}_recorded(api: GraphqlApi) -> View:"
        else:
            yield f'@{variable}.rest("recorded")'
            yield f"def {variable}_recorded(api: RestApi) -> View:"
        yield f'    """As recorded: {len(sent)} of {counted(len(calls), "call")}."""'
        yield "    answers = []"
        plan = recorded(view, self._found.origins[view.number], lambda _: 0.0)
        for level in levels(plan, by_data=False):
            both = [call for ask in level for call in ask.calls if call.key in reasons]
            for call in both:
                if reasons[call.key] is not None:
                    yield f"    # not sent: {labels[call.key]} ({reasons[call.key]})"
            yield from self._level([call for call in both if reasons[call.key] is None], labels)
        yield "    return answers"

    def _why_not(self, call: Call, main: str) -> str | None:
        """Why a screen of calls to this origin cannot send this one; None if it can."""
        if call.is_write:
            return f"it may change something; its body is {self._name(call)}.body({call.number})"
        if call.origin != main:
            return f"at {call.origin}"
        if call.is_redirected:
            return "an arm asks where it leads"
        if may_succeed_later(call):
            return f"it was answered {call.status}, and may not be later"
        if not call.is_graphql:
            return None if call.method == "GET" else f"a recorded arm sends no {call.method}"
        if len(call.operations) > 1:
            return "an arm sends one operation with each request"
        return None if call.operations[0].document_bytes else "its document is not in the recording"

    def _level(self, calls: Sequence[Call], labels: dict[tuple[int, int], str]) -> Iterator[str]:
        if calls and calls[0].is_graphql:
            for call in calls:
                name, number = self._name(call), call.number
                yield f"    # {labels[call.key]}"
                yield f"    variables = {name}.variables({number})"
                expected = self._expected(call)
                sent = f"{name}.document({number}){expected}, **variables"
                yield f"    answers.append(api.query({sent}))"
        elif len(calls) == 1:
            (call,) = calls
            asked = self._address(call) + self._expected(call)
            yield f"    answers.append(api.get({asked}))  # {labels[call.key]}"
        elif calls:
            yield "    side_by_side = ["
            yield from (f"        {self._one_of(call)},  # {labels[call.key]}" for call in calls)
            yield "    ]"
            yield "    answers += api.get_all(side_by_side)"

    def _one_of(self, call: Call) -> str:
        expected = self._expected(call)
        return f"Get({self._address(call)}{expected})" if expected else self._address(call)

    def _expected(self, call: Call) -> str:
        """What must be told of an answer that was an error in the recording already."""
        if call.has_failed:
            return f", expect={call.status}"
        return ", expect_errors=True" if self._found.answers[call.key].has_errors else ""

    def _address(self, call: Call) -> str:
        if self._settings.show_values and shown_address(call) == call.target:
            return repr(call.target)
        return f"{self._name(call)}[{call.number}]"

    def _name(self, call: Call) -> str:
        is_one = len(self._settings.files) == 1
        return "recorded" if is_one else f"recorded_{call.file + 1}"
