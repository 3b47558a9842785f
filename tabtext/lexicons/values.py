"""Where a text says a value as such: its words, figures or dates by `tabtext.matching`, else a freer form of it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, product
from unicodedata import category

from tabtext.figures import NUMBER_WORDS
from tabtext.folding import fold_key
from tabtext.lexicons import names, quantities
from tabtext.lexicons.quantities import TENS, Place
from tabtext.matching import TableMatcher
from tabtext.table import Table
from tabtext.triples import readable
from tabtext.values import MONTHS
from tabtext.variants import STRENGTHS

ADJECTIVES = {
    "america": "american", "united states": "american us usa", "united kingdom": "british uk britain",
    "england": "english", "france": "french", "germany": "german", "italy": "italian", "spain": "spanish spaniard",
    "netherlands": "dutch", "china": "chinese", "japan": "japanese", "india": "indian", "mexico": "mexican",
    "canada": "canadian", "australia": "australian", "ireland": "irish", "scotland": "scottish", "wales": "welsh",
    "turkey": "turkish", "greece": "greek", "russia": "russian", "poland": "polish", "denmark": "danish",
    "norway": "norwegian", "sweden": "swedish", "iceland": "icelandic", "finland": "finnish", "portugal": "portuguese",
    "brazil": "brazilian", "argentina": "argentine argentinian", "indonesia": "indonesian java javanese",
    "philippines": "filipino philippine", "malaysia": "malaysian", "singapore": "singaporean", "vietnam": "vietnamese",
    "belgium": "belgian", "switzerland": "swiss", "austria": "austrian", "romania": "romanian", "iraq": "iraqi",
    "azerbaijan": "azerbaijani", "pakistan": "pakistani", "south africa": "african", "texas": "texan",
    "california": "californian", "new zealand": "kiwi", "java": "javanese", "karnataka": "karnatakan",
    "chinese cuisine": "chinese china", "colombian cuisine": "colombian colombia columbia",
    "deceased": "died dead death deceased", "retired": "retired retirement", "print": "printed print book",
    "hardcover": "hardback hardcover hard", "paperback": "paperback",
}  # fmt: skip
"""Single words that also say a value, for the places and states that data sets speak of most."""

SURE = 0.7
"""The strength from which all of the matcher's matches count; a weaker one counts only where it is the only one."""

_GENERIC = frozenset({
    "the", "of", "a", "an", "and", "in", "at", "for", "language", "cuisine", "airport", "city", "county", "state",
    "university", "company", "inc", "corporation", "ltd", "entertainment", "studio", "studios", "games", "game",
    "interactive", "software", "team", "international", "club", "football", "fc", "band", "album", "president",
    "people", "member", "food", "country",
})  # fmt: skip
"""Words that do not tell one name from another."""

_HEAD = re.compile(r"([^\W\d]{4}.*?)(?:,| of | in | at )")
"""What comes before the closer description of a name: `Prime Minister of Romania`, `Lake Placid, New York`."""

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


_FIGURE = re.compile(r"\d[\d,.]*\d|\d")

_QUALIFIER = re.compile(r"\((?:[^()]* )?(?P<kind>[^() ]+)\)$")
"""What tells a name from another one, and the word for its kind: `(John Lennon song)`."""

_OTHER_QUALIFIER = re.compile(r"\s*\(|, [^\W\d_a-z]")


def find_values(text: str, values: Sequence[str], subjects: Container[str] = ()) -> list[list[Place]]:
    """The places where a text says each value, none of them within a longer place of another value.

    What the matcher does not find is looked for as the value's adjective (`French` for France), its letters and digits
    alone (`AFC` for A.F.C.), and its telling words, each with up to one letter in six wrong; but not inside a place of
    one of `subjects`: Antwerp International Airport does not say Antwerp. What has neither letters nor digits stands as
    it is.
    """
    places: list[list[Place]] = [[] for _ in values]
    matches = _matcher(tuple(values)).match(text)
    for sure in (True, False):
        for match in matches:
            column, place = match.cell.column, Place(match.start, match.end)
            if not quantities.fits(values[column], text, place):
                continue
            if match.how == "surname" and not names.may_be_surname(readable(values[column]), text, *place):
                continue
            if (STRENGTHS[match.how] >= SURE) is sure and (sure or not places[column]):
                places[column].append(place)
    for value, its in zip(values, places, strict=True):
        its += [place for place in quantities.places(text, value) if not its]
    taken = [place for value, its in zip(values, places, strict=True) if value in subjects for place in its]
    words = [(fold_key(found[0]), Place(*found.span())) for found in _WORD.finditer(text)]
    for index, value in enumerate(values):
        if not any(map(str.isalnum, value)):
            places[index] = verbatim(text, readable(value))
        elif not places[index]:
            found = _freely(value, words)
            found = found if found and quantities.same_sign(value, text, found) else None
            within = found and any(place.start <= found.start and found.end <= place.end for place in taken)
            places[index] = [found] if found and not within else []
    return places


