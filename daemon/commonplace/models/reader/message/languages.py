"""Questions in other languages: the reader reads English, and says so in the language of the question.

A language is known by its script, or by the words that every question in it has: the tables hold the commonest
question words, pronouns, possessives and forms of "be" and "have", written for this reader from the languages'
grammars. What may as well be English counts for English too, so that no English question is refused.
"""

import re
import unicodedata
from collections import Counter


def foreign_reply(message: str) -> str | None:
    """Return the answer to a message in another language, or None for one that may be English."""
    said = re.findall(r"[^\W\d_]+", message.casefold())
    if not _ENGLISH.isdisjoint(said):
        return None
    english = sum(word in _MAY_BE_ENGLISH for word in said)
    script = _script(message)
    if script and not english:
        return _REPLIES[_of_script(script, message)]
    found = {
        language: sum(word in asking or word in _SAYING[language] for word in said)
        for language, asking in _ASKING.items()
    }
    best = max(found, key=lambda language: found[language])
    if "¿" in message and not english:
        return _REPLIES["Spanish"]
    if found[best] <= english or (found[best] == 1 and not _is_sure(best, said)):
        return None
    return _REPLIES[best]


def _is_sure(language: str, said: list[str]) -> bool:
    """Say whether one word is enough: one that asks, at the beginning of a few words none of which is English."""
    return len(said) <= _FEW and said[0] in _ASKING[language]


def _script(message: str) -> str:
    """Return the script of most of the letters, as Unicode names it; "" for Latin."""
    scripts = Counter(unicodedata.name(letter, "LATIN").split()[0] for letter in message if letter.isalpha())
    most = scripts.most_common(1)
    return most[0][0] if most and most[0][0] in _SCRIPTS else ""


def _of_script(script: str, message: str) -> str:
    if script == "CJK":
        return "Japanese" if re.search(r"[\u3040-\u30ff]", message) else "Chinese"
    if script == "CYRILLIC":
        return "Ukrainian" if re.search(r"[іїєґ]", message, re.IGNORECASE) else "Russian"
    if script == "ARABIC":
        return "Persian" if re.search(r"[پچژگ]", message) else "Arabic"
    return _SCRIPTS[script]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FEW = 4
