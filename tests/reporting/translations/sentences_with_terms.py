"""Invented sentences with the terms that a person marked in them: language, sentence, labels in that language."""

SENTENCES: list[tuple[str, str, set[str]]] = [
    (
        "en",
        "Detained persons with disabilities have access to justice and remedy.",
        {"Persons with disabilities", "Access to justice and remedy"},
    ),
    (
        "en",
        "Refugees and asylum seekers were heard by the COMMITTEE AGAINST TORTURE.",
        {"Refugees and asylum seekers", "Committee against Torture"},
    ),
    ("en", "He registered his car, and the meeting was recorded.", set()),
    (
        "en",
        "Each migrant and each child is named in our national reports.",
        {"Migrants", "Children", "national report"},
    ),
    ("en", "Racial discrimination is a crime; agencies were trained.", {"Racial discrimination"}),
    (
        "en",
        "An indigenous people was consulted on the right to adequate housing.",
        {"Indigenous peoples", "Right to adequate housing"},
    ),
    ("en", "The treaty bodies adopted concluding observations.", {"treaty body", "concluding observations"}),
    ("en", "The mid-term report was sent after the voluntary pledges.", {"mid-term report", "voluntary pledge"}),
    (
        "fr",
        "Les rapports périodiques sont examinés par l’organe conventionnel.",
        {"rapport périodique", "organe conventionnel"},
    ),
    (
        "fr",
        "Une personne handicapée et les peuples autochtones ont été entendus.",
        {"Personnes handicapées", "Peuples autochtones"},
    ),
    (
        "fr",
        "L’institution nationale des droits de l’homme a lu les observations finales.",
        {"institution nationale des droits de l’homme", "observations finales"},
    ),
    (
        "fr",
        "La discrimination raciale frappe un migrant et son enfant.",
        {"Discrimination raciale", "Migrants", "Enfants"},
    ),
    (
        "es",
        "Se consultó a una persona con discapacidad y a los pueblos indígenas.",
        {"Personas con discapacidad", "Pueblos indígenas"},
    ),
    ("es", "La discriminación racial contra un migrante es delito.", {"Discriminación racial", "Migrantes"}),
    (
        "pt",
        "Foi ouvida uma pessoa com deficiência e um povo indígena.",
        {"Pessoas com deficiência", "Povos indígenas"},
    ),
    ("pt", "A discriminação racial contra uma criança é crime.", {"Discriminação racial", "Crianças"}),
    ("ar", "يتمتع الأشخاص ذوو الإعاقة والشعوب الأصلية بالحماية.", {"الأشخاص ذوو الإعاقة", "الشعوب الأصلية"}),
    ("ar", "حظر القانون التمييز العنصري ضد المهاجرين.", {"التمييز العنصري", "المهاجرون"}),
    ("ar", "قُدّم تقرير منتصف المدة ثم الردود على قائمة المسائل.", {"تقرير منتصف المدة", "الردود على قائمة المسائل"}),
]
