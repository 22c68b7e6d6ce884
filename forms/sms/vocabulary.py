"""The words that people text instead of a code, in the languages that we understand; all folded (`fold`)."""

from __future__ import annotations

import re
import unicodedata

from forms.text import fold_digits

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\ufe0e\ufe0f\u20e3]")
_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS = str.maketrans("ةى", "هي")
"""Arabic letters that people write for each other at the end of a word."""


def fold(text: str) -> str:
    """Give a text in the form in which replies and labels are compared.

    Small letters, no accents, no apostrophes, digits 0-9, every other sign a space, one space between words.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", _APOSTROPHES.sub("", fold_digits(text).casefold())))
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", plain).translate(_LETTERS)).strip()


def _phrases(*lines: str) -> frozenset[str]:
    """Fold phrases written on lines with `|` between them."""
    return frozenset(fold(phrase) for line in lines for phrase in line.split("|"))


def _words(*lines: str) -> frozenset[str]:
    """Fold single words written on lines."""
    return frozenset(fold(word) for line in lines for word in line.split())


STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "REMOVE", "ARRET"}
    | {"ARRETER", "DESABONNER", "BASTA", "PARAR", "CANCELAR", "ACHA", "SIMAMISHA", "توقف", "قف", "ايقاف", "الغاء"}
)
"""What carriers obey (Twilio, AWS, Braze; US rule of April 2025), and what people say in French, Spanish, Swahili and
Arabic. Spanish ALTO and BAJA are left out: they also mean "high" and "low", and so may be answers."""

RESERVED_WORDS = STOP_WORDS | {"HELP", "INFO", "START", "UNSTOP", "BACK", "SKIP", "WEB"}
"""What carriers or we obey; no round's keyword and no label of a texted choice may be one of them."""

SKIP = _phrases(
    "s|skip|s skip|skip it|skip this|skip this one|pass|passer|s passer|sauter|je passe|je saute",
    "saltar|s saltar|omitir|s omitir|pasar|paso|ruka|s ruka|s kuruka|kuruka|pita|تخطي|تخط|تجاوز",
)

DONT_KNOW = _phrases(
    "d|dk|idk|d don't know|don't know|do not know|i don't know|i do not know|dunno|i dunno|no idea|i have no idea",
    "not sure|im not sure|i am not sure|unsure",
    "nsp|d ne sais pas|je ne sais pas|ne sais pas|sais pas|je sais pas|j'sais pas|chais pas|aucune idée",
    "pas sûr|pas sûre",
    "no sé|d no sé|no lo sé|yo no sé|ni idea|no tengo idea|ns|lo desconozco|no estoy seguro|no estoy segura",
    "sijui|d sijui|mimi sijui|sifahamu|sina uhakika|si hakika",
    "لا أعرف|d لا أعرف|لا أدري|ما أعرف|ما أدري|لا أعلم|مش عارف|مش عارفة|مو عارف|لست متأكدا|لست متأكدة",
)

NOT_APPLICABLE = _phrases(
    "n|na|n/a|n not applicable|not applicable|does not apply|doesn't apply|it does not apply|it doesn't apply",
    "n sans objet|sans objet|s/o|non applicable|ne s'applique pas",
    "no aplica|n no aplica|no procede|no corresponde|n no corresponde|haihusiki|n haihusiki|hainihusu",
    "لا ينطبق|n لا ينطبق|لا ينطبق علي",
)

YES = _phrases(
    "yes|y|yeah|yep|yup|yea|ok|okay|sure|yes sure|of course|i agree|agree|agreed|yes i agree|yes i do",
    "oui|ouais|o|bien sûr|oui bien sûr|j'accepte|oui j'accepte|d'accord|oui d'accord|je suis d'accord",
    "sí|claro|sí claro|claro que sí|por supuesto|vale|sí acepto|acepto|sí quiero",
    "de acuerdo|estoy de acuerdo|sí de acuerdo",
    "ndiyo|ndio|ndyo|eeh|naam|sawa|ndiyo sawa|nakubali|ndiyo nakubali|ndio nakubali|ninakubali|nimekubali",
    "نعم|أجل|أيوه|ايوا|طبعا|نعم طبعا|موافق|موافقة|أوافق|نعم أوافق|نعم موافق|نعم موافقة",
)