_SCRIPTS = {
    "ARABIC": "Arabic",
    "CJK": "Chinese",
    "CYRILLIC": "Russian",
    "DEVANAGARI": "Hindi",
    "GREEK": "Greek",
    "HANGUL": "Korean",
    "HEBREW": "Hebrew",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "THAI": "Thai",
}
_ENGLISH = _words(
    """
    about any aren been could did does doing forget from his how isn it its many much old our please remember she should
    tell that the their there they this what when where which who whom whose why with would you your
    """
)
"""Words that are English and nothing else: one is enough."""
_MAY_BE_ENGLISH = _words(
    "a am an and are at can change do don for had has have he her i in is live me my name not note of on or to was we "
    "were will"
)
_ASKING = {
    "German": _words("was wer wie wo wann warum welche welcher welches wem wen wessen"),
    "French": _words("quel quelle quels quelles qui que quoi où quand comment pourquoi combien"),
    "Spanish": _words("qué cuál cuáles quién quiénes dónde cuándo cómo cuántos cuántas cuánto quien donde cuando como"),
    "Italian": _words("che cosa qual quale quali chi dove quando perché quanti quante quanto come"),
    "Portuguese": _words("que qual quais quem onde quando como quantos quantas quanto porquê"),
    "Dutch": _words("wat wie waar wanneer hoe waarom welke welk hoeveel"),
    "Swedish": _words("vad vem var när hur varför vilken vilket vilka"),
    "Norwegian": _words("hva hvem hvor når hvordan hvorfor hvilken hvilket hvilke"),
    "Danish": _words("hvad hvem hvor hvornår hvordan hvorfor hvilken hvilket hvilke"),
    "Polish": _words("co kto gdzie kiedy jak dlaczego ile jaki jaka jakie czyj czy"),
    "Czech": _words("co kdo kde kdy jak proč kolik jaký jaká jaké čí"),
    "Hungarian": _words("mi ki hol mikor hogyan miért hány mennyi melyik kinek kit"),
    "Finnish": _words("mikä mitä kuka missä milloin miten miksi montako paljonko kuinka kenen"),
    "Romanian": _words("ce cine unde când cum câți câte cât care"),
    "Turkish": _words("ne nedir kim kimdir nerede nereye nasıl kaç hangi neden"),
}
"""Words that ask."""
_SAYING = {
    "German": _words(
        "ist sind war bin habe hat mein meine meinen meinem meiner ich der die das den dem ein eine und nicht "
        "heißt heiße wohnt wohne viele alt mir mich von für es"
    ),
    "French": _words(
        "est sont suis ai mon ma mes je le la les un une du des de et ne pas il elle ils habite travaille appelle "
        "âge ce sur dans"
    ),
    "Spanish": _words(
        "es son soy está mi mis tengo tiene yo el la los las un una de y vive vivo llama se en por años edad"
    ),
    "Italian": _words(
        "è sono sei ho ha mio mia miei mie io il lo la gli le un una di e vive vivo abita abito si chiama mi "
        "chiamo anni del della lavora lavoro"
    ),
    "Portuguese": _words(
        "é são sou está meu minha meus minhas eu o os as um uma de e não tenho tem mora moro anos se chama da em "
        "trabalho"
    ),
    "Dutch": _words("is zijn ben heb heeft mijn ik de het een en niet woont woon heet oud werkt werk naam dat die"),
    "Swedish": _words("är heter har min mitt mina jag en ett och inte bor många gammal av i på det som arbetar jobbar"),
    "Norwegian": _words("er heter har min mitt mine jeg en et og ikke bor mange gammel av i på det som jobber"),
    "Danish": _words("er hedder har min mit mine jeg en et og ikke bor mange gammel af i på det som arbejder"),
    "Polish": _words(
        "jest są jestem mam ma mój moja moje mojej mojego ja i nie w z na do się lat mieszka mieszkam nazywa "
        "nazywam która"
    ),
    "Czech": _words(
        "je jsou jsem mám má můj moje moji mého mojí já a ne v z na do se let bydlí bydlím jmenuje jmenuji která mi"
    ),
    "Hungarian": _words("van vagyok az egy és nem hogy éves lakik lakom hívják"),
    "Finnish": _words("on olen ovat minun minä ja ei asuu asun nimi vanha"),
    "Romanian": _words("este sunt am are meu mea mei mele eu un o și nu de la locuiește ani"),
    "Turkish": _words(
        "benim ben bu ve değil mi mı mu mü var yok yaşındayım adım yaşında zaman oturuyor oturuyorum çalışıyor"
    ),
}
"""Words of what is asked about."""
_REPLIES = {
    "German": "Ich lese nur Fragen auf Englisch. Könnten Sie bitte auf Englisch fragen?",
    "French": "Je ne lis que les questions en anglais. Pouvez-vous poser la question en anglais ?",
    "Spanish": "Solo leo preguntas en inglés. ¿Puede preguntar en inglés?",
    "Italian": "Leggo solo domande in inglese. Può chiedere in inglese?",
    "Portuguese": "Só leio perguntas em inglês. Pode perguntar em inglês?",
    "Dutch": "Ik lees alleen vragen in het Engels. Kunt u het in het Engels vragen?",
    "Swedish": "Jag läser bara frågor på engelska. Kan du fråga på engelska?",
    "Norwegian": "Jeg leser bare spørsmål på engelsk. Kan du spørre på engelsk?",
    "Danish": "Jeg læser kun spørgsmål på engelsk. Kan du spørge på engelsk?",
    "Polish": "Czytam tylko pytania po angielsku. Czy możesz zapytać po angielsku?",
    "Czech": "Rozumím jen otázkám v angličtině. Můžete se zeptat anglicky?",
    "Hungarian": "Csak angol kérdéseket tudok elolvasni. Megkérdezné angolul?",
    "Finnish": "Luen vain englanninkielisiä kysymyksiä. Voisitko kysyä englanniksi?",
    "Romanian": "Citesc doar întrebări în engleză. Puteți întreba în engleză?",
    "Turkish": "Yalnızca İngilizce soruları okuyabiliyorum. İngilizce sorar mısınız?",
    "Arabic": "لا أقرأ إلا الأسئلة بالإنجليزية. هل يمكنك أن تسأل بالإنجليزية؟",
    "Persian": "من فقط پرسش‌های انگلیسی را می‌خوانم. می‌توانید به انگلیسی بپرسید؟",
    "Chinese": "我只能读懂英文问题。您能用英文提问吗？",
    "Japanese": "英語の質問しか読めません。英語で質問していただけますか？",
    "Korean": "저는 영어로 된 질문만 읽을 수 있습니다. 영어로 질문해 주시겠어요?",
    "Russian": "Я понимаю только вопросы на английском. Можете спросить по-английски?",
    "Ukrainian": "Я розумію лише запитання англійською. Можете запитати англійською?",
    "Greek": "Διαβάζω μόνο ερωτήσεις στα αγγλικά. Μπορείτε να ρωτήσετε στα αγγλικά;",
    "Hebrew": "אני קורא רק שאלות באנגלית. אפשר לשאול באנגלית?",
    "Hindi": "मैं केवल अंग्रेज़ी के प्रश्न पढ़ता हूँ। क्या आप अंग्रेज़ी में पूछ सकते हैं?",
    "Thai": "ฉันอ่านได้เฉพาะคำถามภาษาอังกฤษ ถามเป็นภาษาอังกฤษได้ไหม?",
}
