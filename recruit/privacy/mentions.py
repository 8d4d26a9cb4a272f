"""Where one candidate is named in what was written of others, and how the name is taken out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, union

from recruit.accounts.models import User
from recruit.candidates.models import Candidate
from recruit.core.mentions import NameSearch, without
from recruit.database import db
from recruit.interviews.models import Interview, PanelMember
from recruit.privacy.writings import Writing, rewrite, texts, with_texts, writings
from recruit.requisitions.models import Membership, Requisition
from recruit.scorecards.actions import count_change
from recruit.scorecards.independence import withheld_candidates
from recruit.scorecards.queries import readable_cards, unread_cards

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from recruit.core.mentions import Mention

AROUND = 70
"""How many characters are shown before and after a name."""
MOST_SHOWN = 100
"""How many places are shown of those that go by themselves, and of those to choose among."""
TELLS_OF_ALL = frozenset({"decision", "decided_outcome", "decided_ground", "delivery"})
"""Tables whose texts may tell of any candidate."""
TELLS_OF_NO_RATING = frozenset({"flagged_wording", "privacy_record"})


class PlacesHaveChanged(ValueError):
    """A place that was chosen reads otherwise now, or is gone."""


@dataclass(frozen=True)
class Passage:
    """A place where the name stands, with the words around it, as its reader sees it.

    ``key`` is the same for the same place in a copy of the text, and another when the text differs.
    ``about`` is the name of the candidate whom the text is about, or empty.
    """

    key: str
    table: str
    about: str
    before: str
    name: str
    after: str


@dataclass(frozen=True)
class Mentions:
    """Where a candidate is named in what was written of others.

    ``certain`` go by themselves, ``doubtful`` when they are chosen: somebody else, or a word, may
    be meant. Each place is there once, though a rating is in its submission too. ``unquoted``
    counts those that stand beside ratings while candidates are letters. ``unread`` counts the
    scorecards that were handed in and are withheld from the reader, whatever they say.
    """

    search: NameSearch
    words: frozenset[str]
    certain: tuple[Passage, ...]
    doubtful: tuple[Passage, ...]
    unquoted: int
    unread: int
    named: tuple[Writing, ...] = field(repr=False)


def mentions(candidate: Candidate, reader_id: int, *, lock: bool = False) -> Mentions:
    """Return where a candidate is named, as far as the reader may know it.

    ``lock`` keeps what is written as it is until the running transaction ends.
    """
    requisition = candidate.requisition
    called = _candidates(requisition.id)
    others = [name for number, name in called.items() if number != candidate.id]
    search = NameSearch(candidate.name, [*others, *_people(requisition)])
    named = [
        writing
        for writing in writings(requisition.id, candidate.id, lock=lock)
        if any(search.within(text) for text in texts(writing.value))
    ]
    withheld = withheld_candidates(reader_id, requisition.id)
    cards = readable_cards(reader_id, requisition.id)
    readable = [writing for writing in named if _is_readable(writing, withheld, cards)]
    words = frozenset(
        mention.name
        for writing in readable
        for text in texts(writing.value)
        for mention in search.within(text)
        if mention.lower
    )
    certain: dict[str, Passage] = {}
    doubtful: dict[str, Passage] = {}
    unquoted: set[str] = set()
    for writing in readable:
        table = writing.column.table.name
        about = called.get(writing.candidate_id or 0, "")
        for text in texts(writing.value):
            for mention in search.within(text):
                passage = _passage(table, about, text, mention)
                if requisition.veiled and table not in TELLS_OF_NO_RATING:
                    unquoted.add(passage.key)
                elif search.is_certain(mention, words):
                    certain.setdefault(passage.key, passage)
                else:
                    doubtful.setdefault(passage.key, passage)
    return Mentions(
        search=search,
        words=words,
        certain=tuple(certain.values()),
        doubtful=tuple(doubtful.values())[:MOST_SHOWN],
        unquoted=len(unquoted),
        unread=unread_cards(reader_id, requisition.id, candidate.id),
        named=tuple(named),
    )


def take_out(
    found: Mentions, stands_for_it: str, chosen: Collection[str] = (), *, rest: bool = False
) -> int:
    """Take the name out within the running write transaction; return out of how many texts.

    ``chosen`` are keys of doubtful passages; ``rest`` takes the doubtful ones that are not shown.
    Raises PlacesHaveChanged.
    """
    shown = {passage.key for passage in found.doubtful}
    if not set(chosen) <= shown:
        raise PlacesHaveChanged

    def goes(text: str, mention: Mention) -> bool:
        key = _key(text, mention)
        return (
            found.search.is_certain(mention, found.words)
            or key in chosen
            or (rest and key not in shown)
        )

    def cleaned(text: str) -> str:
        gone = [mention for mention in found.search.within(text) if goes(text, mention)]
        return without(text, gone, stands_for_it) if gone else text

    changed = []
    for writing in found.named:
        value = with_texts(writing.value, cleaned)
        if value != writing.value:
            rewrite(writing, value)
            changed.append(writing)
    count_change({writing.card_id for writing in changed if writing.card_id is not None})
    db.session.expire_all()
    return len(changed)


def _is_readable(writing: Writing, withheld: Collection[int], cards: Collection[int]) -> bool:
    if writing.card_id is not None:
        return writing.card_id in cards
    if withheld and writing.column.table.name in TELLS_OF_ALL:
        return False
    return writing.candidate_id not in withheld


def _passage(table: str, about: str, text: str, mention: Mention) -> Passage:
    before, after = text[: mention.start], text[mention.end :]
    return Passage(
        key=_key(text, mention),
        table=table,
        about=about,
        before=f"…{before[-AROUND:]}" if len(before) > AROUND else before,
        name=text[mention.start : mention.end],
        after=f"{after[:AROUND]}…" if len(after) > AROUND else after,
    )


def _key(text: str, mention: Mention) -> str:
    return hashlib.sha256(f"{mention.start}:{text}".encode()).hexdigest()[:20]


def _candidates(requisition_id: int) -> Mapping[int, str]:
    found = db.session.scalars(select(Candidate).where(Candidate.requisition_id == requisition_id))
    return {candidate.id: candidate.name for candidate in found}


def _people(requisition: Requisition) -> Sequence[str]:
    """Return the names of those who work with the requisition."""
    numbers = union(
        select(Membership.user_id).where(Membership.requisition_id == requisition.id),
        select(PanelMember.user_id)
        .join(PanelMember.interview)
        .where(Interview.requisition_id == requisition.id),
        select(Requisition.created_by_id).where(Requisition.id == requisition.id),
    )
    return db.session.scalars(select(User.name).where(User.id.in_(numbers))).all()
