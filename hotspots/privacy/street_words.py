"""Words of British addresses: kinds of streets, public places, buildings and parts of buildings.

A street is named by its kind ("Mill Lane", "Heol y Felin"). Some kinds are names of streets and of single houses or
blocks alike ("Hill View", "Meadow Court"); those alone do not show that an address is a street.
"""


def _words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


ABBREVIATIONS = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane",
    "cl": "close", "clo": "close", "dr": "drive", "drv": "drive", "gdns": "gardens", "gdn": "gardens",
    "cres": "crescent", "cresc": "crescent", "pl": "place", "sq": "square", "terr": "terrace", "ter": "terrace",
    "tce": "terrace", "gr": "grove", "gro": "grove", "blvd": "boulevard", "pde": "parade", "wy": "way", "wlk": "walk",
    "est": "estate", "ind": "industrial", "ct": "court", "hse": "house",
    "cott": "cottage", "bldgs": "buildings", "stn": "station", "hosp": "hospital", "ctr": "centre",
}  # fmt: skip
# The last word of a street's name.
STREETS = _words(
    "street road lane avenue close drive way crescent gardens terrace grove square parade walk mews place rise row "
    "boulevard circus esplanade promenade embankment bypass causeway alley alleyway passage path footpath bridleway "
    "cycleway wynd vennel brae approach ride broadway highway parkway quay quayside wharf ginnel snicket twitten hill "
    "green roundabout crossroads roads lanes streets flyover underpass viaduct ringway carriageway towpath drove "
    "pathway driveway walkway loan gait fold"
)
# Kinds that show a street only behind the number of a house; "Rose Hill" may be a house.
AFTER_NUMBERS = _words("hill green")
# Names of streets that need no other word.
SINGLE_STREETS = _words(
    "broadway strand esplanade promenade embankment parkway kingsway queensway princesway highway causeway riverside "
    "haymarket cornmarket minories quayside ringway bullring horsefair cheapside eastgate westgate northgate "
    "southgate piccadilly whitehall aldwych"
)
# The first word of a Welsh street's name.
WELSH_STREETS = _words(
    "heol hewl ffordd stryd stryt lôn lon rhodfa clos rhes teras cilgant coedlan llwybr sgwar sgwâr gerddi rhiw allt"
)
WELSH_PARTICLES = _words("y yr r 'r a'r de")
# "The Street" is a street; "The Lodge" is a house.
THE_STREETS = _words(
    "street lane drive avenue close crescent square parade broadway strand mall hill terrace mews walk row green "
    "boulevard promenade esplanade quay embankment causeway circus"
)
# Kinds of streets that are often names of single houses or blocks as well.
AMBIGUOUS = _words(
    "court view croft mead meadow meadows orchard orchards paddock paddocks park bank brow mount vale dene garth nook "
    "copse end chase corner field fields garden dell glade glen heights point gate spinney wood woods leys lea "
    "leas hey villas cottages buildings houses mansions maes bryn parc cae trem golwg min dol cwrt tai bridge bottom "
    "top side yard link spur loop cross ley holt hurst acre acres down downs warren brook fold common"
)
BUILDINGS = _words(
    "house cottage lodge farm farmhouse barn barns manor rectory vicarage parsonage presbytery villa court hall "
    "bungalow chalet cabin granary stables stable oast mill malthouse grange hostel hotel inn motel guesthouse annexe "
    "annex chambers mansions apartments flats tower towers tenement maisonette maisonettes cottages villas buildings "
    "building block residence residences home homes refuge hospice convent friary caravan houseboat narrowboat view "
    "bwthyn plas ty tŷ fferm hafod travelodge almshouse almshouses shelter dwelling property premises surgery"
)
UNITS = _words(
    "flat flats apartment apt apartments room rm unit units floor flr bedsit studio suite ste penthouse maisonette "
    "basement ward bay berth pitch plot platform office level block ground first second third top rear upper lower no "
    "no. number num nos shop stall garage fflat lot house"
)
HOMES = _words("flat flats apartment apt apartments bedsit studio penthouse maisonette annexe annex basement fflat")
# Parts of buildings that are no home.
ROOMS = _words("room unit floor level platform ward suite block flat")
# Words for buildings that end names of streets or of public places as well.
BLOCKS = _words("court view hall mill grange villas cottages mansions buildings building block")
# The last words of the name of a public place; estates of homes or firms among them.
ESTATES = frozenset({
    "industrial estate", "trading estate", "housing estate", "estate", "business park", "retail park",
    "enterprise park", "science park", "technology park", "industrial park", "business centre", "enterprise centre",
    "caravan park", "holiday park", "caravan site",
})  # fmt: skip
PUBLIC_PLACES = ESTATES | frozenset({
    "station", "railway station", "train station", "bus station", "coach station", "police station", "fire station",
    "petrol station", "service station", "filling station", "hospital", "infirmary", "school", "academy", "college",
    "university", "campus", "library", "museum", "theatre", "cinema", "recreation ground", "playground", "play area",
    "playing field", "playing fields", "sports ground", "skate park", "skatepark", "car park", "shopping centre",
    "shopping park", "shopping precinct", "precinct", "leisure centre", "sports centre", "community centre", "park",
    "town centre", "city centre", "village hall", "town hall", "civic centre", "magistrates court", "crown court",
    "county court", "prison", "airport", "services", "service area", "interchange", "church", "cathedral", "minster",
    "mosque", "synagogue", "cemetery", "crematorium", "churchyard", "market", "stadium", "racecourse", "golf course",
    "marina", "harbour", "docks", "pier", "beach", "seafront", "canal", "nature reserve", "country park", "allotments",
    "bus stop", "superstore", "supermarket", "subway", "tunnel", "reservoir", "lake", "park and ride",
})  # fmt: skip
# "The Old School" is a house.
FORMER = _words("old former converted")
# First words after which a name of several words is still that of a street.
QUALIFIERS = _words(
    "old new upper lower north south east west northern southern eastern western great little high low long st saint "
    "king kings queen queens prince princes duke dukes lord lords sir lady church castle mill manor market bishop "
    "bishops station london royal abbey priory park hill green white black red broad middle far near top bottom back "
    "front inner outer main first second third fourth fifth mount cross river canal victoria albert george william "
    "edward james charles henry john mary"
)
SIDES = _words("north south east west upper lower")
SMALL_WORDS = _words("the a an on in at by to from off and & with for is was his her their near of")
# Written small inside a name.
INNER_WORDS = _words("of the on in y yr le la de sub upon under and by")
