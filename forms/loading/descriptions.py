"""What every key of a definition means, in the words that an editor shows beside it; more is in the reference."""

from __future__ import annotations

from collections.abc import Mapping

from forms.loading import schemas
from forms.loading.schemas import Shape

KEYS: Mapping[type[Shape], Mapping[str, str]] = {
    schemas.DefinitionShape: {
        "id": "The instrument's short name.",
        "version": "Up to three numbers, such as 1.0.0. Change the first when answers can no longer be compared.",
        "kind": "What the instrument is for; it never changes how questions are asked.",
        "default_language": "The language that stands in where a translation is missing.",
        "languages": "Every language by its code, named as its speakers name it.",
        "title": "What respondents see at the top.",
        "introduction": "Shown before the first question.",
        "closing": "Shown, and texted, after the last answer.",
        "parameters": "Words that the coordinator fills in when publishing; piped into texts as ${id}.",
        "choice_lists": "Lists of choices that several questions use, by name.",
        "sections": "The questions, a page at a time.",
        "scorecard": "How answers are reported.",
    },
    schemas.ParameterShape: {
        "label": "What the coordinator is asked for.",
        "max_length": "The most characters it may have; 80 unless you say otherwise.",
    },
    schemas.ChoiceShape: {
        "value": "What is stored and exported: a whole number, or a word of a-z, 0-9 and _. Not -99 to -91.",
        "label": "What people read.",
        "exclusive": "In select_multiple: cannot stand beside another choice.",
        "specify": "In select_one and select_multiple: free text beside it, in the column `<id>__oth`.",
        "show_if": "Offered only when this condition holds.",
    },
    schemas.SectionShape: {
        "id": "The section's id.",
        "title": "The heading of the page.",
        "show_if": "The whole page is left out when this condition does not hold.",
        "repeat": "Answered once for each row: for each thing that respondents add, or each entry of a roster.",
        "questions": "In the order in which they are asked.",
    },
    schemas.RepeatShape: {
        "over": "entries: the respondent adds the rows. roster: a row for each entry of the list given at publishing.",
        "min": "The fewest rows; 0 unless you say otherwise.",
        "max": "The most rows; 30 unless you say otherwise.",
        "label": "With entries: the question of this section whose answer names the row.",
    },
    schemas.QuestionShape: {
        "id": "Becomes the column's name in the export; no two alike in one file.",
        "type": "What kind of answer it takes.",
        "label": "The question.",
        "hint": "A line below the question, on the web only.",
        "choices": "A list of choices, or the name of one in `choice_lists`.",
        "required": "true: the page cannot be left without an answer. By text people may always skip.",
        "dont_know": 'true offers "Don\'t know", apart from the other answers.',
        "not_applicable": 'true offers "Not applicable", apart from the other answers.',
        "private": "true keeps the answers of this question out of every export; they stand as -91.",
        "channels": 'Where it is asked; both unless you say otherwise. Without "sms" it is never texted.',
        "sms": "Its wording by text message.",
        "score": "How it counts towards a domain of the scorecard.",
        "show_if": "Asked only when this condition holds, for example ${visits} > 0.",
        "constraint": "A rule that the answer must keep; `.` is the answer, for example . <= ${visits}.",
        "constraint_message": "What to say when the answer does not keep the rule.",
    },
    schemas.SmsShape: {
        "label": "The question by text. Keep the meaning the same.",
        "choices": "Other labels by the choice's value; those left out keep their own.",
        "part": "2 for questions that are kept for a later conversation, with those who agreed to one.",
        "follow_up": "The value of the choice that agrees to the later conversation; part 2 is texted a week after.",
    },
    schemas.ScoreShape: {
        "domain": "The domain it counts towards: one of scorecard.domains.",
        "weight": "How much it counts beside the others of its domain; 1 unless you say otherwise.",
        "reverse": "true where the highest step is the worst.",
        "map": "Your own points, 0 to 100, for each code.",
        "gate": "A code that must be reached, whatever the average.",
        "core": "true where it is asked on every channel; trends use these only.",
    },
    schemas.DomainShape: {
        "id": "The domain's id.",
        "label": "What reports call it.",
    },
    schemas.ScorecardShape: {
        "source": "Whose voice it is: stakeholders (voice), coordinators about themselves (self), or records (record).",
        "domains": "What is reported, in this order.",
        "group_by": "The question (select_one) that says which group somebody belongs to.",
        "min_share": "How much of a domain somebody must have answered to be counted in it; 0.5 is half.",
        "k": "The smallest group that is shown; smaller ones are suppressed.",
        "essential": "Questions without which an interview is not complete.",
        "bands": "Words for the scores, each with the score at which it begins, the first at 0.",
    },
}

SETTINGS: Mapping[str, str] = {
    "max_length": "The most characters; 2,000 unless you say otherwise.",
    "min": "The least that is accepted.",
    "max": "The most that is accepted.",
    "calculation": "What the value is worked out from, for example ${men} + ${women}.",
    "unit": "Shown beside the field: a word, or words by language code.",
}
"""The keys that only some question types have."""
