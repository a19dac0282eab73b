"""Drafts at random: hostile values, any JSON with our field names in it, and any incident that is good."""

from typing import Any

from hypothesis import strategies as st

from tests.support.drafts import Raw
from tracker import vocabulary as v
from tracker.registry.drafts import Draft, IncidentDraft

# Values that have broken programs like this one, for any field.
HOSTILE: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.0, -0.0, 1e308, float("inf"), float("-inf"),
    float("nan"), "", " ", "\x00", "a\x00b", "\ud800", "\u202eabc", "²", "١٢", "nan", "inf", "1e400", "yes", "0x10",
    "2020-02-30", "0000-01-01", "9999-12-31", "x" * 400, "=1+1", "'; DROP TABLE incident; --", [], [[]], [{}], [None],
    {}, {"": ""}, {"en": None}, {"en": {}}, {"\ud800": 1}, {1: 2}, {None: None}, [[[[[[[[]]]]]]]], b"\xff", (1, 2),
)  # fmt: skip

# Any JSON that a parser can hand over, with the names of our own fields among its keys so that it reaches inside.
FIELD_NAMES = sorted(
    {name for model in Draft.__subclasses__() for name in model.model_fields} | set(IncidentDraft.model_fields)
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from(HOSTILE),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELD_NAMES) | ANY_TEXT, inner, max_size=6)
    ),
    max_leaves=25,
)


def _texts(*, most: int = 40) -> st.SearchStrategy[str]:
    usable = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"))
    return st.text(usable, min_size=1, max_size=most).filter(lambda text: text.strip() != "")


def _codes(vocabulary: type[v.Vocabulary]) -> st.SearchStrategy[str]:
    return st.sampled_from(vocabulary.codes())


def _some(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(required, optional=optional)


def _ordered(names: tuple[str, str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Raw]:
    """Nothing, or two values of which the first is not greater."""
    pairs = st.lists(values, min_size=2, max_size=2).map(lambda pair: dict(zip(names, sorted(pair), strict=True)))
    return st.just({}) | pairs


def _merged(*parts: st.SearchStrategy[Raw]) -> st.SearchStrategy[Raw]:
    return st.tuples(*parts).map(lambda found: {name: value for part in found for name, value in part.items()})


LINES = st.dictionaries(st.sampled_from(["en", "ru", "ky"]), _texts(), min_size=1, max_size=3)
DATES = _some(
    {
        "edtf": st.sampled_from(
            [
                "2020-10-05",
                "2020-10",
                "2020",
                "2020-33",
                "[2020-10-05..2020-10-06]",
                "XXXX-XX-XX",
                "2020-10-05/2020-10-09",
                "2020-10-05/..",
                "[..2020-10-06]",
                "[2020-10-05..]",
                "0001-01-01",
            ]
        )
    },
    as_reported=_texts(),
    part_of_day=_codes(v.PartOfDay),
    basis=_codes(v.DateBasis),
)
COUNTS = _merged(
    _ordered(("count_least", "count_most"), st.integers(0, 1_000_000_000)), _some({}, count_as_reported=_texts())
)
CONSENTS = _some(
    {}, **{name: _codes(v.Consent) for name in ("store", "publish_identity", "publish_account", "share", "legal")}
)
PERSONS = st.sampled_from([
    {"kind": "person", "person": "aida", "naming": "named"},
    {"kind": "person", "person": "bakyt", "naming": "withheld"},
    {"kind": "person", "naming": "not_named_in_source"},
    {"kind": "group"}, {"kind": "outlet", "outlet": "herald"}, {"kind": "public"},
])  # fmt: skip
VICTIMS = _merged(
    _some(
        {},
        role=_codes(v.VictimRole),
        employment=_codes(v.Employment),
        gender=_codes(v.Gender),
        outlet=st.just("herald"),
        description=_texts(),
        harm=_codes(v.Harm),
        minor=st.booleans(),
        consent=CONSENTS,
        followed=st.lists(_codes(v.Consequence), unique=True, max_size=3),
        name_published_in=st.sampled_from([[], ["report"], ["report", "wire"]]),
        equipment=st.lists(
            _some(
                {"fate": _codes(v.EquipmentFate)},
                item=_codes(v.EquipmentItem),
                count=st.integers(0, 99),
                returned=_codes(v.Returned),
            ),
            max_size=2,
        ),
    ),
    _ordered(("custody_from", "custody_until"), st.dates().map(lambda day: day.isoformat())),
    COUNTS,
    PERSONS,
)
ACTORS = st.sampled_from(
    [
        {},
        {"named_actor": "Ermek Obvinov", "named_actor_is": "person"},
        {"named_actor": "Unit Seven", "named_actor_is": "organisation"},
    ]
)
INVOLVEMENTS = _merged(
    _some({"role": _codes(v.InvolvementRole), "basis": _codes(v.Basis)}, perpetrator=_codes(v.PerpetratorType),
          affiliation=_texts(), description=_texts()),
    COUNTS,
    ACTORS,
)  # fmt: skip
ACTS = _some(
    {"violation": _codes(v.Violation), "victims": st.lists(VICTIMS, min_size=1, max_size=3)},
    completion=_codes(v.Completion), method=_codes(v.Method), ground=_codes(v.Ground), description=LINES,
    involvements=st.lists(INVOLVEMENTS, max_size=2),
)  # fmt: skip
POINTS: st.SearchStrategy[Raw] = st.just({}) | _some(
    {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}
)
PLACES = _merged(
    _some(
        {"country": st.sampled_from(["KG", "XK", "US"])},
        as_reported=_texts(),
        venue=_texts(),
        locality=_texts(),
        admin2=_texts(),
        admin1=_texts(),
        placed_by=_codes(v.PlacedBy),
        entry=st.sampled_from(["geonames:1528675", "osm:N123", "osm:W98765432101"]),
        matched=_texts(),
        precision=st.sampled_from(["site", "locality"]),
    ),
    POINTS,
)
INCIDENTS = _some(
    {
        "title": LINES,
        "date": DATES,
        "place": PLACES,
        "acts": st.lists(ACTS, min_size=1, max_size=3),
        "sources": st.permutations(["report", "wire", "insider"]).map(
            lambda keys: [{"source": key, "supports": ["what"], "credibility": "2"} for key in keys]
        ),
    },
    summary=LINES,
    internal_notes=_texts(),
    topics=st.just(["election"]),
    covering=st.lists(_codes(v.Coverage), unique=True, max_size=3),
    work_related=_codes(v.WorkRelatedness),
    verification=_codes(v.Verification),
    follow_ups=st.lists(
        _some(
            {"kind": _codes(v.FollowUpKind), "text": LINES, "sources": st.just(["report", "wire"])},
            date=DATES,
            by=_texts(),
        ),
        max_size=2,
    ),
)


def shown(value: object) -> str:
    """A value as the name of a test case."""
    return ascii(value)[:40]
