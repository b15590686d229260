"""Keys that notes in other languages have, beside their English word: French, German, Spanish, Italian, Norwegian.

Written for this reader: the commonest keys of personal notes, without those that mean something else in English.
"""

FOREIGN_KEYS = """school école schule escuela scuola skole
doctor médecin arzt ärztin médico medico lege
phone téléphone telefon teléfono telefono
address adresse dirección indirizzo
birthday naissance geburtstag nacimiento nascita fødselsdag anniversaire cumpleaños compleanno
born né née geboren nacido nato født
job métier beruf profesión professione yrke trabajo lavoro stilling
employer employeur arbeitgeber empleador arbeidsgiver
city ville stadt wohnort ciudad città
brother frère bruder hermano fratello bror
sister sœur schwester hermana sorella søster
mother mère mutter madre
father père vater padre
husband ehemann marido marito ektemann
wife épouse ehefrau frau esposa moglie kone
children enfants kinder hijos figli
friend amie freund freundin amigo amiga amico amica venn
colour couleur farbe farge colore
price preis precio prezzo pris
room chambre zimmer raum habitación stanza
language langue sprache idioma lingua språk
allergy allergie allergien alergia alergias allergia
diagnosis diagnostic diagnose diagnóstico diagnosi
medicine médicament medikament medicamento farmaco medisin
visit visite besuch termin visita besøk
next prochaine prochain nächster nächste nächstes próxima próximo prossima prossimo neste
dog chien hund perro
cat katze gato gatto katt
car voiture auto coche macchina bil
house maison haus casa hus
name nom nombre navn
age âge alter edad età alder
weight poids gewicht peso vekt
company entreprise firma unternehmen empresa azienda bedrift
teacher professeur lehrer lehrerin lærer maestro
rent loyer miete alquiler affitto husleie
hobby loisirs freizeit afición aficiones fritid
country país paese
street rue straße calle strada
key schlüssel clé llave chiave nøkkel
meeting réunion sitzung reunión riunione møte"""
