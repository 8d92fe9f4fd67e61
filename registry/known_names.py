"""The names of makers and models as they stand in the catalogue, read once for many texts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from agencies.models import in_reader_language
from registry.models import Build, VendorName
from standards.look_alikes import skeleton
from standards.names import company_key, fold, model_key
from standards.trigrams import SimilarNames


@lru_cache(maxsize=50_000)
def spellings(name: str, local: str) -> tuple[str, ...]:
    """The keys under which a model is looked for: each of its names, and both in one."""
    keys = (model_key(name), model_key(local), model_key(f"{name} {local}"))
    return tuple(dict.fromkeys(key for key in keys if key))


def close(key: str) -> str:
    """A folded name without its spaces: "evo 2" and "evo2" are one."""
    return key.replace(" ", "")


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model of the catalogue, and its build whose configuration is not known."""

    id: int
    build_id: int
    vendor_id: int
    name: str
    local: str

    @property
    def keys(self) -> tuple[str, ...]:
        return spellings(self.name, self.local)

    @property
    def folded(self) -> str:
        return fold(self.name)

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.local)


class KnownNames:
    """Everything by which a maker or a model can be found. Two queries to load."""

    def __init__(
        self, vendors: Iterable[tuple[int, str, str, str]], models: Iterable[KnownModel]
    ) -> None:
        """`vendors` are (vendor id, name, name in its own script, one folded name), a row per folded name."""
        self.vendors: dict[int, str] = {}
        self._makers: Mapping[str, set[int]] = defaultdict(set)
        self._plain: Mapping[str, set[int]] = defaultdict(set)
        self._spaced: Mapping[str, set[int]] = defaultdict(set)
        for vendor, name, local, key in vendors:
            self.vendors[vendor] = in_reader_language(name, local)
            self._makers[close(key)].add(vendor)
            self._plain[close(skeleton(key))].add(vendor)
            self._spaced[key].add(vendor)
        self.models = tuple(models)
        self.of_maker: Mapping[int, list[KnownModel]] = defaultdict(list)
        self._by_name: Mapping[str, list[KnownModel]] = defaultdict(list)
        for model in self.models:
            self.of_maker[model.vendor_id].append(model)
            for each in model.keys:
                self._by_name[each].append(model)

    @classmethod
    def load(cls) -> "KnownNames":
        names = (
            VendorName.objects.filter(vendor__merged_into=None)
            .order_by("id")
            .values_list("vendor_id", "vendor__name", "vendor__name_local", "key")
        )
        models = Build.objects.filter(configuration_known=False).values_list(
            "model_id", "id", "model__manufacturer_id", "model__name", "model__name_local"
        )
        return cls(names, (KnownModel(*row) for row in models))

    def makers_called(self, name: str) -> frozenset[int]:
        """The vendors of exactly this name, once spelling and legal forms are set aside."""
        return frozenset(self._makers.get(close(company_key(name)), ()))

    def makers_disguised(self, name: str) -> frozenset[int]:
        """The vendors whose name this only looks like, because letters of another script stand in it."""
        key = close(company_key(name))
        plain = close(skeleton(key))
        return frozenset() if plain == key else frozenset(self._plain.get(plain, ()))

    def makers_like(self, name: str, at_least: float) -> Iterator[tuple[int, str, float]]:
        """(vendor id, the folded name that is alike, how much)."""
        for key, similar in self._similar_makers.like(company_key(name), at_least):
            for vendor in self._spaced[key]:
                yield vendor, key, similar

    def models_called(self, name: str) -> list[KnownModel]:
        return self._by_name.get(model_key(name), [])

    def models_like(self, name: str, at_least: float) -> Iterator[tuple[KnownModel, float]]:
        for key, similar in self._similar_models.like(fold(name), at_least):
            for model in self._by_folded[key]:
                yield model, similar

    @cached_property
    def _similar_makers(self) -> SimilarNames:
        return SimilarNames(self._spaced)

    @cached_property
    def _by_folded(self) -> Mapping[str, list[KnownModel]]:
        folded: Mapping[str, list[KnownModel]] = defaultdict(list)
        for model in self.models:
            folded[model.folded].append(model)
        return folded

    @cached_property
    def _similar_models(self) -> SimilarNames:
        return SimilarNames(self._by_folded)
