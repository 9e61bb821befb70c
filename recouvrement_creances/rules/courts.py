"""The courts of France by department: who judges where, as far as postcodes tell it.

Seats: code of commerce, annexe 7-1, and code of judicial organisation, tableau IV, with the names
by which the Cour de cassation publishes their decisions. A department with several courts is shared
among them by cantons, which no postcode tells: there the towns of the seats find their own court,
and all others find the several ones to choose from, unless a table by postcode is taken in.
"""

import re
import unicodedata
from dataclasses import dataclass

from .competence import COMMERCIAL, JUDICIAL

# Department, commercial courts, judicial courts. In brackets: towns with a judicial court, or once
# with a court of their own, that this one judges as well.
_SEATS = """
01 | Bourg-en-Bresse | Bourg-en-Bresse
02 | Saint-Quentin (Laon), Soissons | Laon, Saint-Quentin, Soissons
03 | Cusset (Moulins), Montluçon | Cusset, Montluçon, Moulins
04 | Manosque | Digne-les-Bains
05 | Gap | Gap
06 | Antibes (Cagnes-sur-Mer), Cannes, Grasse, Nice | Grasse (Antibes, Cannes, Cagnes-sur-Mer), Nice
07 | Aubenas | Privas
08 | Sedan | Charleville-Mézières
09 | Foix | Foix
10 | Troyes | Troyes
11 | Carcassonne, Narbonne | Carcassonne, Narbonne
12 | Rodez | Rodez
13 | Aix-en-Provence, Marseille, Salon-de-Provence, Tarascon | Aix-en-Provence, Marseille, Tarascon
14 | Caen, Lisieux | Caen, Lisieux
15 | Aurillac | Aurillac
16 | Angoulême | Angoulême
17 | La Rochelle, Saintes | La Rochelle, Saintes
18 | Bourges | Bourges
19 | Brive-la-Gaillarde | Brive-la-Gaillarde, Tulle
200 201 | Ajaccio | Ajaccio
202 206 | Bastia | Bastia
21 | Dijon | Dijon
22 | Saint-Brieuc, Saint-Malo (Dinan) | Saint-Brieuc, Saint-Malo (Dinan)
23 | Guéret | Guéret
24 | Bergerac, Périgueux | Bergerac, Périgueux
25 | Belfort (Montbéliard), Besançon | Besançon, Montbéliard
26 | Romans-sur-Isère | Valence
27 | Bernay, Évreux | Évreux
28 | Chartres | Chartres
29 | Brest, Quimper | Brest, Quimper
30 | Nîmes | Alès, Nîmes
31 | Toulouse | Saint-Gaudens, Toulouse
32 | Auch | Auch
33 | Bordeaux, Libourne | Bordeaux, Libourne
34 | Béziers, Montpellier | Béziers, Montpellier
35 | Rennes, Saint-Malo | Rennes, Saint-Malo
36 | Châteauroux | Châteauroux
37 | Tours | Tours
38 | Grenoble, Vienne (Bourgoin-Jallieu) | Bourgoin-Jallieu, Grenoble, Vienne
39 | Lons-le-Saunier | Lons-le-Saunier
40 | Dax, Mont-de-Marsan | Dax, Mont-de-Marsan
41 | Blois | Blois
42 | Roanne, Saint-Étienne | Roanne, Saint-Étienne
43 | Le Puy-en-Velay | Le Puy-en-Velay
44 | Nantes, Saint-Nazaire | Nantes, Saint-Nazaire
45 | Orléans | Montargis, Orléans
46 | Cahors | Cahors
47 | Agen | Agen
48 | Mende | Mende
49 | Angers | Angers, Saumur
50 | Cherbourg-en-Cotentin, Coutances | Cherbourg-en-Cotentin, Coutances
51 | Châlons-en-Champagne, Reims | Châlons-en-Champagne, Reims
52 | Chaumont | Chaumont
53 | Laval | Laval
54 | Nancy, Val de Briey | Nancy, Val de Briey
55 | Bar-le-Duc | Bar-le-Duc, Verdun
56 | Lorient, Vannes | Lorient, Vannes
57 | | Metz, Sarreguemines, Thionville
58 | Nevers | Nevers
59 | Douai (Cambrai), Dunkerque, Lille (Roubaix, Tourcoing), Valenciennes (Avesnes-sur-Helpe) \
| Avesnes-sur-Helpe, Cambrai, Douai, Dunkerque, Lille (Roubaix, Tourcoing), Valenciennes
60 | Beauvais, Compiègne (Senlis) | Beauvais, Compiègne, Senlis
61 | Alençon | Alençon, Argentan
62 | Arras (Béthune), Boulogne-sur-Mer (Saint-Omer) | Arras, Béthune, Boulogne-sur-Mer, Saint-Omer
63 | Clermont-Ferrand | Clermont-Ferrand
64 | Bayonne, Pau | Bayonne, Pau
65 | Tarbes | Tarbes
66 | Perpignan | Perpignan
67 | | Saverne, Strasbourg
68 | | Colmar, Mulhouse
69 | Lyon, Villefranche-sur-Saône | Lyon, Villefranche-sur-Saône
70 | Vesoul | Vesoul
71 | Chalon-sur-Saône, Mâcon | Chalon-sur-Saône, Mâcon
72 | Le Mans | Le Mans
73 | Chambéry | Albertville, Chambéry
74 | Annecy (Bonneville), Thonon-les-Bains | Annecy, Bonneville, Thonon-les-Bains
75 | Paris | Paris
76 | Dieppe, Le Havre, Rouen | Dieppe, Le Havre, Rouen
77 | Meaux, Melun (Fontainebleau) | Fontainebleau, Meaux, Melun
78 | Versailles | Versailles
79 | Niort | Niort
80 | Amiens | Amiens
81 | Albi, Castres | Albi, Castres
82 | Montauban | Montauban
83 | Draguignan, Fréjus, Toulon | Draguignan (Fréjus), Toulon
84 | Avignon | Avignon, Carpentras
85 | La Roche-sur-Yon | La Roche-sur-Yon, Les Sables-d'Olonne
86 | Poitiers | Poitiers
87 | Limoges | Limoges
88 | Épinal | Épinal
89 | Auxerre, Sens | Auxerre, Sens
90 | Belfort | Belfort
91 | Évry-Courcouronnes | Évry-Courcouronnes
92 | Nanterre | Nanterre
93 | Bobigny | Bobigny
94 | Créteil | Créteil
95 | Pontoise | Pontoise
971 | Basse-Terre, Pointe-à-Pitre | Basse-Terre, Pointe-à-Pitre
972 | Fort-de-France | Fort-de-France
973 | Cayenne | Cayenne
974 | Saint-Denis de La Réunion, Saint-Pierre de La Réunion \
| Saint-Denis de La Réunion, Saint-Pierre de La Réunion
976 | Mamoudzou | Mamoudzou
"""
# The towns that share a department: their own postcodes.
_TOWNS = """
Aix-en-Provence 13080 13090 13100 | Albertville 73200 | Albi 81000 | Alençon 61000 | Alès 30100
Angers 49000 49100 | Annecy 74000 | Antibes 06160 06600 | Argentan 61200 | Arras 62000
Auxerre 89000 | Avesnes-sur-Helpe 59440 | Avignon 84000 | Bar-le-Duc 55000 | Basse-Terre 97100
Bayonne 64100 | Beauvais 60000 | Bergerac 24100 | Bernay 27300 | Besançon 25000 | Béthune 62400
Béziers 34500 | Belfort 90000 | Bonneville 74130 | Bordeaux 33000 33100 33200 33300 33800
Boulogne-sur-Mer 62200
Bourgoin-Jallieu 38300 | Brest 29200 | Brive-la-Gaillarde 19100 | Caen 14000
Cagnes-sur-Mer 06800 | Cambrai 59400 | Cannes 06150 06400 | Carcassonne 11000 | Carpentras 84200
Castres 81100 | Chalon-sur-Saône 71100 | Châlons-en-Champagne 51000 | Chambéry 73000
Cherbourg-en-Cotentin 50100 | Colmar 68000 | Compiègne 60200 | Coutances 50200 | Cusset 03300
Dax 40100 | Dieppe 76200 | Dinan 22100 | Douai 59500 | Draguignan 83300 | Dunkerque 59140 59240
Évreux 27000 | Fontainebleau 77300 | Fréjus 83370 83600 | Grasse 06130 | Grenoble 38000 38100
La Roche-sur-Yon 85000 | La Rochelle 17000 | Laon 02000 | Le Havre 76600 76610 76620
Les Sables-d'Olonne 85100 | Libourne 33500 | Lille 59000 59800 | Lisieux 14100 | Lorient 56100
Lyon 6900 | Mâcon 71000 | Marseille 1300 1301 | Meaux 77100 | Melun 77000 | Metz 57000 57050 57070
Mont-de-Marsan 40000 | Montargis 45200 | Montbéliard 25200 | Montluçon 03100
Montpellier 34000 34070 34080 34090 | Moulins 03000 | Mulhouse 68100 68200 | Nancy 54000
Nantes 44000 44100 44200 44300 | Narbonne 11100 | Nice 06000 06100 06200 06300 | Nîmes 30000 30900
Orléans 45000 45100 | Pau 64000 | Périgueux 24000 | Pointe-à-Pitre 97110 | Quimper 29000
Reims 51100 | Rennes 35000 35200 35700 | Roanne 42300 | Roubaix 59100 | Rouen 76000 76100
Saint-Brieuc 22000 | Saint-Denis de La Réunion 97400 97490 | Saint-Étienne 42000 42100
Saint-Gaudens 31800 | Saint-Malo 35400 | Saint-Nazaire 44600 | Saint-Omer 62500
Saint-Pierre de La Réunion 97410 97432 | Saint-Quentin 02100 | Saintes 17100
Salon-de-Provence 13300 | Sarreguemines 57200 | Saumur 49400 | Saverne 67700 | Senlis 60300
Sens 89100 | Soissons 02200 | Strasbourg 67000 67100 67200 | Tarascon 13150 | Thionville 57100
Thonon-les-Bains 74200 | Toulon 83000 83100 83200 | Toulouse 31000 31100 31200 31300 31400 31500
Tourcoing 59200 | Tulle 19000 | Val de Briey 54150 | Valenciennes 59300 | Vannes 56000
Verdun 55100 | Vienne 38200 | Villefranche-sur-Saône 69400
"""
# Tribunaux des activités économiques, until 31 December 2028 (arrêté of 5 July 2024).
_ECONOMIC = (
    *("Auxerre", "Avignon", "Le Havre", "Le Mans", "Limoges", "Lyon", "Marseille", "Nancy"),
    *("Nanterre", "Paris", "Saint-Brieuc", "Versailles"),
)
# What is called otherwise than its seat.
_NAMED = {
    (COMMERCIAL, "Lille"): "Lille Métropole",
    (COMMERCIAL, "Val de Briey"): "Briey",
    (COMMERCIAL, "Vesoul"): "Vesoul-Gray",
    (COMMERCIAL, "Villefranche-sur-Saône"): "Villefranche-sur-Saône-Tarare",
}
_OVERSEAS = "97"
# Whose number, or half, takes three figures of the postcode.
_LONG_DEPARTMENTS = ("20", "97", "98")
_KIND_WORDS = re.compile(
    r"\b(greffe|tribunal|tribunaux|mixte|commerce|judiciaire|activites|economiques|t[acj]e?|"
    r"de|du|des|d|la|le|les|l)\b"
)


