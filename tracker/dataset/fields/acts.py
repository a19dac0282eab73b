"""The public fields of an act: what was done, to whom, and by whom."""

from __future__ import annotations

from tracker import vocabulary as v
from tracker.dataset.fields.base import FieldType, PublicField, Tree
from tracker.dataset.fields.common import AS_WRITTEN, BY_THE_GATE

IF_CONSENTED = "as the monitor wrote it, where publishing the name is allowed"

EQUIPMENT: Tree = (
    PublicField(
        "item", FieldType.CODE, "What it was, if a source says so.", AS_WRITTEN, v.EquipmentItem, csv="equipment_item"
    ),
    PublicField("count", FieldType.INTEGER, "How many of them.", AS_WRITTEN, csv="equipment_count"),
    PublicField("fate", FieldType.CODE, "What was done to it.", AS_WRITTEN, v.EquipmentFate, csv="equipment_fate"),
    PublicField(
        "returned", FieldType.CODE, "Whether it was given back.", AS_WRITTEN, v.Returned, csv="equipment_returned"
    ),
)

VICTIM_OUTLET: Tree = (
    PublicField(
        "slug",
        FieldType.TEXT,
        "The outlet's name in addresses.",
        "the outlet's own record",
        csv="victim_outlet_slug",
        nullable=False,
    ),
    PublicField(
        "name",
        FieldType.TEXT,
        "The outlet's name.",
        "the outlet's own record",
        csv="victim_outlet",
        nullable=False,
        searched=True,
        hxl="#affected+outlet+name",
    ),
)

VICTIM: Tree = (
    PublicField(
        "kind",
        FieldType.CODE,
        "Whether a person, a group, an outlet, a class of people or the public.",
        AS_WRITTEN,
        v.VictimKind,
        csv="victim_kind",
        nullable=False,
        hxl="#affected+type",
    ),
    PublicField(
        "naming",
        FieldType.CODE,
        "Whether the victim is named here, and if not, why; empty for groups, outlets and the public.",
        BY_THE_GATE,
        v.Naming,
        csv="victim_naming",
    ),
    PublicField(
        "name",
        FieldType.TEXT,
        "The name as printed in the sources, never split.",
        IF_CONSENTED,
        csv="victim_name",
        searched=True,
        hxl="#affected+name",
    ),
    PublicField(
        "person",
        FieldType.TEXT,
        "The same for the same person wherever they are named; withheld persons "
        "have none, so that nobody can link them.",
        "random, given to persons who are named",
        csv="victim_person",
    ),
    PublicField(
        "role",
        FieldType.CODE,
        "What the victim's work was.",
        AS_WRITTEN,
        v.VictimRole,
        csv="victim_role",
        hxl="#affected+role",
    ),
    PublicField(
        "employment", FieldType.CODE, "In what form they worked.", AS_WRITTEN, v.Employment, csv="victim_employment"
    ),
    PublicField(
        "gender",
        FieldType.CODE,
        "Gender, if a source tells it.",
        AS_WRITTEN,
        v.Gender,
        csv="victim_gender",
        hxl="#affected+gender",
    ),
    PublicField(
        "outlet",
        FieldType.OBJECT,
        "The outlet for which they worked at the time, or which was attacked.",
        AS_WRITTEN,
        fields=VICTIM_OUTLET,
    ),
    PublicField(
        "count_least",
        FieldType.INTEGER,
        "For a group: at least how many.",
        AS_WRITTEN,
        csv="victim_count_least",
        hxl="#affected+num+min",
    ),
    PublicField(
        "count_most",
        FieldType.INTEGER,
        "For a group: at most how many.",
        AS_WRITTEN,
        csv="victim_count_most",
        hxl="#affected+num+max",
    ),
    PublicField(
        "count_as_reported",
        FieldType.TEXT,
        "For a group: how many in the words of the source.",
        AS_WRITTEN,
        csv="victim_count_as_reported",
    ),
    PublicField(
        "description",
        FieldType.TEXT,
        "Who they were, where no name says it.",
        AS_WRITTEN,
        csv="victim_description",
        searched=True,
    ),
    PublicField(
        "harm",
        FieldType.CODE,
        "Bodily harm; `none` where a source says that there was none.",
        AS_WRITTEN,
        v.Harm,
        csv="victim_harm",
        hxl="#affected+harm",
    ),
    PublicField("custody_from", FieldType.DATE, "First day in custody.", AS_WRITTEN, csv="victim_custody_from"),
    PublicField("custody_until", FieldType.DATE, "Last day in custody.", AS_WRITTEN, csv="victim_custody_until"),
    PublicField(
        "equipment",
        FieldType.OBJECTS,
        "Working equipment that was damaged or taken.",
        AS_WRITTEN,
        fields=EQUIPMENT,
        csv="equipment_victim",
    ),
    PublicField(
        "followed", FieldType.CODES, "What followed for the victim.", AS_WRITTEN, v.Consequence, csv="victim_followed"
    ),
)

