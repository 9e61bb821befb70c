"""Appeals and dismissals of 19.0.1.0.0: notes and refusals then, steps of their own now.

What was recorded stays; what it is read as follows today's steps, of procedures that an office
copied too. Runs after the scripts that read the former events.
"""

from odoo import SUPERUSER_ID, api

STEP = "recouvrement_creances.collection_procedure_step_"
# As the rules of this version have it: those of later ones are nothing to an update to this one.
DECIDES = ("grant", "reject", "judge", "dismiss", "rejudge", "overturn")
ON_APPEAL = ("rejudge", "overturn")
# What was decided while an appeal ran was decided on it: no second appeal lies against it.
DECIDED_ON_IT = {"judge": "rejudge", "reject": "overturn", "dismiss": "overturn"}
# What a proceeding without a title was called while its appeal ran.
FORMER = ("rejected", "judged", "hearing")
# {kind of a procedure that knows an appeal: the shipped one whose steps its copies are given}
SHIPPED = {
    "payment_order": "order_commercial",
    "european_order": "european_order",
    "summons": "summons",
    "interim": "interim",
}
# (a step, what it comes after, the name of the shipped one that is copied)
ADDED = (
    ("appeal", None, "appeal"),
    ("hear_appeal", "appeal", "appeal_hear"),
    ("rejudge", "hear_appeal", "appeal_judge"),
    ("overturn", "rejudge", "appeal_overturn"),
    ("refer", "overturn", "refer"),
    ("end_appeal", "refer", "appeal_end"),
)
# What the appeal of 19.0.1.0.0, a hearing like any other, does to deadlines.
APPEALED = ("judgement.appeal", "interim.appeal")


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    _name_steps(env)
    _add_steps(env)
    _tell_dismissals(env)
    for proceeding in env["collection.proceeding"].search([]):
        _put_on_appeal(proceeding)
        _take_hearings_off(proceeding)


def _name_steps(env):
    """An appeal was a hearing, or a note; a claim was dismissed as a request is refused."""
    env["collection.procedure.deadline"].search(
        [("effect", "=", "opens_short"), ("step_id.event", "=", "reject")]
    ).filtered(lambda line: _is_request(line.step_id)).unlink()
    shipped = env.ref(f"{STEP}summons_appeal", raise_if_not_found=False)
    steps = env["collection.procedure.step"].search([("event", "in", ("hear", "note"))])
    steps.filtered(lambda step: step == shipped or _is_appeal(step)).write(
        {"event": "appeal", "has_hearing": False}
    )
    env["collection.procedure.step"].search(
        [("event", "=", "reject"), ("procedure_id.kind", "in", ("summons", "interim"))]
    ).write({"event": "dismiss"})


def _is_appeal(step):
    """Tell whether a step is an appeal by what it does to the time to lodge one."""
    if any(code.endswith(".own_appeal") for code in step._get_codes("closes")):
        return True
    return step.event == "hear" and any(code in APPEALED for code in step._get_codes("drops"))


def _is_request(step):
    return "grant" in step.procedure_id.step_ids.mapped("event")


def _add_steps(env):
    """Give procedures that an office copied the steps that the shipped ones have."""
    procedures = env["collection.procedure"].search([("kind", "in", list(SHIPPED))])
    if not all(procedures.get_external_id().values()):
        # An update reads its terms after its scripts: what is copied before that is English.
        env.ref("base.module_recouvrement_creances")._update_translations()
    for procedure in procedures:
        shipped, steps = SHIPPED[procedure.kind], procedure.step_ids
        events = set(steps.mapped("event"))
        if "judge" not in events:
            continue
        if {"reject", "oppose"} <= events and "dismiss" not in events:
            _copy_step(env, f"{shipped}_dismiss", procedure, _find_place(procedure, "judge"))
        served = "interim.appeal" if procedure.kind == "interim" else "judgement.appeal"
        if not any(served in step._get_codes("opens") for step in steps):
            _copy_step(env, f"{shipped}_notify", procedure, _find_place(procedure))
        _add_opposition(env, procedure)
        for event, former, name in ADDED:
            if event not in events:
                _copy_step(env, f"{shipped}_{name}", procedure, _find_place(procedure, former))
        _add_own_time(procedure, served)


def _find_place(procedure, event=None):
    """Return the place after the last step of an event; without one, before the title."""
    steps = procedure.step_ids.sorted(lambda step: (step.sequence, step.id))
    found = steps.filtered(lambda step: event and step.event == event)
    if not found:
        first = steps.filtered(lambda step: step.event == "entitle")[:1]
        found = steps.filtered(lambda step: not first or step.sequence < first.sequence)
    return found[-1:].sequence


def _copy_step(env, name, procedure, sequence):
    step = env.ref(f"{STEP}{name}", raise_if_not_found=False)
    if step:
        step.copy({"procedure_id": procedure.id, "sequence": sequence})
        procedure.invalidate_recordset(["step_ids"])


