"""Finding which places the parts of a text can name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.index import Hit, Index
from tracker.geocoding.gazetteer.places import Kind, Place, Rank
from tracker.geocoding.gazetteer.reading import BARE, KINDS, Form, Part, spans_of
from tracker.text import fold

# How likely a name is meant when it is matched in this way; settled by trying on the tuning half of bench/places.
_BY_RANK = {Rank.OWN: 1.0, Rank.OTHER: 0.15, Rank.CODE: 0.03}
# Within a country, another name is rather what its own people say than what some language calls another place.
_IN_ITS_COUNTRY = 0.4
_BY_SLIPS = {None: 1.0, 0: 0.15, 1: 0.03, 2: 0.004}
# A long name that is nearly right is hardly another one; in a short one, even a like sound says little.
_LONG, _SHORT, _SHORT_SOUND = 12, 5, 0.05
_BY_SLIPS_IF_LONG = {None: 1.0, 0: 0.3, 1: 0.2, 2: 0.03}
# Where a part is nearly a longer name, the names that stand in it are hardly meant.
_WITHIN_ANOTHER = 0.02
_IN_ITS_SCRIPT = 0.8
_OTHER_KIND = 0.005
# Where a part is a name as it stands, it is less likely to be another one in disguise.
_IN_DISGUISE = 0.3
_LEAST_TRUST = 0.4
_SHORTEST_SOUND = 2
# What generic words say is not taken to the letter: a "region" may be a district elsewhere.
_KINDS_MEANT = {
    Kind.LOCALITY: {Kind.LOCALITY: 1.0, Kind.ADMIN2: 0.1, Kind.ADMIN1: 0.1},
    Kind.ADMIN2: {Kind.ADMIN2: 1.0, Kind.ADMIN1: 0.3},
    Kind.ADMIN1: {Kind.ADMIN1: 1.0, Kind.ADMIN2: 0.1, Kind.COUNTRY: 0.05},
}
_LONGEST_SLIPPED = 5
_MOST_SLIPPED = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a part of the text can name; `quality` says from 0 to 1 how well."""

    place: Place
    part: int
    quality: float
    text: str
    form: Form
    slips: int | None = None
    rank: Rank = Rank.OWN

    @property
    def begins_otherwise(self) -> bool:
        """Whether the first letter is another one, in which hardly anybody errs: "Nazan" is no Kazan."""
        return (
            bool(self.slips)
            and keys.sounded_cached(self.text)[:1] != self.form.sounded[:1]
            and keys.written_cached(self.text)[:1] != self.form.written[:1]
        )

    @property
    def is_respelt(self) -> bool:
        """Whether it only sounds like the name on record, though it might be written like it."""
        return self.slips == 0 and _could_be_written(self.form, self.text)


def matched(index: Index, parts: list[Part], country: str | None) -> list[list[Match]]:
    """For each part the places that it can name: as a whole, and else in what it contains."""
    found = _look_up(
        index, [(number, form) for number, part in enumerate(parts) for form in part.forms], parts, country
    )
    open_parts = [number for number, matches in enumerate(found) if not any(_is_firm(match) for match in matches)]
    spans = [(number, form) for number in open_parts for form in spans_of(parts[number].text)]
    if spans:
        for number, more in enumerate(_look_up(index, spans, parts, country)):
            found[number] += _without_named_within(more)
    return found


def _without_named_within(found: list[Match]) -> list[Match]:
    """The matches of one part, those lowered whose words stand in a longer name that says its kind: "Oaxaca state"."""
    called = [match.form.words for match in found if match.form.words and match.place.kind in match.form.kinds]
    return [
        replace(match, quality=match.quality * _WITHIN_ANOTHER)
        if match.form.words and any(_is_within(match.form.words, words) for words in called)
        else match
        for match in found
    ]


def _is_within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def without_lesser(found: list[list[Match]], more: list[list[Match]]) -> list[list[Match]]:
    """All matches of each part, those of a few of its words lowered where all of them are nearly one name."""
    together = []
    for known, similar in zip(found, more, strict=True):
        whole = max((len(match.form.written.split()) for match in similar), default=0)
        if whole > 1:
            known = [
                match if match.form.words is None else replace(match, quality=match.quality * _WITHIN_ANOTHER)
                for match in known
            ]
        together.append(known + similar)
    return together


