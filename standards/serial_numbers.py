"""Serial numbers of aircraft after ANSI/CTA-2063-A, and the makers' own ones.

Form: four characters of maker code, one length code (1-9, A-F for 1 to 15), then exactly so many
characters. Digits and capitals without I and O; there is no check digit. In the maker code and the
length a fault is an error. In the serial part I and O are a warning, because aviation authorities
have accepted such numbers.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from standards.findings import Finding, Verdict, error, hint, warning

SCHEME = "cta-2063-a"
_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
_LENGTH_CODES = "123456789ABCDEF"
_SHORTEST, _LONGEST = 6, 20

MAKERS_OF_CODE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "1581": ("DJI",),
        "1587": ("AgEagle",),
        "1588": ("Parrot",),
        "1634": ("ACSL",),
        "1656": ("Quantum-Systems",),
        "1668": ("Skydio",),
        "1728": ("Sony",),
        "1744": ("Wingtra",),
        "1748": ("Autel Robotics",),
        "1767": ("SkyRanger",),
        "1785": ("Watts Innovations",),
        "1787": ("BlueMark", "Avidrone", "Commaris"),
        "1790": ("Hylio",),
        "1791": ("Inspired Flight",),
        "1808": ("Draganfly",),
        "1809": ("Aerobits", "idME"),
        "1812": ("Ascent AeroSystems",),
        "1817": ("Freefly Systems",),
        "1826": ("Flyability",),
        "1839": ("Teal Drones",),
        "1863": ("XAG",),
        "1865": ("Holy Stone",),
        "1871": ("Camflite",),
        "1907": ("Anzu Robotics",),
        "1939": ("SPECTA",),
        "1971": ("FIMI",),
    }
)
"""Makes seen under a code in public Remote ID declarations. The registry of codes is not public,
one code can carry several makes, and a brand may have a code of its own although another company
designed the aircraft: good for hints, for nothing else."""


def check_cta_2063_a(text: str, maker_codes: Collection[str] = ()) -> Verdict:
    """`maker_codes` are the codes that the maker of the chosen model is known to use; when given,
    another code is a hint."""
    serial = text.strip()
    faults = _form_faults(serial) or tuple(_serial_part_faults(serial))
    if faults:
        return Verdict(SCHEME, serial, well_formed=False, findings=faults)
    hints = tuple(_maker_code_remarks(serial[:4], maker_codes))
    return Verdict(SCHEME, serial, well_formed=True, findings=hints)


def check_maker_serial(text: str) -> Verdict:
    """A maker's own serial number is checked for nothing but being there and being text."""
    serial = text.strip()
    if not serial:
        finding = error("serial_empty", "The serial number is empty.", "製造番号が空欄です。")
        return Verdict("maker", serial, well_formed=False, findings=(finding,))
    if not serial.isprintable():
        finding = error(
            "serial_unprintable",
            "The serial number contains characters that cannot be printed; type it again.",
            "製造番号に表示できない文字が含まれています。入力し直してください。",
        )
        return Verdict("maker", serial, well_formed=False, findings=(finding,))
    return Verdict("maker", serial, well_formed=True)


def serial_hints(serial: str, maker: str) -> tuple[Finding, ...]:
    """A hint where the maker code of a number is known to be used by others than this maker.

    It proves nothing: one code can carry several makes, and a brand may have a code of its own.
    """
    code = maker_code_of(serial)
    makes = MAKERS_OF_CODE.get(code or "", ())
    if not makes or any(_same_maker(make, maker) for make in makes):
        return ()
    return (
        hint(
            "maker_code_of_another",
            f"The maker code {code} has been seen on aircraft of {', '.join(makes)}, not of {maker}."
            " Check the model; a maker may also use another's number.",
            f"製造者コード「{code}」は{'、'.join(makes)}の機体で確認されています({maker}ではありません)。"
            "機種を確認してください。他社の番号が用いられている場合もあります。",
        ),
    )


