"""Words that decide what a recommendation requests, and words without weight, as stems of `tokens(text, "en")`.

Texts that differ by a weighty word are different recommendations, however much else they share. Texts that differ
only by light words may be the same.
"""

from servanda.language.words.stems import stem

_LIGHT = """
    a an the of to in on at by for from with and or as its it their his her that which who is are be been this these
    those all any also such including inter alia so well further relevant order
    le la les l de des du d et ou à au aux en dans par pour que qui el los las y o del al por para con se su sus
    в и на с по о к для
"""
_NEGATIONS = """
    not no non nor never neither without none except unless ne pas sans ni sin nunca не без нет لا دون عدم
    不 非 无 未
"""
_STRENGTH = """
    abolish abolition maintain retain keep ratify ratification accede accession sign signing signature consider
    explore examine study review possibility repeal revoke amend prohibit ban criminalize decriminalize legalize
    reject withdraw withdrawal remove lift suspend halt stop end prevent allow permit establish create adopt enact
    introduce implement strengthen continue ensure guarantee reduce increase limit restrict expand extend moratorium
    envisager abolir maintenir ratifier adhérer signer interdire retirer considerar mantener ratificar firmar
    adherir prohibir рассмотреть отменить сохранить ратифицировать подписать запретить
"""
_TREATIES = """
    optional protocol convention covenant statute treaty first second third iccpr icescr cescr ccpr cedaw cat crc
    crpd cerd icerd ced cped icppd icrmw cmw op opcat opac opsc ilo icc rome palermo hague istanbul paris lanzarote
    torture racial disability disabled civil political economic social cultural disappearance genocide
"""
_HOLDERS = """
    woman women man men child children girl boy youth elderly migrant refugee stateless indigenous minority prisoner
    worker lgbt lgbti roma family
"""


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word, "en") for word in words.casefold().split())


LIGHT = _stems(_LIGHT)
WEIGHTY = _stems(_NEGATIONS + _STRENGTH + _TREATIES + _HOLDERS)
_SMALL_WORDS_OF_NAMES = "and the of former d d' d’ de del du des la las los le les y et e и"
SMALL_WORDS_OF_NAMES = frozenset(_SMALL_WORDS_OF_NAMES.split())
