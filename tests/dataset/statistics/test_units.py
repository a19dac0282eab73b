"""What each unit counts, by hand: the cases in which one could count too much or link what must not be linked."""

from tests.dataset.samples import Record, act, by, incident, publish, victim
from tracker.dataset import statistics
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database


def person(name: str | None = None, **given: object) -> Record:
    if name is None:
        return victim(kind="person", naming="withheld", **given)
    return victim(kind="person", naming="named", name=name, person=f"p-{name}", **given)


def totals(database: Database, unit: str, wanted: DatasetFilter | None = None) -> list[int]:
    with database.public() as session:
        table = statistics.count(session, wanted or DatasetFilter(), unit, ("violation",))
    return [int(number) for number in table.total.possible]


def test_a_named_person_counts_once_for_each_incident_and_is_linked_with_nobody_else(database: Database) -> None:
    both = [act("assault", [person("Aibol")]), act("threat", [person("Aibol")])]
    publish(database, incident("KGZ-2020-0001", acts=both), incident("KGZ-2020-0002", acts=both[:1]))
    assert totals(database, "victims") == [2, 0, 0]
    assert totals(database, "acts") == [3]
    assert totals(database, "incidents") == [2]


def test_withheld_persons_and_groups_stand_beside_the_named_and_are_never_linked(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2020-0001", acts=[act("assault", [person(), person("Aibol"), victim(kind="group")])]),
        incident("KGZ-2020-0002", acts=[act("assault", [person()]), act("threat", [person()])]),
        incident("KGZ-2020-0003", acts=[act("network_disruption", [victim(kind="public")])]),
    )
    # The withheld person of the two acts may be one; nothing public says so, and nothing here does.
    assert totals(database, "victims") == [1, 3, 1]


def test_an_act_without_a_recorded_victim_counts_as_one_act_and_as_no_victim(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001", acts=[act("assault"), act("threat", [person()], [by("police")] * 2)]))
    assert totals(database, "acts") == [2]
    assert totals(database, "victims") == [0, 1, 0]


def test_filters_of_acts_hold_of_the_same_act_and_victim_in_every_unit(database: Database) -> None:
    mixed = [
        act("assault", [person("Aibol", outlet="kloop"), person("Eldos", outlet="vesti")], [by("police")]),
        act("threat", [person("Eldos", outlet="vesti")], [by("unknown")]),
    ]
    publish(database, incident("KGZ-2020-0001", acts=mixed))
    police_of_vesti = DatasetFilter(perpetrator=("police",), outlet=("vesti",))
    assert totals(database, "acts", police_of_vesti) == [1]
    assert totals(database, "victims", police_of_vesti) == [1, 0, 0]
    assert totals(database, "outlets", DatasetFilter(perpetrator=("police",))) == [2]
    assert totals(database, "outlets", DatasetFilter(perpetrator=("unknown",))) == [1]
    assert totals(database, "incidents", DatasetFilter(violation=("threat",), perpetrator=("police",))) == [0]


def test_an_incident_known_by_its_year_is_possible_in_each_month_and_certain_in_none(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2020-0001", "2020"),
        incident("KGZ-2020-0002", "2020-10-05"),
        incident("KGZ-2020-0003", "XXXX-XX-XX"),
    )
    with database.public() as session:
        months = statistics.count(session, DatasetFilter(), "incidents", ("month",))
        years = statistics.count(session, DatasetFilter(), "incidents", ("year",))
    counted = {cell.row: cell.counts[0] for cell in months.iterate()}
    assert (counted["2020-01"].possible, counted["2020-01"].certain) == (1, 0)
    assert (counted["2020-10"].possible, counted["2020-10"].certain) == (2, 1)
    assert list(counted) == [f"2020-{month:02}" for month in range(1, 13)]
    assert [int(number) for number in (years.of_rows.possible[0][0], years.of_rows.certain[0][0])] == [2, 2]
    assert months.undated is not None
    assert int(months.undated.possible[0]) == 1


def test_no_figure_tells_more_than_the_public_records_themselves(database: Database) -> None:
    """Nobody is linked across incidents: two that are alike count twice as much as one of them would, in every cell.

    That every cell can be counted from the public JSON alone, so that no difference of two cells tells more than that,
    is what `test_counts` shows.
    """
    acts = [act("assault", [person(role="editor"), person("Aibol")]), act("threat", [person(role="editor")])]
    publish(database, incident("KGZ-2020-0001", acts=acts), incident("KGZ-2020-0002", acts=acts))
    with database.public() as session:
        for unit in statistics.Unit:
            for by_name in statistics.DIMENSIONS:
                for then in statistics.DIMENSIONS:
                    if by_name == then:
                        continue
                    table = statistics.count(session, DatasetFilter(), unit, (by_name, then))
                    # Outlets are public, and are the same in both.
                    if unit != "outlets":
                        assert (table.cells.possible % 2 == 0).all(), (unit, by_name, then)
