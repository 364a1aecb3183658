"""The country of a contact."""

from collections.abc import Mapping
from functools import cache

from consentlint.fields import schemas
from consentlint.model.findings import Profile, Reason, Severity
from consentlint.rules._form import (
    check_form,
    common_hint,
    describe_form,
    look_alike_hint,
    sentences,
)
from consentlint.rules._rule import Check, Problem, Quote, Rule, RuleSettings

_FIELD = "country_iso_code"
_NAME = "invalid-country-iso-code"
_EXPECTED = "an ISO 3166-1 alpha-2 country code such as US"

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

_OTHER_NAMES = {
    "UK": "GB",
    "EL": "GR",
    "AMERICA": "US",
    "UNITEDSTATES": "US",
    "UNITEDSTATESOFAMERICA": "US",
    "UNITEDKINGDOM": "GB",
    "GREATBRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERNIRELAND": "GB",
    "AUSTRALIA": "AU",
    "AUSTRIA": "AT",
    "BELGIUM": "BE",
    "BRAZIL": "BR",
    "CANADA": "CA",
    "FRANCE": "FR",
    "GERMANY": "DE",
    "INDIA": "IN",
    "IRELAND": "IE",
    "ITALY": "IT",
    "MEXICO": "MX",
    "NETHERLANDS": "NL",
    "PUERTORICO": "PR",
    "SPAIN": "ES",
}


def _check(value: object, settings: RuleSettings) -> tuple[Problem, ...]:
    return check_form(_NAME, _FIELD, value, settings)


def _describe(problem: Problem, fields: Mapping[str, object], quote: Quote) -> str:
    error = describe_form(problem, fields, quote, _EXPECTED)
    return sentences(error, _hint(fields.get(_FIELD)))


def _hint(value: object) -> str:
    hint = common_hint(value, _is_valid)
    if hint or not isinstance(value, str):
        return hint
    word = "".join(filter(str.isalpha, value.upper()))
    if word == "XK":
        return "Kosovo has no officially assigned code."
    code = word if _is_valid(word) else _OTHER_NAMES.get(word) or _alpha_3().get(word)
    return f'Use "{code}".' if code else look_alike_hint(value)


def _is_valid(text: str) -> bool:
    return schemas.is_valid(_FIELD, text, Profile.DOCUMENTED)


@cache
def _alpha_3() -> dict[str, str]:
    """Return the alpha-2 code for each alpha-3 code."""
    return {word[:3]: word[3:] for word in _ALPHA_3.split()}


INVALID_COUNTRY_ISO_CODE = Rule(
    name=_NAME,
    reason=Reason.INVALID_COUNTRY_ISO_CODE,
    severity=Severity.ERROR,
    checks=(Check((_FIELD,), _check),),
    describe=_describe,
    kinds=("contacts",),
    docs="""
    The `country_iso_code` is not one of the 249 country codes of ISO 3166-1 alpha-2.

    Why:
        The country decides how the postal code is read.
    Evidence:
        E30647 requires a two-character ISO code in upper case.
    Bad:
        {"country_iso_code": "UK"}
    Good:
        {"country_iso_code": "GB", "zip_code": "EC1Y 8SY"}
    What to do:
        Send the two upper-case letters that ISO 3166-1 assigns to the country.
    """,
)
