"""What the texts of the project say about its files, commands, tables and tests is so."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from compliance.waiver_refusals import TEXTS as TEXTS_OF_WAIVERS
from compliance.waiver_steps import WAYS
from procurement.states import Action, Status
from procurement.transitions import TRANSITIONS, Transition

PROJECT = Path(__file__).parent.parent
TEXTS = sorted(
    [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("demo/**/*.md")]
)
COMMANDS_OF_PACKAGES = {"check", "migrate", "shell", "db_worker"}
FORMS = {"decides", "reasons", "new round", "new dossier"}


def name_of(text: Path) -> str:
    return text.relative_to(PROJECT).as_posix()


def words(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """The part of a text from a heading to the next one of its level or above."""
    level = heading.split(" ", maxsplit=1)[0]
    (_before, after) = words(name).split(f"\n{heading}\n")
    return re.split(rf"^#{{1,{len(level)}}} ", after, flags=re.MULTILINE)[0]


def table(name: str, heading: str, number: int = 0) -> list[list[str]]:
    """The rows of the first table (or a later one) under a heading, without its head; cells as written."""
    tables = re.findall(r"(?:^\|.*\n)+", section(name, heading) + "\n", flags=re.MULTILINE)
    rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in tables[number].splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def codes(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


# ---- Waivers


def test_the_table_of_steps_with_a_waiver_is_the_one_of_the_program() -> None:
    written = {
        (
            step,
            source,
            codes(target)[0],
            frozenset(codes(who)),
            "the requester" in who,
            "reason" in needs,
        )
        for step_, from_, target, who, needs in table("docs/waivers.md", "## The way of a waiver")
        for step in codes(step_)
        for source in codes(from_)
    }
    assert written == {
        (w.step.value, w.source, w.target, frozenset(w.roles), w.requester, w.needs_reason)
        for w in WAYS
    }


def test_every_guard_of_waivers_is_described() -> None:
    described = {
        code
        for row in table("docs/waivers.md", "## The way of a waiver", 1)
        for code in codes(row[0])
    }
    assert described == {*TEXTS_OF_WAIVERS, "waiver_author"} - {"waiver"}


# ---- Links and names


def links(text: Path) -> Iterator[str]:
    prose = re.sub(r"```.*?```", "", text.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from re.findall(r"\]\(([^)\s]+)\)", prose)


def anchors(text: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_link_leads_somewhere(text: Path) -> None:
    broken = []
    for link in links(text):
        if link.startswith("https://"):
            continue
        path, _hash, anchor = link.partition("#")
        target = (text.parent / path).resolve() if path else text
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


PATH = re.compile(
    r"(?:\.ci|agencies|api|audit|compliance|config|demo|docs|policy|procurement|records|registry|reporting|standards"
    r"|static|templates|tests|web)/[\w./-]+|(?:run|manage)\.py|docker-compose\.yml|Dockerfile|pyproject\.toml"
)


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_file_named_exists(text: Path) -> None:
    named = set(re.findall(r"`([^`\n]+)`", text.read_text(encoding="utf-8")))
    paths = {each for each in named if PATH.fullmatch(each)}
    assert {each for each in paths if not (PROJECT / each).exists()} == set()


@cache
def names_in_code() -> frozenset[str]:
    """Every name and every text in the program, its SQL and its tests; of these tests here only their names."""
    found = {name for name in globals() if name.startswith("test_")}
    for path in PROJECT.glob("*/**/*.py"):
        if path != Path(__file__) and not path.relative_to(PROJECT).parts[0].startswith("."):
            source = path.read_text(encoding="utf-8")
            found.update(_names(ast.parse(source)))
            found.update(
                re.findall(r"create (?:or replace )?(?:function|table|trigger) (\w+)", source)
            )
    return frozenset(found)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)):
                yield text


NOT_NAMES = {
    *(
        "DATA_DIR",
        "LC_CTYPE",
        "REGISTRY_OWNER_PASSWORD",
        "REGISTRY_APP_PASSWORD",
        ".venv",
        "pylock.toml",
    ),
    *(
        "log_min_messages",
        "pg_ctl",
        "pg_dump",
        "pg_trgm",
        "registry_backup",
        "search_path",
        "set_config",
    ),  # PostgreSQL's own
}
NAMED = [
    "CONTRIBUTING.md",
    *(name_of(each) for each in TEXTS if each.is_relative_to(PROJECT / "docs")),
]


@pytest.mark.parametrize("name", NAMED)
def test_every_name_of_the_program_that_a_text_uses_is_there(name: str) -> None:
    """Dotted names, names with an underscore, and long names in capitals, in code quotes."""
    quoted = set(re.findall(r"`([\w.]+)(?:\([^`]*\))?`", words(name))) - NOT_NAMES
    names = {each for each in quoted if not PATH.fullmatch(each) and not has_suffix(each)}
    assert {each for each in names if looks_like_a_name(each) and not is_there(each)} == set()


def has_suffix(quoted: str) -> bool:
    return re.fullmatch(r"[\w.]+\.(?:css|dump|env|md|po|py|sql|toml|txt)", quoted) is not None


def looks_like_a_name(quoted: str) -> bool:
    return "_" in quoted or "." in quoted or (quoted.isupper() and len(quoted) > 6)


def is_there(dotted: str) -> bool:
    """A dotted name that begins with a package is looked for in its module; another by its last part, anywhere."""
    path, parts = PROJECT, dotted.split(".")
    if not (PROJECT / parts[0] / "__init__.py").exists():
        return parts[-1] in names_in_code()
    while parts and (path / parts[0]).is_dir():
        path /= parts.pop(0)
    if parts and (path / f"{parts[0]}.py").is_file():
        path /= f"{parts.pop(0)}.py"
    module = path if path.is_file() else path / "__init__.py"
    return not parts or parts[0] in set(_names(ast.parse(module.read_text(encoding="utf-8")))) | {
        alias.name for alias in _imported(module)
    }


def _imported(module: Path) -> Iterator[ast.alias]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from node.names


def test_every_test_named_in_a_checklist_is_there() -> None:
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", words("CONTRIBUTING.md")))
    assert len(named) > 15
    assert named - names_in_code() == set()


# ---- The house


def test_the_drawing_shows_the_layers_in_their_order() -> None:
    contracts = tomllib.loads(words("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (contract,) = (each for each in contracts if each["type"] == "layers")
    assert drawn() == [[name.strip() for name in row.split("|")] for row in contract["layers"]]


def drawn() -> list[list[str]]:
    """The storeys of the drawing, highest first, each with its rooms from left to right."""
    drawing = section("docs/architecture.md", "## The house").split("```")[1]
    inside = [line[: line.rindex("│")] for line in _house(drawing)]
    return [[room.strip() for room in line.split("│")[1:]] for line in inside]


def _house(drawing: str) -> Iterator[str]:
    """Lines with rooms; what stands to the right of the wall is said of them and no part of the house."""
    wall = max(len(line) for line in drawing.splitlines() if line.startswith(("┌", "└")))
    for line in drawing.splitlines():
        if line.startswith("│"):
            yield line[:wall]


def test_every_room_of_the_drawing_is_described() -> None:
    described = [codes(row[0]) for row in table("docs/architecture.md", "## The house")]
    assert {name for (name,) in described} == {room for storey in drawn() for room in storey}


# ---- The workflow


def test_the_table_of_moves_is_the_one_of_the_program() -> None:
    written = [transition(row) for row in table("docs/workflow.md", "## Moves")]
    assert written == list(TRANSITIONS)


def transition(row: list[str]) -> Transition:
    (action,), (source,), (target,) = (codes(cell) for cell in row[:3])
    what = {word.strip() for word in row[5].split(",") if word.strip()}
    assert what <= FORMS, row
    return Transition(
        Action(action),
        Status(source),
        Status(target),
        codes(row[3]),
        decides="decides" in what,
        needs_reasons="reasons" in what,
        begins_round="new round" in what,
        new_dossier="new dossier" in what,
        requires=codes(row[4]),
        answers=codes(row[6]),
    )


def test_every_state_is_described_in_the_order_of_the_program() -> None:
    described = [codes(row[0]) for row in table("docs/workflow.md", "## States")]
    assert [Status(code) for (code,) in described] == list(Status)


def test_every_guard_named_is_a_guard() -> None:
    named = {
        code
        for row in table("docs/workflow.md", "## What else is needed")
        for code in codes(row[2])
    }
    assert len(named) > 5
    assert (
        named
        - names_in_code()
        - set(
            re.findall(r"'(\w+)'", words("procurement/sql.py") + words("procurement/sql_lines.py"))
        )
        == set()
    )


def test_the_flags_described_are_those_of_a_dossier() -> None:
    described = [codes(row[0]) for row in table("docs/workflow.md", "## What else is needed", 1)]
    source = ast.parse(words("procurement/dossiers.py"))
    (flags,) = (
        node
        for node in ast.walk(source)
        if isinstance(node, ast.FunctionDef) and node.name == "_flags"
    )
    (made,) = (node for node in ast.walk(flags) if isinstance(node, ast.Dict))
    assert [code for (code,) in described] == [ast.literal_eval(key) for key in made.keys if key]


# ---- Commands, settings, accounts


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_command_named_exists(text: Path) -> None:
    said = text.read_text(encoding="utf-8")
    of_run = set(re.findall(r"run\.py ([a-z]\w+)", said))
    of_manage = set(re.findall(r"(?:manage\.py|run\.py manage) ([a-z]\w+)", said))
    assert of_run - commands_of_run() == set()
    assert of_manage - commands_of_manage() == set()


def commands_of_run() -> set[str]:
    return set(re.findall(r"^    python3 run\.py (\w+)", words("run.py"), flags=re.MULTILINE))


def commands_of_manage() -> set[str]:
    ours = PROJECT.glob("*/management/commands/*.py")
    return {path.stem for path in ours} - {"__init__"} | COMMANDS_OF_PACKAGES


def test_the_checks_named_are_those_there_are() -> None:
    """By their names in config/check.py, in the order they run."""
    (said,) = re.findall(r"run\.py check +# (.+)", words("CONTRIBUTING.md"))
    source = ast.parse(words("config/check.py"))
    (function,) = (
        node
        for node in ast.walk(source)
        if isinstance(node, ast.FunctionDef) and node.name == "commands"
    )
    (made,) = (node for node in ast.walk(function) if isinstance(node, ast.Dict))
    assert said.split(", ") == [ast.literal_eval(key) for key in made.keys if key]


def test_the_settings_described_are_those_that_are_read() -> None:
    described = {code for row in table("README.md", "## Settings") for code in codes(row[0])}
    assert described == settings_read()


def settings_read() -> set[str]:
    """Variables of the environment that the settings, run.py and the embedded server ask for."""
    asked = r"""(?:env\.\w+|environ(?:ment)?\.get|flag)\((?:\s*(?:os\.environ|environ),)?\s*"([A-Z_]+)\""""
    sources = ("config/settings.py", "config/environment.py", "config/embedded.py", "run.py")
    read = {name for source in sources for name in re.findall(asked, words(source))}
    return read - {"PATH"}


def test_the_accounts_described_are_those_of_the_demo_world() -> None:
    people = json.loads(words("demo/reference/people.json"))
    described = {
        email: row[1]
        for row in table("README.md", "## Accounts of the demo world")
        for email in codes(row[0])
    }
    assert set(described) == {person["email"] for person in people}
    for person in people:
        (held,) = person["memberships"]
        assert described[person["email"]].startswith(held["role"].replace("_", " "))


def test_the_password_described_is_that_of_the_demo_accounts() -> None:
    (password,) = re.findall(r'DEMO_PASSWORD", default="([^"]+)"', words("config/settings.py"))
    assert words("README.md").count(f"`{password}`") == 2


# ---- Decision records


RECORDS = sorted(PROJECT.glob("docs/adr/*.md"))


def test_decision_records_are_numbered_without_gap() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_record_has_its_three_parts_and_is_short(record: Path) -> None:
    said = record.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", said, flags=re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
    ]
    assert said.startswith(f"# {int(record.name[:4])}. ")
    assert len(said.splitlines()) <= 40


# ---- Licences


def test_packages_under_the_lgpl_are_named_in_the_notice() -> None:
    notice = words("NOTICE")
    for package in ("psycopg2-binary", "python-stdnum"):
        assert re.search(rf"^{package}==", words("requirements.txt"), flags=re.MULTILINE)
        assert f"  {package} " in notice