def verbatim(text: str, value: str) -> list[Place]:
    """The places where a value stands as it is, as words of its own in any letter case; `£15` is not in `£15.50`."""
    words = r"\s+".join(map(re.escape, value.split()))
    if not words:
        return []
    pattern = re.compile(rf"(?<!\w)(?<!\d[.,]){words}(?!\w|[.,]\d)", re.IGNORECASE)
    return [Place(*found.span()) for found in pattern.finditer(text)]


def wordings(text: str, values: Sequence[str]) -> dict[str, str]:
    """How a text words those values that it says for sure, but not as they are written: `June 1, 2009` for 2009-06-01,
    `16,800` for 16800, `Imagine` for Imagine (John Lennon song).

    A date or name that is there in part is not said, a unit stays as it is written, and of a name only such a qualifier
    is left out that tells a kind, where the text has no other one and no other value bears the bare name. Dates and
    figures that are not said may be written so that a reader sees it (`quantities.unlike`).
    """
    best: dict[str, tuple[float, int, str]] = {}
    written = {readable(value) for value in values}
    for match in _matcher(tuple(values)).match(text):
        value, how, place = values[match.cell.column], match.how, Place(match.start, match.end)
        words, after = text[match.start : match.end], text[match.end :]
        if STRENGTHS[how] > SURE and readable(value) not in text and quantities.fits(value, text, place):
            words = _with_figure(readable(value), quantities.signed(text, place)) if how == "number" else words
            if words and _is_wording(words, readable(value), how, after) and (how != "name" or words not in written):
                best[value] = max(best.get(value, (0.0, 0, "")), (STRENGTHS[how], len(words), words))
    said = {value: words for value, (_, _, words) in best.items()}
    for value in values:
        if value not in said and readable(value) not in text:
            first = next(iter(quantities.places(text, value)), None)
            said[value] = text[first.start : first.end] if first else quantities.unlike(readable(value), text)
    return {value: words for value, words in said.items() if words != readable(value)}


_BELOW_ZERO = re.compile(r"(?:[-−–]|\b(?:minus|negative)) ?(?=\d)", re.IGNORECASE)


def _with_figure(value: str, words: str) -> str:
    """A value with its one figure as the words have it, its unit as it is; a bare figure may be words (`2 million`)."""
    sign = _BELOW_ZERO.match(words)
    if sign and (own := _BELOW_ZERO.match(value)):
        rest = _with_figure(value[own.end() :], words[sign.end() :])
        return f"{sign[0]}{rest}" if rest else ""
    figures = _FIGURE.findall(value)
    if len(figures) == 1 and _FIGURE.fullmatch(words):
        return value.replace(figures[0], words)
    return words if figures == [value] and words.islower() else ""


def _is_wording(words: str, value: str, how: str, after: str) -> bool:
    """Whether words that stand before the text `after` are a value's: not a word that only looks like a name (`it` for
    IT), nor a name without the place or person that tells it from another (`Paris` for Paris (Texas)), nor figures
    without their currency."""
    if words.islower() and value[:1].isupper() and (how == "name" or len(words) <= 3):
        return False
    if any(category(character) == "Sc" and character not in words for character in value):
        return False
    qualifier = _QUALIFIER.search(value) if how == "name" else None
    if not qualifier:
        return True
    is_kind = qualifier["kind"].islower() and any(map(str.isalpha, value[: qualifier.start()]))  # no `4.5 (kilograms)`
    return is_kind and not _OTHER_QUALIFIER.match(after)


@lru_cache(maxsize=64)
def _matcher(values: tuple[str, ...]) -> TableMatcher:
    header = tuple(str(index) for index in range(len(values)))
    return TableMatcher(Table(header, (tuple(readable(value) for value in values),)))


