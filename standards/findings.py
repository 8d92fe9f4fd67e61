"""What the check of one value found, in both languages, and how bad it is."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`ERROR` refuses the value, `WARNING` keeps it and asks, `HINT` only tells."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


_WORST_FIRST = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    severity: Severity
    en: str
    ja: str

    def text(self, language: str) -> str:
        return self.ja if language.lower().split("-")[0] == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one value. `value` is the form to store: what was given without the spaces
    around it, and without parts that must not be kept. `well_formed` says whether it has the form
    that its scheme asks for; a value can be malformed with only a warning."""

    scheme: str
    value: str
    well_formed: bool
    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The worst of the findings; None when there is none."""
        found = {finding.severity for finding in self.findings}
        return next((severity for severity in _WORST_FIRST if severity in found), None)

    @property
    def acceptable(self) -> bool:
        return self.severity is not Severity.ERROR

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)


def error(code: str, en: str, ja: str) -> Finding:
    return Finding(code, Severity.ERROR, en, ja)


def warning(code: str, en: str, ja: str) -> Finding:
    return Finding(code, Severity.WARNING, en, ja)


def hint(code: str, en: str, ja: str) -> Finding:
    return Finding(code, Severity.HINT, en, ja)
