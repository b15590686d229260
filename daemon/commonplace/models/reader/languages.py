"""Questions in other languages: the reader reads English, and says so in the language of the question."""

from commonplace.models.reader.words import tokens


def foreign_reply(message: str) -> str | None:
    """Return the answer to a message in another language, or None for one that may be English."""
    said = set(tokens(message))
    if said & _ENGLISH:
        return None
    counts = {language: len(said & words) for language, words in _FUNCTION_WORDS.items()}
    language = max(counts, key=lambda name: counts[name])
    return _REPLIES[language] if counts[language] >= 2 else None


_ENGLISH = frozenset("the what is my of i you are do does how where when and to".split())  # noqa: SIM905  # words read better in a row
_FUNCTION_WORDS = {
    "German": frozenset("was wer wie wo wann ist mein meine meinem ich bin der die das welche heißt habe".split()),  # noqa: SIM905
    "French": frozenset("quel quelle quels est mon ma mes où qui je suis le la les quand comment travaille".split()),  # noqa: SIM905
    "Spanish": frozenset("cuál cual qué que es mi mis dónde quién yo el la los cuándo cómo soy trabajo".split()),  # noqa: SIM905
    "Italian": frozenset("qual quale è mio mia dove chi io sono il la quando come mi chiamo".split()),  # noqa: SIM905
    "Turkish": frozenset("ne nedir benim adım kim nerede nasıl kaç ben mi bu".split()),  # noqa: SIM905
}
_REPLIES = {
    "German": "Ich lese nur Fragen auf Englisch. Könnten Sie bitte auf Englisch fragen?",
    "French": "Je ne lis que les questions en anglais. Pouvez-vous poser la question en anglais ?",
    "Spanish": "Solo leo preguntas en inglés. ¿Puede preguntar en inglés?",
    "Italian": "Leggo solo domande in inglese. Può chiedere in inglese?",
    "Turkish": "Yalnızca İngilizce soruları okuyabiliyorum. İngilizce sorar mısınız?",
}
