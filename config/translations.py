"""The translation catalogue: gathered, checked and compiled without GNU gettext, which stock machines lack.

python -m config.translations update|check|compile
"""

import ast
import re
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polib
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT: Final = Path(__file__).resolve().parent.parent
CATALOGUE: Final = PROJECT / "locale" / "ja" / "LC_MESSAGES" / "django.po"
NOT_OURS: Final = frozenset({"tests", "bench", "locale", "static", "staticfiles", "docs"})
HEADER: Final = {
    "Project-Id-Version": "drone-procurement-registry",
    "Language": "ja",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# Which arguments of each function are context, singular and plural.
_ONE = ("msgid",)
_MANY = ("msgid", "msgid_plural")
FUNCTIONS: Final[dict[str, tuple[str, ...]]] = {
    "_": _ONE,
    **{f"gettext{suffix}": _ONE for suffix in ("", "_lazy", "_noop")},
    **{f"ngettext{suffix}": _MANY for suffix in ("", "_lazy")},
    **{f"pgettext{suffix}": ("msgctxt", *_ONE) for suffix in ("", "_lazy")},
    **{f"npgettext{suffix}": ("msgctxt", *_MANY) for suffix in ("", "_lazy")},
}
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(
    rf"(?<![\w.])({'|'.join(FUNCTIONS)})\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL
)


@dataclass(frozen=True, order=True)
class Message:
    """One text to translate; an empty context or plural means there is none."""

    msgid: str
    msgctxt: str = ""
    msgid_plural: str = ""


class ExtractionError(ValueError):
    """A text is marked for translation in a way that cannot be gathered; says where."""


def gather() -> dict[Message, list[str]]:
    """Every marked text of the project with the files it is in."""
    found: dict[Message, list[str]] = {}
    for path, messages in _sources():
        for message in messages:
            places = found.setdefault(message, [])
            if path not in places:
                places.append(path)
    return found


def _sources() -> Iterator[tuple[str, Iterable[Message]]]:
    for path in _files("*.py"):
        yield str(path.relative_to(PROJECT)), in_python(path.read_text(encoding="utf-8"), path.name)
    for suffix in ("*.html", "*.txt"):
        for path in _files(suffix):
            if "templates" in path.parts:
                yield (
                    str(path.relative_to(PROJECT)),
                    in_template(path.read_text(encoding="utf-8"), path.name),
                )


def _files(pattern: str) -> Iterator[Path]:
    for folder in sorted(PROJECT.iterdir()):
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in NOT_OURS:
            yield from sorted(folder.rglob(pattern))


def in_python(source: str, name: str) -> list[Message]:
    """The texts marked in Python code. Raises ExtractionError for one that is not a plain string."""
    return [
        _from_call(node, FUNCTIONS[function], name)
        for node in ast.walk(ast.parse(source, name))
        if isinstance(node, ast.Call) and (function := _name(node.func)) in FUNCTIONS
    ]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _from_call(node: ast.Call, parts: tuple[str, ...], name: str) -> Message:
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)][
        : len(parts)
    ]
    if len(texts) < len(parts) or not all(isinstance(text, str) for text in texts):
        raise ExtractionError(
            f"{name}:{node.lineno}: write the text to translate as a plain string."
        )
    return Message(**dict(zip(parts, map(str, texts), strict=True)))


def in_template(source: str, name: str) -> list[Message]:
    """The texts marked in a template."""
    return [
        Message(**dict(zip(FUNCTIONS[function], ast.literal_eval(f"[{literals}]"), strict=False)))
        for function, literals in _CALL.findall(templatize(source, origin=name))
    ]


def update() -> None:
    """Brings the catalogue in step with the sources; what is new has no translation yet."""
    old = {_key(entry): entry for entry in _read()} if CATALOGUE.exists() else {}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = HEADER
    for message, places in sorted(gather().items()):
        entry = old.get(message) or _new_entry(message)
        entry.occurrences = [(place, "") for place in places]
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    print(f"{len(catalogue)} texts, {len(catalogue.untranslated_entries())} without Japanese.")


def _new_entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.msgid, msgctxt=message.msgctxt or None)
    if message.msgid_plural:
        entry.msgid_plural, entry.msgstr_plural = message.msgid_plural, {0: ""}
    return entry


def _read() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=100)


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def problems() -> list[str]:
    """What keeps the catalogue from being complete, a line each; empty when all is well."""
    if not CATALOGUE.exists():
        return [
            f"{CATALOGUE.relative_to(PROJECT)} is missing: run `python -m config.translations update`."
        ]
    marked, entries = gather(), {_key(entry): entry for entry in _read() if not entry.obsolete}
    missing = [
        f"not in the catalogue: {message.msgid!r} ({marked[message][0]})"
        for message in marked.keys() - entries
    ]
    unused = [
        f"no longer in any source: {message.msgid!r}" for message in entries.keys() - marked.keys()
    ]
    return (
        sorted(missing)
        + sorted(unused)
        + [line for entry in entries.values() for line in entry_problems(entry)]
    )


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation."""
    translated = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(translated):
        yield f"no Japanese: {entry.msgid!r}"
    elif entry.fuzzy:
        yield f"marked fuzzy: {entry.msgid!r}"
    elif any(
        _placeholders(text) != _placeholders(entry.msgid_plural or entry.msgid)
        for text in translated
    ):
        yield f"other placeholders than the English: {entry.msgid!r}"


def _placeholders(text: str) -> set[str]:
    """The %(name)s and {name} parts; %s counts by itself."""
    braces = set() if "%(" in text else _brace_fields(text)
    return set(re.findall(r"%\(\w+\)[sd]|(?<!%)%[sd]", text)) | braces


def _brace_fields(text: str) -> set[str]:
    try:
        return {
            f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None
        }
    except ValueError:
        return set()


def compile_all() -> None:
    """Writes the .mo beside every .po that is newer than it."""
    for source in (PROJECT / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            compile_all()
            return 0
        case ["update"]:
            update()
            return 0
        case ["check"]:
            found = problems()
            print("\n".join(found), end="\n" if found else "")
            return 1 if found else 0
    print("usage: python -m config.translations update|check|compile", file=sys.stderr)
    return 2


if __name__ == "__main__":
    settings.configure()  # templatize's lexer asks for the charset alone
    sys.exit(main(sys.argv[1:]))
