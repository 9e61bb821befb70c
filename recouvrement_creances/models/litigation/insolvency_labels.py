"""What the kinds, steps and ends of ``rules.insolvency`` are called."""

from ...rules.insolvency import KINDS

KIND_LABELS = [
    ("safeguard", "Safeguard"),
    ("reorganisation", "Reorganisation (redressement judiciaire)"),
    ("liquidation", "Liquidation"),
    ("conciliation", "Conciliation"),
    ("overindebtedness", "Over-indebtedness"),
    ("personal_recovery", "Personal recovery"),
]
STEP_LABELS = [
    ("contest", "Our claim is contested"),
    ("answer", "Contest answered"),
    ("claim_state", "State of claims published"),
    ("claim_state_contested", "State of claims contested by us"),
    ("relief", "Relief from the lapse asked for"),
    ("goods_claimed", "Goods claimed"),
    ("contract_notice", "Notice to the administrator on a running contract"),
    ("contract_answer", "Administrator's answer on the contract"),
    ("observation_end", "End of the observation period"),
    ("later_told", "Debts after the opening told"),
    ("plan", "Plan adopted"),
    ("conversion", "Turned into a liquidation"),
    ("certificate", "Certificate of irrecoverability"),
    ("claim_letter", "Commission's letter asking for the claim"),
    ("claim_given", "Claim given to the commission"),
    ("admission_letter", "Letter of the admission received"),
    ("admission_contested", "Admission contested"),
    ("measures", "Measures agreed on or imposed"),
    ("recovery", "Personal recovery published"),
    ("recovery_joined", "Personal recovery joined"),
    ("plan_failed", "Plan or measures ended before their time"),
    ("reopening", "Reopened"),
]
GROUND_LABELS = [
    ("paid", "Debts paid, or plan carried out"),
    ("insufficient", "Liquidation closed: assets are insufficient"),
    ("wiped_out", "Debts wiped out"),
    ("overturned", "Overturned or refused"),
    ("followed", "Followed by other proceedings"),
]
STATE_LABELS = [
    ("filed", "Requested"),
    ("open", "Running"),
    ("plan", "Plan running"),
    ("closed", "At an end"),
    ("cancelled", "Recorded by mistake"),
]
STAYING = ("open", "plan")
# What stops demands; the others run beside them.
STAYING_KINDS = tuple(kind for kind, procedure in KINDS.items() if procedure.stays)
# Ended with debts that nobody may be asked for any more, but in the cases that the law names.
BARRING_GROUNDS = ("insufficient", "wiped_out")
