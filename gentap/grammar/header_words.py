"""Words of table headers: which are nouns, which count things, which stand before numbers that cannot be added up."""


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


NO_MEASURE = words_of(
    """
    # area-code away bib bus champion champions channel chart class code comments coordinates cup day division draw
    edition ep episode event final fips frequency g game gp grade grid heat home id isbn isn issue jersey kit km/h
    lane league leg level line mark match model no no. note notes nr number opp opp. order par phone pick place pos
    pos. position psip q race rank ranking ref ref. refs reign remarks result results round route runner-up
    runners-up score season seed serial stage stop tier time times type version week winner winners year years zip ±
    """
)
"""Words of a header whose numbers say which one, not how much."""

NO_SUM = words_of(
    """
    % age altitude apg average avg avg. capita change cumulative deficit density depth diameter elevation finish gap
    gauge gdp gpa growth height latitude longitude margin max mean median min pct peak percentage ppg pts/g rate
    rating ratio rpg score scoring share speed strike swing temperature time weight
    """
)
"""Words of a header whose numbers cannot be added up."""

NO_NAME = words_of(
    """
    # agg agg. aggregate bonus class code comment coordinate date description event fate fee finish form format
    height id no no. note outcome overall place pos pos. position rating record remark result role score scorer
    share standing status subdivision theme time venue vote weight year
    """
)
"""Last words of headers whose values are mostly different, and still name nothing: who would ask of 13–4?"""

NO_CATEGORY = words_of("notes note comments comment remarks description references links ref. refs. ref refs")
"""Headers of free text: that a text comes twice says nothing about the rows."""

OTHER_NAMES = {
    "pts": "points", "pts.": "points", "yds": "yards", "won": "wins", "lost": "losses",
    "drawn": "draws", "seats won": "seats", "no. of seats": "seats", "founded": "date of foundation",
    "established": "date of establishment", "foundation": "date of foundation", "opened": "opening date",
    "completed": "date of completion", "released": "release date", "introduced": "date of introduction",
    "published": "publication date", "built": "date of construction", "year built": "year of construction",
    "took office": "start of office", "left office": "end of office", "date from": "start date",
    "date until": "end date", "term expires": "end of term", "club performance season": "season",
    "club performance club": "club", "club performance league": "league",
    "commissioned": "date of commission", "launched": "launch date", "born": "date of birth",
    "birthday": "date of birth", "died": "date of death", "airdate": "air date", "first elected": "first election",
    "money": "prize money", "pop.": "population", "apps": "appearances", "apps.": "appearances",
    "total apps": "total appearances", "league apps": "league appearances", "cup apps": "cup appearances",
    "entered service": "entry into service", "service entry": "entry into service",
    "entered office": "start of office", "term began": "start of term", "term start": "start of term",
    "term ended": "end of term", "term end": "end of term", "date opened": "opening date",
    "date released": "release date", "date built": "date of construction", "date withdrawn": "withdrawal date",
    "date established": "date of establishment", "date founded": "date of foundation", "date set": "setting date",
    "year opened": "year of opening", "year released": "year of release", "year completed": "year of completion",
    "year adopted": "year of adoption", "elected date": "election date", "directed by": "director",
    "written by": "writer", "produced by": "producer", "won by": "winner", "party affiliation": "party",
    "name of m.l.a.": "member", "att.": "attendance", "avg. attendance": "average attendance",
}  # fmt: skip
"""Headers that are no nouns, and nouns that say the same."""

DATED_NAMES = {
    "from": "start date", "since": "start date", "start": "start date", "started": "start date",
    "begin": "start date", "began": "start date", "to": "end date", "until": "end date", "end": "end date",
    "ended": "end date", "closed": "closing date", "entered": "entry date", "left": "departure date",
    "exited": "exit date", "elected": "election date", "appointed": "appointment date", "delivery": "delivery date",
    "appointment": "appointment date", "designated": "date of designation",
    "withdrawn": "withdrawal date",
    "retired": "retirement date", "adopted": "date of adoption", "first worn": "first use",
    "qualified": "qualification date", "commenced": "start date",
    "birth": "date of birth",
    "death": "date of death", "release": "release date", "released": "release date", "listed": "listing date",
}  # fmt: skip
"""The same for headers of columns of dates."""

MEDALS = {"gold": "gold medals", "silver": "silver medals", "bronze": "bronze medals", "total": "total medals"}
"""Headers of a table of medals, which has the first three of them."""

