"""Words that say what kind of place a name is, or how something lies to it, and are no part of the name.

English, Russian, Kyrgyz, Spanish, what romanised sources print ("Osh oblusu"), and the words for towns, districts and
provinces in further languages. All lists are read in lower case and folded, so that they are compared with folded
words.
"""

from dataclasses import dataclass, field

from tracker.geocoding.gazetteer.places import Kind
from tracker.text import fold


def _folded(*lists: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(words).split()) for each in lists for words in each.split(","))


_BEFORE_LOCALITY = _folded(
    "city of, town of, village of, capital of, town, village, city, settlement, municipality of the city of",
    "г, гор, город, города, городе, городу, городом, с, сел, село, села, селе, селом, пос, поселок, поселка, поселке, "
    "пгт, п, дер, д, деревня, деревни, деревне, аул, ауле, станица, станице, столица, столице, айыл, шаар, рп, хутор",
    "ciudad de, pueblo de, villa de, localidad de, la ciudad de, comunidad de, poblado de, ciudad, pueblo, localidad",
    "м, місто, місті, міста, село, селі, села, смт, ville de, la ville de, stadt, cidade de, vila de",
    "مدينة, في مدينة, بمدينة, بلدة, في بلدة, قرية, في قرية",
)
_AFTER_LOCALITY = _folded(
    "city, town, village, shaary, shaar, aiyly, aiyl, ayyly, aiyl aimagy, shahri, settlement, urban area",
    "шаары, шаарында, шаарынын, шаарына, шаарынан, шаарындагы, шаардагы, шаар, айылы, айылында, айылынын, айылына, "
    "айылынан, айылындагы, айыл, кыштагы, кыштагында, кыштагынын, қаласы, қаласында, қаласының, ауылы, ауылында, "
    "шаҳри, деҳаи, город, село, айыл аймагы, айыл өкмөтү",
    "shahrida, shahrining, shaharcha, kenti, şehri, şehrinde, köyü, köyünde",
    # The town from which a district is governed.
    "district headquarters, zila mukhyalay, zilla headquarters",
)
_BEFORE_ADMIN1 = _folded(
    "state of, province of, region of, oblast of, governorate of, republic of, the state of, canton of, prefecture of",
    "область, области, обл, край, крае, края, республика, республики, республике, штат, штате, штата, провинция, "
    "провинции, губернаторство, регион, регионе",
    "estado de, provincia de, departamento de, departamento del, estado, provincia, departamento, region de, la "
    "provincia de, provincia del, el estado de, comunidad autonoma de, entidad de, región del",
    "estado do, estado da, província de, província do, província da, região de, região do",
    "province de, province du, province des, région de, région du, région des, région d, département de, "
    "département du, département des, état de, état du, gouvernorat de, gouvernorat du, wilaya de, "
    "wilaya du, wilaya d, préfecture de, wilayat, "
    "wilaya, vilayet, provinsi, provincia di, regione, województwo, область, області, обласць, республіка",
    "محافظة, في محافظة, ولاية, في ولاية, إقليم",
)
_AFTER_ADMIN1 = _folded(
    "oblast, oblasty, oblusu, oblast', region, province, state, governorate, prefecture, voivodeship, republic, krai, "
    "viloyati, viloyat, velayat, welayaty, veloyat, territory, emirate, canton, county, department",
    "область, области, областью, обл, край, крае, края, облусу, облусунда, облусунун, облусуна, облусунан, "
    "облусундагы, облысы, облысында, облысының, вилояти, вилоят, велаят, республика, республики, губерния, провинция, "
    "провинции, регион, області, вобласць, вобласці, республикасы, республикасында",
    "viloyatida, viloyatining, ili, ilinde, vilayeti, vilayetinde, oblystan, oblysy, oblysynda, voblasć, województwo",
)
_BEFORE_ADMIN2 = _folded(
    "district of, county of, municipality of, raion of, rayon of, parish of",
    "район, районе, района, р н, округ, округе, округа, муниципалитет",
    "municipio de, distrito de, canton de, partido de, municipio, delegacion, alcaldia, comarca de",
    "arrondissement de, cercle de, cercle du, commune de, distretto di, powiat, kabupaten, landkreis, kreis, upazila",
)
_AFTER_ADMIN2 = _folded(
    "district, county, raion, rayon, raiony, rayonu, district council, municipality, parish, borough, tuman, tumani",
    "район, районе, района, району, районом, р н, районунда, районунун, районуна, районунан, районундагы, ауданы, "
    "ауданында, ауданының, ноҳияи, тумани, округ, округе, округа, муниципалитет, районі, району, раён, раёне",
    "tumanida, tumanining, ilçesi, ilçesinde, ilçesinin, rayonunda, aiyl okmotu, zila, zilla, upazila, tehsil, taluka",
)
# How something lies to a place. After the words of the second list the name stands in another case.
_PREPOSITIONS = _folded(
    "in, near, at, outside, around, from, of, the, on, to, by, close to, next to, outskirts of, suburb of, suburbs of, "
    "downtown, central, centre of, center of, on the outskirts of, near the, in the, en route to, vicinity of",
    "on the road to, on the way to, the road to, road to, on the highway to, highway to",
    "en, cerca de, de, del, desde, hacia, fuera de, la, el, los, las, al, junto a, afueras de, centro de",
    "en la carretera a, carretera a, camino a, rumbo a, en el camino a",
    "à, au, près de, nahe, bei, em, no, na, perto de, sur la route de, route de, a caminho de",
    "في, قرب, شمال, جنوب, شرق, غرب, وسط",
)
_BENDING = _folded(
    "в, во, из, под, около, близ, возле, у, к, по, от, до, на, при, вблизи, недалеко от, неподалеку от, рядом с, "
    "окрестности, окрестностях, в окрестностях, в центре, центр, центре, за, над, между, пригород, пригороде, через",
    "по дороге в, по пути в, на трассе, на пути в, дорога в",
    "у, біля, під, з, із, зі, до, поблизу, неподалік, недалеко від, на околиці, околиці, в центрі, у центрі, центрі, "
    "дорогою до, ў, каля",
)
_AFTER = _folded(
    "area, downtown, centre, center, city centre, city center, suburbs, outskirts, surroundings, mein",
    "жанында, жаны, маанайында, ичинде, тарапта, борборунда, чет жакасында",
)
VENUES = frozenset(
    fold(
        "square street st avenue ave road rd building house office hall court courthouse university school hospital "
        "hotel station airport market bazaar park stadium prison jail colony embassy parliament ministry bridge border "
        "checkpoint cathedral mosque church theatre museum library newsroom studio headquarters "
        "площадь улица ул проспект пр бульвар здание дом суд университет школа больница гостиница станция вокзал "
        "аэропорт рынок базар парк стадион тюрьма сизо колония посольство парламент министерство мост граница мечеть "
        "церковь театр музей редакция аянты көчөсү проспектиси имараты базары сот "
        "plaza calle avenida edificio juzgado universidad escuela hospital hotel estación aeropuerto mercado parque "
        "estadio cárcel penal embajada congreso palacio puente frontera iglesia redacción carretera colonia "
        "mountain mount hill lake river pass gorge valley too тоо гора озеро река перевал ущелье долина cerro lago río "
        "meydanı caddesi sokak mahallesi cezaevi adliyesi hastanesi üniversitesi havalimanı "
        "rue avenue boulevard gare mairie tribunal hôpital université école praça rua avenida delegacia prefeitura "
        "площа вулиця вул будинок лікарня міст ринок аеропорт вокзал"
    ).split()
)
"""Words for buildings, streets and the like, which are written before the name of a town."""

