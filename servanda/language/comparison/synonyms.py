"""Words that are interchangeable in recommendations without changing what is requested, by language.

Compiled by hand from set phrases: "take steps" and "take measures" are the same request. Words that express strength,
direction or right holders are not included: they are ideas of `concepts`.
"""

from functools import cache

from servanda.language.words.stems import stem

_SAME = {
    "en": """
        measures steps action actions
        ensure guarantee secure
        combat fight tackle counter
        continue pursue
        strengthen reinforce
        promote foster
        eliminate eradicate
        adequate appropriate sufficient
        improve enhance
        safeguard protect
        law legislation laws
        person persons people
        undertake adopt take
        efficient effective
        country state
        quickly promptly swiftly
        urgently immediately
        intensify redouble
        prompt swift
        accordance conformity compliance line
    """,
    "es": """
        adoptar tomar
        medidas acciones
        garantizar asegurar velar
        combatir luchar
        continuar seguir proseguir
        fortalecer reforzar
        eliminar erradicar
        promover fomentar
        adecuado apropiado
        proteger salvaguardar
        mejorar perfeccionar
        ley legislación
        intensificar redoblar
    """,
    "fr": """
        prendre adopter
        mesures dispositions
        garantir assurer veiller
        combattre lutter
        continuer poursuivre
        renforcer consolider
        éliminer éradiquer
        promouvoir favoriser
        adéquat approprié
        protéger préserver
        loi législation
        intensifier redoubler
    """,
    "pt": """
        adotar adoptar tomar
        medidas ações acções
        garantir assegurar
        combater lutar
        continuar prosseguir
        fortalecer reforçar
        eliminar erradicar
        promover fomentar
        adequado apropriado
        proteger salvaguardar
        lei legislação
        intensificar redobrar
    """,
    "ar": """
        تدابير خطوات إجراءات
        التدابير الخطوات الإجراءات
        ضمان كفالة
        مكافحة محاربة
        مواصلة استمرار
        قانون تشريع
        تكثيف مضاعفة
    """,
    "ru": """
        меры шаги
        обеспечить гарантировать
        укреплять усиливать
        укрепить усилить
        бороться противодействовать
        закон законодательство
        активизировать наращивать
    """,
}


@cache
def synonyms(language: str) -> dict[str, str]:
    """Maps each stem that has synonyms to the one that represents them."""
    rows = (line.split() for line in _SAME.get(language.partition("-")[0], "").strip().splitlines())
    return {stem(word.casefold(), language): stem(row[0].casefold(), language) for row in rows for word in row}
