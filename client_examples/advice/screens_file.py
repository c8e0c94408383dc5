"""Writes a recording's views as screens for compare_apis.py, each with the recorded arm."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from client_examples.advice.advising import Known, Settings, shows
from client_examples.advice.masking import shown_address
from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.views import View
from client_examples.advice.what_if.plan import levels, recorded

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
    names = sorted({name for part in screens for name in ("RestApi", "GraphqlApi") if name in part})
    headers = sorted({name for call in found.recording.calls for name in call.asked_with})
    head = _HEAD.format(
        where=_READ,
        names=", ".join([*names, "Screen", "View"]),
        headers="[" + ", ".join(f'"{name}"' for name in headers) + "]",
        recordings="\n".join(_recordings(settings.files, place)),
    )
    return head + "".join(screens)


def _recordings(files: Sequence[Path], place: Path) -> Iterator[str]:
    for number, file in enumerate(files, 1):
        relative = Path(os.path.relpath(file.resolve(), place.resolve().parent)).as_posix()
        name = "recorded" if len(files) == 1 else f"recorded_{number}"
        yield f"{name} = Recorded(Path(__file__).parent / {relative!r})"


class _Writer:
    def __init__(self, found: Known, settings: Settings) -> None:
        self._found = found
        self._settings = settings

    def screens(self, view: View) -> Iterator[str]:
        """A screen for what a view asks of REST, and one for what it asks of GraphQL."""
        rest = [one.call for one in view.calls if not one.call.is_graphql]
        graphql = [one.call for one in view.calls if one.call.is_graphql]
        for calls, suffix in ((rest, ""), (graphql, "-graphql" if rest else "")):
            sent = [call for call in calls if not call.is_write and self._is_of_main(call, calls)]
            if sent:
                yield "\n\n" + "\n".join(self._screen(view, calls, sent, suffix)) + "\n"

    def _is_of_main(self, call: Call, calls: Sequence[Call]) -> bool:
        (main, _), *_ = Counter(one.origin for one in calls).most_common()
        return call.origin == main

    def _screen(
        self, view: View, calls: Sequence[Call], sent: Sequence[Call], suffix: str
    ) -> Iterator[str]:
        name = f"view-{view.number}{suffix}"
        variable = name.replace("-", "_")
        labels = {one.call.key: one.template.label for one in view.calls}
        yield f"{variable} = Screen({name!r}, {shows(view)!r})  # {sent[0].origin}"
        yield ""
        yield ""
        if sent[0].is_graphql:
            path = "/" + "/".join(sent[0].segments)
            yield f'@{variable}.graphql("recorded", path={path!r})'
            yield f"def {variable}_recorded(api: GraphqlApi) -> View:"
        else:
            yield f'@{variable}.rest("recorded")'
            yield f"def {variable}_recorded(api: RestApi) -> View:"
        yield f'    """As recorded: {len(sent)} of {len(calls)} calls."""'
        yield "    answers = []"
        wanted = {call.key for call in sent}
        plan = recorded(view, self._found.origins[view.number], lambda _: 0.0)
        for level in levels(plan, by_data=False):
            both = [call for ask in level for call in ask.calls if call in calls]
            for call in both:
                if call.key not in wanted:
                    yield f"    # not sent: {labels[call.key]} {self._why_not(call)}"
            yield from self._level([call for call in both if call.key in wanted], labels)
        yield "    return answers"

    def _why_not(self, call: Call) -> str:
        if call.is_write:
            name = self._name(call)
            return f"(it may change something; its body is {name}.body({call.number}))"
        return f"(at {call.origin})"

    def _level(self, calls: Sequence[Call], labels: dict[tuple[int, int], str]) -> Iterator[str]:
        if calls and calls[0].is_graphql:
            for call in calls:
                name, number = self._name(call), call.number
                yield f"    # {labels[call.key]}"
                yield f"    variables = {name}.variables({number})"
                yield f"    answers.append(api.query({name}.document({number}), **variables))"
        elif len(calls) == 1:
            (call,) = calls
            yield f"    answers.append(api.get({self._address(call)}))  # {labels[call.key]}"
        elif calls:
            yield "    side_by_side = ["
            yield from (f"        {self._address(call)},  # {labels[call.key]}" for call in calls)
            yield "    ]"
            yield "    answers += api.get_all(side_by_side)"

    def _address(self, call: Call) -> str:
        if self._settings.show_values and shown_address(call) == call.target:
            return repr(call.target)
        return f"{self._name(call)}[{call.number}]"

    def _name(self, call: Call) -> str:
        is_one = len(self._settings.files) == 1
        return "recorded" if is_one else f"recorded_{call.file + 1}"