OFFICES = frozenset(
    fold(
        "суд суда суде горсуд облсуд мэрия мэрии мэр мэра администрация администрации прокуратура прокуратуры акимат "
        "акимата аким полиция полиции милиция милиции увд овд гувд ровд сизо ивс вокзал вокзала аэропорт аэропорта "
        "кенеш кенеша жители жителей власти властей пригород пригорода район района центр центра окраина окраине"
    ).split()
)
"""Words after which Russian names the town in another case: "суд Москвы". Streets are named after other towns."""

LONGEST = 4
_BEFORE = [
    (_BEFORE_LOCALITY, Kind.LOCALITY),
    (_BEFORE_ADMIN1, Kind.ADMIN1),
    (_BEFORE_ADMIN2, Kind.ADMIN2),
    (_PREPOSITIONS, None),
    (_BENDING, None),
]
_BEHIND = [
    (_AFTER_LOCALITY, Kind.LOCALITY),
    (_AFTER_ADMIN1, Kind.ADMIN1),
    (_AFTER_ADMIN2, Kind.ADMIN2),
    (_AFTER, None),
]
_FIRST_WORDS = {words[0] for each, _kind in _BEFORE for words in each}
_LAST_WORDS = {words[-1] for each, _kind in _BEHIND for words in each}


@dataclass(frozen=True, slots=True)
class Peeled:
    """What is left of a text without such words, and what they said.

    Attributes:
        words: the folded words of the name that is left.
        kinds: the kinds of place that were named; empty if none was.
        pointed: whether a word such as "in" or "near" pointed at the name.
        bent: whether the name may stand in another case, as after "в".
    """

    words: tuple[str, ...]
    kinds: frozenset[Kind] = field(default_factory=frozenset)
    pointed: bool = False
    bent: bool = False


def peel(words: tuple[str, ...]) -> Peeled:
    """Take the words that are no part of the name off both ends; at least one word is always left."""
    if not (words[0] in _FIRST_WORDS or words[-1] in _LAST_WORDS):
        return Peeled(words)
    kinds: set[Kind] = set()
    pointed = bent = False
    changed = True
    while changed and len(words) > 1:
        changed = False
        for length in range(min(LONGEST, len(words) - 1), 0, -1):
            head, tail = words[:length], words[-length:]
            if found := _kinds_of(head, _BEFORE):
                kinds |= {kind for kind in found if kind is not None}
                pointed = pointed or None in found
                bent = bent or head in _BENDING or any("а" <= word[0] <= "я" for word in head)
                words, changed = words[length:], True
                break
            if found := _kinds_of(tail, _BEHIND):
                kinds |= {kind for kind in found if kind is not None}
                bent = bent or any("а" <= word[0] <= "я" for word in tail)
                words, changed = words[:-length], True
                break
    return Peeled(words, frozenset(kinds), pointed, bent)


def is_generic(words: tuple[str, ...]) -> bool:
    """Whether these words are no name at all: "in", "область", "city of"."""
    return any(words in each for each, _kind in (*_BEFORE, *_BEHIND))


def points_at(words: tuple[str, ...]) -> bool:
    """Whether these words point at a place that follows: "in", "в городе", "near"."""
    return any(words in each for each, _kind in _BEFORE)


def _kinds_of(words: tuple[str, ...], lists: list[tuple[frozenset[tuple[str, ...]], Kind | None]]) -> set[Kind | None]:
    return {kind for each, kind in lists if words in each}
