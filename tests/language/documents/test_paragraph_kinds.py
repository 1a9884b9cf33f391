"""What a paragraph does, by the verbs in which monitoring bodies draft."""

import pytest

from servanda.language.documents.paragraph_kinds import kind_of, sentences


@pytest.mark.parametrize(
    "text",
    [
        "The Committee recommends that the State party amend the law.",
        "The State party should ensure access to counsel.",
        "Recalling its general comment, the Committee encourages the State party to train judges.",
        "GRETA invites the authorities to collect data.",
        "El Comité alienta al Estado parte a que apruebe la ley.",
        "Le Comité engage vivement l’État partie à adopter la loi.",
        "L ’ État partie devrait garantir l’accès à un avocat.",
        "O Comité exorta o Estado parte a adotar a lei.",
        "Комитет призывает государство-участник принять закон.",
        "Комитет обращается к государству-участнику с настоятельным призывом создать независимый механизм.",
        "Государству-участнику следует принять закон.",
        "وتحث اللجنة الدولة الطرف على اعتماد القانون.",
        "ينبغي للدولة الطرف أن تعتمد القانون.",
        "委员会建议缔约国通过该法律。",
    ],
)
def test_demands_are_recommendations(text):
    assert kind_of(text) == "recommendation"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee is concerned that its previous recommendations have not been implemented.",
        "The Committee is concerned that the law encourages early marriage.",
        "Preocupa al Comité la falta de datos.",
        "Le Comité regrette l’absence de données.",
        "O Comité está preocupado com a falta de dados.",
        "Комитет обеспокоен отсутствием данных.",
        "يساور اللجنة القلق إزاء عدم وجود بيانات.",
    ],
)
def test_concerns_are_concerns_even_where_they_speak_of_recommendations(text):
    assert kind_of(text) == "concern"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee welcomes the ratification of the Convention concerning forced labour.",
        "El Comité acoge con satisfacción la aprobación de la ley.",
        "Комитет приветствует принятие закона.",
        "ترحب اللجنة بتوصيات الفريق العامل.",
    ],
)
def test_the_rest_informs(text):
    assert kind_of(text) == "information"


