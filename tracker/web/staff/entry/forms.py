"""The entry form, row by row: WTForms classes whose fields bear the names of the drafts that they fill.

A row is a flat form; `ROWS` names the lists of rows that stand in it. What a field means is told by its draft, and by
the definitions of its vocabulary, which stand beside it on the page.
"""

from collections.abc import Mapping
from typing import ClassVar

from wtforms import Form

from tracker import vocabulary as v
from tracker.web.staff.entry.fields import (
    CodeField,
    CodesField,
    ConsentField,
    CountryField,
    DayField,
    LineField,
    LongTextsField,
    NumberField,
    PointField,
    TextField,
    TextsField,
    TickField,
    WordsField,
    YesNoField,
)
from tracker.web.translation import gettext_noop as _n


class RowForm(Form):  # type: ignore[misc]
    """One row. `removed` is set while it is taken away and can still be brought back, `kept` where it is on record."""

    ROWS: ClassVar[Mapping[str, type["RowForm"]]] = {}
    OWN: ClassVar[frozenset[str]] = frozenset()
    """Fields that are no plain values of the draft: they are read in a way of their own."""

    removed = LineField()
    kept = LineField()


class DatedForm(RowForm):
    """What has a date: one field typed as people type, and what a source says about it besides."""

    OWN = frozenset({"when", "when_shown", "when_part_of_day"})

    when = LineField(_n("When"), path="date.edtf")
    # The reading that was shown to whoever typed, where it rests on what day today is.
    when_shown = LineField()
    when_part_of_day = CodeField(_n("Part of the day"), v.PartOfDay, path="date.part_of_day")
    when_basis = CodeField(_n("Where the date comes from"), v.DateBasis, path="date.basis")
    when_as_reported = LineField(_n("The date in the words of the source"), path="date.as_reported")


class EquipmentForm(RowForm):
    """A tool of the work, and what became of it."""

    item = CodeField(_n("What"), v.EquipmentItem)
    count = NumberField(_n("How many"))
    fate = CodeField(_n("What became of it"), v.EquipmentFate)
    returned = CodeField(_n("Given back"), v.Returned)


class CountedForm(RowForm):
    """How many."""

    count_least = NumberField(_n("At least"))
    count_most = NumberField(_n("At most"))
    count_as_reported = LineField(_n("Number in the words of the source"))


class VictimForm(CountedForm):
    """To whom it was done."""

    ROWS = {"equipment": EquipmentForm}  # noqa: RUF012
    OWN = frozenset({"person", "person_key", "person_is", "outlet", "outlet_key", "outlet_is", "name_published_in"})

    kind = CodeField(_n("Who"), v.VictimKind, begun="person")
    person = LineField(_n("Name of the person"))
    person_key = LineField()
    person_is = LineField()
    naming = CodeField(_n("Is the name to be published?"), v.Naming)
    name_published_in = CodesField(_n("Sources of this incident that print the name"))
    role = CodeField(_n("Role"), v.VictimRole)
    outlet = LineField(_n("Outlet they worked for then"))
    outlet_key = LineField()
    outlet_is = LineField()
    harm = CodeField(_n("Harm"), v.Harm)
    description = LineField(_n("Described as"))
    employment = CodeField(_n("Employment"), v.Employment)
    gender = CodeField(_n("Gender"), v.Gender)
    minor = YesNoField(_n("Under 18"), (("yes", _n("Yes")), ("no", _n("No"))))
    custody_from = DayField(_n("In custody from"))
    custody_until = DayField(_n("In custody until"))
    followed = CodesField(_n("What followed"), v.Consequence)
    consent_store = ConsentField(_n("To be kept in this register"), path="consent.store")
    consent_publish_identity = ConsentField(_n("To be named in public"), path="consent.publish_identity")
    consent_publish_account = ConsentField(_n("To have the account published"), path="consent.publish_account")
    consent_share = ConsentField(_n("To be shared with partners"), path="consent.share")
    consent_legal = ConsentField(_n("To be used in legal proceedings"), path="consent.legal")


class InvolvementForm(CountedForm):
    """Somebody's part in an act."""

    perpetrator = CodeField(_n("Who did it"), v.PerpetratorType)
    role = CodeField(_n("Part in the act"), v.InvolvementRole, begun="direct")
    basis = CodeField(_n("On what basis"), v.Basis, begun="reported")
    description = LineField(_n("Described as"))
    affiliation = LineField(_n("Affiliation in the words of the source"))
    named_actor = LineField(_n("Name, if one is given"))
    named_actor_is = WordsField(
        _n("The name is that of"), (("organisation", _n("an organisation")), ("person", _n("a person")))
    )


