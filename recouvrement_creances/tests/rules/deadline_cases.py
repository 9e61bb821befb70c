"""Deadlines worked out by hand with a calendar, each with the reason: the table of the law."""

# Code, event, day of the order or None, where (see PLACES), alarm, legal, why.
# Days are day/month/year; "overseas" and "abroad" say where whom the deadline binds lives, before a
# court of the mainland.
CASES = """
order.service|30/11/2026|-|paris|26/02/2027|01/03/2027|no 30 February: Sunday 28, so Monday
order.service|31/08/2026|-|paris|26/02/2027|01/03/2027|last day of the six months' regime
order.service|01/09/2026|-|paris|01/12/2026|01/12/2026|first day of the three months' regime
order.service|15/01/2026|-|paris|15/07/2026|15/07/2026|six months, the day after 14 July
order.service|14/01/2026|-|paris|13/07/2026|15/07/2026|ends on 14 July, a Tuesday
order.service|27/02/2026|-|paris|27/08/2026|27/08/2026|same number, a Thursday
order.service|28/02/2026|-|paris|28/08/2026|28/08/2026|the 28th, not the end of August
order.service|15/02/2026|-|paris|14/08/2026|17/08/2026|15 August, a Saturday: Monday
order.service|25/09/2026|-|paris|24/12/2026|28/12/2026|Christmas, a Friday: Monday
order.service|01/10/2026|-|paris|31/12/2026|04/01/2027|New Year, a Friday: Monday
order.service|29/12/2026|-|paris|26/03/2027|30/03/2027|Easter Monday; Good Friday is worked
order.service|29/12/2026|-|strasbourg|25/03/2027|30/03/2027|Good Friday is a holiday there
order.service|30/11/2027|-|paris|29/02/2028|29/02/2028|leap year: Tuesday 29 February
order.service|31/10/2025|-|paris|30/04/2026|30/04/2026|six months, no 31 April, a Thursday
order.service|30/10/2025|-|paris|30/04/2026|30/04/2026|the same end as of the 31st
order.opposition|31/01/2028|-|paris|29/02/2028|29/02/2028|one month, leap year
order.opposition|29/01/2027|-|paris|26/02/2027|01/03/2027|no 29 February in 2027: Sunday 28
order.opposition|30/01/2026|-|paris|27/02/2026|02/03/2026|Saturday 28 February: Monday
order.opposition|01/04/2026|-|paris|30/04/2026|04/05/2026|1 May, a Friday: Monday
order.opposition|14/04/2026|-|paris|13/05/2026|15/05/2026|Ascension, a Thursday: Friday
order.opposition|08/04/2026|-|paris|07/05/2026|11/05/2026|8 May, a Friday: Monday
order.opposition|25/11/2026|-|paris|24/12/2026|28/12/2026|Christmas and the week-end
order.opposition|15/10/2026|-|abroad|15/01/2027|15/01/2027|one month and two more
order.opposition|30/11/2026|-|abroad|26/02/2027|01/03/2027|three months in one: 28 February
order.opposition|15/10/2026|-|overseas|15/12/2026|15/12/2026|one month and one more
order.opposition|31/12/2026|-|overseas|26/02/2027|01/03/2027|two months in one: Sunday 28 February
order.opposition|22/04/2026|-|paris|22/05/2026|22/05/2026|a Friday like others in Paris
order.opposition|22/04/2026|-|martinique|21/05/2026|26/05/2026|abolition day, then Whit Monday
order.opposition_costs|01/12/2026|-|paris|16/12/2026|16/12/2026|fifteen days from the 2nd
order.opposition_costs|10/12/2026|-|paris|24/12/2026|28/12/2026|ends at Christmas
order.opposition_costs|23/04/2026|-|paris|07/05/2026|11/05/2026|ends on 8 May
order.opposition_costs|15/02/2028|-|paris|01/03/2028|01/03/2028|February has 29 days
order.opposition_costs|15/02/2027|-|paris|02/03/2027|02/03/2027|February has 28 days
summons.filing_civil|15/03/2027|-|paris|26/02/2027|28/02/2027|fifteen days before, a Sunday
judgement.own_appeal|16/03/2026|-|paris|16/04/2026|16/04/2026|one month, ours as the debtor's
interim.own_appeal|16/03/2026|-|paris|31/03/2026|31/03/2026|fifteen days
judgement.cassation|16/03/2026|-|paris|15/05/2026|18/05/2026|two months: a Saturday, so Monday
order.fees|17/12/2026|-|paris|31/12/2026|04/01/2027|ends on New Year's day
order.clerk_notice|31/03/2026|-|paris|30/04/2026|30/04/2026|no 31 April
order.lawyer|30/06/2026|-|paris|15/07/2026|15/07/2026|the day after 14 July
order.lawyer|29/06/2026|-|paris|13/07/2026|15/07/2026|ends on 14 July
order.enforcement|15/10/2026|20/08/2026|paris|17/11/2026|17/11/2026|old order: Monday still counts
order.enforcement|15/10/2026|02/09/2026|paris|16/12/2026|16/12/2026|new order: from the day after
order.enforcement|30/12/2026|02/09/2026|paris|02/03/2027|02/03/2027|Monday 1 March still counts
order.enforcement|24/10/2026|02/09/2026|paris|28/12/2026|25/12/2026|from Christmas, done on Monday
order.enforcement|15/10/2026|02/09/2026|abroad|18/01/2027|16/01/2027|abroad: three months to oppose
order.enforcement|15/10/2026|02/09/2026|overseas|16/12/2026|16/12/2026|two months to oppose, over
order.enforcement|15/10/2026|20/08/2026|overseas|16/12/2026|16/12/2026|old order, overseas
order.enforcement|15/10/2026|20/08/2026|abroad|18/01/2027|16/01/2027|old order, abroad
small_claims.answer|31/03/2026|-|paris|30/04/2026|30/04/2026|no 31 April
small_claims.answer|01/10/2026|-|paris|30/10/2026|02/11/2026|All Saints, a Sunday
traders.contest|15/06/2026|-|paris|15/07/2026|15/07/2026|the day after 14 July
traders.record|16/11/2026|-|paris|25/11/2026|25/11/2026|after eight whole days
traders.service|31/08/2026|-|paris|26/02/2027|01/03/2027|six months end on Sunday 28 February
traders.service|31/08/2027|-|paris|29/02/2028|29/02/2028|six months, leap year
european.opposition|01/09/2026|-|paris|01/10/2026|01/10/2026|thirty days, not a month
european.opposition|12/10/2026|-|paris|10/11/2026|12/11/2026|ends on 11 November
summons.service|16/03/2027|-|paris|01/03/2027|01/03/2027|fifteen days back from a hearing
summons.service|15/03/2027|-|paris|26/02/2027|28/02/2027|Sunday: nothing is gained by it
summons.service|15/03/2028|-|paris|29/02/2028|29/02/2028|back into a leap February
summons.filing|18/05/2026|-|paris|07/05/2026|10/05/2026|Sunday, Saturday, 8 May: Thursday
judgement.default|31/08/2027|-|paris|29/02/2028|29/02/2028|six months, leap year
judgement.default|15/05/2026|-|paris|13/11/2026|16/11/2026|Sunday 15 November
judgement.default|11/05/2026|-|paris|10/11/2026|12/11/2026|11 November, a Wednesday
judgement.appeal|17/04/2026|-|paris|15/05/2026|18/05/2026|Sunday; the day after Ascension is worked
judgement.appeal|25/04/2026|-|paris|22/05/2026|26/05/2026|Whit Monday
judgement.appeal|06/02/2026|-|abroad|06/05/2026|06/05/2026|one month and two more
judgement.appeal|06/02/2026|-|overseas|03/04/2026|07/04/2026|Easter Monday; Good Friday is worked
judgement.opposition|30/01/2026|-|paris|27/02/2026|02/03/2026|no 30 February: Saturday 28, so Monday
judgement.opposition|14/04/2026|-|paris|13/05/2026|15/05/2026|Ascension, a Thursday: Friday
judgement.opposition|06/02/2026|-|abroad|06/05/2026|06/05/2026|one month and two more
judgement.opposition|06/02/2026|-|overseas|03/04/2026|07/04/2026|Easter Monday, as for an appeal
interim.appeal|15/02/2027|-|overseas|30/03/2027|30/03/2027|15 March and fifteen days
interim.appeal|20/01/2026|-|abroad|03/04/2026|07/04/2026|Saturday 4 April, Easter Monday
interim.appeal|15/02/2027|-|abroad|30/04/2027|30/04/2027|months first, then the days
title.execution|29/02/2028|-|paris|26/02/2038|28/02/2038|limitation: a Sunday does not extend it
title.execution|30/06/2026|-|paris|30/06/2036|30/06/2036|ten years, a Monday
attachment.action|31/05/2026|-|paris|30/06/2026|30/06/2026|no 31 June
attachment.execution|14/04/2026|-|paris|13/07/2026|15/07/2026|ends on 14 July
attachment.notice|30/04/2026|-|paris|07/05/2026|11/05/2026|eight days end on 8 May
seizure.notice|24/12/2026|-|paris|31/12/2026|04/01/2027|eight days end on New Year's day
seizure.contest|31/12/2026|-|paris|29/01/2027|01/02/2027|Sunday 31 January
cheque.certificate|01/09/2026|-|paris|02/10/2026|02/10/2026|after thirty whole days
insolvency.declaration|31/12/2026|-|paris|26/02/2027|01/03/2027|Sunday 28 February
insolvency.declaration|31/12/2026|-|abroad|30/04/2027|30/04/2027|foreign creditor: no 31 April
insolvency.declaration|31/12/2026|-|overseas|30/04/2027|30/04/2027|two months more as abroad
insolvency.relief|31/08/2026|-|abroad|26/02/2027|01/03/2027|for everybody the same
insolvency.declaration|31/12/2027|-|paris|29/02/2028|29/02/2028|leap year
insolvency.declaration|15/06/2026|-|paris|14/08/2026|17/08/2026|15 August, a Saturday
insolvency.declaration|15/06/2026|-|abroad|15/10/2026|15/10/2026|foreign creditor, a Thursday
insolvency.declaration|01/09/2026|-|abroad|31/12/2026|04/01/2027|foreign creditor, New Year's day
insolvency.contest|15/10/2026|-|paris|13/11/2026|16/11/2026|thirty days end on a Saturday
insolvency.contest|26/11/2025|-|paris|26/12/2025|26/12/2025|a Friday like others in Paris
insolvency.contest|26/11/2025|-|strasbourg|24/12/2025|29/12/2025|26 December is a holiday there
insolvency.claim_state|25/11/2026|-|paris|24/12/2026|28/12/2026|Christmas and the week-end
insolvency.relief|31/08/2026|-|paris|26/02/2027|01/03/2027|six months end on Sunday 28 February
insolvency.goods|30/11/2027|-|paris|29/02/2028|29/02/2028|three months, leap year
insolvency.contract_notice|16/04/2026|-|paris|15/05/2026|18/05/2026|Saturday 16 May
insolvency.later_debts|29/02/2028|-|paris|28/02/2029|28/02/2029|a year from a leap day
insolvency.later_debts_liquidation|25/06/2026|-|paris|24/12/2026|28/12/2026|Christmas, a Friday
overindebtedness.claim|01/04/2026|-|paris|30/04/2026|04/05/2026|thirty days end on 1 May
overindebtedness.contest|01/12/2026|-|paris|16/12/2026|16/12/2026|fifteen days
"""