NO = _phrases(
    "no|n|nope|nah|no i don't|no i do not|i do not agree|i don't agree|i decline|decline",
    "non|je refuse|non je refuse|je n'accepte pas|pas d'accord|je ne suis pas d'accord",
    "no acepto|no quiero|no gracias|no estoy de acuerdo|rechazo",
    "hapana|la|la hasha|sikubali|hapana sikubali|sitaki|nakataa|ninakataa",
    "لا|كلا|لا أوافق|لا شكرا|لست موافقا|أرفض|لا أريد",
)

POLITE = _words(
    "please pls plz thanks thank you thx hi hello dear sir madam kindly only just",
    "my the an answer is it its i i'd i'll say think would give choose choice option number nr reply",
    "merci bonjour salut svp s'il vous te plait plaît ma la le réponse est c'est je dis pense choisis choix seulement",
    "numero numéro núm gracias por favor hola mi el respuesta opción es creo diría elijo buenos días tardes usted",
    "señor señora solo solamente",
    "asante tafadhali jibu langu la nadhani nafikiri nachagua namba nambari habari jambo shikamoo tu",
    "شكرا من فضلك لو سمحت مرحبا السلام عليكم جوابي إجابتي الجواب الإجابة الخيار هو هي أظن أعتقد أختار رقم الرقم فقط",
)
"""Words around an answer that change nothing about it."""
_POLITE_IN = {"sw": POLITE | _words("ni")}
"""Those that mean something else in another language: Swahili "it is" is Spanish "nor"."""


def list_polite(language: str) -> frozenset[str]:
    """Give the words that change nothing about an answer in this language."""
    return _POLITE_IN.get(language.split("-")[0], POLITE)


NEGATIONS = _words(
    "no not non ne pas nor never neither none nothing without dont doesnt didnt isnt arent wasnt wont cant",
    "couldnt wouldnt shouldnt cannot aint hardly jamais aucun aucune rien sans nan nope nah guère",
    "nunca nada nadie ningún ninguno ninguna ni sin tampoco jamás apenas",
    "hapana si sio siyo sivyo hakuna hamna bila kamwe wala siwezi",
    "لا ليس ليست لست لم لن ما غير بدون دون بلا مش مو أبدا",
)

QUALIFIERS = _words(
    "but except than nearly almost under over below above half",
    "mais sauf excepté presque plus moins moitié demi",
    "pero excepto salvo casi más menos mitad medio",
    "lakini isipokuwa karibu zaidi chini nusu kasoro",
    "إلا ما عدا لكن أكثر أقل تقريبا نصف",
)
"""Words that make of a number something other than itself."""

AND = _words("and et y e na und و also aussi también además pia أيضا pamoja")

ARTICLES = _words("a an the un une le la les de des du l el los las una uno unos unas")
"""Words that people leave out before a label."""

NUMBER_WORDS = {
    fold(word): number
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "sifuri moja mbili tatu nne tano sita saba nane tisa kumi kumi-na-moja kumi-na-mbili",
        "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة أحد-عشر اثنا-عشر",
        "صفر واحدة اثنين ثلاث أربع خمس ست سبع ثمان تسع عشر إحدى-عشرة اثني-عشر",
        "nought une اثنتان",
        "_ una",
        "_ _ اتنين تلاتة",
    )
    for number, word in enumerate(words.split())
    if word != "_"
}

ORDINALS = {
    fold(word): number
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
        "première second _ _ _ _ _ _ _ _",
        "_ seconde _ _ _ _ _ _ _ _",
        "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo",
        "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
        "kwanza pili tatu nne tano sita saba nane tisa kumi",
        "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
        "الأولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة",
    )
    for number, word in enumerate(words.split(), start=1)
    if word != "_"
}
AROUND_ORDINALS = _words("one option choice answer the le la el ya réponse opción respuesta jibu الخيار الإجابة الجواب")

HOMONYMS = {"once": "es", "si": "es", "la": "sw", "o": "fr"}
"""Words for numbers, yes and no that mean something else in another language: they count in their own only."""


def counts_in(written: str, language: str) -> bool:
    """Whether this word means what our lists say in a conversation in this language; `sí` does, and `si` may not."""
    word = unicodedata.normalize("NFC", _NOT_WORD.sub("", written.casefold()))
    return HOMONYMS.get(word, language.split("-")[0]) == language.split("-")[0]
