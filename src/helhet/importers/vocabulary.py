"""The words of fields with a fixed choice, in English and Swedish."""

from __future__ import annotations

from typing import Final

from helhet.importers.rows import (
    BASES,
    CHANGE_STATES,
    CHANGE_TYPES,
    CRITICALITIES,
    DEPENDENCY_CRITICALITIES,
    GROUP_STATES,
    OUTCOMES,
    ROLES,
    STATES,
)

ERRORS: Final = frozenset((
    "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!",
    "#REFERENS!", "#REFERENS", "#SAKNAS!", "#NAMN?", "#VÄRDEFEL!", "#DIVISION/0!", "#SKÄRNING!", "#OGILTIGT!", "#SPILL",
))  # fmt: skip
"""What spreadsheets show, in English and Swedish, where a formula failed."""

WORDS: Final[dict[str, dict[str, str]]] = {
    "state": {
        **{word: word for word in STATES},
        "planerad": "planned", "planerat": "planned", "i bruk": "live", "i drift": "live", "i produktion": "live",
        "under avveckling": "retiring", "avvecklas": "retiring", "avvecklad": "retired", "avvecklat": "retired",
    },
    "criticality": {
        **{word: word for word in CRITICALITIES},
        "låg": "low", "medel": "medium", "hög": "high", "kritisk": "critical",
        "lågt": "low", "högt": "high", "kritiskt": "critical", "inte angiven": "", "not set": "",
    },
    "basis": {
        **{word: word for word in BASES},
        "delivery content": "delivery", "leveransinnehåll": "delivery", "teknik": "technology", "annat": "other",
    },
    "group_state": {
        **{word: word for word in GROUP_STATES},
        "aktiv": "active", "avslutas": "closing", "avslutad": "closed", "stängs": "closing", "stängd": "closed",
    },
    "dependency_criticality": {
        **{word: word for word in DEPENDENCY_CRITICALITIES},
        "stops it": "hard", "degrades it": "degrades",
        "stoppar det": "hard", "försämrar det": "degrades", "ingen": "none",
    },
    "change_type": {
        **{word: word for word in CHANGE_TYPES},
        "standardändring": "standard", "akut": "emergency", "brådskande": "emergency", "routine": "normal",
        "expedited": "emergency",
    },
    "change_state": {
        **{word: word for word in CHANGE_STATES},
        "utkast": "draft", "ställningstaganden inhämtas": "asking", "godkänd": "approved", "schemalagd": "scheduled",
        "planerad": "scheduled", "pågår": "under_way", "granskas": "review", "stängd": "closed", "avslutad": "closed",
        "new": "draft", "assess": "asking", "authorize": "asking", "implement": "under_way", "canceled": "closed",
        "cancelled": "closed", "complete": "closed", "merged": "closed",
    },
    "outcome": {
        **{word: word for word in OUTCOMES},
        "done with faults": "faults", "successful": "done", "successful with issues": "faults",
        "unsuccessful": "failed", "backed out": "reverted", "canceled": "cancelled", "genomförd": "done",
        "genomförd med fel": "faults", "misslyckad": "failed", "återställd": "reverted", "avbruten": "cancelled",
    },
    "role": {
        **{word: word for word in ROLES},
        "implements changes": "implements_changes", "ansvarig": "responsible", "ansvarar": "responsible",
        "stöder": "supports", "genomför ändringar": "implements_changes", "rådfrågas": "consulted",
    },
    "member_role": {
        "member": "member", "chair": "chair", "deputy": "deputy",
        "medlem": "member", "sammankallande": "chair", "ordförande": "chair", "ersättare": "deputy",
    },
}  # fmt: skip