def slipped(
    index: Index,
    parts: list[Part],
    found: list[list[Match]],
    country: str | None,
    beside: tuple[int, Form] | None = None,
) -> list[list[Match]]:
    """The same for the parts of which nothing is known, allowing for slips of the pen.

    `beside` are words beside a name that was found in a part, with the number of the part.
    """
    more: list[list[Match]] = [[] for _part in parts]
    tried = 0
    if beside is not None:
        number, form = beside
        tried += 1
        hits = index.slipped(form.sounded, country, letters=len(form.written))
        more[number] += _matches(number, parts[number], form, hits, inside=country is not None)
    for number, part in enumerate(parts):
        if any(match.form.words is None and not match.is_respelt for match in found[number]) or tried == _MOST_SLIPPED:
            continue
        # What is left without generic words is the likelier name, but they may belong to it: "Kansas City".
        forms = sorted((form for form in part.forms if form.trust >= 0.6), key=lambda form: len(form.written))[:2]
        for form in forms:
            if len(form.written.split()) <= _LONGEST_SLIPPED:
                tried += 1
                more[number] += _matches(
                    number,
                    part,
                    form,
                    index.slipped(form.sounded, country, letters=len(form.written)),
                    inside=country is not None,
                )
    return more


def _is_firm(match: Match) -> bool:
    """Whether a part is this name as a whole, so that none is looked for in it; a blank may lack in a long one."""
    alike = match.slips is None or (match.slips == 0 and len(match.form.sounded) >= _LONG)
    return alike and match.form.trust >= _LEAST_TRUST and match.rank is not Rank.CODE


def _look_up(index: Index, forms: list[tuple[int, Form]], parts: list[Part], country: str | None) -> list[list[Match]]:
    written = index.written({form.written for _number, form in forms}, country)
    inside = country is not None
    found: list[dict[int, Match]] = [{} for _part in parts]
    plain: dict[int, float] = {}
    for number, form in forms:
        # "Талас шаары" is the Talas that is written so, and not what was once called Talas.
        if form.trust >= BARE and number not in plain and _is_plain(parts[number], written.get(form.written, ())):
            plain[number] = form.trust
    # Where a part is a name as it stands, names that only sound like it are not even looked up.
    sounds = {form.sounded for number, form in forms if number not in plain and len(form.sounded) > _SHORTEST_SOUND}
    sounded = index.sounded(sounds, country) if sounds else {}
    for number, form in forms:
        disguised = _IN_DISGUISE if form.trust < plain.get(number, 0.0) else 1.0
        part = parts[number]
        matches = [
            *_matches(number, part, form, written.get(form.written, ()), inside=inside, factor=disguised),
            *_matches(number, part, form, sounded.get(form.sounded, ()) if number not in plain else (), inside=inside),
        ]
        for match in matches:
            known = found[number].get(match.place.id)
            if known is None or match.quality > known.quality:
                found[number][match.place.id] = match
    return [list(each.values()) for each in found]


def _is_plain(part: Part, hits: Iterable[Hit]) -> bool:
    """Whether the whole part is a name, and of the kind that its generic words say: "Kansas City", not "City Osh"."""
    kinds = {kind for form in part.forms for kind in form.kinds}
    return any(hit.rank is not Rank.CODE and (not kinds or hit.place.kind in kinds) for hit in hits)


def _matches(
    number: int, part: Part, form: Form, hits: Iterable[Hit], *, inside: bool, factor: float = 1.0
) -> list[Match]:
    allowed = KINDS[part.source]
    return [
        Match(hit.place, number, factor * _quality(form, hit, inside=inside), hit.text, form, hit.slips, hit.rank)
        for hit in hits
        if (hit.place.kind in allowed or hit.place.kind is Kind.COUNTRY) and not _is_lower_case_code(part, hit)
    ]


def _is_lower_case_code(part: Part, hit: Hit) -> bool:
    """Whether it is an airport's code, which is written in capitals, by chance: "Gma" is rather a Goma gone wrong."""
    return hit.rank is Rank.CODE and hit.place.kind is Kind.LOCALITY and not part.text.isupper()


def _quality(form: Form, hit: Hit, *, inside: bool) -> float:
    meant = max((_KINDS_MEANT[kind].get(hit.place.kind, _OTHER_KIND) for kind in form.kinds), default=1.0)
    rank = _BY_RANK[hit.rank]
    if hit.rank is Rank.OTHER and not form.written.isascii():
        # Lists keep Latin names as a place's own, so that in other scripts every name is another one.
        rank = _IN_ITS_SCRIPT
    elif hit.rank is Rank.OTHER and inside:
        rank = _IN_ITS_COUNTRY
    return form.trust * rank * _by_slips(form, hit) * meant


def _by_slips(form: Form, hit: Hit) -> float:
    if len(form.sounded) >= _LONG:
        return _BY_SLIPS_IF_LONG[hit.slips]
    says_little = hit.slips == 0 and len(form.sounded) < _SHORT and hit.place.kind not in form.kinds
    return _SHORT_SOUND if says_little and _could_be_written(form, hit.text) else _BY_SLIPS[hit.slips]


def _could_be_written(form: Form, name: str) -> bool:
    """Whether a form could be written like a name: Cyrillic can only sound like Latin. All places have Latin names."""
    return form.written.isascii() or not fold(name).isascii()
