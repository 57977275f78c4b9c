"""Which text a page has. The host's database says; while that is away, what it said last."""

from __future__ import annotations

import collections
import threading
import time

from django.db import InterfaceError, OperationalError, transaction

from bhashatts.django.stories import Page, Stories, Story, can_be_id, stories

_MOST = 4096  # pages of a process: some 8 MB of text


class PageBook:
    """The pages that this process was asked for last. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: collections.OrderedDict[tuple[str, int], tuple[float, Story, Page]]
        self._known = collections.OrderedDict()
        self._changes = 0  # forget()s so far

    def find(
        self, story_id: str, number: int, good_for: float = 0
    ) -> tuple[Story | None, Page | None]:
        """A story and its page; None for what there is not. Not asked again for good_for seconds.

        Raises OperationalError or InterfaceError where the database is away and knows it alone.
        """
        with self._lock:
            known = self._known.get((story_id, number))
        if known is not None and time.monotonic() < known[0] + good_for:
            return known[1], known[2]
        try:
            return self._ask(story_id, number)
        except (OperationalError, InterfaceError):
            if known is None:
                raise
            return known[1], known[2]

    def forget(self, story_id: str) -> None:
        """It was changed, in this process. Keys may be other forms of its id: a UUID has some."""
        with self._lock:
            self._changes += 1
            for key in [key for key, known in self._known.items() if known[1].id == story_id]:
                del self._known[key]

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._known.clear()

    def _ask(self, story_id: str, number: int) -> tuple[Story | None, Page | None]:
        source = stories()
        before = self._changes
        story = source.story(story_id) if can_be_id(story_id) else None
        page = None if story is None else source.page(story, number)
        with self._lock:
            self._known.pop((story_id, number), None)
            # What was read while something changed may be what was there before.
            if story is not None and page is not None and before == self._changes:
                self._known[story_id, number] = (time.monotonic(), story, page)
                while len(self._known) > _MOST:
                    self._known.popitem(last=False)
        return story, page


book = PageBook()


def forget_what_changes(source: Stories) -> None:
    """From now on pages that this process writes are read anew."""

    def changed(story_id: str, using: str) -> None:
        book.forget(story_id)
        # Once more: until the end of the transaction other threads read the page as it was.
        transaction.on_commit(lambda: book.forget(story_id), using=using)

    source.when_changed(changed)
