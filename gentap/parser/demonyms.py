"""Adjectives and names of peoples, and the countries that tables write."""

from __future__ import annotations

_COUNTRIES = """
american: usa us states america; british: uk britain kingdom england; english: england; scottish: scotland;
welsh: wales; irish: ireland; french: france; german: germany; italian: italy; spanish: spain; portuguese: portugal;
dutch: netherlands; belgian: belgium; swiss: switzerland; austrian: austria; swedish: sweden; swede: sweden;
norwegian: norway; danish: denmark; dane: denmark; finnish: finland; finn: finland; icelandic: iceland;
polish: poland; pole: poland; czech: czech czechia;
slovak: slovakia; slovenian: slovenia; slovene: slovenia; hungarian: hungary; romanian: romania; bulgarian: bulgaria;
greek: greece; turkish: turkey; turk: turkey; serbian: serbia; serb: serbia; croatian: croatia; croat: croatia;
bosnian: bosnia; ukrainian: ukraine; russian: russia; estonian: estonia; latvian: latvia; lithuanian: lithuania;
belarusian: belarus; georgian: georgia; armenian: armenia; israeli: israel; egyptian: egypt; moroccan: morocco;
algerian: algeria; tunisian: tunisia; nigerian: nigeria; ghanaian: ghana; kenyan: kenya; ethiopian: ethiopia;
ugandan: uganda; jamaican: jamaica; cuban: cuba; mexican: mexico; brazilian: brazil; argentine: argentina;
argentinian: argentina; chilean: chile; colombian: colombia; peruvian: peru; uruguayan: uruguay; venezuelan: venezuela;
canadian: canada; australian: australia; chinese: china; japanese: japan; korean: korea; indian: india;
pakistani: pakistan; iranian: iran; iraqi: iraq; thai: thailand; vietnamese: vietnam; indonesian: indonesia;
malaysian: malaysia; filipino: philippines; kazakh: kazakhstan; us: usa states; usa: us states; uk: britain kingdom;
states: usa us; britain: uk kingdom; european: europe; african: africa; asian: asia
"""

_PAIRS = [
    (adjective.strip(), tuple(countries.split()))
    for adjective, _, countries in (entry.partition(":") for entry in _COUNTRIES.split(";"))
]


def _demonyms() -> dict[str, tuple[str, ...]]:
    found = dict(_PAIRS)
    for adjective, countries in _PAIRS:
        for country in countries:
            found[country] = (*found.get(country, ()), adjective)
    return found


DEMONYMS = _demonyms()
"""The words of countries' names by adjective, and adjectives by such words, in small letters."""

_PEOPLE = ("woman", "women", "man", "men", "s")


def countries(word: str) -> tuple[str, ...]:
    """What tables may write for an adjective, a people, one of it or a country: `Frenchman`, `Swedes`, `Scotland`."""
    ends = (word.removesuffix(end) for end in _PEOPLE if word.endswith(end))
    return next((DEMONYMS[one] for one in (word, *ends) if one in DEMONYMS), ())