def _add_own_time(procedure, served):
    """Let our own time to appeal run in a copy that does not know it at all."""
    own = served.replace(".appeal", ".own_appeal")
    judgements = procedure.step_ids.filtered(lambda step: step.event == "judge")
    if any(own in step._get_codes("opens_short") for step in judgements):
        return
    for step in procedure.step_ids:
        effects = ()
        if step.event == "judge" and not step._get_codes("opens_notified"):
            effects = ("opens_short",)
        elif step.event == "dismiss":
            effects = ("opens",)
        elif step.event == "appeal":
            effects = ("closes",)
        elif step.event == "note" and served in step._get_codes("opens"):
            effects = ("drops", "opens_short")
        step.write(
            {
                "deadline_ids": [
                    (0, 0, {"rule_code": own, "effect": effect})
                    for effect in effects
                    if own not in step._get_codes(effect)
                ]
            }
        )


def _add_opposition(env, procedure):
    """Let the debtor oppose in a copy that knows judgements by default, and when they lapse."""
    if procedure.kind == "interim":
        _add_interim_opposition(env, procedure)
        return
    steps, code = procedure.step_ids, "judgement.default"
    given = steps.filtered(lambda step: code in step._get_codes("opens"))
    notified = steps.filtered(lambda step: code in step._get_codes("closes"))
    if given and notified and "oppose_judgement" not in steps.mapped("event"):
        places = (("default_last", given), ("oppose", notified), ("oppose_end", notified))
        for name, former in places:
            _copy_step(env, f"summons_{name}", procedure, former[-1:].sequence)


def _add_interim_opposition(env, procedure):
    """An interim order by default is opposed as a judgement is, within fifteen days (CPC 490)."""
    steps = procedure.step_ids
    served = steps.filtered(lambda step: "interim.appeal" in step._get_codes("opens"))
    if served and "oppose_judgement" not in steps.mapped("event"):
        _copy_step(env, "interim_default_last", procedure, _find_place(procedure, "judge"))
        for name in ("oppose", "oppose_end"):
            _copy_step(env, f"interim_{name}", procedure, served[-1:].sequence)


def _tell_dismissals(env):
    """A request that was refused after a hearing was a claim that a judge dismissed."""
    env.flush_all()
    env.cr.execute(
        """
        UPDATE collection_proceeding_event event
           SET step_id = dismissal.id
          FROM collection_procedure_step step
          JOIN LATERAL (SELECT id FROM collection_procedure_step other
                         WHERE other.procedure_id = step.procedure_id
                           AND other.event = 'dismiss'
                      ORDER BY sequence, id LIMIT 1) dismissal ON TRUE
         WHERE step.id = event.step_id
           AND step.event = 'reject'
           AND (event.former_state = 'hearing' OR event.undoes_id IS NOT NULL
                AND EXISTS (SELECT FROM collection_proceeding_event undone
                             WHERE undone.id = event.undoes_id
                               AND undone.former_state = 'hearing'))
        """
    )
    env.invalidate_all()


def _put_on_appeal(proceeding):
    """Say what waits for a decision on its appeal, now and in what is taken back to."""
    has_title, is_on_appeal, decision = bool(proceeding.title_date), False, None
    renamed = "enforcement" if has_title else "appealed"
    former = ("hearing",) if has_title else FORMER
    for event in proceeding._get_effective_events().sorted("id"):
        was_enforced = event.former_state == "enforcement"
        if is_on_appeal:
            _rename(event, former, renamed)
            _tell_anew(event, DECIDED_ON_IT)
        kind = event.step_id.event
        # Heard again after a decision on an appeal: a cassation had sent it back. Of a title that
        # is enforced another judge hears.
        is_sent_back = kind == "hear" and decision in ON_APPEAL and not was_enforced
        if is_sent_back:
            _tell_anew(event, {"hear": "refer"})
        if kind in ("appeal", "refer") or is_sent_back:
            is_on_appeal = True
        elif kind in DECIDES:
            is_on_appeal, decision = False, kind
    if is_on_appeal:
        for name in ("state", "settled_state"):
            if proceeding[name] in former:
                proceeding._with_door()[name] = renamed


def _tell_anew(event, names):
    """Let what was recorded be the step that today's procedure has for it."""
    name = names.get(event.step_id.event)
    step = event.step_id.procedure_id.step_ids.filtered(lambda one: one.event == name)[:1]
    if step:
        event.env.flush_all()
        # In SQL: nobody writes on steps; what took place, and when, stays.
        event.env.cr.execute(
            "UPDATE collection_proceeding_event SET step_id = %s WHERE id = %s",
            [step.id, event.id],
        )
        event.env.invalidate_all()


def _rename(event, former, renamed):
    values = event.former_values or {}
    if values.get("settled_state") in former:
        event.former_values = {**values, "settled_state": renamed}
    if event.former_state in former:
        event.former_state = renamed


def _take_hearings_off(proceeding):
    """What had ended is heard no more; whoever takes the end back has the hearing again."""
    if proceeding.state not in ("rejected", "withdrawn", "closed"):
        return
    # As people see it: without what is off the calendar already.
    proceeding = proceeding.with_context(active_test=True)
    moves = proceeding._get_effective_events().filtered(lambda one: one.step_id.event != "note")
    end, hearings = moves.sorted("id")[-1:], proceeding.hearing_ids
    proceeding._take_hearings_off()
    taken_off = hearings.filtered(lambda hearing: not hearing.active)
    if end and taken_off:
        end.dropped_hearings = [*(end.dropped_hearings or []), *taken_off.ids]
