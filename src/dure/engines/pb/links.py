"""Links between projects (사업 사이의 관계): one needs another, or two exclude each other.

Law: a project waits until everything it requires has won; once a project has won, all that it
excludes are out for good, and so is whatever requires one of those.
Source: budgeting design, *Life cycle*, links. Results with links leave what other programmes can
compute; the certificate says so.
"""

from __future__ import annotations

from collections import defaultdict

from dure.engines.pb.election import Election


class Links:
    """The links of an election, and what they allow as projects win one by one.

    >>> from dataclasses import replace
    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 1, ()), ("b", 1, ()), ("c", 1, ())], 3, n=0)
    >>> links = Links(replace(e, requires=((1, 0),), excludes=((0, 2),)))
    >>> links.may_win(0), links.may_win(1), links.may_win(2)
    (True, False, True)
    >>> links.win(0)
    >>> links.may_win(1), links.may_win(2), links.is_out(2)
    (True, False, True)
    """

    def __init__(self, election: Election) -> None:
        self._needs: defaultdict[int, set[int]] = defaultdict(set)
        self._bars: defaultdict[int, set[int]] = defaultdict(set)
        for project, needed in election.requires:
            self._needs[project].add(needed)
        for one, other in election.excludes:
            self._bars[one].add(other)
            self._bars[other].add(one)
        self._out: set[int] = set()
        self.is_linked = bool(election.requires or election.excludes)

    def is_out(self, project: int) -> bool:
        """True when the project can never win any more."""
        return project in self._out

    def may_win(self, project: int) -> bool:
        """True when nothing bars the project and all it requires has won."""
        return not self.is_linked or (project not in self._out and not self._needs.get(project))

    def win(self, project: int) -> None:
        """Note that the project has won."""
        if not self.is_linked:
            return
        barred = list(self._bars.get(project, ()))
        while barred:
            one = barred.pop()
            if one not in self._out:
                self._out.add(one)
                barred += [other for other, needs in self._needs.items() if one in needs]
        for needs in self._needs.values():
            needs.discard(project)
