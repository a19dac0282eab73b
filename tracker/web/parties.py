"""How the parties to an act are put into words: who did it, to whom, and on what ground that is said."""

from collections.abc import Sequence

from tracker.vocabulary import InvolvementRole, PerpetratorType
from tracker.web.translation import gettext, ngettext
from tracker.web.wording import Record, capital, country, day, inside, label, labels, place

# The parts in an act that need a word, because neither the column nor its heading says them.
KINDS = {kind.value: kind for kind in PerpetratorType}
INDIRECT = frozenset({InvolvementRole.ORDERED, InvolvementRole.AIDED})


def how_many(party: Record) -> str | None:
    """How many people a party had, as exactly as that is known."""
    least, most, reported = party["count_least"], party["count_most"], party["count_as_reported"]
    if least is not None and least == most:
        return ngettext("%(num)s person", "%(num)s people", least)
    if least is not None and most is not None:
        return gettext("%(least)s to %(most)s people", least=least, most=most)
    if least is not None:
        return ngettext("at least %(num)s person", "at least %(num)s people", least)
    if most is not None:
        return ngettext("at most %(num)s person", "at most %(num)s people", most)
    return str(reported) if reported else None


def actor_name(involvement: Record) -> str:
    """Who took part: by name, else as described, else by type."""
    return capital(
        involvement["named_actor"]
        or involvement["description"]
        or label(involvement["perpetrator"], "perpetrator")
        or gettext("Not recorded")
    )


def _type_and_side(involvement: Record) -> str:
    if not involvement["perpetrator"]:
        return gettext("Type: not recorded")
    kind = KINDS[involvement["perpetrator"]]
    if kind is PerpetratorType.UNKNOWN:
        return gettext("Type: unknown")
    if not (involvement["named_actor"] or involvement["description"]):
        # The type stands above as the name already.
        return label(kind.side, "side")
    return gettext("Type: %(kind)s (%(side)s)", kind=inside(gettext(kind.label)), side=inside(label(kind.side, "side")))


def actor_lines(involvement: Record) -> list[str]:
    """What else is known of someone who took part."""
    described = involvement["description"] if involvement["named_actor"] else None
    affiliation = involvement["affiliation"]
    basis = label(involvement["basis"], "basis")
    lines = [
        capital(described) if described else None,
        _type_and_side(involvement),
        gettext("Belonging to: %(affiliation)s", affiliation=affiliation) if affiliation else None,
        _count_line(involvement),
        label(involvement["role"], "involvement_role") if involvement["role"] in INDIRECT else None,
        gettext("Basis: %(basis)s", basis=inside(basis)) if basis else None,
    ]
    return [line for line in lines if line]


def _count_line(party: Record) -> str | None:
    count = how_many(party)
    if count is None:
        return None
    reported = party["count_as_reported"]
    if reported and reported != count:
        return gettext("%(count)s (in the source: “%(words)s”)", count=capital(count), words=reported)
    return capital(count)


def victim_name(victim: Record) -> str:
    """Who the victim was: by name, or by why there is none."""
    if victim["name"]:
        return str(victim["name"])
    if victim["kind"] == "person":
        return gettext("Name withheld") if victim["naming"] == "withheld" else gettext("Not named in the source")
    outlet = victim["outlet"]["name"] if victim["kind"] == "outlet" and victim["outlet"] else None
    return capital(outlet or victim["description"] or label(victim["kind"], "victim_kind"))


def victim_lines(victim: Record) -> list[str]:
    """What else is known of a victim in this act."""
    described = capital(victim["description"] or "")
    traits = [label(victim["employment"], "employment"), label(victim["gender"], "gender")]
    lines = [
        described if described != victim_name(victim) else None,
        _count_line(victim),
        ", ".join(trait for trait in traits if trait),
        label(victim["harm"], "harm"),
        _custody(victim),
        *(_equipment(item) for item in victim["equipment"]),
        ", ".join(labels(victim["followed"], "consequence")),
    ]
    return [line for line in lines if line]


def _custody(victim: Record) -> str | None:
    since, until = victim["custody_from"], victim["custody_until"]
    if since and until:
        return gettext("In custody from %(since)s to %(until)s", since=day(since), until=day(until))
    if since:
        return gettext("In custody since %(since)s", since=day(since))
    return gettext("In custody until %(until)s", until=day(until)) if until else None


def _equipment(item: Record) -> str:
    what = label(item["item"], "equipment_item") or gettext("Equipment")
    if (item["count"] or 1) > 1:
        what = f"{what} ({item['count']})"
    fate = [label(item["fate"], "equipment_fate"), label(item["returned"], "returned")]
    known = ", ".join(inside(word) for word in fate if word)
    return f"{what}: {known}" if known else what


def circumstances(act: Record) -> list[str]:
    """How the act was done, where that is known."""
    ground = label(act["ground"], "ground")
    facts = [
        label(act["killing_kind"], "killing_kind"),
        label(act["method"], "method"),
        gettext("Ground: %(ground)s", ground=inside(ground)) if ground else None,
        label(act["arbitrary"], "arbitrary"),
    ]
    return [fact for fact in facts if fact]


def distinct_acts(acts: list[Record]) -> list[Record]:
    """The acts of an incident, each kind and completion once, for one line of a list."""
    return list({(act["violation"], act["completion"]): act for act in acts}.values())


def entry_facts(record: Record) -> list[str]:
    """What stands under a title in a list: outlets, place, verification."""
    outlets = [outlet["name"] for outlet in record["outlets"]]
    shown = ", ".join(outlets[:3]) + (f" +{len(outlets) - 3}" if len(outlets) > 3 else "")
    parts = [shown, _short_place(record["place"]), label(record["verification"], "verification")]
    return [part for part in parts if part]


def _short_place(value: Record) -> str:
    if value["precision"] == "online":
        return place(value)
    parts = [value["locality"] or value["admin1"], country(value["country"]) if value["country"] else None]
    return ", ".join(part for part in parts if part)


def _same_origin(source: Record, sources: Sequence[Record]) -> str | None:
    """Which other sources of the record go back to the same origin, so that all of them count as one."""
    group = source["independence_group"]
    others = [str(one["number"]) for one in sources if one["independence_group"] == group and one is not source]
    if not group or not others:
        return None
    return ngettext(
        "shares its origin with source %(numbers)s",
        "shares its origin with sources %(numbers)s",
        len(others),
        numbers=", ".join(others),
    )


def source_lines(source: Record, sources: Sequence[Record]) -> list[str]:
    """What kind of source it is, what it supports and how far it is to be trusted."""
    supports = ", ".join(inside(fact) for fact in labels(source.get("supports", ()), "fact"))
    lines = [
        label(source["type"], "source_type") if source["publisher"] or source["title"] or source["url"] else None,
        gettext("read on %(day)s", day=day(source["accessed_on"])) if source["accessed_on"] else None,
        gettext("cited for: %(facts)s", facts=supports) if supports else None,
        label(source["reliability"], "reliability"),
        label(source.get("credibility"), "credibility"),
        _same_origin(source, sources),
    ]
    return [line for line in lines if line]


FILTERS = {
    function.__name__: function
    for function in (
        actor_lines,
        actor_name,
        circumstances,
        distinct_acts,
        entry_facts,
        source_lines,
        victim_lines,
        victim_name,
    )
}
