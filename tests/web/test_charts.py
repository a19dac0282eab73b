"""What a chart draws where it has no room for all."""

from tracker.web.public.charts import MOST_PANELS, MOST_ROWS, Series, Value, draw


def values(*numbers: int) -> list[Value]:
    return [Value(f"kind {place}", number, number, "") for place, number in enumerate(numbers)]


def test_the_panels_and_bars_that_hold_most_are_drawn_in_the_order_of_the_table() -> None:
    small = [Series(f"small {place}", values(1), False) for place in range(MOST_PANELS)]
    series = [*small, Series("large", values(*[1] * MOST_ROWS, 9, 0), False)]
    chart = draw("Title", "Description", series, [], headed=True, left_out=lambda count: f"{count} left out")
    assert [panel.heading for panel in chart.panels] == [
        *(f"small {place}" for place in range(MOST_PANELS - 1)),
        "large",
    ]
    labels = [bar.label for bar in chart.panels[-1].bars]
    assert labels == [*(f"kind {place}" for place in range(MOST_ROWS - 1)), f"kind {MOST_ROWS}"]
    # A panel, a bar for which there is no room, and one of nothing.
    assert (chart.left_out, chart.source) == (3, ("3 left out",))


def test_of_panels_that_are_periods_the_latest_are_drawn() -> None:
    series = [Series(str(year), values(9 if year == 2001 else 1), False) for year in range(2001, 2012)]
    chart = draw("Title", "Description", series, [], headed=False, periods_below=True)
    assert [panel.heading for panel in chart.panels] == [str(year) for year in range(2012 - MOST_PANELS, 2012)]


def test_a_chart_that_draws_all_says_nothing_of_what_is_left_out() -> None:
    series = [Series("", values(2, 1), False)]
    chart = draw("Title", "Description", series, [], headed=True, left_out=lambda count: f"{count} left out")
    assert (chart.left_out, chart.source) == (0, ())
