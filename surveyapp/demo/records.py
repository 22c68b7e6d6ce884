"""What coordinators of the example partnership entered: a self-rating with money and gifts, and what was achieved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from forms.definition import Question
from forms.question_types import find_type
from forms.question_types.base import Kind
from surveyapp.demo.filling import Cells

COORDINATORS = ("Sample Coordinator A", "Sample Coordinator B", "Sample Coordinator C", "Sample Coordinator D")
CONTENT = 4.1
"""What the coordinators' answers lie about, on a scale from 1 to 5: they think better of it than stakeholders do."""
PLANNING, IMPACT = "sustainability_planning", "impact_assessment"


@dataclass(frozen=True, slots=True)
class Record:
    """A round that coordinators fill in: the instrument, its name, and the rows that the first of them enters."""

    instrument: str
    name: str
    people: Sequence[str]
    rows: Mapping[str, Sequence[Cells]]
    fixed: Mapping[str, object] = field(default_factory=dict)


def list_records(today: date) -> list[Record]:
    """Give the sample records as entered on this day."""
    return [
        Record(PLANNING, "Sustainability planning (sample)", COORDINATORS, {"sf01": _list_money(today), "sk01": GIFTS}),
        Record(
            IMPACT,
            "Impact assessment (sample)",
            COORDINATORS[:1],
            {"goals": GOALS, "indicators": _list_indicators(today)},
            {"ia30": 4, "ia31": "Sample: more girls go to school since the tap is near.", "ia32": 2},
        ),
    ]


def choose(question: Question, record: Record, dice: Random) -> object:
    """Give a coordinator's answer to a question outside the lists."""
    if question.id in record.fixed:
        return record.fixed[question.id]
    codes = [choice.value for choice in find_type(question.type).choices(question)]
    if question.type == "scale":
        return max(1, min(len(codes), round(CONTENT + dice.gauss(0, 0.7))))
    if codes:
        return codes[0]
    return dice.randint(5, 9) if find_type(question.type).kind == Kind.NUMBER else ""


def _list_money(today: date) -> list[Cells]:
    sources = [
        (2, "Sample international donor", 42_000, 1),
        (1, "Sample county grant", 18_000, 2),
        (4, "Sample water company", 12_000, 1),
        (6, "Sample harvest festival", 3_000, 1),
        (3, "Sample foundation", 20_000, 4),
    ]
    return [
        {
            "sf01_type": kind,
            "sf01_name": name,
            "sf01_amount": amount,
            "sf01_currency": "USD",
            "sf01_status": status,
            "sf01_restricted": 1,
            "sf01_end": (today + timedelta(days=300)).isoformat(),
        }
        for kind, name, amount, status in sources
    ]


GIFTS: list[Cells] = [
    {
        "sk01_kind": 1,
        "sk01_giver": "Sample youth group",
        "sk01_quantity": 400,
        "sk01_unit": "hours",
        "sk01_value": 6_000,
        "sk01_currency": "USD",
        "sk01_how": "Sample: the local daily wage",
    },
    {
        "sk01_kind": 4,
        "sk01_giver": "Sample school",
        "sk01_quantity": 20,
        "sk01_unit": "days",
        "sk01_value": 2_500,
        "sk01_currency": "USD",
        "sk01_how": "Sample: what a hall costs elsewhere",
    },
]
GOALS: list[Cells] = [
    {"ia01": "Sample: every household has clean water close by", "ia02": 1},
    {"ia01": "Sample: children stay at school", "ia02": 1},
]


def _list_indicators(today: date) -> list[Cells]:
    measures: list[tuple[str, int, int, int, int, float | None, float, float, list[int], int]] = [
        # name, goal, level, unit kind, direction, baseline, target, value, SDGs, importance
        ("Households within 500 m of a tap", 1, 2, 2, 1, 41, 80, 67, [6], 3),
        ("Days a year without water", 1, 2, 1, 2, 60, 10, 22, [6, 11], 2),
        ("Water committees with a budget", 1, 1, 1, 1, 0, 12, 15, [6, 16], 1),
        ("Children who leave school", 2, 3, 2, 2, 14, 7, 9, [4, 5], 3),
        ("Teachers trained", 2, 1, 1, 1, None, 40, 30, [4], 1),
    ]
    return [
        {
            "ia10": f"Sample: {name.lower()}",
            "ia10_goal": goal,
            "ia11": level,
            "ia12": unit,
            "ia12_unit": "%" if unit == 2 else "",
            "ia13": way,
            "ia14": 4 if baseline is None else 3 if baseline == 0 else 1,
            "ia15": "" if baseline is None else baseline,
            "ia15_date": (today - timedelta(days=540)).isoformat(),
            "ia16": target,
            "ia16_date": (today + timedelta(days=180)).isoformat(),
            "ia17": value,
            "ia17_date": (today - timedelta(days=20)).isoformat(),
            "ia18": 3,
            "ia18_ev": "Sample: survey of households",
            "ia19": 4,
            "ia20": weight,
            "ia21": goals,
            "ia22": 200 * weight,
            "ia23": 110 * weight,
            "ia24": 1,
            "ia25": "Sample: the target was set too low",
        }
        for name, goal, level, unit, way, baseline, target, value, goals, weight in measures
    ]
