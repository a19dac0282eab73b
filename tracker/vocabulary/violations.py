"""What was done: the acts that count as violations, and the kinds of killing."""

from tracker.vocabulary.base import Vocabulary


class Violation(Vocabulary):
    """What one act did to its victims.

    An incident holds as many acts as were committed in it, each with one violation, because several kinds of
    attack often come at the same time; counts of acts therefore add up to more than the count of incidents.
    The smallest unit is the one of the HURIDOCS Events Standard Formats: who did what to whom. Whether a
    detention was arbitrary is a judgement that is recorded apart from the act itself.
    """

    KILLING = (
        "killing",
        "Killing",
        "Someone is put to death or dies of what was done to them, whether they were the target or were "
        "caught up in violence while at work; the kind of killing is recorded beside it.",
    )
    ENFORCED_DISAPPEARANCE = (
        "enforced_disappearance",
        "Enforced disappearance",
        "Agents of a state, or others with its support or consent, take someone away, and the taking or the "
        "person's fate or whereabouts are then denied or concealed.",
    )
    ABDUCTION = (
        "abduction",
        "Abduction",
        "Someone is taken or held by force without any legal process, as in a kidnapping or a taking of "
        "hostages, and it is not established that a state stands behind it.",
    )
    TORTURE = (
        "torture",
        "Torture or ill-treatment",
        "Severe pain or suffering of body or mind is inflicted on purpose on someone who is held or under "
        "the control of those who inflict it.",
    )
    ASSAULT = (
        "assault",
        "Physical assault",
        "Force is used against someone's body, with or without an injury, by anyone and by any means, but "
        "the person does not die and it is neither torture nor sexual violence.",
    )
    SEXUAL_VIOLENCE = (
        "sexual_violence",
        "Sexual violence",
        "An act of a sexual nature is committed against someone's body without their consent or under "
        "coercion, from groping to rape.",
    )
    DEATH_THREAT = (
        "death_threat",
        "Death threat",
        "Someone is told, in any form, that they or people close to them will be killed.",
    )
    THREAT = (
        "threat",
        "Threat",
        "Someone is told or shown, in any form, that harm short of death will come to them, to people close "
        "to them or to what is theirs.",
    )
    HARASSMENT_OFFLINE = (
        "harassment_offline",
        "Harassment in person",
        "Someone is insulted, hounded, followed, called or otherwise pestered or intimidated outside the "
        "internet, without force and without a threat of definite harm.",
    )
    HARASSMENT_ONLINE = (
        "harassment_online",
        "Harassment online",
        "Someone is abused, discredited or exposed on the internet, as by insults, trolling, coordinated "
        "campaigns or the spreading of private details, short of a threat.",
    )
    POLITICAL_SMEAR = (
        "political_smear",
        "Smear by a public figure",
        "An official, politician or other public figure disparages journalists or outlets in a public "
        "statement, as by calling them enemies or traitors, without an order and without a threat.",
    )
    ARREST_DETENTION = (
        "arrest_detention",
        "Arrest or detention",
        "Authorities take or keep someone in custody for any length of time, from minutes in a police car to "
        "years in prison; whether it was arbitrary is recorded apart.",
    )
    CRIMINAL_CHARGE = (
        "criminal_charge",
        "Criminal charge",
        "Authorities open a criminal or administrative-offence case against someone or bring charges, and no "
        "verdict is part of this act.",
    )
    CONVICTION = (
        "conviction",
        "Conviction",
        "A court or authority finds someone guilty of an offence, whatever the sentence and even if it is "
        "suspended or under appeal.",
    )
    CIVIL_SUIT = (
        "civil_suit",
        "Civil suit",
        "Someone is sued before a civil court because of journalistic work, including suits brought to "
        "silence rather than to win.",
    )
    INTERROGATION = (
        "interrogation",
        "Interrogation",
        "Authorities summon or question someone about their work or contacts without taking them into custody.",
    )
    SUBPOENA_SOURCE_ORDER = (
        "subpoena_source_order",
        "Subpoena or order to reveal sources",
        "A court or authority orders someone to testify, to hand over material or to name a confidential source.",
    )
    SURVEILLANCE_SPYWARE = (
        "surveillance_spyware",
        "Surveillance or spyware",
        "Someone's communications, devices, movements or data are watched, intercepted or recorded in "
        "secret, with or without a legal order.",
    )
    SEARCH_SEIZURE = (
        "search_seizure",
        "Search or seizure",
        "Authorities search someone, their home, office or devices, or take away or demand equipment or "
        "material, whether or not the law allows them to.",
    )
    EQUIPMENT_ROBBERY = (
        "equipment_robbery",
        "Robbery of equipment",
        "Persons who are not acting as authorities take equipment or material away from someone, by force or "
        "by stealth, whether or not it is given back.",
    )
    PROPERTY_DAMAGE = (
        "property_damage",
        "Damage to property",
        "Equipment, vehicles, homes or other belongings of someone are damaged or destroyed, other than in "
        "an attack on the premises of an outlet.",
    )
    PREMISES_ATTACK = (
        "premises_attack",
        "Attack on premises",
        "People enter, occupy, besiege, shoot at or damage the building or rooms in which an outlet works, "
        "without acting as authorities on a search.",
    )
    CYBERATTACK = (
        "cyberattack",
        "Cyberattack",
        "A website, account or device of a journalist or outlet is broken into, overloaded, taken over or "
        "otherwise disabled by technical means, other than for secret watching.",
    )
    ACCESS_DENIAL = (
        "access_denial",
        "Denial of access",
        "Someone is kept away from an event, a place, an institution or information that others may reach, "
        "or is refused accreditation, before the work there could begin.",
    )
    REPORTING_OBSTRUCTION = (
        "reporting_obstruction",
        "Obstruction of reporting",
        "Someone who is already at work is made to stop or is hindered, as by being sent away, by a blocked "
        "camera, an interrupted broadcast or an order to delete footage.",
    )
    EDITORIAL_COERCION = (
        "editorial_coercion",
        "Editorial coercion",
        "Force or a threat is used to make an outlet or journalist publish, cover, change or drop something, "
        "without any formal order of an authority.",
    )
    BORDER_REFUSAL = (
        "border_refusal",
        "Border stop or refusal",
        "Someone is stopped, turned back, expelled, refused a visa or forbidden to leave at or because of a "
        "national border.",
    )
    CENSORSHIP_ORDER = (
        "censorship_order",
        "Censorship order",
        "A court, authority or regulator formally orders that something must not be published, must be taken "
        "down or must be blocked.",
    )
    NETWORK_DISRUPTION = (
        "network_disruption",
        "Network disruption",
        "Internet, telephone or broadcasting services for a whole area or population are cut off, slowed or "
        "filtered, from whatever cause a source reports.",
    )
    LICENCE_CLOSURE_REGULATORY = (
        "licence_closure_regulatory",
        "Closure or regulatory measure",
        "An authority refuses, suspends or withdraws the licence or registration of an outlet, closes it, or "
        "burdens it with regulatory measures.",
    )
    ECONOMIC_PRESSURE = (
        "economic_pressure",
        "Economic pressure",
        "Livelihood or money is used as a lever, as by dismissal, fines outside court, tax inspections or "
        "the withdrawal of advertising, printing or distribution.",
    )
    RESTRICTIVE_LAW = (
        "restrictive_law",
        "Restrictive law",
        "A law, decree or general rule that narrows the freedom of the press is proposed, adopted or put in "
        "force, without being applied to a particular person in this act.",
    )
    IMPUNITY_FAILURE = (
        "impunity_failure",
        "Failure to bring to justice",
        "Authorities do not investigate an earlier attack on the press, or let an investigation or trial "
        "lapse without holding anyone to account.",
    )
    OTHER = (
        "other",
        "Other violation",
        "An act against journalists, media workers, outlets or the means of reporting that fits none of the "
        "other codes and is told in the summary.",
    )


class KillingKind(Vocabulary):
    """How a killing is connected with the victim's work.

    The first three kinds are those that CPJ tells apart in its records of journalists killed.
    """

    MURDER = (
        "murder",
        "Murder",
        "The victim was singled out and killed in reprisal for their work or in order to prevent it.",
    )
    CROSSFIRE = (
        "crossfire",
        "Crossfire or combat",
        "The victim was killed in fighting between armed parties without being singled out.",
    )
    DANGEROUS_ASSIGNMENT = (
        "dangerous_assignment",
        "Dangerous assignment",
        "The victim was killed while covering something that turned violent, such as a protest or riot, "
        "outside combat and without being singled out.",
    )
    UNDETERMINED = (
        "undetermined",
        "Undetermined",
        "The sources do not allow a decision between the other kinds of killing.",
    )