def _freely(value: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    for read in (_as_adjective, _spelled_out, _run_together, _by_telling_words):
        place = read(value, words)
        if place:
            return place
    head = _HEAD.match(readable(value))
    return _by_telling_words(head[1], words) if head else None


def _as_adjective(value: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    others = frozenset(ADJECTIVES.get(fold_key(readable(value)), "").split())
    for index, (word, place) in enumerate(words):
        if word in others:
            return place
        if word == "u" and [w for w, _ in words[index + 1 : index + 2]] == ["s"] and "us" in others:
            return Place(place.start, words[index + 1][1].end)
    return None


def _spelled_out(value: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    """Words that say small figures or a month: `ninety` for 90, `minus five` for -5, `May 1999` for 1999-05, `four out
    of five` for 4 out of 5."""
    if month := re.fullmatch(r"([12]\d{3})-(0[1-9]|1[0-2])", value):
        name = MONTHS[int(month[2]) - 1].lower()
        return _in_a_row(([name, month[1]], [name, "of", month[1]]), words)
    if figure := re.fullmatch(r"[-−](\d{1,2})", value):
        numbers = ([figure[1]], _number_words(int(figure[1])))
        return _in_a_row([[sign, *number] for sign in ("minus", "negative") for number in numbers], words)
    if re.fullmatch(r"[2-9]\d", value):
        return _in_a_row([_number_words(int(value))], words)
    if re.fullmatch(r"(?=.*[^\W\d_])(?:\d{1,2}|[^\W\d_]+)(?:[ -](?:\d{1,2}|[^\W\d_]+)){1,5}", value):
        either = [[[word], _number_words(int(word))] if word.isdigit() else [[word]] for word in _words(value)]
        return _in_a_row([[*chain.from_iterable(run)] for run in product(*either)], words)
    return None


def _words(value: str) -> list[str]:
    return _WORD.findall(fold_key(value))


def _number_words(number: int) -> list[str]:
    tens, ones = divmod(number, 10)
    if number < 20:
        return [NUMBER_WORDS[number]]
    return [TENS[tens - 2], *([NUMBER_WORDS[ones]] if ones else [])]


def _in_a_row(wanted: Iterable[list[str]], words: Sequence[tuple[str, Place]]) -> Place | None:
    """The first place where one of these runs of words stands."""
    for run in wanted:
        for first in range(len(words) - len(run) + 1):
            if [word for word, _ in words[first : first + len(run)]] == run:
                return Place(words[first][1].start, words[first + len(run) - 1][1].end)
    return None


def _run_together(value: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    """Words that have the value's letters and digits, wherever blanks and dots are."""
    wanted = "".join(_WORD.findall(fold_key(readable(value))))
    if len(wanted) < 2:
        return None
    for first in range(len(words)):
        joined = ""
        for word, place in words[first:]:
            joined += word
            if joined == wanted and not (wanted.isdigit() and _goes_on(words, first, place)):
                return Place(words[first][1].start, place.end)
            if not wanted.startswith(joined):
                break
    return None


def _goes_on(words: Sequence[tuple[str, Place]], first: int, last: Place) -> bool:
    """Whether digits that stand one character off make more of a figure of words[first] up to `last`: 10 in `10.5`."""
    start, end = words[first][1].start, last.end
    return any(word.isdigit() and (place.start == end + 1 or place.end == start - 1) for word, place in words)


def _by_telling_words(value: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    """The span of the value's words that tell it from others, where all (of four or more, two thirds) are there."""
    every = _WORD.findall(fold_key(readable(re.sub(r"\([^()]*\)", "", value))))
    telling = [word for word in every if word not in _GENERIC and len(word) > 1] or every
    digits = [word for word in every if len(word) == 1 and word.isdigit()]
    if len(digits) > 1 and not all(_word_like(digit, words) for digit in digits):  # 3 out of 5 is not 4 out of 5
        return None
    if not telling or all(word.isdigit() for word in telling):
        return None
    found = [place for place in (_word_like(word, words) for word in telling) if place]
    needed = len(telling) if len(telling) < 3 else -(-len(telling) * 3 // 5)
    if len(found) < needed or max(p.end for p in found) - min(p.start for p in found) > 3 * len(value) + 12:
        return None
    return Place(min(p.start for p in found), max(p.end for p in found))


def _word_like(wanted: str, words: Sequence[tuple[str, Place]]) -> Place | None:
    for word, place in words:
        if word == wanted or (min(len(word), len(wanted)) >= 5 and _alike(wanted, word)):
            return place
    return None


@lru_cache(maxsize=1 << 16)
def _alike(one: str, other: str) -> bool:
    """Whether two words of at least five letters are inflections or misspellings of each other."""
    if one.isdigit() or other.isdigit() or one[0] != other[0] or abs(len(one) - len(other)) > 3:
        return False
    if names.is_other_country(one, other):
        return False
    if one[:5] == other[:5] and min(len(one), len(other)) >= 6:
        return one[: min(len(one), len(other)) - 2] == other[: min(len(one), len(other)) - 2]
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 1 - 1 / 6
