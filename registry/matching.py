"""What somebody wrote for a maker and a model: candidates of the catalogue with a score and reasons.

A person decides. Only a remembered alias, or the full registered names of both the maker and the
model, are taken without asking (`Candidate.certain`); short names, namesakes, similar spellings and
look-alikes never are.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.aliases import alias_key, is_disguised, remembered
from registry.known_names import KnownModel, KnownNames, close
from registry.models import Build
from standards.names import company_key, fold, model_key
from standards.serial_numbers import MAKERS_OF_CODE, maker_code_of
from standards.trigrams import similarity

MOST = 12
SHORTEST = 6
"""Maker and model together need so many letters and digits to be taken without asking."""
LIKE_MAKER, LIKE_MODEL, LIKE_MODEL_ALONE, LIKE_WORD = 0.35, 0.3, 0.5, 0.3
_MADE_BY = re.compile(r"(?<=\S)社?製(?![造品鉄])\s*")
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]+|[^\\W_\u3040-\u30ff\u3400-\u9fff]+")
_SAYS_NOTHING = re.compile(
    r"\b(drones?|uavs?|uas|unmanned aircraft|model)\b|無人航空機|無人機|ドローン|機体|一式"
)
_NUMBERS = re.compile(r"\d+")


class Why(StrEnum):
    """The reasons for a candidate."""

    OWN_ALIAS = "own_alias"
    COMMON_ALIAS = "common_alias"
    MAKER_NAME = "maker_name"
    MAKER_WITHIN = "maker_within"
    MAKER_SIMILAR = "maker_similar"
    MODEL_NAME = "model_name"
    MODEL_SIMILAR = "model_similar"
    NUMBER_DIFFERS = "number_differs"
    OF_THE_MAKER = "of_the_maker"
    MAKER_CODE = "maker_code"
    OTHER_MAKER_CODE = "other_maker_code"
    LOOK_ALIKE = "look_alike"
    NAMESAKE = "namesake"


SENTENCES: dict[Why, Promise] = {
    Why.OWN_ALIAS: _("Your agency chose this for the same text before."),
    Why.COMMON_ALIAS: _("A steward confirmed this text for all agencies."),
    Why.MAKER_NAME: _("“%(detail)s” is a name of the maker."),
    Why.MAKER_WITHIN: _("The text contains “%(detail)s”, a name of the maker."),
    Why.MAKER_SIMILAR: _("“%(detail)s” is spelled like a name of the maker."),
    Why.MODEL_NAME: _("“%(detail)s” is the name of the model."),
    Why.MODEL_SIMILAR: _("“%(detail)s” is spelled like the name of the model."),
    Why.NUMBER_DIFFERS: _("The numbers differ: %(detail)s."),
    Why.OF_THE_MAKER: _("It is a model of this maker; the text names none."),
    Why.MAKER_CODE: _("The serial number begins with %(detail)s, a code of the maker."),
    Why.OTHER_MAKER_CODE: _("The serial number begins with %(detail)s, the code of another maker."),
    Why.LOOK_ALIKE: _(
        "“%(detail)s” only looks like the name: it has letters of another script or hidden characters."
    ),
    Why.NAMESAKE: _("Several have the name “%(detail)s”."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    detail: str = ""

    def __str__(self) -> str:
        """The sentence in the reader's language."""
        return str(SENTENCES[self.why]) % {"detail": self.detail}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A maker (`build_id` None), or a model by its build whose configuration is not known; by an
    alias, any build. The higher the score (1 to 100) the better. `certain`: may be taken unasked."""

    vendor_id: int
    vendor: str
    score: int
    reasons: tuple[Reason, ...]
    model_id: int | None = None
    model: str = ""
    build_id: int | None = None
    build: str = ""
    certain: bool = False

    @property
    def label(self) -> str:
        return " ".join(part for part in (self.vendor, self.build or self.model) if part)


@dataclass(frozen=True, slots=True)
class Asked:
    """One text, or one for the maker and one for the model, and a serial number if there is one."""

    maker: str = ""
    model: str = ""
    serial: str = ""

    @property
    def key(self) -> str:
        return alias_key(self.maker, self.model)


@dataclass(frozen=True, slots=True)
class _Maker:
    """A maker found in the text, why, and what remains of the text for the model."""

    vendor_id: int
    reason: Reason
    score: int
    rest: str


def candidates(
    text: str, *, serial: str = "", agency_id: int | None = None
) -> tuple[Candidate, ...]:
    """Candidates for one text that names a maker, a model or both, best first. Five queries at most."""
    asked = Asked(model=text, serial=serial)
    return match([asked], agency_id=agency_id)[asked]


def match(
    asked: Collection[Asked], *, agency_id: int | None = None
) -> dict[Asked, tuple[Candidate, ...]]:
    """Candidates for many texts at once, best first; the number of queries is that of one text.

    `agency_id` says whose remembered aliases count; those for all agencies always do.
    """
    names = KnownNames.load()
    aliases = _Aliases.load({each.key for each in asked}, agency_id)
    return {each: _candidates(each, names, aliases) for each in asked}


class _Aliases:
    """Builds remembered for texts, with the names of their models."""

    def __init__(self, of_key: Mapping[str, tuple[int, bool]], builds: Mapping[int, Build]) -> None:
        self._of_key, self._builds = of_key, builds

    @classmethod
    def load(cls, keys: Collection[str], agency_id: int | None) -> "_Aliases":
        of_key = remembered(keys, agency_id)
        wanted = {build for build, _common in of_key.values()}
        builds = Build.objects.select_related("model__manufacturer").in_bulk(list(wanted))
        return cls(of_key, builds)

    def find(self, key: str) -> Candidate | None:
        if key not in self._of_key:
            return None
        build_id, common = self._of_key[key]
        build = self._builds[build_id]
        return Candidate(
            vendor_id=build.model.manufacturer_id,
            vendor=str(build.model.manufacturer),
            model_id=build.model_id,
            model=str(build.model),
            build_id=build.pk,
            build=str(build),
            score=100,
            reasons=(Reason(Why.COMMON_ALIAS if common else Why.OWN_ALIAS),),
            certain=True,
        )


def _candidates(asked: Asked, names: KnownNames, aliases: _Aliases) -> tuple[Candidate, ...]:
    text = _plain(f"{asked.maker} {asked.model}")
    if not fold(text) and not asked.serial:
        return ()
    known = aliases.find(asked.key)
    makers = list(_makers(asked, names))
    found = [each for maker in makers for each in _of_maker(maker, names)]
    if not any(each.model_id for each in found):
        found += _models_alone(asked, names)
    found = _judged([*filter(None, [known]), *found], asked, names)
    return _best(_with_maker_code(found, asked.serial, names))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _makers(asked: Asked, names: KnownNames) -> Iterator[_Maker]:
    """Makers that the text names: by a whole name, by one it begins or ends with, else by a similar one."""
    maker, model = _plain(asked.maker), _plain(asked.model)
    found: dict[int, _Maker] = {}
    for text, rest, why in _sides(maker, model):
        for each in _named(text, rest, why, names):
            found.setdefault(each.vendor_id, each)
    if not found and maker:
        found = {each.vendor_id: each for each in _similar(maker, model, names)}
    if not found and not maker:
        found = {each.vendor_id: each for each in _similar(model, "", names)}
    yield from found.values()


def _sides(maker: str, model: str) -> Iterator[tuple[str, str, Why]]:
    """(the text of a maker, the rest, the reason), most telling first: what stands for the maker, the whole,
    what stands before 社製, what the text begins or ends with."""
    text = f"{maker} {model}".strip()
    if maker:
        yield maker, model, Why.MAKER_NAME
    yield text, "", Why.MAKER_NAME
    before, *after = _MADE_BY.split(text, maxsplit=1)
    if after:
        yield before, after[0], Why.MAKER_NAME
    for part, rest in _ends(text):
        yield part, rest, Why.MAKER_WITHIN


def _ends(text: str) -> Iterator[tuple[str, str]]:
    """(part, rest) for each part of whole words at the beginning, the longest first, then at the end."""
    words = [*_WORD.finditer(text)][:MOST]
    for word in reversed(words[:-1]):
        yield text[: word.end()], text[word.end() :]
    for word in words[1:]:
        yield text[word.start() :], text[: word.start()]


def _named(text: str, rest: str, why: Why, names: KnownNames) -> Iterator[_Maker]:
    shown, score = _MADE_BY.sub(" ", text).strip(), 50 if why is Why.MAKER_NAME else 45
    if called := names.makers_called(text):
        for vendor in called:
            yield _Maker(vendor, Reason(why, shown), score, _without(vendor, rest, names))
        return
    for vendor in names.makers_disguised(text):
        reason = Reason(Why.LOOK_ALIKE, shown)
        yield _Maker(vendor, reason, 20, _without(vendor, rest, names))


def _without(vendor: int, text: str, names: KnownNames) -> str:
    """The text for the model without the name of its maker, where that stands there once more."""
    for part, rest in _ends(text):
        if vendor in names.makers_called(part):
            return rest
    return text


def _similar(text: str, rest: str, names: KnownNames) -> Iterator[_Maker]:
    """Makers spelled alike, where each word of the text resembles one of the name: no further word."""
    words = company_key(text).split()
    if len(close(company_key(text))) < 4:
        return
    for vendor, key, similar in names.makers_like(text, LIKE_MAKER):
        if all(_resembles(word, key.split()) for word in words):
            reason = Reason(Why.MAKER_SIMILAR, text)
            yield _Maker(vendor, reason, round(30 * similar), rest)


def _resembles(word: str, others: Sequence[str]) -> bool:
    return any(similarity(word, other) >= LIKE_WORD for other in others)


def _means_nothing(text: str) -> bool:
    """Whether nothing remains but words such as "drone"."""
    return not fold(_SAYS_NOTHING.sub(" ", fold(text)))


def _of_maker(maker: _Maker, names: KnownNames) -> Iterator[Candidate]:
    """The maker alone when the text names no model, else its models that the rest names.

    A rest that names none of its models (the hotel of "Parrot Hotel") makes it no candidate at all.
    """
    base = Candidate(maker.vendor_id, names.vendors[maker.vendor_id], maker.score, (maker.reason,))
    models = names.of_maker.get(maker.vendor_id, [])
    if _means_nothing(maker.rest):
        yield base
        reasons = (*base.reasons, Reason(Why.OF_THE_MAKER))
        for model in models:
            yield _as_model(base, model, maker.score - 15, reasons)
        return
    for model in models:
        yield from _rest_named(base, model, maker.rest)


def _rest_named(base: Candidate, model: KnownModel, rest: str) -> Iterator[Candidate]:
    asked, exact = fold(rest), model_key(_SAYS_NOTHING.sub(" ", fold(rest)))
    if model_key(rest) in model.keys or exact in model.keys:
        reasons = (*base.reasons, Reason(Why.MODEL_NAME, rest.strip()))
        yield _as_model(base, model, base.score + 45, reasons)
        return
    similar = similarity(asked, model.folded)
    if similar >= LIKE_MODEL:
        reasons = (*base.reasons, *_like(rest, model))
        yield _as_model(base, model, base.score + round(30 * similar) - 5 * len(reasons), reasons)


def _like(text: str, model: KnownModel) -> Iterator[Reason]:
    yield Reason(Why.MODEL_SIMILAR, text.strip())
    asked, known = _NUMBERS.findall(fold(text)), _NUMBERS.findall(model.folded)
    if asked != known:
        yield Reason(Why.NUMBER_DIFFERS, f"{' '.join(asked) or '–'} / {' '.join(known) or '–'}")


def _models_alone(asked: Asked, names: KnownNames) -> Iterator[Candidate]:
    """Models by their own name, without a maker that the text makes known: never taken unasked."""
    text = _plain(_SAYS_NOTHING.sub(" ", fold(asked.model or asked.maker)))
    exact = names.models_called(text)
    for model in exact:
        base = Candidate(model.vendor_id, names.vendors.get(model.vendor_id, ""), 55, ())
        yield _as_model(base, model, 55, (Reason(Why.MODEL_NAME, text),))
    if exact or len(model_key(text)) < 4:
        return
    for model, similar in names.models_like(text, LIKE_MODEL_ALONE):
        if all(_resembles(word, model.folded.split()) for word in fold(text).split()):
            base = Candidate(model.vendor_id, names.vendors.get(model.vendor_id, ""), 0, ())
            yield _as_model(base, model, round(50 * similar), tuple(_like(text, model)))


def _as_model(
    base: Candidate, model: KnownModel, score: int, reasons: tuple[Reason, ...]
) -> Candidate:
    return replace(
        base,
        model_id=model.id,
        model=model.label,
        build_id=model.build_id,
        score=max(score, 1),
        reasons=reasons,
    )


def _judged(found: list[Candidate], asked: Asked, names: KnownNames) -> list[Candidate]:
    """With namesakes pointed out, and certain only where maker and model are named in full, once."""
    disguised = is_disguised(f"{asked.maker}{asked.model}")
    full = [each for each in found if _named_in_full(each)]
    if any(each.certain for each in found):
        return [replace(each, certain=each.certain and not disguised) for each in found]
    if len(full) > 1:
        reason = Reason(Why.NAMESAKE, _plain(f"{asked.maker} {asked.model}"))
        return [
            replace(each, reasons=(*each.reasons, reason)) if each in full else each
            for each in found
        ]
    long_enough = len(asked.key) >= SHORTEST and not disguised
    return [replace(each, certain=long_enough and each in full) for each in found]


def _named_in_full(candidate: Candidate) -> bool:
    whys = {reason.why for reason in candidate.reasons}
    return Why.MODEL_NAME in whys and bool(whys & {Why.MAKER_NAME, Why.MAKER_WITHIN})


def _with_maker_code(found: list[Candidate], serial: str, names: KnownNames) -> list[Candidate]:
    """What the maker code of the serial number adds: to the candidates there are, or a maker of its own."""
    code = maker_code_of(serial) if serial else None
    known = MAKERS_OF_CODE.get(code or "", ())
    owners = frozenset().union(*(names.makers_called(name) for name in known))
    if code is None or not owners:
        return found
    judged = [_supported(each, code, owners) for each in found]
    for vendor in sorted(owners - {each.vendor_id for each in found}):
        reasons = (Reason(Why.MAKER_CODE, code),)
        judged.append(Candidate(vendor, names.vendors[vendor], 15, reasons))
    return judged


def _supported(candidate: Candidate, code: str, owners: frozenset[int]) -> Candidate:
    fits = candidate.vendor_id in owners
    reason = Reason(Why.MAKER_CODE if fits else Why.OTHER_MAKER_CODE, code)
    score = min(candidate.score + 4, 100) if fits else max(candidate.score - 10, 1)
    return replace(candidate, score=score, reasons=(*candidate.reasons, reason))


def _best(found: list[Candidate]) -> tuple[Candidate, ...]:
    """One for each maker or build, the best first, a certain one before all."""
    best: dict[tuple[int, int | None], Candidate] = {}
    for each in sorted(found, key=lambda c: (not c.certain, -c.score, c.build_id or 0, c.label)):
        best.setdefault((each.vendor_id, each.build_id), each)
    return tuple(best.values())[:MOST]
