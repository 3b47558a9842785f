"""Words of table headers: which are nouns, which count things, which stand before numbers that cannot be added up."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_MEASURE = _words(
    """
    # area-code away bib bus champion champions channel chart class code comments coordinates cup day division draw
    edition ep episode event final fips frequency g game gp grade grid heat home id isbn isn issue jersey kit km/h
    lane league leg level line mark match model no no. note notes nr number opp opp. order par phone pick place pos
    pos. position psip q race rank ranking ref ref. refs reign remarks result results round route runner-up
    runners-up score season seed serial stage stop tier time times type version week winner winners year years zip ±
    """
)
"""Words of a header whose numbers say which one, not how much."""

NO_SUM = _words(
    """
    % age altitude apg average avg avg. capita change cumulative deficit density depth diameter elevation finish gap
    gauge gdp gpa growth height latitude longitude margin max mean median min pct peak percentage ppg pts/g rate
    rating ratio rpg score scoring share speed strike swing temperature time weight
    """
)
"""Words of a header whose numbers cannot be added up."""

NO_NAME = _words(
    """
    # agg agg. aggregate bonus class code comment coordinate date description event fate fee finish form format
    height id no no. note outcome overall place pos pos. position rating record remark result role score scorer
    share standing status subdivision theme time venue vote weight year
    """
)
"""Last words of headers whose values are mostly different, and still name nothing: who would ask of 13–4?"""

NO_CATEGORY = _words("notes note comments comment remarks description references links ref. refs. ref refs")
"""Headers of free text: that a text comes twice says nothing about the rows."""

PLACEHOLDERS = _words("none n/a unknown unnamed various vacant na nil other others self tba tbd tbc tbc. ? - — –")
"""Values that say nothing."""

OTHER_NAMES = {
    "pts": "points", "pts.": "points", "yds": "yards", "apps.": "apps", "won": "wins", "lost": "losses",
    "drawn": "draws", "seats won": "seats", "no. of seats": "seats", "founded": "date of foundation",
    "established": "date of establishment", "foundation": "date of foundation", "opened": "opening date",
    "completed": "date of completion", "released": "release date", "introduced": "date of introduction",
    "published": "publication date", "built": "date of construction", "year built": "year of construction",
    "took office": "start of office", "left office": "end of office", "date from": "start date",
    "date until": "end date", "term expires": "end of term", "club performance season": "season",
    "club performance club": "club", "club performance league": "league",
    "commissioned": "date of commission", "launched": "launch date", "born": "date of birth",
    "birthday": "date of birth", "died": "date of death", "airdate": "air date", "first elected": "first election",
    "money": "prize money", "pop.": "population",
}  # fmt: skip
"""Headers that are no nouns, and nouns that say the same."""

MEDALS = {"gold": "gold medals", "silver": "silver medals", "bronze": "bronze medals", "total": "total medals"}
"""Headers of a table of medals, which has the first three of them."""

NOUNS = _words(
    """
    actor age airbase aircraft airdate airfield airline airport album alphabet anthem area arena army artist ascent
    athlete attendance author award band base bassist battle belt bird birth birthday boat borough bout boxer breed
    brewery bridge brigade browser budget builder building bus caliber calibre candidate capacity capital captain
    car cartridge casino casualty catcher category census ceo ceremony certification chair chairman champion
    championship channel character chassis child choreographer church circuit citizen citizenship city class
    classification climber club coach code college color commander comment commission community company competition
    completion composer compound conference congressman constituency construction constructor contestant continent
    cost country county course cpu creator crew crowd cruiser currency cyclist date daughter day death debt decision
    defender definition degree delegate denomination density department descent description design destination
    detail developer dialect director discipline discovery disease displacement distance district division domain
    driver drug drummer duration dynasty edition editor election element elevation emission emperor employer end
    engine engineer enrollment enrolment enzyme episode establishment ethnicity event example exchange expenditure
    expense family fate father feature fee field fight fighter film final finish fish flag fleet flower forename
    format formula foundation founder frequency gallery game gate gender gene genre glacier goal goalkeeper governor
    ground group growth guest guitarist gun habitat hamlet headliner height heir home hometown honor honour horse
    hospital host hotel hour income incumbent inhabitant inning institution instrument introduction island isotope
    jockey journal judge king label lake language lap launch leader league length letter level licence license line
    location locomotive loser lyricist magazine mammal manager manufacturer margin market mascot match mayor meaning
    medal medalist member memory method midfielder mineral minister ministry mission model monarch money month
    mother motto mountain movie municipality museum name narrator nation nationality neighborhood neighbourhood
    network nickname nomination nominee novel number occupation ocean office opening operator opponent orbit
    organization origin outcome owner parent parish park particle partner party payload peak performance performer
    period phrase pilot pitcher place planet plant platform player pole population port portfolio position
    predecessor prefecture presenter president price prize processor producer product profession profit programme
    project protein protocol province publication publisher purpose purse quarterback queen race railway range rank
    rapper rate rating reason recipient record referee reference regiment region reign release religion remark
    representative residence result revenue rider rifle river rocket role roster round route ruler runner-up runway
    salary satellite school score scorer script sea season seat section sector senator series service sex share ship
    show singer single site size skater slogan son song source spacecraft speaker species speed sponsor sport spouse
    stadium stage start state station status stock stoppage store street striker student studio style subject
    submarine suburb successor summit surface surname swimmer symbol tax team television temple term terminal
    territory theater theatre theme throne tier time title tonnage topic tournament tower town township track train
    trainer tram translation translator treaty tree tribe trophy turnover type tyre umpire university usage valley
    value variety vehicle venue version vessel village visitor volcano vote voter wage war weapon week weekday
    weight width winery winger winner word work wrestler writer year yield zone
    """
)
"""Nouns in the singular that name a column, and that one can have one of."""

AMOUNTS = _words(
    """
    affiliates appearances apps articles assists awards balls births blocks bonuses caps carries cars cases
    casualties catches contestants copies deaths defeats draws employees episodes floors fouls fumbles games goals
    households housemates houses inhabitants interceptions laps losses matches medals members pages passengers
    performances podiums points poles races rebounds receptions rooms runs sacks schools seasons seats spectators
    stations steals storeys stories students tackles titles touchdowns tracks tries viewers volumes votes wickets
    wins words yards
    """
)
"""Nouns in the plural of which a row has so many."""

PLURALS = _words(
    """
    affiliations artists candidates certifications clubs comments coordinates counties credits dates destinations
    details dimensions directors drivers earnings languages locations names nominees notes numbers opponents players
    positions producers remarks results runners-up sales scorers teams winners writers years
    """
)
"""Nouns in the plural that are no amounts."""

LOWER = _words(
    """
    a air and annual assistant at average away best broadcast bronze by catalog chart combined common current debut
    domestic final first for former from gold gross head highest home in international last lead listing local
    lowest main maximum mean minimum monthly native net new nominated of official on opening original overall peak
    per premiere previous primary prize regional regular second secondary seniority silver supporting the third to
    total transfer up weekly winning
    """
)
"""Words that are no nouns, and are in lower case inside a question."""

UNCOUNTABLE = _words(
    """
    age attendance completion construction crowd density distance duration enrollment enrolment establishment
    foundation home income introduction money population purse television time
    """
)
"""Nouns without a plural here."""
