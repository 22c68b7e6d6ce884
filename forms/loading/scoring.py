"""Scores: how questions count, and the scorecard they count towards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from forms.definition import Choice, Definition, Domain, Scorecard, ScoreRule
from forms.loading.reading import Reader, describe, shorten, step
from forms.loading.schemas import DomainShape, ScorecardShape, ScoreShape
from forms.loading.texts import Place, Texts
from forms.values import Code

if TYPE_CHECKING:
    from forms.loading.questionnaire import Placed

MOST_DOMAINS = 100
MOST_BANDS = 20
GREATEST_SCORE = 100


def build_scorecard(reader: Reader, texts: Texts, raw: Any) -> Scorecard:
    """Read the scorecard; what its ids refer to is checked by `check_scores`."""
    path = "$.scorecard"
    read = reader.read(ScorecardShape(), raw, path)
    kept: dict[str, Any] = {key: read[key] for key in ("source", "min_share", "k") if key in read}
    if "bands" in read:
        kept["bands"] = _read_bands(reader, read["bands"], f"{path}.bands")
    domains = _read_domains(reader, texts, read["domains"], f"{path}.domains") if "domains" in read else ()
    return Scorecard(
        domains=domains,
        group_by=_read_name(reader, read.get("group_by"), f"{path}.group_by"),
        essential=_read_essential(reader, read.get("essential", []), f"{path}.essential"),
        **kept,
    )


def build_rule(reader: Reader, raw: Any, choices: Sequence[Choice], path: str) -> ScoreRule:
    """Read how a question with these choices counts."""
    read = reader.read(ScoreShape(), raw, path)
    kept = {key: read[key] for key in ("weight", "reverse", "core") if key in read}
    points = _read_points(reader, read["map"], choices, f"{path}.map") if "map" in read else None
    gate = find_code(reader, read["gate"], choices, f"{path}.gate") if "gate" in read else None
    domain = _read_name(reader, read.get("domain"), f"{path}.domain") or ""
    return ScoreRule(domain=domain, map=points, gate=gate, **kept)


def find_code(reader: Reader, raw: Any, choices: Sequence[Choice], path: str) -> Code | None:
    """Give the code that a JSON key or value names (`"1"` names 1), or note that there is none."""
    written = str(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else None
    for choice in choices:
        if str(choice.value) == written:
            return choice.value
    if choices:
        codes = [str(choice.value) for choice in choices]
        hint = f"Its codes are: {', '.join(codes[:20])}{', …' if len(codes) > 20 else ''}."
        shown = f"`{shorten(written)}`" if written is not None else describe(raw)
        reader.fault(path, f"The question has no choice {shown}.", hint)
    return None


def check_scores(reader: Reader, definition: Definition, placed: Sequence[Placed]) -> None:
    """Note domains, groups and essential questions that do not exist, and answers that cannot be scored."""
    card = definition.scorecard
    domains = [domain.id for domain in card.domains] if card else []
    for one in placed:
        if one.question.score is not None:
            _check_rule(reader, one, one.question.score, domains)
    if card is not None:
        _check_card(reader, card, {one.question.id: one for one in placed})


def _check_rule(reader: Reader, one: Placed, rule: ScoreRule, domains: Sequence[str]) -> None:
    path = f"{one.path}.score"
    if rule.domain and rule.domain not in domains:
        otherwise = f"There are: {', '.join(domains)}." if domains else "List it in `scorecard.domains`."
        hint = reader.suggest(rule.domain, domains, otherwise)
        reader.fault(f"{path}.domain", f"There is no domain `{shorten(rule.domain)}`.", hint)
    if one.type is None or not one.type.asks:
        return
    codes = [choice.value for choice in one.type.choices(one.question)]
    if (not codes and not one.type.takes_choices) or len(one.type.columns(one.question)) > 1:
        message = f"An answer of type `{one.type.name}` cannot be scored."
        reader.fault(path, message, "Only answers that are one choice can: `scale`, `select_one`, `nps`, `consent`.")
    elif rule.map is None and any(isinstance(code, str) for code in codes):
        reader.fault(path, "The codes are words, which have no order.", 'Give each its points: `"map": {"code": 50}`.')


def _check_card(reader: Reader, card: Scorecard, placed: Mapping[str, Placed]) -> None:
    path = "$.scorecard"
    if card.group_by is not None:
        one = placed.get(card.group_by)
        if one is None:
            _refuse_question(reader, card.group_by, placed, f"{path}.group_by")
        elif one.type is not None and one.type.name != "select_one":
            message = f"`{card.group_by}` is of type `{one.type.name}`; groups come from a `select_one`."
            reader.fault(f"{path}.group_by", message, "Name the question that asks for the group.")
        elif one.row is not None:
            message = f"`{card.group_by}` is answered once for each row, but everybody belongs to one group."
            reader.fault(f"{path}.group_by", message, "Name a question outside the repeated section.")
    for place, name in enumerate(card.essential):
        one = placed.get(name)
        if one is None:
            _refuse_question(reader, name, placed, f"{path}.essential[{place}]")
        elif one.type is not None and not one.type.asks:
            reader.fault(f"{path}.essential[{place}]", f"`{name}` has no answer: it is only read.")
        elif one.row is not None:
            message = f"`{name}` is answered once for each row; whether an interview is complete cannot rest on it."
            hint = "Leave it out; `required` makes sure that every row has it."
            reader.fault(f"{path}.essential[{place}]", message, hint)


def _refuse_question(reader: Reader, name: str, placed: Mapping[str, Placed], path: str) -> None:
    reader.fault(path, f"There is no question `{shorten(name)}`.", reader.suggest(name, placed))


def _read_domains(reader: Reader, texts: Texts, raw: Any, path: str) -> tuple[Domain, ...]:
    domains: dict[str, Domain] = {}
    for where, value in reader.read_list(raw, path, "domains", MOST_DOMAINS):
        read = reader.read(DomainShape(), value, where)
        name = read.get("id", "")
        label = texts.text(read.get("label", "-"), f"{where}.label", Place())
        if name.lower() in ("overall", "all"):
            reader.fault(f"{where}.id", f"`{name}` is what reports call the whole.", "Give it another id.")
        if name and name.lower() in domains:
            reader.fault(f"{where}.id", f"The domain `{name}` stands twice.", "Rename one of them.")
        if name:
            domains[name.lower()] = Domain(name, label)
    return tuple(domains.values())


def _read_bands(reader: Reader, raw: Any, path: str) -> tuple[tuple[float, str], ...]:
    bands: list[tuple[float, str]] = []
    for where, value in reader.read_list(raw, path, "bands", MOST_BANDS):
        right = isinstance(value, list) and len(value) == 2 and _is_number(value[0]) and isinstance(value[1], str)
        if not right or not value[1].strip():
            reader.fault(where, "A band is a score and a word.", 'Write [40, "Emerging"].')
            continue
        begin = value[0]
        if not bands and begin != 0:
            reader.fault(where, f"The first band begins at {begin:g}, not at 0.", "Let it begin at 0.")
        if bands and begin <= bands[-1][0]:
            reader.fault(where, f"The band begins at {begin:g}, which is not above {bands[-1][0]:g}.", "Sort them.")
        if not 0 <= begin < GREATEST_SCORE:
            reader.fault(where, f"Scores run from 0 to 100; no band can begin at {begin:g}.")
        bands.append((begin, value[1].strip()))
    return tuple(bands)


def _read_points(reader: Reader, raw: Any, choices: Sequence[Choice], path: str) -> Mapping[Code, float]:
    points: dict[Code, float] = {}
    for where, key, value in reader.read_object(raw, path, "codes", 500):
        code = find_code(reader, key, choices, where)
        if not _is_number(value) or not 0 <= value <= GREATEST_SCORE:
            reader.fault(where, f"Points are a number from 0 to 100, not {describe(value)}.")
        elif code is not None:
            points[code] = value
    return points


def _read_essential(reader: Reader, raw: Any, path: str) -> tuple[str, ...]:
    names = []
    for place, value in enumerate(_list(reader, raw, path)):
        if value is None:
            reader.fault(step(path, place), "This must be an id in quotes, not null.")
        names.append(_read_name(reader, value, step(path, place)))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _list(reader: Reader, raw: Any, path: str) -> list[Any]:
    return [value for _, value in reader.read_list(raw, path, "questions", 2_000, least=0)]


def _read_name(reader: Reader, raw: Any, path: str) -> str | None:
    if raw is None or isinstance(raw, str):
        return raw
    reader.fault(path, f"This must be an id in quotes, not {describe(raw)}.")
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