@dataclass
class Court:
    """A court with its places.

    :ivar str kind: COMMERCIAL or JUDICIAL
    :ivar str seat: the town
    :ivar tuple prefixes: the first digits of the postcodes of its places
    """

    kind: str
    name: str
    seat: str
    prefixes: tuple = ()


def list_courts():
    """Return every Court of the table.

    >>> found = {court.name: court.prefixes for court in list_courts()}
    >>> found["Tribunal des activités économiques de Paris"]
    ('75',)
    >>> found["Tribunal judiciaire de Saint-Malo"]
    ('22', '22100', '35', '35400')
    """
    towns, courts = _read_towns(), {}
    for line in _SEATS.strip().splitlines():
        departments, *columns = (cell.strip() for cell in line.split("|"))
        for kind, column in zip((COMMERCIAL, JUDICIAL), columns, strict=True):
            shared = list(_read_seats(column))
            for seat, others in shared:
                prefixes = courts.setdefault((kind, seat), [])
                prefixes += departments.split()
                # Alone in its department it needs nothing narrower.
                for town in (seat, *others) if len(shared) > 1 else ():
                    own = departments.split()
                    prefixes += [code for code in towns[town] if code.startswith(tuple(own))]
    return [
        Court(kind, _name(kind, seat, prefixes[0]), seat, tuple(sorted(prefixes)))
        for (kind, seat), prefixes in courts.items()
    ]