def test_a_number_or_an_article_ends_no_sentence():
    assert sentences("See comment No. 5 and art. 12. The Committee agrees.") == [
        "See comment No. 5 and art. 12.",
        "The Committee agrees.",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("invitent les autorités à fournir des informations sur les enquêtes ;", "recommendation"),
        ("demandent aux autorités de soumettre un plan d’action révisé avant le 1er mars 2026 ;", "recommendation"),
        ("prient instamment le gouvernement de verser les sommes dues sans plus tarder ;", "recommendation"),
        ("exhortent à nouveau les autorités à adopter la loi ;", "recommendation"),
        ("encouragent vivement les autorités à poursuivre leurs efforts ;", "recommendation"),
        ("en appellent aux autorités pour qu’elles exécutent l’arrêt ;", "recommendation"),
        ("notent avec intérêt la formation des policiers et les encouragent à la poursuivre ;", "recommendation"),
        ("rappelant la gravité des violations, invitent instamment les autorités à agir ;", "recommendation"),
        ("réitèrent leur appel aux autorités pour qu’elles libèrent le requérant ;", "recommendation"),
        (
            "soulignent la nécessité d’une enquête indépendante et attendent des autorités qu’elles la mènent ;",
            "recommendation",
        ),
        ("Les Délégués invitent les autorités à agir.", "recommendation"),
        ("Le Comité des Ministres demande aux autorités d’agir.", "recommendation"),
        ("notent avec satisfaction que la loi a été modifiée ;", "information"),
        ("notent que le médiateur a invité les autorités à agir ;", "information"),
        ("rappellent que l’État doit exécuter l’arrêt ;", "information"),
        ("rappelant que ces affaires concernent des mauvais traitements ;", "information"),
        ("décident de reprendre l’examen de ces affaires à leur réunion de juin ;", "information"),
        ("décident de clore l’examen de ces affaires ;", "information"),
        ("chargent le Secrétariat de préparer un projet de résolution ;", "information"),
        ("demandent au Secrétariat de préparer un projet de résolution intérimaire ;", "information"),
        ("se félicitent de la volonté des autorités de revoir la loi ;", "information"),
        ("prennent note du plan d’action ;", "information"),
        ("notent avec préoccupation l’absence de progrès ;", "concern"),
        ("expriment leur regret quant à l’absence de progrès ;", "concern"),
        ("déplorent l’absence de réponse des autorités ;", "concern"),
        ("invited the authorities to provide further information;", "recommendation"),
        ("called upon the authorities to release the applicant;", "recommendation"),
        ("strongly urged them to pay the sums due;", "recommendation"),
        ("noted with interest the training and strongly encouraged them to continue;", "recommendation"),
        (
            "noting that a law is being drafted, requested the authorities to keep the Committee informed;",
            "recommendation",
        ),
        ("reiterated their call on the authorities to act;", "recommendation"),
        ("noted with satisfaction that the law had been amended;", "information"),
        ("noted that the Ombudsman had urged the authorities to act;", "information"),
        ("recalled that the State should execute the judgment;", "information"),
        ("decided to resume their examination at their June meeting;", "information"),
        ("instructed the Secretariat to prepare a draft interim resolution;", "information"),
        ("requested the Secretariat to prepare a draft interim resolution;", "information"),
        ("noted with concern the lack of progress;", "concern"),
        ("noted with regret that nothing was done;", "concern"),
        ("expressed deep concern about the lack of progress; urged the authorities to act;", "recommendation"),
    ],
)
def test_in_decisions_of_ministers_the_main_verb_tells_what_a_point_does(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "The Committee emphasizes the importance of all the recommendations contained in the present concluding "
        "observations and would like to draw the attention of the State party to the recommendations contained in "
        "paragraphs 20 (equal recognition before the law) and 46 (work and employment).",
        "The Committee reminds the State party of the indivisibility and interdependence of all the rights "
        "enshrined in the Convention and emphasizes the importance of all the recommendations contained in the "
        "present concluding observations. The Committee would like to draw the State party’s attention to the "
        "recommendations concerning the following areas, in respect of which urgent measures must be taken: "
        "violence (para. 20) and health (para. 30).",
        "El Comité subraya la importancia de todas las recomendaciones que figuran en las presentes observaciones "
        "finales y desea señalar a la atención del Estado parte las recomendaciones formuladas en los párrafos 20 "
        "y 46.",
        "El Comité recuerda al Estado parte la indivisibilidad y la interdependencia de todos los derechos "
        "consagrados en la Convención y hace hincapié en la importancia de todas las recomendaciones que figuran "
        "en las presentes observaciones finales. El Comité desea señalar a la atención del Estado parte las "
        "recomendaciones relativas a los siguientes ámbitos, respecto de los cuales deben adoptarse medidas "
        "urgentes: la violencia (párr. 20).",
        "Le Comité souligne l’importance de toutes les recommandations formulées dans les présentes observations "
        "finales et souhaite attirer l’attention de l’État partie sur les recommandations figurant aux paragraphes "
        "20 et 46.",
        "Le Comité rappelle à l’État partie que tous les droits consacrés par la Convention sont indivisibles et "
        "interdépendants et insiste sur l’importance de toutes les recommandations figurant dans les présentes "
        "observations finales. Il souhaite appeler l’attention de l’État partie sur les recommandations concernant "
        "les domaines ci-après, à propos desquels des mesures doivent être prises d’urgence : la violence (par. "
        "20).",
        "O Comité salienta a importância de todas as recomendações contidas nas presentes observações finais e "
        "deseja chamar a atenção do Estado Parte para as recomendações contidas nos parágrafos 20 e 46.",
        "تشدد اللجنة على أهمية جميع التوصيات الواردة في هذه الملاحظات الختامية وتود أن توجه انتباه الدولة الطرف إلى "
        "التوصيات الواردة في الفقرتين 20 و46.",
        "Комитет подчеркивает важность всех рекомендаций, вынесенных в настоящих заключительных замечаниях, и хотел "
        "бы обратить внимание государства-участника на рекомендации, содержащиеся в пунктах 20 (равное признание "
        "перед законом) и 46 (труд и занятость).",
    ],
)
def test_the_importance_of_all_recommendations_is_no_further_one(text):
    assert kind_of(text) == "information"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee emphasizes the importance of all the recommendations contained in the present concluding "
        "observations and urges the State party to implement them without delay.",
        "The Committee emphasizes the importance of all the recommendations. The State party should adopt a plan.",
        "The Committee emphasizes the importance of training judges.",
        "The Committee draws the attention of the State party to its general comment No. 5 and to the need for data.",
        "The Committee emphasizes the importance of all its recommendations and in particular urges the State "
        "party to repeal article 230 of the Penal Code.",
        "The Committee stresses the importance of all the recommendations in the present document and, in this "
        "regard, strongly urges the State party to release all detainees.",
        "The Committee reiterates the importance of all its recommendations and encourages the State party to "
        "adopt a national plan.",
        "The Committee draws the attention of the State party to its recommendations contained in paragraphs 12 "
        "and 14 and encourages it to amend the Penal Code.",
        "El Comité subraya la importancia de todas las recomendaciones y alienta al Estado parte a que derogue el "
        "artículo 230.",
        "El Comité subraya la importancia de todas las recomendaciones y lo insta a que derogue la ley.",
        "Le Comité souligne l’importance de toutes les recommandations et engage l’État partie à abroger "
        "l’article 230 du Code pénal.",
        "O Comité salienta a importância de todas as recomendações e encoraja o Estado Parte a adotar um plano.",
        "تشدد اللجنة على أهمية جميع التوصيات وتحث الدولة الطرف على إلغاء المادة 230.",
        "تشدد اللجنة على أهمية جميع التوصيات وتدعو الدولة الطرف إلى اعتماد خطة.",
        "Комитет подчеркивает важность всех рекомендаций и настоятельно призывает государство-участник отменить "
        "статью 230.",
        "Комитет подчеркивает важность всех рекомендаций и просит государство-участник принять план.",
        "Комитет хотел бы обратить внимание государства-участника на рекомендации, содержащиеся в пункте 8, и "
        "предлагает ему внести изменения в закон.",
        "The Committee wishes to draw the attention of the State party to the particular importance of the "
        "recommendations contained in paragraph 8 and urges the State party to repeal article 230.",
    ],
)
def test_what_is_asked_beside_it_is_one(text):
    assert kind_of(text) == "recommendation"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee requests the State party to follow the harmonized guidelines on reporting under the "
        "international human rights treaties, including guidelines on a common core document and treaty-specific "
        "documents.",
        "Le Comité invite l’État partie à se conformer aux directives harmonisées pour l’établissement de rapports, "
        "notamment les directives pour l’établissement du document de base commun.",
        "The Committee wishes to draw the attention of the State party to the particular importance of the "
        "recommendations contained in paragraphs 8, 16 and 30 above and requests the State party to provide "
        "detailed information in its next periodic report on the concrete measures taken to implement those "
        "recommendations.",
        "El Comité desea señalar a la atención del Estado parte la particular importancia de las recomendaciones "
        "que figuran en los párrafos 8 y 16 y le solicita que en su próximo informe periódico proporcione "
        "información detallada.",
        "Le Comité souhaite appeler l’attention de l’État partie sur l’importance particulière des recommandations "
        "figurant aux paragraphes 8 et 16 et lui demande de faire figurer dans son prochain rapport des "
        "renseignements détaillés.",
        "El Comité solicita al Estado parte que siga las directrices armonizadas para la preparación de informes con "
        "arreglo a los tratados internacionales de derechos humanos.",
    ],
)
def test_how_reports_are_drafted_is_no_recommendation(text):
    assert kind_of(text) == "information"


