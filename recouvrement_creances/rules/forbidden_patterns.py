"""Words that a letter may not use, as patterns over text without accents and capitals."""

# Emblems of the state in the name or text of a picture.
EMBLEMS = r"marianne|tricolou?re?|bleu-?blanc-?rouge|republique-?_?francaise"

_ASSETS = r"(biens?|meubles?|comptes?|salaires?|vehicules?|remunerations?)"
# What makes a letter look like an act of a court or of a commissaire de justice.
IMITATIONS = (
    # The acts' names. "Signification" and "commandement" have no innocent use in a letter; a
    # true "order to pay" is announced as a request to the judge, never as such.
    r"\b(acte de )?signification(s)?\b",
    r"\b(est|sont|etes|soit|a ete) (par la presente )?signifiee?s?\b",
    r"\b(nous )?signifi(e|ons) par la presente\b|\bpar la presente[, ]+(nous )?(vous )?signifi\w+",
    r"\bcommandements?( de payer| aux fins? de \w+)?\b",
    r"\bsommations?( de payer| interpellative)?\b",
    r"\b(acte|exploit) (judiciaire|extra-?judiciaire|d'huissier)\b",
    r"\bhuissiers?( de justice)?\b",
    # The seizure as if it were at hand; "erreur de saisie" and "saisir le tribunal" are not.
    r"\b(avis|proces-verbal|pv|notification|ordre|preavis) (avant |de |d')saisie\b",
    r"\bavant[- ]saisie\b|\bpre-?saisie\b|\bsaisie (imminente|immediate|prochaine)\b",
    r"\bsaisie[- ](attribution|vente|execution|conservatoire|arret)\b",
    r"\bsaisies? (de|sur|d') ?(vos|votre|son|ses|l'ensemble)\b",
    rf"\bsaisi(r|rons|ra|ront|rai|ssons) (vos|votre) {_ASSETS}\b",
    r"\bsaisies? (de|sur) (biens|meubles|comptes?|salaires?|remunerations?|vehicules?)\b",
    rf"\b(vos|votre) {_ASSETS} (\w+ ){{0,2}}(sera|seront|va etre|vont etre) (\w+ )?saisie?s?\b",
    # A court that has spoken already.
    r"\b(vous etes|vous avez ete|vous voila) (par la presente )?"
    r"(assigne|condamne|enjoint|somme)(e|s|es)?\b",
    r"\b(cite|convoque)(e|s|es)? (a comparaitre|devant|en justice|au tribunal)\b",
    r"\bpar la presente[, ]+(nous )?(vous )?(assign|cit|convoqu|condamn|somm)\w+",
    r"\bil vous est (par la presente )?(enjoint|ordonne|fait commandement|fait sommation)\b",
    r"\b(assignation|citation|convocation) (a comparaitre|devant|en justice|au tribunal)\b",
    r"\b(la )?presente (injonction|ordonnance|assignation|citation|sommation|contrainte)\b",
    r"\bvaut (titre executoire|jugement|ordonnance|assignation|injonction|signification)\b",
    r"\brevetue? de la formule executoire\b|\bgrosse executoire\b",
    # The name of an act as the title of the letter, or the card that an officer leaves.
    r"^\W*(derniere )?(injonction de payer|ordonnance|assignation|contrainte)"
    r"( (avant|portant) [^.]*)?\W*$",
    r"\bavis de passage d(e |'|u )(la |l'|une? )?(commissaire|etude|office|agent)",
    # The formulas of acts and judgements.
    r"\bau nom du peuple francais\b|\brepublique francaise\b|\bmand(e|ons) et ordonn(e|ons)\b",
    r"\bl'an deux mille\b|\bpar ministere d[e']|\bdont acte\b",
    r"\ba la (requete|demande) d(e|u|es) [^.]{1,60}\b(j'ai|nous avons|soussigne)",
    r"\b(le |la )?commissaires? de justice (soussigne|associe|instrumentaire)e?s?\b",
    r"\b(etudes?|office|scp|selarl) (de |d'|des )?commissaires? de justice\b",
    r"\bmaitre [\w-]+( [\w-]+)?,? commissaire de justice\b",
    "\U0001f1eb\U0001f1f7",
    # English.
    r"\bbailiffs?\b|\bwrits?( of \w+)?\b|\bsubpoena\w*\b|\bsummons\b",
    r"\byou are (hereby )?(summoned|ordered|commanded|sentenced|served)\b",
    r"\bhereby (served?|summon\w*|order\w*|command\w*)\b",
    r"\b(notice|order|warrant|writ) of (seizure|execution|distraint|attachment)\b",
    r"\bseizure of your\b|\bseize your\b|\b(imminent|immediate) seizure\b",
    r"\bby order of the (court|judge)\b|\bin the name of the (law|french people|people)\b",
    r"\bjudge?ment (has been|was) (given|entered|issued|passed) against you\b",
    r"\bthis (letter|notice) (is|constitutes|has the force of) (a |an )?"
    r"(court order|enforceable title|judge?ment|summons|writ)\b",
    r"\bservice of process\b|\bcourt officer\b|\benforcement officers?\b",
)