NOUNS = words_of(
    """
    abbreviation accident account actor adaptation address adoption affiliation age agency aim airbase aircraft
    airdate airfield airline airport aisle album allegiance alphabet ammunition analyst anchor animal anthem apparatus
    appearance application appointment archipelago architect area arena army artist ascent aspect assembly association
    athlete athletics attack attendance author award awardee band bank base basin bassist battle bay behavior belt
    beneficiary bird birth birthday birthplace boat body bomb borough borrower bout bowler boxer brand breed brewery
    bridge brigade broadcaster browser budget builder building bus caliber calibre call campaign campus canal
    candidate canton capacity capital captain car card caretaker cartridge casino cast castle casualty catalogue
    catcher category cathedral cause celebrity cemetery census century ceo ceremony certification chair chairman
    champion championship channel chapter character charity chassis chief child chipset choir choreographer church
    circuit circumscription citizen citizenship city claim class classification client climber club coach coalition
    coastline code codename coin collection college color column commander comment commission commissioner committee
    community company competition compilation compiler completion component composer compound concert condition
    conductor conference conflict congressman connection consonant constituency construction constructor contestant
    continent contract contractor contributor convention corporation correspondent cost council councillor country
    county course cpu craft creation creator crew crowd cruiser culture curator currency cyclist cyclone dam dance
    date daughter day dealer death debt decision defendant defender definition degree delegate delivery denomination
    density department departure deposit deputy descent description design designation designer destination detail
    developer dialect diplomat direction director discipline discoverer discovery disease displacement dissolution
    distance distribution distributor district division doctor document domain donor driver drug drummer duration duty
    dynasty economy edit edition editor education election electorate element elevation embassy emission emperor
    employee employer end engine engineer enrollment enrolment entity entrant entry environment enzyme episode epoch
    establishment estate estimate ethnicity event example exchange executive exhibit exit expenditure expense
    experience explorer exporter extension facility faculty family farm fatality fate father feature federation fee
    festival field fight fighter film final finalist finish firm fish fixture flag fleet flight flower font force
    forename forest format formula fort foundation founder framework frequency friend fruit fuel function gallery game
    garden garrison gas gate gender gene genre genus glacier goal goalkeeper god goddess golfer government governor
    graduate grape ground group growth guest guitarist gun gymnast habitat hall hamlet headliner headquarters headword
    height heir helicopter heritage highway hill historian home hometown honor honour horse hospital host hotel hour
    hymn idol illness illustrator import incident income incumbent index industry influence ingredient inhabitant
    inning inscription installation institution instructor instrument interface interval interviewer introduction
    invention inventor investigator investor island isle isotope item job jockey joint journal judge junction justice
    keyboard king kingdom label lake landing landmark language lap launch laureate law lawyer leader league lecturer
    legislator length letter level library licence license lieutenant lighthouse line list locality location
    locomotive logo lord loser lyric lyricist machine magazine maker mall mammal manager manufacturer manuscript map
    marathon margin marker market mascot mast match mate material mayor meaning mechanism medal medalist medium meet
    meeting member memorial memory merchant metal meteor method metro microprocessor midfielder military mill mine
    mineral minister ministry missile mission mode model module monarch money month moon mosque mother motorcycle
    motto mount mountain mouth move movie municipality museum musician name narrator nation nationality necropolis
    neighbor neighborhood neighbourhood network newspaper nickname nobleman node nomination nominee novel number
    object objective observation observatory occasion occupant occupation ocean offense offer office officer opening
    opera operation operator opponent opposition orbit orchestra organisation organization origin outcome outlet owner
    package page painter painting palace panel parent parish park parliament particle partner partnership party
    passage patent patron payload peak penalty peninsula performance performer period person personality philosopher
    photograph photographer phrase phylum pianist piece pier pilot pitch pitcher place plaintiff planet plant platform
    play player playwright poem poet pole politician pollster pool population port portfolio position post postcode
    power practice predecessor prefecture prefix premier preparation presentation presenter presidency president price
    priest principal prison prisoner prize procedure processor producer product profession professor profit program
    programme programming project promotion property proposal prosecutor protein protocol prototype provider province
    publication publisher pupil purchaser purpose purse qualification quality quarter quarterback queen query question
    quote race radio railroad railway rainfall range ranger rank rapper rate rating reactor reader realm reason
    receiver reception recipe recipient record record-holder recording reduction referee reference reform refuge
    regiment region registrar registration reign relation relationship relative relay release religion remake remark
    report reporter representative republic request research reserve reservoir residence resident resolution resort
    resource response restaurant restriction result retailer retirement revenue reviewer revision rider ridge rifle
    ring rite river road rock rocket role roller roof room root roster round route ruin rule ruler runner runner-up
    runway sailor saint salary sale sample satellite scale scenario scholar school science scientist scope score
    scorer script sculptor sea season seat secretary section sector segment selection senator sentence sequence
    sergeant series server service session setting settlement severity sex share ship shipyard shooter shop show
    shrine side siege sign signal signature singer single sister site situation size skater skier skill slogan slot
    society software soldier soloist son song sort soundtrack source spacecraft speaker species specification speed
    spelling spirit spokesman sponsor sport spot spouse spring squad squadron stadium staff stage stake standard start
    state statement station statistic statue status step stock stoppage store storm strait stream street strength
    stretch striker structure student studio style subdistrict subject submarine substance substitute suburb successor
    suffix summary summit supervisor supplier support surface surgeon surname survey suspect swimmer symbol symphony
    syndicate synonym system target task tax taxon teacher team technique technology telescope television temple
    tenure term terminal terrain territory test theater theatre theme thesis thing threat throne throw ticket tier
    time title tomb tonnage tool topic tour tournament tower town township track trade tradition trailer train trainer
    training tram transition translation translator transmission treasurer treatment treaty tree trial tribe trip
    troop trophy truck tunnel turbine turnover tutor type tyre umpire unit university usage use user valley valuation
    value variety vehicle venue version vessel vice-captain vice-president victim victor victory video view village
    vineyard violinist visitor vocalist voice volcano vote voter vowel wage war warship watercourse waterfall weapon
    website week weekday weight width wife winery winger winner winter withdrawal witness woman wood word work worker
    workshop world worship wreck wrestler writer year yield zone
    """
)
"""Nouns in the singular that name a column, and that one can have one of."""

