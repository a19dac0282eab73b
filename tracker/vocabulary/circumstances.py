"""When, where and amid what it happened: precisions of dates and places, and what was being covered."""

from tracker.vocabulary.base import Vocabulary


class DatePrecision(Vocabulary):
    """How exactly the date is known.

    Dates are written in the Extended Date/Time Format (EDTF) of ISO 8601-2. An incident that is known by its
    month or year only is never put on a day of it, and counts for a period are given as certain and possible.
    """

    DAY = ("day", "Day", "It happened on one known day.")
    RANGE = ("range", "Several days", "It lasted from one known day to another, or has not ended.")
    WINDOW = (
        "window",
        "One of several days",
        "It happened on one day between two known days, and which is not known.",
    )
    MONTH = ("month", "Month", "Only the month is known, or the months in which it began and ended.")
    QUARTER = ("quarter", "Quarter", "Only the quarter of the year is known.")
    YEAR = ("year", "Year", "Only the year is known, or the years in which it began and ended.")
    BEFORE = ("before", "On or before", "It happened on a known day or earlier.")
    AFTER = ("after", "On or after", "It happened on a known day or later.")
    UNKNOWN = ("unknown", "Unknown", "No source says when it happened.")


class PartOfDay(Vocabulary):
    """At what time of the day it happened, as a source says, in local time."""

    NIGHT = ("night", "Night", "During the hours of darkness, before or after midnight.")
    MORNING = ("morning", "Morning", "Between the end of the night and noon.")
    AFTERNOON = ("afternoon", "Afternoon", "Between noon and the evening.")
    EVENING = ("evening", "Evening", "Between the afternoon and the night.")


class DateBasis(Vocabulary):
    """Where the date comes from."""

    STATED = ("stated", "Stated", "A cited source gives the date.")
    INFERRED = (
        "inferred",
        "Inferred",
        "We conclude the date from what cited sources say, such as the known day of an election.",
    )


class PlacePrecision(Vocabulary):
    """How exactly the place is known, from the finest to the coarsest.

    A record is published with the recorded precision or a coarser one, never with a finer one.
    """

    SITE = ("site", "Site", "A building, square or another spot that can be pointed at.")
    STREET = ("street", "Street", "A street or a stretch of it.")
    NEIGHBOURHOOD = ("neighbourhood", "Neighbourhood", "A district or quarter of a town or village.")
    LOCALITY = ("locality", "Town or village", "A town or village as a whole.")
    ADMIN2 = (
        "admin2",
        "District",
        "An administrative unit of the second order, such as a district or county.",
    )
    ADMIN1 = ("admin1", "Region", "An administrative unit of the first order, such as a region or province.")
    COUNTRY = ("country", "Country", "A country as a whole, without a pin on the map.")
    ONLINE = (
        "online",
        "Online",
        "On the internet or by telecommunication, without a place and without a pin.",
    )
    UNKNOWN = ("unknown", "Unknown", "No source says where it happened.")

    def coarser_or_equal(self, other: "PlacePrecision") -> bool:
        """Whether a place recorded with the precision `other` may be published with this one."""
        order = tuple(PlacePrecision)
        return order.index(self) >= order.index(other)


class PlacedBy(Vocabulary):
    """How the coordinates were found."""

    SOURCE_TEXT = ("source_text", "Source", "A cited source gives the coordinates.")
    GAZETTEER = ("gazetteer", "Gazetteer", "They were looked up by name in our own list of places.")
    GEOCODER = ("geocoder", "Geocoding service", "An outside service found them by name.")
    HAND = ("hand", "By hand", "A member of staff set them on a map or typed them.")


class PlaceCredit(Vocabulary):
    """Whose place data a point comes from, and who is therefore to be named wherever it is shown."""

    notice: str
    url: str

    def __init__(self, _code: str, _label: str, _definition: str, notice: str, url: str) -> None:
        self.notice = notice
        self.url = url

    GEONAMES = (
        "geonames",
        "GeoNames",
        "The point stands in the list of places of GeoNames.",
        "Place data © GeoNames (CC BY 4.0)",
        "https://www.geonames.org/",
    )
    SIMPLEMAPS = (
        "simplemaps",
        "SimpleMaps",
        "The point stands in the World Cities Database of SimpleMaps.",
        "Place data © SimpleMaps (CC BY 4.0)",
        "https://simplemaps.com/data/world-cities",
    )
    OPENSTREETMAP = (
        "openstreetmap",
        "OpenStreetMap",
        "The point was found with a service over the data of OpenStreetMap.",
        "© OpenStreetMap contributors (ODbL 1.0)",
        "https://www.openstreetmap.org/copyright",
    )


class Coverage(Vocabulary):
    """What the victims were covering when the act happened, or what the act was about; several may hold."""

    ELECTIONS = ("elections", "Elections", "Campaigns, voting, counting and disputes over the result.")
    PROTEST = ("protest", "Protests and unrest", "Rallies, strikes, riots and the policing of them.")
    POLITICS = (
        "politics",
        "Politics",
        "Governments, parliaments, parties and public policy apart from elections.",
    )
    CORRUPTION = ("corruption", "Corruption", "Abuse of office or public money for private gain.")
    CRIME = ("crime", "Crime", "Crimes other than corruption, and policing other than of protests.")
    CONFLICT = ("conflict", "Armed conflict", "War, border clashes and armed groups.")
    COURTS = ("courts", "Courts", "Trials and the work of courts and prosecutors.")
    ENVIRONMENT = ("environment", "Environment", "Nature, climate, land, mining and pollution.")
    BUSINESS = ("business", "Business", "Companies, markets and labour.")
    RELIGION = ("religion", "Religion", "Faiths, their organisations and disputes about them.")
    SOCIAL_ISSUES = (
        "social_issues",
        "Social issues",
        "Rights, minorities, gender, migration, education and living conditions.",
    )
    SPORT = ("sport", "Sport", "Sport and its organisations.")
    CULTURE = ("culture", "Culture", "Arts, entertainment and history.")
    PUBLIC_HEALTH = ("public_health", "Public health", "Diseases, epidemics and health services.")
    OTHER = ("other", "Other subject", "A subject that fits none of the other codes.")