# What a consumer is never charged without an enforceable title.
_FOR = r"(de |d'|du |des |pour |lies? (a|au|aux) (la |le |l')?)"
# An amount; the sign stands for what a placeholder prints.
_AMOUNT = r"(: ?)?(eur |usd |[€£$] ?)?(\d|…|(dix|quinze|vingt|trente|quarante|cinquante|cent)\b)"
_CHARGED = r"(factur|ajout|reclam|imput|appliqu|compt)e?e?s?"
COSTS = (
    rf"\bfrais (administratifs? )?{_FOR}(la |le |l'|les )?(relances?|rappels?|recouvrement"
    r"|dossiers?|gestion|mise en demeure|lettres? recommandees?|recommandes?|courriers?|envoi\w*"
    r"|impayes?|rejet|contentieux|traitement|poursuites?|retard|affranchissement|suivi|timbres?"
    r"|commissaire de justice|avocat|precontentieux|paiement tardif|cloture)\b",
    r"\bfrais (administratifs|postaux|supplementaires|contentieux|precontentieux|bancaires)\b",
    # Costs without a name: by their amount, or because they are put on the bill.
    rf"\bfrais (de |d'un montant de |s'elevant a )?{_AMOUNT}",
    r"\d ?(€|eur|euros?) (ttc |ht )?de frais\b",
    rf"\b(des|nos|les|ces) frais (?!ne |de (port|livraison|transport) )(\w+ ){{0,2}}"
    rf"(seront|seraient|sont|pourront etre) (\w+ )?{_CHARGED}\b",
    r"\b(factur|ajout|reclam)(er|era|erons|ons|erai) (des|nos|les) frais\b",
    r"\b(majoree?s?|augmentee?s?|assortie?s?) (des|de nos|de) frais\b|\bfrais en sus\b",
    r"\bindemnites? forfaitaires?( pour (les )?frais de recouvrement)?\b",
    r"\bindemnite (pour frais )?de recouvrement\b",
    rf"\b(indemnite|penalite forfaitaire|forfait) (de |d'un montant de )?{_AMOUNT}",
    r"\b(relance|rappel|recommande|dossier) (facturee?|a votre charge|a vos frais)\b",
    r"\b(penalites?|forfait) (pour |de )?(frais de )?recouvrement\b",
    r"\b(reminder|collection|recovery|admin(istrati(on|ve))?|handling|processing|dunning|late"
    r"( payment)?|overdue|default|postage) (fees?|charges?|costs?|surcharges?)\b",
    r"\b(fees?|charges?|costs?) (of|for) (the |this |each |our )?(reminders?|letters?|collection"
    r"|recovery|collecting|registered letters?|formal notice|handling|administration)\b",
    r"\bfixed (compensation|indemnity|recovery sum|sum for recovery)\b",
    rf"\b(fees? (of )?|(costs?|compensation|indemnity) of ){_AMOUNT}",
    r"\b(fees?|costs?) (will|shall|may|are to) be (added|charged|claimed|invoiced)\b",
)
# "aucuns frais de relance", "no collection fee", "without any reminder fee" ...
COST_ALLOWED_BEFORE = (
    r"\b(aucuns?|sans|ni|pas de|nuls?|no|without|neither|nor|never)"
    r"( (autres?|any|other|additional|further))? $"
)
# ... and "frais de relance : aucun".
COST_ALLOWED_AFTER = r" ?: ?(aucuns?|neant|none|nil)\b"
# The law's own words on who bears costs (CPCE L111-8 al. 2), which an agency has to print.
COST_ALLOWED_SENTENCES = (
    r"a (la|notre) charge (du|de notre) creancier|restent? a notre charge"
    r"|frais .{0,60} restent a la charge du creancier|borne by the creditor|borne by us"
    r"|\b(remain|are) at (our|the creditor's) (own )?expense"
)

