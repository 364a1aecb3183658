"""Phone numbers that are reserved for fiction, so that they are nobody's."""

from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

from consentlint.cases import Choices

# Area codes of the United States and of Canada.
_US = (
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 225 228 229 231 234 239"
    " 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310"
    " 312 313 314 315 316 317 318 319 320 321 323 330 334 336 337 347 352 360 361 386 401 402 404"
    " 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 435 440 443 469 478 479 480"
    " 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 540 541 559 561 562"
    " 563 567 570 571 573 574 580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617"
    " 618 619 620 623 626 630 631 636 641 646 650 651 660 661 662 678 682 701 702 703 704 706 707"
    " 708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 740 754 757 760 763 765 770 772"
    " 773 774 775 781 785 786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 828 830"
    " 831 832 843 845 847 848 850 856 857 858 859 860 862 863 864 865 870 901 903 904 906 907 908"
    " 909 910 912 913 914 915 916 917 918 919 920 925 928 931 936 937 940 941 949 951 952 954 956"
    " 970 971 972 973 978 979 980 985 989"
)
_CANADA = "204 250 306 403 416 418 450 506 514 519 604 613 647 705 709 778 780 807 819 902 905"

_BRITISH_CITIES = (
    "1134960 1144960 1154960 1164960 1174960 1184960 1214960 1314960 1414960 1514960 1614960"
    " 2079460 1914980 2896496 2920180"
)


class _Range(NamedTuple):
    prefix: str
    digits: int
    """How many digits follow."""
    country: str


_RANGES = (
    # NANPA: 555-0100 to 555-0199 in every area code.
    *(_Range(f"+1{area}55501", 2, "US") for area in _US.split()),
    *(_Range(f"+1{area}55501", 2, "CA") for area in _CANADA.split()),
    # Ofcom, "Telephone numbers for drama use": mobile numbers, no area, cities.
    _Range("+447700900", 3, "GB"),
    _Range("+441632960", 3, "GB"),
    *(_Range(f"+44{city}", 3, "GB") for city in _BRITISH_CITIES.split()),
    # ComReg: 020 91x xxxx.
    _Range("+3532091", 5, "IE"),
    # Arcep: a range in each zone, and one of mobile numbers.
    *(
        _Range(f"+33{start}", 4, "FR")
        for start in ("63998", "19900", "26191", "35301", "46571", "53649")
    ),
    # ACMA: numbers for use in films, in each of the four areas.
    *(_Range(f"+61{area}{start}", 4, "AU") for area in "2378" for start in ("5550", "7010")),
)
_ENDS = tuple(accumulate(10**each.digits for each in _RANGES))
COUNT = _ENDS[-1]
"""How many numbers there are."""

# Coprime to COUNT, so that its multiples reach every number before one repeats.
_STEP = 15_485_863


class FictionalNumber(NamedTuple):
    """A phone number and the country that it is of."""

    number: str
    country: str


def fictional_number(index: int) -> FictionalNumber:
    """Return a number; no two among `COUNT` consecutive indexes have the same."""
    position = index * _STEP % COUNT
    place = bisect(_ENDS, position)
    prefix, digits, country = _RANGES[place]
    return FictionalNumber(f"{prefix}{_ENDS[place] - 1 - position:0{digits}}", country)


def draw_number(choices: Choices) -> str:
    """Return any of the numbers."""
    return fictional_number(choices.integer(0, COUNT - 1)).number
