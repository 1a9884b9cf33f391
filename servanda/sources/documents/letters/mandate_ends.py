"""Words behind the name of a mandate: what its holder does, whom the letter is for, and who sends it."""

import re

from servanda.kit.patterns import lazy_pattern

# "The Special Rapporteur on torture presents his compliments", "As Special Rapporteur on torture I am alarmed".
WRITES = lazy_pattern(
    r"(?<![\s,])[\s,]*+\b(?:presents?|ha(?:s|ve)|wish(?:es)?|writes?|would|is|are|(?:(?-i:I)|we)\s+(?:\w+ly\s+)?[a-z]+|présente(?:nt)?|ont|a\s+l[’']honneur"
    r"|vous\s+(?!et\b)\w+|je\s+\w+|j[’']\w+|nous\s+\w+|s[’']adressent?|écri(?:t|vent)"
    r"|saluda[n]?|tienen?|se\s+dirige[n]?|l[ae]s?\s+escribe[n]?|escrib(?:e|en|o|imos)|me\s+dirijo|nos\s+dirigimos"
    r"|apresenta[m]?|têm|tem|(?:lhe|vos)\s+escreve[m]?|escrev(?:e|em|o|emos)|dirijo-me|dirigimo-nos|dirige[m]?-se)\b"
    r"|(?<![\s,،])[\s,،]*+(?<=\s)(?:يهدي|تهدي|يتشرف|نتشرف|[أانتي](?:كتب|خاطب|توجه)(?:ون|ان)?)(?!\w)",
    re.I,
)
_OFFICE = (
    r"(?:minist\w+|ambassad\w+|embajador\w*|embaixador\w*|excelen\w+|excellen\w+|permanent\s+(?:mission|representative)|président\w*|president[ea]?\w*"
    r"|(?:représentant\w*|representante|mission|misión|missão)\s+permanent\w*|premier\s+ministre|prime\s+minister)"
)
# "From the Special Rapporteur on torture to the Minister of Justice".
ADDRESSEE = lazy_pattern(
    rf"\s+(?:to\s+(?:(?:the|his|her|your)\s+)?|to\s+h\.\s?e\.\s+(?:the\s+)?|(?:au|aux|à)\s+(?:la\s+|l[’']\s?|sa\s+|son\s+|monsieur\s+(?:le\s+)?|madame\s+(?:la\s+)?)?"
    rf"|(?:al|a)\s+(?:la\s+|su\s+)?(?:señora?\s+|excelentísim[oa]\s+(?:señora?\s+)?)?|(?:ao|à|a)\s+(?:sua\s+)?(?:senhora?\s+)?){_OFFICE}\b"
    r"|\s+(?:إلى|الى)\s+(?:معالي|سعادة|السيدة?|وزيرة?|صاحبة?|حضرة)(?!\w)",
    re.I,
)
# "This letter is sent to you jointly by the Special Rapporteur on torture and by the Working Group on …".
SENT_BY = lazy_pattern(
    r"\b(?:letter|communication|appeal)\b[^.;:]{0,40}?\b(?:is|was|has\s+been|comes?)\b[^.;:]{0,60}?\b(?:by|from)\s+(?=the\b|a\b|special|independent|working)"
    r"|\b(?:présente|lettre|communication|appel)\b[^.;:]{0,40}?\b(?:adressé|envoyé|écrit|transmi|signé|présenté)\w*\b[^.;:]{0,30}?\bpar\s+(?=l|un)"
    r"|\b(?:presente|carta|comunicación|comunicação|llamamiento|apelo)\b[^.;:]{0,40}?\b(?:dirigid|enviad|remitid|suscrit|firmad|assinad|subscrit)\w*\b"
    r"[^.;:]{0,30}?\bp(?:or|el[oa]s?)\s+(?=e?l|un|relator|perit|grupo)"
    r"|(?:الرسالة|النداء|البلاغ)[^.؛:]{0,40}?(?<!\w)من\s+(?:قبل\s+|جانب\s+)?(?=(?:ال)?(?:مقرر|خبير|فريق))",
    re.I,
)
