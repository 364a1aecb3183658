"""Repairs of the country."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from consentlint.fields import schemas
from consentlint.rules.repairs._readings import has_no_value, not_ascii_hint, readings, reread
from consentlint.rules.repairs._repair import Broken, Repair, then

# Each alpha-3 code of ISO 3166-1, followed by the alpha-2 code.
_ALPHA_3 = """
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG
    AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL
    BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH
    CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX
    CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES
    ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI
    GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM
    HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT
    JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB
    LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD
    MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS
    MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO
    NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP
    PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS
    SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI
    SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO
    TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC
    VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW
"""

# Names and codes that phonenumbers does not list.
_OTHER_NAMES = {
    "UK": "GB",
    "EL": "GR",
    "AMERICA": "US",
    "UNITEDSTATESOFAMERICA": "US",
    "GREATBRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERNIRELAND": "GB",
    "HOLLAND": "NL",
    "THENETHERLANDS": "NL",
    "CZECHIA": "CZ",
    "TURKIYE": "TR",
    "BRITAIN": "GB",
    "REPUBLICOFKOREA": "KR",
    "IVORYCOAST": "CI",
    "BURMA": "MM",
    "MACAU": "MO",
    "EASTTIMOR": "TL",
    "DRC": "CD",
    "GER": "DE",
}
# Also the name of something else.
_AMBIGUOUS = {"GEORGIA": "GE", "CONGO": "CG", "KOREA": "KR", "VIRGINISLANDS": "VI"}
# The signs on cars and before postal codes.
_AMBIGUOUS |= {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT", "L": "LU"}
# A subdivision, such as US-CA, or a locale, such as en_US.
_PART = re.compile(r"(?P<country>[A-Z]{2})-[A-Z0-9]{1,3}|[a-z]{2}[-_](?P<region>[A-Z]{2})")


def propose(broken: Broken) -> Iterator[Repair]:
    """Yield the alpha-2 code of a country that is named in another way."""
    yield from reread(broken)
    for text, hint in readings(broken.value):
        code = _code(_fold(text))
        # "n/a" is rather no value than Namibia.
        assumes = f'"{code}" is meant' if has_no_value(text) else ""
        part = _PART.fullmatch(text)
        if code is None:
            code = _AMBIGUOUS.get(_fold(text))
            assumes = f'"{code}" is meant'
        if code is None and part is not None:
            code = part["country"] or part["region"]
            assumes = f'"{code}" is meant'
        if code is not None:
            step = f'If that country is meant, use "{code}".' if assumes else f'Use "{code}".'
            yield Repair(broken.field, code, then(hint, step), assumes)


def advise(broken: Broken) -> str:
    """Return what to do about a country that has no code."""
    value = broken.value
    if isinstance(value, str) and _fold(value) in ("XK", "XKX", "KOSOVO"):
        return "Kosovo has no officially assigned code."
    return not_ascii_hint(value)


def country_named(name: str) -> str | None:
    """Return the alpha-2 code of a country that a name, alpha-3 code or alias surely means."""
    return _code(_fold(name))


def _code(word: str) -> str | None:
    if word in _AMBIGUOUS:
        return None
    if word in schemas.enumeration("country_iso_code"):
        return word
    return (
        _OTHER_NAMES.get(word) or _alpha_3().get(word) or (_by_name().get(word) if word else None)
    )


def _fold(text: str) -> str:
    """Return the letters of a text in upper case, without accents."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFKD", text.upper())))


@cache
def _alpha_3() -> dict[str, str]:
    """Return the alpha-2 code for each alpha-3 code."""
    return {word[:3]: word[3:] for word in _ALPHA_3.split()}


@cache
def _by_name() -> dict[str, str]:
    """Return the code for each name of a country, in any language, that one country alone has."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    codes = schemas.enumeration("country_iso_code")
    found: dict[str, set[str]] = {}
    for code in codes:
        for name in LOCALE_DATA.get(code, {}).values():
            # A name that begins with an asterisk refers to another language.
            if not name.startswith("*"):
                found.setdefault(_fold(name), set()).add(code)
    return {name: of.pop() for name, of in found.items() if name and len(of) == 1}