# (pattern, whether it is one only when the sentence speaks of a letter).
_STOPS = (
    r"(interromp\w*|interrupti(on|f|ve)\w*|suspend\w*|suspensi(on|f|ve)\w*|repart\w*"
    r"|(fait|font) (re)?courir|recommence\w*|(est|sont) relance(e|s|es)?)"
)
_STOPPED = r"(interrupts?|interrupt(ed|ing|ion|s)?|suspends?|suspended|stops?|tolls?|restarts?)"
_LIMIT = r"(prescription|forclusion|delais? (pour agir|d'action|de (\w+|\d+) ans))"
_LIMIT_EN = r"(limitation|time[- ]bar|prescription)"
INTERRUPTIONS = (
    (r"\bvaut (acte )?(d'|une )?(interrupti(on|f)|suspension)\w*", False),
    (rf"\b{_STOPS}\b.*\b{_LIMIT}\b", True),
    (rf"\b{_LIMIT}\b.*\b{_STOPS}\b", True),
    (rf"\b{_STOPPED}\b.*\b{_LIMIT_EN}\b", True),
    (
        rf"\b{_LIMIT_EN}\b.*\b({_STOPPED}|(starts?|begins?|runs?|runn\w+) (again|anew|afresh))\b",
        True,
    ),
)
LETTERS = (
    r"\b(presente?s?|lettres?|courriers?|mises? en demeure|relances?|rappels?|recommandee?s?"
    r"|messages?|e-?mails?|courriels?|avis|notification|envoi|letters?|notices?|reminders?"
    r"|registered|this (message|mail|document))\b"
)
# What does interrupt: a sentence on it is true (C. civ. 2240, 2241, 2244).
INTERRUPTING_ACTS = (
    r"\b(demande en justice|action en justice|assignation|reconnaissance|acte d'execution"
    r"|mesure conservatoire|saisine d|declaration de creances?|court (claim|action)"
    r"|claim in court|acknowledge?ment|enforcement (act|measure))"
)
_NEVER = r"(pas|point|nullement|aucun\w*|jamais|en rien)"
NEGATED_INTERRUPTION = (
    rf"\bn'(interromp|interrompr)\w*\s+{_NEVER}\b|\bne (suspend\w*|l'interromp\w*)"
    rf"|\bn'\w+\s+{_NEVER}\s+([\w']+\s+){{0,4}}(l'|d')?(interr|suspen)"
    rf"|\bne \w+\s+{_NEVER}\s+([\w']+\s+){{0,4}}(l'|d')?(interr|suspen)"
    r"|\bne (saurait|peut)\s+([\w']+\s+){0,2}(interr|suspen)"
    r"|\bsans (interrompre|suspendre)\b|\bwithout (interrupting|suspending|stopping)\b"
    r"|(\b(not|cannot|never)|n't)\s+(\w+\s+){0,3}(interrupt|suspend|stop|toll|restart)"
)