AMOUNTS = words_of(
    """
    affiliates appearances articles assists awards balls births blocks bonuses caps carries cars cases
    casualties catches contestants copies deaths defeats draws employees episodes floors fouls fumbles games goals
    households housemates houses inhabitants interceptions laps losses matches medals members pages passengers
    performances podiums points poles races rebounds receptions rooms runs sacks schools seasons seats spectators
    stations steals storeys stories students tackles titles touchdowns tracks tries viewers volumes votes wickets
    wins words yards
    """
)
"""Nouns in the plural of which a row has so many."""

PLURALS = words_of(
    """
    affiliations artists candidates certifications clubs comments coordinates counties credits dates destinations
    details dimensions directors drivers earnings languages locations names nominees notes numbers opponents players
    positions producers remarks results runners-up sales scorers teams winners writers years
    """
)
"""Nouns in the plural that are no amounts."""

LOWER = words_of(
    """
    a actual additional administrative air ancient and annual assembled assistant at atomic average away based best
    big broadcast bronze by cardinal catalog central certified chart civil classic closing coastal combined commercial
    common complete composite constitutional cultural current daily dead debut default defensive digital direct
    domestic double dual early eastern economic electoral electric eligible entire estimated everyday
    executive external famous federal female final financial first fiscal for foreign formal former from full
    future general giant gold governing great gross hard head high highest historic home human in independent
    individual industrial injured inner internal international joint large last late latest lead left legal
    legislative listing living local long low lowest main major male maximum mean medical men's military minimum minor
    mixed modern monthly most multiplayer municipal national native natural nearest net new newest next nominal
    nominated north northern notable of offensive official old oldest on online opening opposing original outer
    outgoing overall parliamentary particular peak per personal physical political popular possible premiere present
    previous primary principal private prize professional public quick racial rapid real recent recorded recurring
    regional regular religious residential rough royal rural scientific second secondary senior seniority sexual
    shared short silver sitting small social solo south southern special specific standard statutory succeeding
    successful supporting the third to top total traditional transfer tropical true typical ultimate underlying unique
    up upper urban usual visiting visual voting weekly west western whole wide winning women's working yearly
    young youngest
    """
)
"""Words that are no nouns, and are in lower case inside a question."""

UNCOUNTABLE = words_of(
    """
    age attendance completion construction crowd density distance duration enrollment enrolment establishment
    foundation home income introduction money population purse television time
    """
)
"""Nouns without a plural here."""
