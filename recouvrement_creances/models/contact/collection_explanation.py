from odoo import api, fields, models
from odoo.tools import format_date

from ...rules.verdicts import VERDICTS

# What a person has to see first.
URGENCY = ("ambiguous", "failed", "planned", "proposed", "confirmed", "sending")
# What sending does with a channel; the others give a task to a person.
DELIVERY = {
    "email": "messages",
    "sms": "messages",
    "letter": "letters",
    "registered_letter": "letters",
    "electronic_letter": "letters",
}


class CollectionExplanation(models.AbstractModel):
    """Says in words what comes next and why nothing goes out."""

    _name = "collection.explanation"
    _description = "Collection explanation"

    # === BUSINESS === #

    @api.model
    def _explain(self, verdict, next_date, level):
        """Return one sentence for one verdict."""
        if not verdict:
            return ""
        date = format_date(self.env, next_date) if next_date else ""
        sentences = {
            "paid": self.env._("Nothing is due."),
            "not_collectible": self.env._(
                "Excluded from follow-up: miscellaneous entries and opening balances are, unless "
                "they are included by hand."
            ),
            "insolvency": self.env._("Insolvency proceedings: every reminder has stopped."),
            "handed_over": self.env._("Handed over: reminders have stopped."),
            "time_barred": self.env._(
                "Time-barred: a consumer is asked for nothing any more (C. conso L218-2, R632-1)."
            ),
            "disputed": self.env._("Disputed: not reminded of until the dispute is settled."),
            "schedule": self.env._("A schedule is running."),
            "promise": self.env._("A promise to pay is pending."),
            "held": self.env._("Contacts are on hold."),
            "no_policy": self.env._("No confirmed policy applies to this debtor."),
            "not_due": self.env._("Not due yet."),
            "covered": self.env._("Covered by payments or credit notes still to be matched."),
            "below_minimum": self.env._("The debtor owes less than the policy's minimum."),
            "notice_running": self._explain_notice(next_date),
            "too_soon": self.env._("Too soon for the next level."),
            "ladder_done": self.env._("Every level was sent: a person decides what comes next."),
            "remind": self.env._("To remind by the next run."),
        }
        if verdict == "remind" and level:
            return self.env._("To remind by the next run: %s.", level.name)
        parts = [sentences[verdict]]
        if level:
            parts.append(self.env._("Next level: %s.", level.name))
        if date and verdict != "remind":
            parts.append(self.env._("Next on %s.", date))
        return " ".join(parts)

    def _explain_notice(self, next_date):
        if next_date:
            return self.env._("The period of the formal notice is running.")
        return self.env._(
            "The formal notice waits for its first presentation: its period runs from then on."
        )

    @api.model
    def _fill_explanation(self, cases):
        """Fill ``explanation``: one line per verdict, with its items and amount."""
        groups = self.env["collection.item"]._read_group(
            [("case_id", "in", cases.ids), ("is_open", "=", True)],
            ["case_id", "verdict"],
            ["__count", "amount_residual:sum", "next_date:min", "next_level_id:recordset"],
        )
        lines = {}
        for case, verdict, count, amount, next_date, levels in groups:
            text = self.env._(
                "%(count)s item(s), %(amount)s: %(sentence)s",
                count=count,
                amount=case.currency_id.format(amount),
                sentence=self._explain(verdict, next_date, levels.sorted("number")[-1:]),
            )
            lines.setdefault(case.id, []).append((VERDICTS.index(verdict), text))
        for case in cases:
            rows = sorted(lines.get(case._origin.id, []), reverse=True)
            case.explanation = "\n".join(text for _rank, text in rows)

    @api.model
    def _fill_next_step(self, cases):
        """Fill ``next_step``: what a collector has to do, or what the run will do by itself."""
        waiting = self.env["collection.action"].search(
            [("case_id", "in", cases.ids), ("state", "in", URGENCY)]
        )
        first = {}
        for action in waiting.sorted(lambda a: (URGENCY.index(a.state), a.date_planned or a.id)):
            first.setdefault(action.case_id.id, action)
        verdicts = self._read_verdicts(cases)
        for case in cases:
            action = first.get(case._origin.id)
            found = verdicts.get(case._origin.id, ("", None, None))
            held = case._name_insolvency_step() if found[0] == "insolvency" else ""
            case.next_step = (
                self._name_action(action) if action else held or self._name_wait(*found)
            )

    @api.model
    def _fill_send_preview(self, runs):
        """Fill ``send_preview``: what sending would do with what is still in the proposal."""
        counts = {}
        for run, channel, mode, count in self.env["collection.action"]._read_group(
            [("run_id", "in", runs.ids), ("state", "=", "proposed")],
            ["run_id", "channel", "mode"],
            ["__count"],
        ):
            kind = "manual" if mode == "manual" else DELIVERY.get(channel, "tasks")
            own = counts.setdefault(run.id, {})
            own[kind] = own.get(kind, 0) + count
        for run in runs:
            own = counts.get(run._origin.id, {})
            run.send_preview = self.env._(
                "messages that leave: %(messages)s, letters to prepare: %(letters)s, "
                "tasks to give: %(tasks)s.",
                messages=own.get("messages", 0),
                letters=own.get("letters", 0),
                tasks=own.get("tasks", 0),
            )
            if own.get("manual"):
                run.send_preview += " " + self.env._(
                    "Manual contacts that wait for their own confirmation: %s.", own["manual"]
                )

    # === HELPERS === #

    def _read_verdicts(self, cases):
        """Return {case id: (verdict, next date, next level)}: the verdict closest to a reminder."""
        groups = self.env["collection.item"]._read_group(
            [("case_id", "in", cases.ids), ("is_open", "=", True)],
            ["case_id", "verdict"],
            ["next_date:min", "next_level_id:recordset"],
        )
        best = {}
        for case, verdict, next_date, levels in groups:
            rank = VERDICTS.index(verdict)
            if rank > best.get(case.id, (-1,))[0]:
                best[case.id] = (rank, verdict, next_date, levels.sorted("number")[-1:])
        return {case_id: entry[1:] for case_id, entry in best.items()}

    def _name_wait(self, verdict, next_date, level):
        """Return what comes next where nobody has anything to do: a level's name comes first."""
        if verdict == "too_soon" and next_date and level:
            return self.env._(
                "%(level)s, from %(date)s on",
                level=level.name,
                date=format_date(self.env, next_date),
            )
        return self._explain(verdict, next_date, level)

    def _name_action(self, action):
        channel = dict(action._fields["channel"]._description_selection(self.env))[action.channel]
        date = format_date(self.env, action.date_planned or fields.Date.context_today(self))
        if action.wait_description:
            return self.env._(
                "%(channel)s: %(waits)s", channel=channel, waits=action.wait_description
            )
        detail = action.failure_reason if action.state == "failed" else action.level_id.name
        # A contact outside the ladder (to be called back) has no level to name.
        short = {
            "failed": self.env._("%(channel)s failed"),
            "planned": self.env._("%(channel)s to do on %(date)s"),
            "proposed": self.env._("%(channel)s proposed"),
            "confirmed": self.env._("%(channel)s about to leave"),
        }
        sentences = {
            "ambiguous": self.env._("%(channel)s: check whether it arrived"),
            "failed": self.env._("%(channel)s failed: %(reason)s"),
            "planned": self.env._("%(channel)s to do on %(date)s: %(level)s"),
            "proposed": self.env._("%(channel)s proposed: %(level)s"),
            "confirmed": self.env._("%(channel)s about to leave: %(level)s"),
            "sending": self.env._("%(channel)s is leaving"),
        }
        sentence = (not detail and short.get(action.state)) or sentences[action.state]
        return sentence % {
            "channel": channel,
            "date": date,
            "level": action.level_id.name or "",
            "reason": action.failure_reason or "",
        }