INVOLVEMENT: Tree = (
    PublicField(
        "role",
        FieldType.CODE,
        "What part they had in the act; totals take `direct`, `ordered` and `aided`.",
        AS_WRITTEN,
        v.InvolvementRole,
        csv="involvement_role",
        nullable=False,
    ),
    PublicField(
        "perpetrator",
        FieldType.CODE,
        "What kind of actor.",
        AS_WRITTEN,
        v.PerpetratorType,
        csv="involvement_perpetrator",
        hxl="#cause+perpetrator+type",
    ),
    PublicField(
        "named_actor",
        FieldType.TEXT,
        "The actor's name, where it is published.",
        IF_CONSENTED,
        csv="involvement_named_actor",
        searched=True,
        hxl="#cause+perpetrator+name",
    ),
    PublicField(
        "affiliation",
        FieldType.TEXT,
        "To whom they belonged, as reported.",
        AS_WRITTEN,
        csv="involvement_affiliation",
        searched=True,
    ),
    PublicField("count_least", FieldType.INTEGER, "At least how many.", AS_WRITTEN, csv="involvement_count_least"),
    PublicField("count_most", FieldType.INTEGER, "At most how many.", AS_WRITTEN, csv="involvement_count_most"),
    PublicField(
        "count_as_reported",
        FieldType.TEXT,
        "How many in the words of the source.",
        AS_WRITTEN,
        csv="involvement_count_as_reported",
    ),
    PublicField(
        "basis",
        FieldType.CODE,
        "On what ground they are held to have been involved.",
        AS_WRITTEN,
        v.Basis,
        csv="involvement_basis",
    ),
    PublicField(
        "description",
        FieldType.TEXT,
        "Who they were, where no name says it.",
        AS_WRITTEN,
        csv="involvement_description",
        searched=True,
    ),
)

ACT: Tree = (
    PublicField(
        "violation",
        FieldType.CODE,
        "What was done.",
        AS_WRITTEN,
        v.Violation,
        csv="act_violation",
        nullable=False,
        hxl="#event+type",
    ),
    PublicField(
        "killing_kind", FieldType.CODE, "For a killing: which kind.", AS_WRITTEN, v.KillingKind, csv="act_killing_kind"
    ),
    PublicField(
        "completion",
        FieldType.CODE,
        "Whether it was done, tried or threatened.",
        AS_WRITTEN,
        v.Completion,
        csv="act_completion",
        hxl="#event+completion",
    ),
    PublicField("method", FieldType.CODE, "By what means.", AS_WRITTEN, v.Method, csv="act_method"),
    PublicField(
        "ground", FieldType.CODE, "On what ground, if other than the work.", AS_WRITTEN, v.Ground, csv="act_ground"
    ),
    PublicField(
        "arbitrary",
        FieldType.CODE,
        "Whether a source judged the detention arbitrary.",
        AS_WRITTEN,
        v.ArbitraryJudgement,
        csv="act_arbitrary",
    ),
    PublicField(
        "description",
        FieldType.TRANSLATIONS,
        "The act in one sentence, per language.",
        AS_WRITTEN,
        csv="act_description",
        searched=True,
    ),
    PublicField("victims", FieldType.OBJECTS, "To whom it was done.", AS_WRITTEN, fields=VICTIM, csv="victim_act"),
    PublicField(
        "involvements",
        FieldType.OBJECTS,
        "Who did it, and who else had a part.",
        AS_WRITTEN,
        fields=INVOLVEMENT,
        csv="involvement_act",
    ),
)