@pytest.mark.parametrize(
    "text",
    [
        "El autor alega que el Estado parte presentará una ley.",
        "El Estado parte señala que el Estado parte presentará un proyecto de ley al Congreso en 2025.",
        "L’État partie affirme qu’en 2025 l’État partie présentera un projet de loi.",
        "O autor observa que o Estado parte apresentará um projeto de lei.",
        "La delegación indicó que se invita al Estado a participar en el foro.",
        "The Committee notes that, under the law, the State, within 48 hours, must bring the detainee before a "
        "judge.",
        "El Comité observa que el Estado, en el plazo de 72 horas, debe presentar al detenido ante el juez.",
        "According to the author, the State party, within a year of his arrest, should have brought him before a "
        "judge.",
    ],
)
def test_what_states_and_authors_report_is_no_demand(text):
    assert kind_of(text) == "information"


@pytest.mark.parametrize(
    "text",
    [
        "El Estado parte presentará al Comité, en un plazo de seis meses, una respuesta por escrito.",
        "L’État partie présentera au Comité, dans un délai de six mois, un rapport sur les mesures prises.",
        "O Estado Parte apresentará ao Comitê, no prazo de seis meses, informações por escrito.",
        "Se invita al Estado parte a que derogue el artículo 230.",
        "Preocupan las detenciones, por lo que se invita al Estado parte a derogar la ley.",
        "The State, within 90 days, shall release the detainee.",
    ],
)
def test_what_the_state_is_to_submit_to_the_committee_is_one(text):
    assert kind_of(text) == "recommendation"
