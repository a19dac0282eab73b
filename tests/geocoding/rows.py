"""A few dozen places with the traps that real ones have: namesakes, old names, provinces named like their towns."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.run import Run
from tracker.geocoding.gazetteer.packages import is_real
from tracker.geocoding.gazetteer.places import Entry, Kind, Place, Rank
from tracker.geocoding.gazetteer.writer import replaced, writing

C, A1, A2, L = Kind

# Number, kind, name, country, first- and second-order division, latitude, longitude, people, other names.
_ROWS = """
1|C|Kyrgyzstan|KG||||7000000|Кыргызстан, Киргизия, Kirguistán, !KG
2|C|Georgia|GE||||3700000|Грузия, !GE
3|C|United States|US||||331000000|USA, U.S., США, Estados Unidos, !US
4|C|United Kingdom|GB||||67000000|UK, U.K., Великобритания, Reino Unido, !GB
5|C|Mexico|MX||||128000000|México, Мексика, !MX
6|C|Kazakhstan|KZ||||19000000|Казахстан, !KZ
7|C|Mongolia|MN||||3300000|Монголия, !MN
8|C|Uzbekistan|UZ||||34000000|Узбекистан, !UZ
9|C|Canada|CA||||38000000|Канада, !CA
10|C|Russia|RU||||144000000|Россия, !RU
11|C|Türkiye|TR||||84000000|Turkey, Турция, !TR
12|C|Ukraine|UA||||41000000|Україна, Украина, !UA
13|C|Tunisia|TN||||12000000|تونس, Tunisie, !TN
14|C|Afghanistan|AF||||38000000|Афганистан, !AF
20|A1|Osh|KG||||0|Osh Region, Ошская Область, Ош облусу, Osh Oblasty
21|A1|Chüy|KG||||0|Chuy Region, Чуйская Область, Чүй облусу, Чүй
22|A1|Talas|KG||||0|Talas Region, Таласская Область, Талас облусу
23|A1|Jalal-Abad|KG||||0|Jalal-Abad Region, Джалал-Абадская Область, Жалал-Абад облусу, Жалал-Абад
24|A1|Batken|KG||||0|Batken Region, Баткенская Область, Баткен облусу
25|A1|Ysyk-Köl|KG||||0|Issyk-Kul Region, Иссык-Кульская Область, Ысык-Көл облусу
26|A1|Bishkek Shaary|KG||||0|Город Бишкек
30|A1|Minnesota|US||||0|State of Minnesota, Миннесота, !MN
31|A1|Georgia|US||||0|State of Georgia, !GA
32|A1|Missouri|US||||0|!MO
33|A1|Illinois|US||||0|!IL
34|A1|Massachusetts|US||||0|!MA
35|A1|New York|US||||0|New York State, State of New York, !NY
36|A1|Texas|US||||0|!TX
37|A1|England|GB||||0|
38|A1|Chihuahua|MX||||0|Estado de Chihuahua
39|A1|Ontario|CA||||0|!ON
40|A1|Tunis|TN||||0|تونس
41|A1|Kandahār|AF||||0|Kandahar
42|A1|Kyiv|UA||||0|Київ
50|A2|Kara-Suu District|KG|20|||0|Kara-Suu, Кара-Сууский район
52|A2|Tong District|KG|25|||0|Тонский район
53|A2|Jhenai|KG|20|||0|
54|A2|Alay District|KG|20|||0|Алайский район
55|A2|Leylekskiy Rayon|KG|24|||0|Leylek Rayon, Лейлекский район
51|A2|Hennepin County|US|30|||0|Hennepin
99|L|Kajy-Say|KG|25/52|42.14|77.18|4000|Каджи-Сай
100|L|Bishkek|KG|26|42.87|74.59|900000|Бишкек, Bişkek, Frunze, Фрунзе, !FRU
101|L|Osh|KG|20|40.53|72.80|322000|Ош, Oş, Өш
102|L|Manas|KG|23|40.94|72.99|123000|Jalal-Abad, Dzhalal-Abad, Джалал-Абад, Жалал-Абад
103|L|Talas|KG|22|42.52|72.24|40000|Талас
104|L|Talas|TR||38.69|35.55|37000|
105|L|Taraz|KZ||42.90|71.37|358000|Talas, Джамбул, Тараз
106|L|Dallas|US|36|32.78|-96.81|1300000|Даллас, talas
107|L|Kara-Suu|KG|20/50|40.70|72.87|27000|Кара-Суу
108|L|Chuy|KG|21|42.80|75.30|1000|
109|L|Batken|KG|24|40.06|70.82|28000|Баткен
110|L|Balykchy|KG|25|42.46|76.19|43000|Балыкчы, Ysyk-Köl, Рыбачье
111|L|Karakol|KG|25|42.49|78.39|84000|Каракол, Пржевальск
112|L|Tokmok|KG|21|42.84|75.30|71000|Токмок
113|L|Suusamyr|KG|21|42.20|74.00|0|Суусамыр
120|L|Minneapolis|US|30/51|44.98|-93.26|411000|Миннеаполис
121|L|Atlanta|US|31|33.75|-84.39|6300000|Атланта
122|L|Tbilisi|GE||41.69|44.83|1050000|Тбилиси, Tiflis
123|L|St. Louis|US|32|38.63|-90.20|300000|Saint Louis
124|L|Springfield|US|33|39.80|-89.64|115000|
125|L|Springfield|US|34|42.10|-72.59|154000|
126|L|Springfield|US|32|37.22|-93.30|167000|
127|L|New York City|US|35|40.71|-74.01|8800000|New York, Nueva York, Нью-Йорк, NYC
128|L|Brooklyn|US|35|40.65|-73.95|2700000|Бруклин
129|L|Kansas City|US|32|39.10|-94.58|460000|
130|L|London|GB|37|51.51|-0.13|8900000|Лондон, Londres
131|L|London|CA|39|42.98|-81.23|422000|
132|L|Ciudad Juárez|MX|38|31.72|-106.46|1500000|Juárez
133|L|Chihuahua|MX|38|28.63|-106.08|925000|
134|L|Moscow|RU||55.75|37.62|12500000|Москва
135|L|Rostov-on-Don|RU||47.23|39.72|1100000|Ростов-на-Дону
136|L|Nizhny Novgorod|RU||56.33|44.00|1250000|Нижний Новгород
137|L|Tashkent|UZ||41.26|69.22|2500000|Ташкент
138|L|House|US|36|32.00|-97.00|600|
139|L|Loddon|GB|37|52.53|1.48|2700|
140|L|Veliky Novgorod|RU||58.52|31.27|224000|Novgorod, Великий Новгород, Новгород
142|L|Harding|US|32|38.50|-92.00|600|!MOS
143|L|Bokombayevskoye|KG|25|42.12|76.99|14000|Bokonbayevo
144|L|Kemin|KG|21|42.79|75.69|0|Кемин
145|L|Jhenai Bazaar|KG|20/53|40.10|73.20|9000|
146|L|Lviv|UA||49.84|24.03|717000|Львів, Львов
147|L|Vinnytsya|UA||49.23|28.47|370000|Вінниця
148|L|Kyiv|UA|42|50.45|30.52|2950000|Київ, Киев
149|L|Boyarka|UA|42|50.33|30.29|35000|Боярка
150|L|Van|TR||38.49|43.38|353000|
151|L|Tunis|TN|40|36.82|10.17|693000|تونس
152|L|Kairouan|TN||35.68|10.10|120000|القيروان
153|L|Kandahār|AF|41|31.61|65.71|523000|Kandahar
154|L|Spīn Bōldak|AF|41|31.01|66.40|24000|Spin Boldak
155|L|Kazan|RU||55.79|49.12|1240000|Казань
156|L|Khimki|RU||55.89|37.43|240000|Химки
"""


def entries() -> Iterator[Entry]:
    """All rows, coarser places first."""
    for row in _ROWS.strip().splitlines():
        number, kind, name, country, above, latitude, longitude, people, others = row.split("|")
        admin1, _slash, admin2 = above.partition("/")
        place = Place(
            int(number), {"C": C, "A1": A1, "A2": A2, "L": L}[kind], name, country,
            int(admin1) if admin1 else None, int(admin2) if admin2 else None,
            float(latitude) if latitude else None, float(longitude) if longitude else None, int(people),
            country if kind == "C" else None,
        )  # fmt: skip
        names = [(name, Rank.OWN)]
        # What a machine made of another script is left out, as the readers of real files do.
        for other in filter(is_real, (each.strip() for each in others.split(","))):
            names.append((other.removeprefix("!"), Rank.CODE if other.startswith("!") else Rank.OTHER))
        yield Entry(place, names, "Region" if kind == "A1" and country == "KG" else "")


def places_file_of(run: Run) -> Path:
    """The file of a small gazetteer of these rows, made once per run; copy it before changing it."""
    path = run.folder / "places.sqlite"
    with run.alone("places"):
        if not path.exists():
            with replaced(path) as hidden, writing(hidden, ["rows of the tests"]) as writer:
                for entry in entries():
                    writer.add(entry)
                writer.finish()
    return path
