"""Official names of mechanisms as long as they come, in each language of the pages."""

from i18nfield.strings import LazyI18nString

from servanda.people.models import Instance

LONG_NAMES = {
    "en": "National Mechanism for Implementation, Reporting and Follow-up of Human Rights Recommendations",
    "es": "Mecanismo Nacional de Implementación, Informe y Seguimiento de Recomendaciones de Derechos Humanos",
    "fr": "Mécanisme national de mise en œuvre, d’établissement de rapports et de suivi des recommandations",
    "pt": "Mecanismo Nacional de Implementação, Elaboração de Relatórios e Seguimento das Recomendações",
    "ar": "الآلية الوطنية لتنفيذ توصيات حقوق الإنسان وإعداد التقارير عنها ومتابعتها في جميع مناطق البلاد كلها",
}


def name_at_length() -> None:
    """This system has a name of more than 90 characters in each language."""
    languages = ",".join(LONG_NAMES)
    Instance.objects.update_or_create(pk=1, defaults={"name": LazyI18nString(LONG_NAMES), "languages": languages})
