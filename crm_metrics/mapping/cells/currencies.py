"""Currencies as headers and cells write them: signs, words in Russian and English, ISO codes."""

from __future__ import annotations

# Lower case; a header is compared with these too, so no word here may mean anything else there.
CURRENCIES: dict[str, str] = {
    sign: code
    for code, signs in {
        "RUB": "₽ руб рубли рублей рублях р rub rur",
        "USD": "$ usd us$",
        "EUR": "€ eur евро",
        "GBP": "£ gbp",
        "KZT": "₸ kzt тг тенге",
        "UAH": "₴ uah грн",
        "BYN": "byn br",
        "CAD": "cad ca$",
        "AUD": "aud a$",
        "PLN": "pln zł",
        "TRY": "₺ try",
        "INR": "₹ inr",
        "BRL": "brl r$",
        "CHF": "chf",
        "CNY": "cny",
        "JPY": "jpy",
        "UZS": "uzs",
        "GEL": "₾ gel",
        "AMD": "֏ amd",
        "AZN": "₼ azn",
        "KGS": "kgs",
    }.items()
    for sign in signs.split()
}
# Those that only a number beside them makes a currency. A dollar without a country is the US one.
_IN_CELLS: dict[str, str] = {
    sign: code
    for code, signs in {
        "RUB": "рубль рубля",
        "CAD": "c$",
        "AUD": "au$",
        "NZD": "nz$",
        "HKD": "hk$",
        "SGD": "s$",
        "MXN": "mx$",
        "TWD": "nt$",
        "JPY": "¥",
        "CNY": "元 cn¥",
        "KRW": "₩",
        "ILS": "₪",
        "VND": "₫",
        "THB": "฿",
        "PHP": "₱",
        "NGN": "₦",
        "CZK": "kč",
        "UZS": "сум сўм",
        "KGS": "сом",
        "EUR": "euro euros",
    }.items()
    for sign in signs.split()
}
# As CRM systems name them in a column of their own.
_NAMES: dict[str, str] = {
    "российский рубль": "RUB",
    "белорусский рубль": "BYN",
    "доллар сша": "USD",
    "us dollar": "USD",
    "казахстанский тенге": "KZT",
    "украинская гривна": "UAH",
    "гривна": "UAH",
    "узбекский сум": "UZS",
    "киргизский сом": "KGS",
}
# Without those that are English words: ALL, CUP, MOP, TOP.
_ISO = (
    "AED AFN AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS GIP"
    " GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD"
    " KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MRU MUR MVR MWK MXN MYR MZN NAD NGN"
    " NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RUR RWF SAR SBD SCR SDG SEK"
    " SGD SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES"
    " VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
)
_TOKENS: dict[str, str] = {
    **{code.lower(): code for code in _ISO.split()},
    **CURRENCIES,
    **_IN_CELLS,
    **_NAMES,
}


def currency_code(token: str) -> str | None:
    """The ISO code of a sign, a name (with or without a point) or a code, in any case."""
    return _TOKENS.get(token.strip().lower().rstrip("."))
