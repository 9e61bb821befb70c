"""What stands beside exported evidence: how to check it with tools that every system has."""

_EN = """\
Evidence of the case {case}, {company}

What is here
  00-*.pdf        the list of the pieces, then every record with its date and its number
  01-*, 02-* ...  the pieces in the order of the list; e-mails (.eml) are written anew from the
                  sealed record: sender, recipient, subject, text, documents, Message-ID
  chain.jsonl     one line per record: position in the company's chain, what the record says
                  (payload), its hash (payload_hash), the seal before it (previous_hash) and its
                  own seal (content_hash)
  records/        the same payloads, one file each, word for word
  records.sha256  the hashes of these files as the chain holds them
  seals.txt       position, payload hash and seal of every record of the company from the first one
                  of this case to the last one; nothing of other cases can be told from them
  SHA256SUMS      the sums of all these files

How to check
  1. The files are those of the export:        sha256sum -c SHA256SUMS
  2. The records are those that were sealed:   sha256sum -c records.sha256
  3. The chain holds from record to record:    sh verify.sh      (does 1 and 2 as well)

  A seal is the SHA-256 of: the seal before it, a line break, the hash of the record. By hand:
     printf '%s\\n%s' PREVIOUS_SEAL PAYLOAD_HASH | sha256sum
  The payload hash is that of the payload's text in UTF-8. With jq, of one line of chain.jsonl:
     head -n 1 chain.jsonl | jq -j .payload | sha256sum
  The first line of seals.txt names the seal that the chain goes on from ("-": its beginning).
  A record whose period was over may have been erased (erased_on): its hash and seal remain.
  The creditor's present database holds the same seals at the same positions.
"""

_FR = """\
Preuves du dossier {case}, {company}

Contenu
  00-*.pdf        le bordereau de pièces, puis chaque enregistrement avec sa date et son numéro
  01-*, 02-* ...  les pièces dans l'ordre du bordereau ; les courriels (.eml) sont réécrits d'après
                  l'enregistrement scellé : expéditeur, destinataire, objet, texte, pièces jointes,
                  Message-ID
  chain.jsonl     une ligne par enregistrement : place dans la chaîne de la société (position),
                  contenu (payload), son empreinte (payload_hash), sceau précédent (previous_hash)
                  et sceau propre (content_hash)
  records/        les mêmes contenus, un fichier chacun, mot pour mot
  records.sha256  les empreintes de ces fichiers telles que la chaîne les conserve
  seals.txt       place, empreinte et sceau de chaque enregistrement de la société, du premier au
                  dernier de ce dossier ; ils ne révèlent rien des autres dossiers
  SHA256SUMS      les empreintes de tous ces fichiers

Comment vérifier
  1. Les fichiers sont ceux de l'export :             sha256sum -c SHA256SUMS
  2. Les enregistrements sont ceux qui ont été scellés : sha256sum -c records.sha256
  3. La chaîne tient d'un enregistrement à l'autre :  sh verify.sh      (fait aussi 1 et 2)

  Un sceau est le SHA-256 de : sceau précédent, saut de ligne, empreinte de l'enregistrement :
     printf '%s\\n%s' SCEAU_PRECEDENT EMPREINTE | sha256sum
  L'empreinte est celle du contenu (payload) en UTF-8. Avec jq, pour une ligne de chain.jsonl :
     head -n 1 chain.jsonl | jq -j .payload | sha256sum
  La première ligne de seals.txt nomme le sceau dont la chaîne part (« - » : son début).
  Un enregistrement dont la durée de conservation est échue a pu être effacé (erased_on) : son
  empreinte et son sceau demeurent.
  La base du créancier porte les mêmes sceaux aux mêmes places.
"""

README = {"en": _EN, "fr": _FR}

VERIFY = r"""#!/bin/sh
# Checks this folder with sha256sum, cut and grep alone; ends with 0 when all holds.
cd "$(dirname "$0")" || exit 2
status=0
sha256sum --quiet -c SHA256SUMS || status=1
if [ -s records.sha256 ]; then sha256sum --quiet -c records.sha256 || status=1; fi
if [ -f seals.txt ]; then
    {
        read -r before ignored previous
        [ "$previous" = "-" ] && previous=
        while read -r position content seal; do
            expected=$(printf '%s\n%s' "$previous" "$content" | sha256sum | cut -c1-64)
            if [ "$expected" != "$seal" ] || [ "$position" -ne $((before + 1)) ]; then
                echo "The chain is broken at record $position."
                status=1
            fi
            previous=$seal
            before=$position
        done
    } < seals.txt
fi
while read -r content name; do
    position=$(basename "$name" .json | sed 's/^0*//')
    if ! grep -q "^$position $content " seals.txt; then
        echo "$name is not the record that was sealed."
        status=1
    fi
done < records.sha256
[ "$status" -eq 0 ] && echo "All holds."
exit "$status"
"""
