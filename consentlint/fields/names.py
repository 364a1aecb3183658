"""What other programs call the fields of the API."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consentlint.model.endpoints import FIELDS
from consentlint.text.suggestions import fold_name, suggest


def _by_synonym(synonyms: Mapping[str, str]) -> dict[str, str]:
    return {name: field for field, names in synonyms.items() for name in names.split()}


# Keys are folded (`suggestions.fold_name`), so `Phone Number` and `phone_number` are one.
_SYNONYMS = _by_synonym(
    {
        "contact_id": (
            "phone phonenumber phoneno phonenr phonee164 e164phone e164phonenumber msisdn mobile"
            " mobilenumber mobileno mobilephone mobilephonenumber cell cellnumber cellphone"
            " cellphonenumber telephone telephonenumber tel telno phonemobile"
            " contactnumber contactphone contactphonenumber contactmobile customerphone"
            " customerphonenumber customermobile userphone userphonenumber recipientphone"
            " recipientnumber recipientphonenumber subscriberphone subscribernumber smsnumber"
            " smsphone smsphonenumber smsmobile telefon telefonnummer telefonmobil handynummer handy"
            " mobilnummer mobiltelefon rufnummer téléphone numérodetéléphone téléphoneportable"
            " telefone telefono teléfono celular cellulare móvil"
        ),
        "sender_id": (
            "sender sendernumber senderphone from fromnumber fromphone messagingservice"
            " messagingserviceid messagingservicesid servicesid twilionumber twiliosender"
        ),
        "status": (
            "consentstatus smsconsentstatus optinstatus optstatus optinoptout subscriptionstatus"
            " smsstatus smssubscriptionstatus consentstate optinstate"
        ),
        "source": (
            "consentsource optinsource sourceofconsent consentchannel optinchannel consentmethod"
            " optinmethod collectionmethod"
        ),
        "date_of_consent": (
            "consentdate consenttime consenttimestamp consentdatetime consentat consentedat"
            " consentedon consentgivenat consentdateutc consentdt dateconsented optindate optintime"
            " optintimestamp optinat optindatetime optedinat optedinon dateofoptin optoutdate"
            " optouttime optouttimestamp optoutat optoutdatetime optedoutat optedouton"
            " dateofoptout smsconsentdate smsconsenttimestamp smsoptindate"
        ),
        "correlation_id": "correlationuuid correlationguid",
        "country_iso_code": (
            "country countryiso countryisocode isocountry isocountrycode countryalpha countryalpha2"
            " countryiso2 iso2 iso2code alpha2 alpha2code countrycodeiso ländercode codepays"
        ),
        "zip_code": (
            "zip zipcode zippostalcode postcode postalcode postalzip zippostal plz postleitzahl"
            " codepostal códigopostal codigopostal"
        ),
    }
)
# Names that may mean a field, but often something else.
_HINTS = _by_synonym(
    {
        "contact_id": (
            "number e164 recipient to tonumber contact customernumber subscriber homephone"
            " portable numéro"
        ),
        "sender_id": "shortcode",
        "status": (
            "consent optin optout optedin isoptedin subscribed issubscribed smsconsent smsoptin"
            " smssubscribed marketingconsent acceptssmsmarketing einwilligung consentement"
            " consentimiento consenso"
        ),
        "source": "channel method herkunft quelle origine origen",
        "date_of_consent": (
            "date datetime timestamp time createdat updatedat statusdate subscribedat"
            " subscribeddate subscribedon datum fecha data"
        ),
        "correlation_id": "uuid guid consentuuid consentguid",
        "country_iso_code": "countrycode iso isocode countryname land pays país paese",
        "zip_code": "postal",
    }
)
_FOLDED = {fold_name(field): field for field in FIELDS}
# The date on which someone opted in says nothing about the records of those who opted out.
_OF_ONE_STATUS = re.compile("opt(?:ed)?(?:in|out)|subscri").search


class Misnamed(NamedTuple):
    """The names that mean a field that is missing."""

    renames: dict[str, str]
    """The field for each name, if the name surely means it and no other name can."""
    rivals: dict[str, tuple[str, ...]]
    """The names for each field, if several can be meant."""
    unsure: dict[str, str]
    """The field for each name that may hold something else: the date of an opt-in, for example."""


def field_named(name: str) -> str | None:
    """Return the field that a name is, is another spelling of, or is a well-known synonym of."""
    if name in FIELDS:
        return name
    folded = fold_name(name)
    return _FOLDED.get(folded) or _SYNONYMS.get(folded)


def misnamed(names: Sequence[str], fields: Iterable[str]) -> Misnamed:
    """Return which names mean fields that are missing.

    Another spelling (`Contact ID`) is meant rather than a synonym (`phone`).

    Args:
        names: the keys of an item, or the columns of a table.
        fields: the fields that can be meant.
    """
    renames: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    unsure: dict[str, str] = {}
    unknown = [name for name in names if name not in FIELDS]
    folded = {name: fold_name(name) for name in unknown}
    for field in fields:
        if field in names:
            continue
        meant = [name for name in unknown if _FOLDED.get(folded[name]) == field] or [
            name for name in unknown if _SYNONYMS.get(folded[name]) == field
        ]
        if len(meant) > 1:
            rivals[field] = tuple(meant)
        for name in meant if len(meant) == 1 else ():
            is_unsure = field == "date_of_consent" and _OF_ONE_STATUS(folded[name])
            (unsure if is_unsure else renames)[name] = field
    return Misnamed(renames, rivals, unsure)


def is_name_of_field(name: str) -> bool:
    """Return whether a program may call a field of the API by a name."""
    folded = fold_name(name)
    return folded in _SYNONYMS or folded in map(fold_name, FIELDS)


def field_meant(name: str, fields: Iterable[str], missing: Iterable[str]) -> str | None:
    """Return the field that an unknown name probably means, or None.

    Args:
        name: a key or column that the endpoint does not have.
        fields: the fields of the endpoint.
        missing: the fields that the item or table lacks. Only one of these can be meant.
    """
    lacking = set(missing)
    folded = fold_name(name)
    for meant in (_FOLDED.get(folded), _SYNONYMS.get(folded), _HINTS.get(folded)):
        if meant in lacking:
            return meant
    # Compared with all fields: `state` must not become a slip of the one that is left.
    suggestion = suggest(name, fields)
    return suggestion if suggestion in lacking else None
