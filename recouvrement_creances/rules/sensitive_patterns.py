"""Words that tell of a person's health, beliefs, private life or offences; see sensitive_words.

They are looked for in a text without accents and capitals. What is also said of companies, goods or
invoices ("facture invalide", "enceinte acoustique", "boisson alcoolique", "syndic", "M. Gay") is
only taken for sensitive next to a word that makes it a person's.
"""

# "X is ...": what follows is said of a person.
_IS = (
    r"\b(?:est|sont|etait|etaient|serait|etant|devenue?|tombee?|is|are|was|were|being|seems)"
    r"(?: (?:un|une|tres|tous|toujours|gravement|a|an|very|seriously|still|also|aussi))*"
)

HEALTH = (
    r"\bmalad(?:e|es|ie|ies|if|ive)\b"
    r"(?<!assurance maladie)(?<!caisse maladie)(?<!mutuelle maladie)",
    r"\b(?:arret|conge|indemnites?) (?:de travail|maladie|maternite)\b",
    r"\bmi-temps therapeutique\b|\baccident (?:du|de) travail\b|\blongue duree\b(?= \(?ald\b)",
    r"\bhospitalis(?:ee?s?|ation|ations|er)\b|\ba l'hopital\b|\baux urgences\b",
    r"\bcancer(?:s|eux|euse)?\b(?<!contre le cancer)(?<!anti-cancer)(?<!anticancer)",
    r"\btumeur|\bleucemie|\bchimio(?:therapie)?s?\b|\bradiotherapie\b|\bdialysee?\b|\bsclerose\b",
    r"\bdepressi(?:f|ve|fs|ves)\b|\b(?:en|pleine|de|une|sa|grave) depression\b|\bburn-?out\b",
    r"\bpsychiatr(?:ie|ique|e|es)\b|\bsuicid(?:e|aire|er|aires)\b|\bschizophren",
    r"\b(?:problemes?|soucis|ennuis|raisons|etat|motifs?) de sante\b|\bsante (?:mentale|fragile)\b",
    r"\b(?:en|d'|d'une|taux d') ?invalidite\b|\bhandicapee?s?\b(?! sport)"
    r"|\bsituation de handicap\b",
    r"\b(?:a fait|fait|d'|suite a) un (?:avc|infarctus)\b|\bcrise cardiaque\b|\binfarctus\b",
    r"\b(?:femme|est|tombee?|epouse|compagne) enceinte\b|\bgrossesse\b|\bfausse couche\b",
    r"\b(?:vih|sida|seropositi(?:f|ve)|diabetique|diabete|epilep\w+|alzheimer|parkinson)\b",
    r"\balcoolisme\b|\btoxicoman\w+\b|\b(?:cure de desintoxication|surdose)\b",
    _IS + r" (?:alcoolique|alcoholic|drogue"
    r"|sick|ill|unwell|pregnant|disabled|depressed|souffrante?)\b(?!-)",
    r"\b(?:a|ont|eu|attrape|positi(?:f|ve) au|has|had|caught|got) (?:le |la |du )?covid\b",
    r"\b(?:se fait|s'est fait|va se faire|doit se faire) operer\b|\b(?:a ete|est) operee?\b",
    r"\b(?:sick leave|illness(?:es)?|mental health|in (?:the )?hospital|hospitali[sz]ed)\b",
    r"\b(?:chemotherapy|dialysis|diabetes|diabetic|hiv|aids(?= )|heart attack|miscarriage)\b",
    r"\b(?:had|has had|after) (?:a |his |her )?(?:stroke|surgery|nervous breakdown)\b",
    r"\bhealth (?:problems?|issues?|reasons?|condition)\b|\bdisability (?:benefit|pension|leave)",
)

BELIEFS = (
    _IS
    + r" (?:musulmane?s?|juifs?|juives?|catholiques?|protestante?s?|chretien(?:ne)?s?|bouddhistes?"
    r"|athees?|muslim|jewish|catholic|christian|protestant|hindu|buddhist|atheist)\b",
    r"\b(?:ramadan|religion|(?:convictions?|croyances?|pratiques?) religieuses?)\b"
    r"|\breligious belie\w+\b",
    r"\btemoins? de jehovah\b|\bjehovah's witness(?:es)?\b",
    r"\bsyndicalistes?\b|\bdelegue(?:e|s|es)? syndical\w*|\bsyndiquee?s?\b|\bshop steward\b",
    r"\b(?:membre|adherente?|encarte(?:e)?|representante?) (?:de |a |du )?(?:la |l'|un )?"
    r"(?:cgt|cfdt|fo|unsa|cftc|cfe-cgc|sud|syndicat)\b(?! des coproprietaires)",
    r"\btrade union (?:member|rep\w*|official)\b|\bunion (?:member|rep|representative)\b",
    r"\bopinions? politiques?\b|\bpolitical opinions?\b|\bextreme (?:droite|gauche)\b"
    r"|\bfar[- ](?:right|left)\b|\bmembre du parti\b|\bmilitante? (?:de|du|pour|ecolog|polit)",
)

PRIVATE_LIFE = (
    r"\bhomosexuel(?:le)?s?\b|\bhomosexual\b|\blesbienne?s?\b|\btransgenres?\b|\btransgender\b",
    _IS + r" (?:gay|bisexuel(?:le)?|bisexual|lesbian)\b",
    r"\b(?:orientation|vie) sexuelle\b|\bsexual orientation\b|\bsex life\b",
)

ORIGIN = (
    r"\borigine ethnique\b|\bethnic origin\b|\bethnies?\b|\bgens du voyage\b|\bgitane?s?\b"
    r"|\btziganes?\b",
    r"\b(?:debiteur|debitrice|gerante?|monsieur|madame|famille|il|elle|homme|femme)"
    r"(?: est| etait)? d'origine \w+",
    _IS + r" (?:arabes?|noire?s?|maghrebine?s?|africaine?s?|roms?|black|arab|gypsy)\b",
)

OFFENCES = (
    r"\bcasier judiciaire\b|\bcriminal record\b|\bgarde a vue\b|\bincarcer\w+|\bprison ferme\b",
    r"\b(?:en|de|sorti de|sortie de) (?:prison|detention)\b|\bin (?:prison|jail)\b|\bjailed\b",
)