def _read_seats(column):
    """Yield (seat, other towns) of a cell."""
    for seat, others in re.findall(r"([^,(]+)(?:\(([^)]*)\))?,?", column):
        if seat.strip():
            yield seat.strip(), [town.strip() for town in others.split(",") if town.strip()]


def _read_towns():
    found = re.findall(r"([^|\n\d]+?) ((?:\d+ ?)+)", _TOWNS)
    return {town.strip(): tuple(codes.split()) for town, codes in found}


def _name(kind, seat, department):
    words = "Tribunal judiciaire"
    if kind == COMMERCIAL:
        words = "Tribunal de commerce"
        if seat in _ECONOMIC:
            words = "Tribunal des activités économiques"
        elif department.startswith(_OVERSEAS):
            words = "Tribunal mixte de commerce"
    return f"{words} {_of(_NAMED.get((kind, seat), seat))}"


def _of(place):
    """Return the place as it follows on a word.

    >>> _of("Le Mans"), _of("Les Sables-d'Olonne"), _of("Évreux"), _of("La Rochelle")
    ('du Mans', "des Sables-d'Olonne", "d'Évreux", 'de La Rochelle')
    """
    for article, word in (("Le ", "du "), ("Les ", "des ")):
        if place.startswith(article):
            return word + place.removeprefix(article)
    return f"d'{place}" if _plain(place)[:1] in "aeiouy" else f"de {place}"


