"""What other programs call the fields of the API."""

from collections.abc import Iterable

from consentlint.model.endpoints import FIELDS
from consentlint.text.suggestions import fold_name, suggest

# Keys are folded (`suggestions.fold_name`), so `Phone Number` and `phone_number` are one.
_SYNONYMS = {
    synonym: field
    for field, synonyms in {
        "contact_id": (
            "phone phonenumber phoneno phonee164 msisdn mobile mobilenumber mobilephone"
            " mobilephonenumber cell cellphone cellphonenumber telephone telephonenumber tel"
            " number e164 recipient recipientnumber recipientphone to tonumber contact"
            " contactnumber contactphone contactphonenumber customerphone customerphonenumber"
            " customernumber userphone subscriber subscribernumber smsnumber smsphone"
        ),
        "sender_id": (
            "from fromnumber sender sendernumber messagingservice messagingserviceid"
            " messagingservicesid servicesid shortcode twilionumber"
        ),
        "status": (
            "consent consentstatus optin optinstatus optedin isoptedin optstatus subscribed"
            " issubscribed subscriptionstatus smsstatus smsconsent smsoptin"
        ),
        "source": (
            "channel consentchannel optinchannel method consentmethod optinmethod consentsource"
            " optinsource collectionmethod"
        ),
        "date_of_consent": (
            "date datetime timestamp time consentdate consenttime consenttimestamp consentat"
            " consentedat consentdatetime optindate optintime optintimestamp optinat optindatetime"
            " optoutdate optoutat optouttime optouttimestamp dateofoptin optedinat optedoutat"
            " dateofoptout statusdate subscribedat subscribeddate"
        ),
        "correlation_id": "uuid guid consentuuid consentguid",
        "country_iso_code": "country countrycode countryiso iso isocode iso2 alpha2",
        "zip_code": "zip zipcode postcode postalcode postal plz",
    }.items()
    for synonym in synonyms.split()
}


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
    synonym = _SYNONYMS.get(fold_name(name))
    if synonym in lacking:
        return synonym
    # Compared with all fields: `state` must not become a slip of the one that is left.
    suggestion = suggest(name, fields)
    return suggestion if suggestion in lacking else None