def _same_maker(make: str, maker: str) -> bool:
    """Whether the words of the shorter name stand in the longer, whatever the case."""
    one, other = (set(name.casefold().replace("-", " ").split()) for name in (make, maker))
    return one <= other or other <= one


def maker_code_of(serial: str) -> str | None:
    """The maker code of a well-formed CTA-2063-A number, else None."""
    return serial[:4] if check_cta_2063_a(serial).well_formed else None


def _form_faults(serial: str) -> tuple[Finding, ...]:
    """The first fault of the form: what follows a wrong length or case means nothing."""
    if not _SHORTEST <= len(serial) <= _LONGEST:
        return (_wrong_total(len(serial)),)
    if serial.isascii() and serial.isalnum() and serial != serial.upper():
        return (_lower_case(serial),)
    for position, character in enumerate(serial, start=1):
        if character not in _ALPHABET and (position <= 4 or character not in "IO"):
            return (_wrong_character(character, position),)
    if serial[4] not in _LENGTH_CODES:
        return (_wrong_length_code(serial[4]),)
    promised, following = int(serial[4], 16), len(serial) - 5
    return () if promised == following else (_wrong_length(serial[4], promised, following),)


def _serial_part_faults(serial: str) -> Iterator[Finding]:
    for position, character in enumerate(serial[5:], start=6):
        if character in "IO":
            yield warning(
                "letter_in_serial_part",
                f"Position {position} is the letter {character}, which the standard leaves out;"
                f" is it the digit {'1' if character == 'I' else '0'}?",
                f"{position}文字目の英字「{character}」は規格で使用しない文字です。"
                f"数字の「{'1' if character == 'I' else '0'}」ではありませんか。",
            )


def _maker_code_remarks(code: str, maker_codes: Collection[str]) -> Iterator[Finding]:
    if code.isalpha():
        yield warning(
            "maker_code_without_digit",
            f"The maker code {code} has no digit; no maker is known to have such a code.",
            f"製造者コード「{code}」に数字がありません。このような形のコードは確認されていません。",
        )
    elif code not in MAKERS_OF_CODE and code not in maker_codes:
        yield hint(
            "maker_code_unknown",
            f"The maker code {code} is not known here.",
            f"製造者コード「{code}」は登録されていません。",
        )
    if maker_codes and code not in maker_codes:
        yield hint(
            "maker_code_mismatch",
            f"The maker of this model is known to use {', '.join(sorted(maker_codes))},"
            f" not {code}.",
            f"この機種の製造者コードは{'、'.join(sorted(maker_codes))}ですが、入力値は{code}です。",
        )


def _wrong_total(length: int) -> Finding:
    return error(
        "serial_length",
        f"A serial number of this scheme has 6 to 20 characters; this one has {length}.",
        f"この方式の製造番号は6~20文字です(入力値は{length}文字)。",
    )


def _lower_case(serial: str) -> Finding:
    return error(
        "lower_case",
        f"Small letters are not used; did you mean {serial.upper()}?",
        f"小文字は使用できません。「{serial.upper()}」ではありませんか。",
    )


def _wrong_character(character: str, position: int) -> Finding:
    return error(
        "character_not_allowed",
        f"The character {character!r} at position {position} is not allowed here;"
        " use digits and capitals without I and O.",
        f"{position}文字目の「{character}」は使用できません。"
        "数字と英大文字(IとOを除く)で入力してください。",
    )


def _wrong_length_code(character: str) -> Finding:
    return error(
        "length_code",
        f"The fifth character gives the length and must be 1 to 9 or A to F, not {character!r}.",
        f"5文字目は長さを示す1~9またはA~Fです(入力値は「{character}」)。",
    )


def _wrong_length(code: str, promised: int, following: int) -> Finding:
    return error(
        "length_mismatch",
        f"The length code {code} promises {promised} characters; {following} follow.",
        f"長さコード「{code}」は{promised}文字を示しますが、続く文字は{following}文字です。",
    )