class ActForm(RowForm):
    """One violation, with those who did it and those it was done to."""

    ROWS = {"victims": VictimForm, "involvements": InvolvementForm}  # noqa: RUF012

    violation = CodeField(_n("What was done"), v.Violation)
    completion = CodeField(_n("How far it went"), v.Completion)
    method = CodeField(_n("By what means"), v.Method)
    killing_kind = CodeField(_n("Kind of killing"), v.KillingKind)
    arbitrary = CodeField(_n("Was the detention judged arbitrary?"), v.ArbitraryJudgement)
    ground = CodeField(_n("Ground other than the work"), v.Ground)
    description = LongTextsField(_n("The act in a sentence"))


class SourceForm(RowForm):
    """A citation: a source on record, or a new one, and what it says here."""

    OWN = frozenset({
        "source", "source_key", "source_is", "type", "publisher", "title", "url", "language", "published_on",
        "accessed_on", "archived_url", "archive_sha256", "confidential", "reliability", "independence_group", "note",
    })  # fmt: skip

    url = LineField(_n("Web address"), hint=_n("Paste it and go on."))
    source = LineField(_n("Or one that is on record"))
    source_key = LineField()
    source_is = LineField()
    type = CodeField(_n("Kind of source"), v.SourceType)
    publisher = LineField(_n("Publisher"))
    title = LineField(_n("Title"))
    published_on = DayField(_n("Published on"))
    accessed_on = DayField(_n("Read on"))
    language = LineField(_n("Language (code, such as en, ru, ky)"))
    reliability = CodeField(_n("Reliability of the source"), v.Reliability)
    independence_group = LineField(_n("Group of sources that repeat one another"))
    archived_url = LineField(_n("Address of an archived copy"))
    archive_sha256 = LineField(_n("SHA-256 of the archived copy"))
    confidential = TickField(_n("Confidential: only its number is ever published"))
    note = TextField(_n("Note on the source (never published)"))
    supports = CodesField(_n("What it supports"), v.Fact)
    credibility = CodeField(_n("Credibility of what it says here"), v.Credibility)
    locator = LineField(_n("Page, minute or paragraph"))


class FollowUpForm(DatedForm):
    """What happened afterwards."""

    OWN = DatedForm.OWN | {"sources"}

    kind = CodeField(_n("What happened"), v.FollowUpKind)
    by = LineField(_n("By whom"))
    text = LongTextsField(_n("In a sentence"))
    sources = CodesField(_n("Sources that say so"))


class RelatedForm(RowForm):
    """Another incident that belongs to this one."""

    OWN = frozenset({"incident", "incident_key"})

    incident = LineField(_n("Reference of the other incident"))
    incident_key = LineField()


class IncidentForm(DatedForm):
    """The whole form, in the order in which a monitor thinks."""

    ROWS = {"acts": ActForm, "sources": SourceForm, "related": RelatedForm, "follow_ups": FollowUpForm}  # noqa: RUF012
    OWN = DatedForm.OWN | {"why", "place_point", "place_pinned", "place_named"}

    title = TextsField(_n("Title"))
    summary = LongTextsField(_n("Public summary"))
    internal_notes = TextField(_n("Internal notes"))
    place_country = CountryField(_n("Country"), path="place.country")
    place_locality = LineField(_n("Town or village"), path="place.locality")
    place_as_reported = LineField(_n("The place in the words of the source"), path="place.as_reported")
    place_venue = LineField(_n("Building, square or other spot"), path="place.venue")
    place_admin2 = LineField(_n("District"), path="place.admin2")
    place_admin1 = LineField(_n("Region or province"), path="place.admin1")
    place_point = PointField(_n("Coordinates"), path="place")
    place_placed_by = CodeField(_n("Where the coordinates come from"), v.PlacedBy, path="place.placed_by")
    # The point that the three fields around this one speak of; another one was typed by hand.
    place_pinned = LineField()
    # The name that it was found for.
    place_named = LineField()
    place_entry = LineField(path="place.entry")
    place_matched = LineField(path="place.matched")
    place_precision = CodeField(_n("How exactly the place is known"), v.PlacePrecision, path="place.precision")
    place_public_precision = CodeField(
        _n("How exactly it is shown to readers"), v.PlacePrecision, path="place.public_precision"
    )
    covering = CodesField(_n("What they were covering"), v.Coverage)
    topics = CodesField(_n("Topics"))
    work_related = CodeField(_n("Connected with their work"), v.WorkRelatedness)
    verification = CodeField(_n("How well it is verified"), v.Verification)
    look_again_on = DayField(_n("Look at it again on"))
    look_again_for = LineField(_n("To find out"))
    why = LineField(_n("Reason for the change"))


LIMITS = {
    "acts": 20,
    "victims": 50,
    "involvements": 30,
    "equipment": 30,
    "sources": 50,
    "related": 50,
    "follow_ups": 100,
}
"""How many rows of each kind one form takes; more are on record only where they were imported."""
