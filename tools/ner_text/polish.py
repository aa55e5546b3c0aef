"""
Polish declension of given names and surnames, by their endings.
"""

from __future__ import annotations

__all__ = ["inflect_given", "inflect_surname"]


def _pairs(listed: str) -> tuple[tuple[str, str], ...]:
    return tuple((old, new) for old, _, new in (pair.partition("-") for pair in listed.split()))


_ADJECTIVE_MALE = {"gen": "ego", "dat": "emu", "acc": "ego", "ins": "m", "loc": "m", "voc": ""}
_ADJECTIVE_MALE_HARD = {"gen": "ego", "dat": "emu", "acc": "ego", "ins": "ym", "loc": "ym", "voc": "y"}
_ADJECTIVE_FEMALE = {"gen": "iej", "dat": "iej", "acc": "ą", "ins": "ą", "loc": "iej", "voc": "a"}
# How a stem ends in the nominative, and what that becomes in the locative; the longer ending comes first.
_HARDENED = _pairs(
    "st-ście sł-śle zd-ździe ch-chu k-ku g-gu sz-szu cz-czu rz-rzu l-lu j-ju ż-żu c-cu "
    "ń-niu ś-siu ć-ciu ź-ziu h-hu t-cie d-dzie ł-le r-rze s-sie z-zie n-nie b-bie p-pie m-mie w-wie f-fie"
)
_SOFTENED_A = _pairs(
    "zd-ździe st-ście sn-śnie sł-śle ch-sze sz-szy cz-czy rz-rzy dz-dzy k-ce g-dze r-rze ł-le "
    "t-cie d-dzie n-nie w-wie b-bie p-pie m-mie "
    "s-sie z-zie f-fie l-li j-ji c-cy ż-ży h-że"
)
_NATIVE_SOFT = ("si", "ci", "ni", "zi")
_DROPPED = {"Paweł": "Pawł", "Marek": "Mark", "Jacek": "Jack", "Krzysiek": "Krzyśk", "Franek": "Frank", "Mirek": "Mirk"}
_DROPPED |= {"Gaweł": "Gawł", "Alek": "Alk", "Tomek": "Tomk", "Michałek": "Michałk"}


def inflect_given(name: str, case: str, *, male: bool) -> str:
    """
    The given name *name* in the case *case*: ``gen dat acc ins loc voc``.
    """
    return _inflect(name, case, male=male)


def inflect_surname(name: str, case: str, *, male: bool) -> str:
    """
    The surname *name*, each part of a double name by itself; women's names that end in consonants stay.
    """
    return "-".join(_inflect_surname_part(part, case, male=male) for part in name.split("-"))


def _inflect_surname_part(name: str, case: str, *, male: bool) -> str:
    if male and name.endswith(("ski", "cki", "dzki", "ki", "gi")):
        return name + _ADJECTIVE_MALE[case]
    if male and name.endswith("y") and len(name) > 3:
        return name[:-1] + _ADJECTIVE_MALE_HARD[case]
    if not male and name.endswith(("ska", "cka", "dzka")):
        return name[:-1] + _ADJECTIVE_FEMALE[case]
    if not male and name.endswith(("na", "wa")) and len(name) > 5 and name.endswith(("owa", "zna", "czna")):
        endings = {"gen": "ej", "dat": "ej", "acc": "ą", "ins": "ą", "loc": "ej", "voc": "a"}
        return name[:-1] + endings[case]
    if not male and not name.endswith("a"):
        return name
    # A surname in the vocative is as in the nominative.
    return name if case == "voc" else _inflect(name, case, male=male)


def _inflect(name: str, case: str, *, male: bool) -> str:
    if name.endswith("a") and len(name) > 2:
        return _inflect_a(name[:-1], case)
    if not male or name[-1].lower() in "ueéó":
        return name
    if name.endswith(("o",)):
        return name if len(name) < 4 else _inflect_a(name[:-1], case)
    if name.endswith("y"):
        return name[:-1] + _ADJECTIVE_MALE_HARD[case]
    if name.endswith("i"):
        return name + _ADJECTIVE_MALE[case]
    return _inflect_consonant(_stem(name), name, case)


def _stem(name: str) -> str:
    if name in _DROPPED:
        return _DROPPED[name]
    if name.endswith("ciek"):
        return name[:-4] + "ćk"
    if name.endswith("niek"):
        return name[:-4] + "ńk"
    if name.endswith("siek"):
        return name[:-4] + "śk"
    if name.endswith("iek"):
        return name[:-3] + "k"
    if name.endswith(("ek", "ec")) and len(name) > 4:
        return name[:-2] + name[-1]
    if name.endswith("ł") and name.endswith("eł") and len(name) > 4:
        return name[:-2] + "ł"
    return name


def _inflect_consonant(stem: str, name: str, case: str) -> str:
    soft = {"ń": "ni", "ś": "si", "ć": "ci", "ź": "zi"}.get(stem[-1])
    base = stem[:-1] + soft if soft else stem
    if case in {"gen", "acc"}:
        return base + "a"
    if case == "dat":
        return base + "owi"
    if case == "ins":
        return base + ("iem" if base[-1] in "kg" else "em")
    ending = next((new for old, new in _HARDENED if stem.endswith(old)), "")
    if not ending:
        return name
    old = next(old for old, _ in _HARDENED if stem.endswith(old))
    return stem[: len(stem) - len(old)] + ending


def _inflect_a(stem: str, case: str) -> str:
    if case == "acc":
        return stem + "ę"
    if case == "ins":
        return stem + "ą"
    if case == "voc":
        return stem + ("u" if stem.endswith(_NATIVE_SOFT) else "o")
    if case == "gen":
        if stem.endswith("i"):
            return stem + ("" if stem.endswith(_NATIVE_SOFT) else "i")
        return stem + ("i" if stem.endswith(("k", "g", "l", "j")) else "y")
    if stem.endswith("i"):
        return stem + ("" if stem.endswith(_NATIVE_SOFT) else "i")
    old, new = next(((old, new) for old, new in _SOFTENED_A if stem.endswith(old)), ("", ""))
    if stem.endswith("g"):
        return stem[:-1] + "dze"
    return stem[: len(stem) - len(old)] + new if old else stem + "ie"
