"""Words, numbers and dates of documents, in Swedish and English.

Documents are made outside requests too, so they do not use the web's catalogues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

PHRASES: dict[str, dict[str, str]] = {
    "confidential": {"sv": "Konfidentiellt", "en": "Confidential"},
    "page": {"sv": "Sida", "en": "Page"},
    "of": {"sv": "av", "en": "of"},
    "min": {"sv": "min", "en": "min"},
    "version": {"sv": "Version {version}", "en": "Version {version}"},
    "comparison": {"sv": "Kandidatjämförelse", "en": "Candidate comparison"},
    "candidates.1": {"sv": "1 kandidat", "en": "1 candidate"},
    "candidates": {"sv": "{n} kandidater", "en": "{n} candidates"},
    "competencies.1": {"sv": "1 kompetens", "en": "1 competency"},
    "competencies": {"sv": "{n} kompetenser", "en": "{n} competencies"},
    "interviewers.1": {"sv": "1 intervjuare", "en": "1 interviewer"},
    "interviewers": {"sv": "{n} intervjuare", "en": "{n} interviewers"},
    "rounds.1": {"sv": "1 omgång", "en": "1 round"},
    "rounds": {"sv": "{n} omgångar", "en": "{n} rounds"},
    "everyone met everyone": {"sv": "alla mötte alla", "en": "everyone met everyone"},
    "not everyone met everyone": {
        "sv": "alla mötte inte alla",
        "en": "not everyone met everyone",
    },
    "some not assessed": {"sv": "några svar saknas", "en": "some ratings missing"},
    "ratings": {"sv": "{n} bedömningar", "en": "{n} ratings"},
    "guide": {"sv": "Guide", "en": "Guide"},
    "h.none": {
        "sv": "Ingen kandidat är bedömd på tillräckligt mycket för att jämföras.",
        "en": "No candidate has been assessed on enough to be compared.",
    },
    "h.one": {
        "sv": "{a} bedöms till {score} på skalan {low}–{high}.",
        "en": "{a} is rated {score} on the scale {low}–{high}.",
    },
    "h.incomparable": {
        "sv": "Kandidaterna kan inte rangordnas, för de har inte mött samma intervjuare.",
        "en": "The candidates cannot be ranked, because they have not met the same interviewers.",
    },
    "h.groups": {
        "sv": "Grupperna utan gemensam intervjuare är: {groups}.",
        "en": "The groups that share no interviewer are: {groups}.",
    },
    "h.unsure.order": {
        "sv": "{a} har högst samlad bedömning ({score}), men det går inte att säga hur säkert det "
        "är.",
        "en": "{a} has the highest overall rating ({score}), but how sure that is cannot be said.",
    },
    "h.unsure.tie": {
        "sv": "{names} har samma samlade bedömning ({score}).",
        "en": "{names} have the same overall rating ({score}).",
    },
    "h.few": {
        "sv": "För få intervjuare har bedömt för att osäkerheten ska gå att räkna ut.",
        "en": "Too few interviewers have rated for the uncertainty to be worked out.",
    },
    "h.even": {
        "sv": "{names} är för jämna för att skiljas åt.",
        "en": "{names} are too close to call.",
    },
    "h.even.all": {
        "sv": "Alla {n} kandidater är för jämna för att skiljas åt.",
        "en": "All {n} candidates are too close to call.",
    },
    "h.even.many": {
        "sv": "{n} kandidater i topp är för jämna för att skiljas åt.",
        "en": "The top {n} candidates are too close to call.",
    },
    "h.likely": {
        "sv": "{a} ligger troligen före {b}.",
        "en": "{a} is probably ahead of {b}.",
    },
    "h.clear": {
        "sv": "{a} ligger klart före de andra.",
        "en": "{a} is clearly ahead of the others.",
    },
    "h.clear.one": {"sv": "{a} ligger klart före {b}.", "en": "{a} is clearly ahead of {b}."},
    "h.group clear.2": {
        "sv": "Båda ligger klart före {rest}.",
        "en": "Both are clearly ahead of {rest}.",
    },
    "h.group clear": {
        "sv": "Alla {n} ligger klart före {rest}.",
        "en": "All {n} are clearly ahead of {rest}.",
    },
    "rest": {"sv": "övriga {n}", "en": "the other {n}"},
    "h.strong.1": {
        "sv": "{a} är starkast på {x}.",
        "en": "{a} is strongest in {x}.",
    },
    "h.strong.2": {
        "sv": "{a} är starkast på {x}, {b} på {y}.",
        "en": "{a} is strongest in {x}, {b} in {y}.",
    },
    "h.below": {
        "sv": "{a} når inte skallkravet på {x} ({score} av minst {limit}).",
        "en": "{a} does not reach the must-have on {x} ({score} of at least {limit}).",
    },
    "h.disagree": {
        "sv": "Panelen är oense om {a} på {x} ({span}): pröva det innan ni bestämmer er.",
        "en": "The panel disagrees about {a} on {x} ({span}): test it before you decide.",
    },
    "h.disagree.more": {
        "sv": "Panelen är oense på {n} punkter, mest om {a} på {x} ({span}): pröva det innan ni "
        "bestämmer er.",
        "en": "The panel disagrees on {n} points, most about {a} on {x} ({span}): test it before "
        "you decide.",
    },
    "h.incomplete": {
        "sv": "{names} är bedömda på mindre än hälften och rangordnas inte.",
        "en": "{names} have been assessed on less than half and are not ranked.",
    },
    "h.incomplete.1": {
        "sv": "{names} är bedömd på mindre än hälften och rangordnas inte.",
        "en": "{names} has been assessed on less than half and is not ranked.",
    },
    "overall, with uncertainty": {
        "sv": "Samlad bedömning, med osäkerhet",
        "en": "Overall rating, with uncertainty",
    },
    "candidate": {"sv": "Kandidat", "en": "Candidate"},
    "overall": {"sv": "Samlat", "en": "Overall"},
    "scale": {"sv": "Skala {low}–{high}", "en": "Scale {low}–{high}"},
    "dot note": {
        "sv": "Punkten är det viktade medelvärdet, justerat för hur generös varje intervjuare är. "
        "Strecket visar var det rimligen ligger om andra intervjuare hade bedömt (95 %).",
        "en": "The dot is the weighted mean, adjusted for how generous each interviewer is. The "
        "bar shows where it would reasonably lie if other interviewers had rated (95%).",
    },
    "dot note without": {
        "sv": "Punkten är det viktade medelvärdet. Osäkerheten går inte att räkna ut: det behövs "
        "minst två intervjuare som bedömt minst två gemensamma kandidater.",
        "en": "The dot is the weighted mean. The uncertainty cannot be worked out: it takes at "
        "least two interviewers who have rated at least two candidates in common.",
    },
    "incomparable note": {
        "sv": "Jämför bara inom en grupp som delar intervjuare. Skillnader mellan grupperna kan "
        "bero på vem som bedömde.",
        "en": "Compare only within a group that shares interviewers. Differences between the "
        "groups may come from who rated.",
    },
    "competency by competency": {"sv": "Kompetens för kompetens", "en": "Competency by competency"},
    "heat note": {
        "sv": "Skala {low}–{high}. Mörkare grönt är högre.",
        "en": "Scale {low}–{high}. Darker green is higher.",
    },
    "heat note spread": {
        "sv": "Rött spann: intervjuarna skiljer sig mycket.",
        "en": "Red span: the interviewers differ much.",
    },
    "heat note below": {"sv": "Ram: under skallkravet.", "en": "Framed: below the must-have."},
    "heat note gaps": {"sv": "Streck: inte bedömt.", "en": "Dash: not assessed."},
    "to settle": {"sv": "Att reda ut före beslut", "en": "To settle before deciding"},
    "settle.pending": {
        "sv": "Bedömningar som inte är inlämnade:",
        "en": "Ratings not yet submitted:",
    },
    "settle.below": {
        "sv": "{score} av minst {limit}. Under skallkravet.",
        "en": "{score} of at least {limit}. Below the must-have.",
    },
    "settle.sides": {
        "sv": "Gav {low}: {lows}. Gav {high}: {highs}.",
        "en": "Gave {low}: {lows}. Gave {high}: {highs}.",
    },
    "settle.unassessed": {"sv": "Inte bedömt av någon.", "en": "Not assessed by anyone."},
    "settle.more": {
        "sv": "{n} till, se avsnittet om oenighet och sammanställningen.",
        "en": "{n} more: see the section on disagreement and the table.",
    },
    "settle.nothing": {
        "sv": "Inget sticker ut: panelen är enig och inga skallkrav är missade.",
        "en": "Nothing stands out: the panel agrees and no must-have is missed.",
    },
    "settle.nothing one": {
        "sv": "Inget sticker ut. Varje punkt vilar på en enda bedömning: låt någon mer bedöma.",
        "en": "Nothing stands out. Each point rests on a single rating: let someone else rate too.",
    },
    "how sure": {"sv": "Så säkra är vi", "en": "How sure we are"},
    "sure.pair": {
        "sv": "{a} före {b}: {chance} av 100",
        "en": "{a} ahead of {b}: {chance} in 100",
    },
    "sure.more": {"sv": "mer än 99", "en": "more than 99"},
    "sure.less": {"sv": "mindre än 1", "en": "less than 1"},
    "sure.none": {
        "sv": "Det går inte att räkna ut hur säker ordningen är.",
        "en": "How sure the order is cannot be worked out.",
    },
    "sure.one": {
        "sv": "Med en kandidat finns ingen ordning att vara säker på.",
        "en": "With one candidate there is no order to be sure of.",
    },
    "sure.meaning": {
        "sv": "Talen säger hur ofta ordningen skulle stå sig med andra intervjuare.",
        "en": "The figures say how often the order would hold with other interviewers.",
    },
    "candidate by candidate": {"sv": "Kandidat för kandidat", "en": "Candidate by candidate"},
    "competency": {"sv": "Kompetens", "en": "Competency"},
    "each interviewer": {"sv": "Varje intervjuare", "en": "Each interviewer"},
    "mean": {"sv": "Medel", "en": "Mean"},
    "span": {"sv": "Spann", "en": "Span"},
    "ground": {"sv": "Underlag", "en": "Ground"},
    "place": {"sv": "Plats {rank}", "en": "Place {rank}"},
    "not ranked": {"sv": "Rangordnas inte", "en": "Not ranked"},
    "overall is": {"sv": "Samlat {score}", "en": "Overall {score}"},
    "interval": {"sv": "troligen {low}–{high}", "en": "probably {low}–{high}"},
    "talk": {"sv": "prat", "en": "talk"},
    "example": {"sv": "exempel", "en": "example"},
    "pattern": {"sv": "mönster", "en": "pattern"},
    "strip note": {
        "sv": "En punkt för varje intervjuare.",
        "en": "One dot for each interviewer.",
    },
    "strip note levels": {
        "sv": "En punkt för varje intervjuare; ihålig när underlaget bara är prat. Underlag: prat "
        "är åsikter, exempel en händelse, mönster flera.",
        "en": "One dot for each interviewer; hollow when the ground is only talk. Ground: talk is "
        "opinions, an example is one event, a pattern several.",
    },
    "strongest": {"sv": "Starkaste underlag", "en": "Strongest evidence"},
    "doubts": {"sv": "Tvivel", "en": "Doubts"},
    "no doubts": {
        "sv": "Inget lågt betyg med motivering.",
        "en": "No low rating with a reason.",
    },
    "no strengths": {
        "sv": "Inget högt betyg med motivering.",
        "en": "No high rating with a reason.",
    },
    "gave": {"sv": "{name} gav {score}", "en": "{name} gave {score}"},
    "where the panel disagrees": {
        "sv": "Där panelen är oense",
        "en": "Where the panel disagrees",
    },
    "disagree intro": {
        "sv": "Här skiljer sig bedömningarna så mycket att panelen bör prata innan ni beslutar. "
        "Börja med vad var och en hörde, inte med siffran.",
        "en": "Here the ratings differ so much that the panel should talk before you decide. Begin "
        "with what each of you heard, not with the number.",
    },
    "disagree more": {
        "sv": "Ytterligare {n} punkter har rött spann i sammanställningen.",
        "en": "Another {n} points have a red span in the table.",
    },
    "the lower": {"sv": "De lägsta", "en": "The lowest"},
    "the higher": {"sv": "De högsta", "en": "The highest"},
    "no reason given": {"sv": "Ingen motivering.", "en": "No reason given."},
    "and more": {"sv": "och {n} till", "en": "and {n} more"},
    "method": {"sv": "Så är det räknat", "en": "How it is worked out"},
    "m.composite": {
        "sv": "Varje intervjuares betyg vägs ihop till ett tal per kandidat, med kompetensernas "
        "vikter. Det som inte är bedömt räknas inte alls, varken som noll eller som en gissning.",
        "en": "Each interviewer's ratings are weighed together into one number per candidate, with "
        "the weights of the competencies. What is not assessed does not count at all, neither as "
        "zero nor as a guess.",
    },
    "m.adjusted": {
        "sv": "Den som möter en sträng intervjuare ska inte förlora på det. Därför justeras "
        "talen för hur generös varje intervjuare är mot de kandidater som flera har bedömt.",
        "en": "Nobody should lose by meeting a strict interviewer. So the numbers are adjusted for "
        "how generous each interviewer is towards the candidates that several have rated.",
    },
    "m.interval": {
        "sv": "Strecket (95 %) och talen ”av 100” bygger på hur mycket intervjuarna skiljer sig "
        "åt om samma kandidat. Under 80 av 100 är det för jämnt för att avgöra, från 95 är det "
        "klart.",
        "en": "The bar (95%) and the figures “in 100” build on how much interviewers differ about "
        "the same candidate. Below 80 in 100 it is too close to call, from 95 it is clear.",
    },
    "m.discuss": {
        "sv": "En punkt tas upp som oenighet när högsta och lägsta betyg skiljer minst två steg, "
        "eller när betygen i snitt ligger långt från medelvärdet.",
        "en": "A point is listed as disagreement when the highest and the lowest rating differ by "
        "two steps or more, or when ratings on average lie far from the mean.",
    },
    "m.limits": {
        "sv": "Siffrorna säger vad panelen såg, inte vad kandidaten kommer att göra. De är ett "
        "underlag: beslutet fattar ni.",
        "en": "The figures say what the panel saw, not what the candidate will do. They inform: "
        "the decision is yours.",
    },
    "weights": {"sv": "Vikter", "en": "Weights"},
    "facts": {"sv": "Om processen", "en": "About the process"},
    "fact": {"sv": "Uppgift", "en": "Item"},
    "value": {"sv": "Innehåll", "en": "Content"},
    "f.guide": {"sv": "Guide", "en": "Guide"},
    "f.rounds": {"sv": "Omgångar", "en": "Rounds"},
    "f.panel": {"sv": "Panel", "en": "Panel"},
    "f.ratings": {"sv": "Bedömningar", "en": "Ratings"},
    "f.missing": {"sv": "Inte bedömt av någon", "en": "Not assessed by anyone"},
    "f.nothing missing": {
        "sv": "Alla kandidater är bedömda på alla kompetenser.",
        "en": "Every candidate has been assessed on every competency.",
    },
    "f.must-haves": {"sv": "Skallkrav", "en": "Must-haves"},
    "f.at least": {"sv": "{x} minst {limit}", "en": "{x} at least {limit}"},
    "f.made": {"sv": "Framställd", "en": "Made"},
    "f.hash": {"sv": "Kontrollsumma", "en": "Checksum"},
    "f.hash note": {
        "sv": "samma underlag ger samma summa",
        "en": "the same ratings give the same checksum",
    },
    "f.rating count": {
        "sv": "{n} betyg; {missing} saknas av alla möjliga",
        "en": "{n} scores; {missing} missing out of all possible",
    },
    "f.rating count full": {"sv": "{n} betyg; inget saknas", "en": "{n} scores; none missing"},
    "severity.generous": {
        "sv": "{name}: {n} kandidater, {x} högre än panelen",
        "en": "{name}: {n} candidates, {x} above the panel",
    },
    "severity.strict": {
        "sv": "{name}: {n} kandidater, {x} lägre än panelen",
        "en": "{name}: {n} candidates, {x} below the panel",
    },
    "severity.level": {
        "sv": "{name}: {n} kandidater, som panelen",
        "en": "{name}: {n} candidates, like the panel",
    },
    "severity.unknown": {"sv": "{name}: {n} kandidater", "en": "{name}: {n} candidates"},
    "kit": {"sv": "Intervjuguide", "en": "Interview guide"},
    "interviewer": {"sv": "Intervjuare", "en": "Interviewer"},
    "date": {"sv": "Datum", "en": "Date"},
    "before": {"sv": "Före intervjun", "en": "Before the interview"},
    "opening": {"sv": "Inledning", "en": "Opening"},
    "closing": {"sv": "Avslutning", "en": "Closing"},
    "question": {"sv": "Fråga {n}", "en": "Question {n}"},
    "past_behaviour": {"sv": "upplevd situation", "en": "past behaviour"},
    "situational": {"sv": "tänkt situation", "en": "situational"},
    "case": {"sv": "fall", "en": "case"},
    "reflection": {"sv": "reflektion", "en": "reflection"},
    "background": {"sv": "Läs upp bakgrunden", "en": "Read the background"},
    "probes": {"sv": "Följdfrågor", "en": "Probes"},
    "signs of practice": {"sv": "Tecken på praktik", "en": "Signs of practice"},
    "signs of talk": {"sv": "Tecken på prat", "en": "Signs of talk"},
    "notes": {"sv": "Anteckningar", "en": "Notes"},
    "rate": {"sv": "Bedöm {x}", "en": "Rate {x}"},
    "rate help": {
        "sv": "Sätt kryss själv, innan ni pratar ihop er.",
        "en": "Tick on your own, before you talk to each other.",
    },
    "point": {"sv": "Betyg", "en": "Score"},
    "what it looks like": {"sv": "Så ser det ut", "en": "What it looks like"},
    "not assessed": {"sv": "Inte bedömt", "en": "Not assessed"},
    "evidence level": {"sv": "Underlag", "en": "Ground"},
    "level.talk": {"sv": "Prat: åsikter och avsikter", "en": "Talk: opinions and intentions"},
    "level.example": {"sv": "Exempel: en händelse", "en": "Example: one event"},
    "level.pattern": {"sv": "Mönster: flera händelser", "en": "Pattern: several events"},
    "over-control": {"sv": "För hårt styrt", "en": "Too much control"},
    "laissez-faire": {"sv": "För löst styrt", "en": "Too little leadership"},
    "look for": {"sv": "Detta prövas", "en": "What is tested"},
    "rating form": {"sv": "Min bedömning", "en": "My rating"},
    "rating form help": {
        "sv": "För över dina betyg direkt efter intervjun, och skriv vad du hörde som bär dem.",
        "en": "Copy your scores right after the interview, and write what you heard behind them.",
    },
    "evidence": {"sv": "Vad jag hörde", "en": "What I heard"},
    "signature": {"sv": "Namn och datum", "en": "Name and date"},
    "after": {"sv": "Efter intervjun", "en": "After the interview"},
    "round facts": {
        "sv": "{planned} av {minutes} minuter planerade",
        "en": "{planned} of {minutes} minutes planned",
    },
    "for instance": {"sv": "Till exempel:", "en": "For instance:"},
}


class Words:
    """The phrases of one language, and how it writes numbers, dates and lists."""

    def __init__(self, language: str) -> None:
        self.language = "sv" if language == "sv" else "en"

    def __call__(self, phrase: str, **values: object) -> str:
        """Return a phrase with its values. Raises KeyError for an unknown one."""
        return PHRASES[phrase][self.language].format(**values)

    def count(self, phrase: str, n: int) -> str:
        """Return the phrase in the singular or the plural."""
        return self(f"{phrase}.1") if n == 1 else self(phrase, n=n)

    def score(self, value: float) -> str:
        """Return a score with one decimal."""
        return str(format_decimal(value, format="0.0", locale=self.language))

    def point(self, value: float) -> str:
        """Return a given score: whole numbers without a decimal."""
        return str(format_decimal(value, format="0.#", locale=self.language))

    def span(self, low: float, high: float) -> str:
        """Return two given scores as a span."""
        return f"{self.point(low)}–{self.point(high)}"

    def percent(self, share: float) -> str:
        """Return a share of the whole in whole per cent."""
        return f"{share:.0%}".replace("%", " %") if self.language == "sv" else f"{share:.0%}"

    def chance(self, probability: float) -> str:
        """Return a probability out of a hundred, never as certainty."""
        if probability > 0.99:
            return self("sure.more")
        if probability < 0.01:
            return self("sure.less")
        return f"{probability * 100:.0f}"

    def date(self, moment: datetime) -> str:
        """Return the day, with the month written out."""
        if self.language == "sv":
            return str(format_date(moment, "d MMMM y", locale="sv"))
        return str(format_date(moment, "d MMMM y", locale="en_GB"))

    def join(self, items: Iterable[str]) -> str:
        """Return the items as a list in running text."""
        return str(
            format_list(list(items), locale=self.language if self.language == "sv" else "en_GB")
        )

    @staticmethod
    def inside(name: str) -> str:
        """Return a competency's name as it stands inside a sentence."""
        return name[:1].lower() + name[1:] if name[1:2].islower() else name