# === A TABLE BY POSTCODE === #


def find_named(name, courts):
    """Return the key of the court that a table calls by a name, None when none or several fit.

    :param courts: {key: its own name}

    >>> known = {1: "Tribunal d'Évry-Courcouronnes", 2: "Tribunal judiciaire de Nevers"}
    >>> find_named("EVRY", known), find_named("Greffe du tribunal judiciaire de Nevers", known)
    (1, 2)
    >>> find_named("Gray", known) is None
    True
    """
    wanted = _bare(name)
    if not wanted:
        return None
    bare = {key: _bare(own) for key, own in courts.items()}
    for fits in (
        lambda own: own == wanted,
        lambda own: own.startswith(f"{wanted} ") or wanted.startswith(f"{own} "),
        lambda own: own.split()[:1] == wanted.split()[:1] != ["saint"],
    ):
        found = [key for key, own in bare.items() if own and fits(own)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def spread(codes):
    """Return {key: prefixes} of courts whose postcodes a table tells.

    Who is alone in a department has all of it. Where several share it each has its own postcodes,
    and the department besides: what the table leaves out, such as a CEDEX, is for a person to
    choose. So is a postcode of several courts.

    :param codes: {key: postcodes}

    >>> spread({"a": {"69001", "01000"}, "b": {"69400"}})
    {'a': ['01', '69', '69001'], 'b': ['69', '69400']}
    """
    owners = {}
    for key, own in codes.items():
        for code in own:
            owners.setdefault(_department(code), set()).add(key)
    return {
        key: sorted(
            {_department(code) for code in own}
            | {code for code in own if len(owners[_department(code)]) > 1}
        )
        for key, own in codes.items()
    }


def _department(code):
    return code[:3] if code[:2] in _LONG_DEPARTMENTS else code[:2]


def _bare(name):
    words = re.sub(r"[^a-z0-9]+", " ", _plain(name).replace("'", " "))
    return " ".join(_KIND_WORDS.sub(" ", words).split())


def _plain(text):
    parts = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part))
