"""What debtors do on their pages: pay, promise, dispute, ask for a schedule, move; all by HTTP."""

from datetime import timedelta

from num2words import num2words

from .behaviours import SIGNED
from .browser import PDF, Browser, PageRefused
from .money import overdue

PROOF = {"file": ("justificatif.pdf", PDF, "application/pdf")}
ATTEMPTS = 4  # of looking whether a schedule may be signed now
SIGN_AGAIN = 4  # days
MONTHS = 3
CURIOUS = 0.2  # of the visits


def visit(world, debtor, company, work, what):
    """Open the debtor's page with his last link and do something there; return what it returns."""
    link = debtor.links.get(company)
    if not link or debtor.is_silenced:
        return None
    browser = None
    try:
        browser = Browser(world.address, link, is_curious=debtor.chance.random() < CURIOUS)
        return work(browser)
    except PageRefused as refusal:
        world.refuse(f"page: {what}", str(refusal))
    finally:
        if browser:
            browser.close()
    return None


def tick(browser, page, rows):
    """Return the ids of the documents on a page that belong to these invoices."""
    numbers = {row[1] for row in rows}
    found = browser.items(page)
    return [item for item, text in found if any(number in text for number in numbers)]


# === PAYMENT === #


def do_online(world, debtor, company, **_detail):
    """Pay what is overdue online."""
    rows = overdue(world, debtor, company)
    if rows:
        rows = [row for row in rows if row[3] == rows[0][3]]
        visit(world, debtor, company, lambda page: _pay_online(world, debtor, page, rows), "pay")


def _pay_online(world, debtor, browser, rows):
    page = browser.page("/pay")
    items = tick(browser, page, rows)
    if items:
        values = browser.pay(browser.send_from(page, "/pay", item=items))
        _note_online(world, debtor, values, [row[0] for row in rows])


def _note_online(world, debtor, values, moves):
    (row,) = world.rows(
        "SELECT payment_id, amount FROM payment_transaction WHERE reference = %s",
        values["reference"],
    )
    world.note("paid", debtor, how="online", payment_id=row[0], amount=float(row[1]), moves=moves)


# === PROMISES === #


def do_promise_online_kept(world, debtor, company, **_detail):
    """Promise on the page, and pay in time."""
    promise(world, debtor, company, "kept")


def do_promise_online_late(world, debtor, company, **_detail):
    """Promise on the page, and pay late."""
    promise(world, debtor, company, "late")


def do_promise_online_broken(world, debtor, company, **_detail):
    """Promise on the page, and do not pay."""
    promise(world, debtor, company, "broken")


def promise(world, debtor, company, how):
    """Promise what is overdue for a day, and pay as the debtor does."""
    rows = overdue(world, debtor, company)
    day = world.day + timedelta(days=debtor.chance.randint(6, 10))
    if rows and visit(
        world,
        debtor,
        company,
        lambda page: _promise_on(page, rows, day, debtor.chance.random() < 0.5),
        "promise",
    ):
        amount = sum(float(row[2]) for row in rows if row[3] == rows[0][3])
        world.note("promised", debtor, date=day, amount=amount, how="portal", company=company)
        plan_promised(world, debtor, company, day, how)


def _promise_on(browser, rows, day, remind):
    page = browser.page("/promise")
    items = tick(browser, page, [row for row in rows if row[3] == rows[0][3]])
    if not items:
        return False
    values = {"remind": "1"} if remind else {}
    browser.send_from(page, "/promise", item=items, date=day.isoformat(), note="", **values)
    return True


def plan_promised(world, debtor, company, day, how):
    """Plan the payment that was promised for a day; money takes a day or two."""
    waits = {"kept": -3, "late": debtor.chance.randint(6, 12)}
    if how in waits:
        days = (day - world.day).days + waits[how]
        world.plan(days, debtor, "transfer", company=company)


# === DISPUTES === #


def do_dispute_rightly(world, debtor, company, **_detail):
    """Dispute a part of an invoice that is wrong."""
    _dispute(world, debtor, company, "disputed_rightly", round(debtor.chance.uniform(0.2, 0.5), 2))


def do_dispute_wrongly(world, debtor, company, **_detail):
    """Dispute an invoice that is right."""
    _dispute(world, debtor, company, "disputed_wrongly", 1.0)


def _dispute(world, debtor, company, kind, share):
    rows = overdue(world, debtor, company)[:1]
    if not rows or rows[0][0] in world.disputed:
        return
    move, amount = rows[0][0], round(float(rows[0][2]) * share, 2)
    done = visit(
        world,
        debtor,
        company,
        lambda page: _dispute_on(page, rows, amount if share < 1 else None, debtor.chance),
        "dispute",
    )
    if done:
        world.disputed[move] = kind
        world.note(kind, debtor, move=move, amount=amount, company=company)


def _dispute_on(browser, rows, amount, chance):
    page = browser.page("/dispute")
    categories = [one for one in page.xpath("//select[@name='category']/option/@value") if one]
    items = tick(browser, page, rows)[:1]
    if not items or not categories:
        return False
    browser.send_from(
        page,
        "/dispute",
        files=PROOF,
        item=items,
        category=chance.choice(categories),
        amount=f"{amount:.2f}" if amount else "",
        description="La commande ne correspond pas à la facture.",
    )
    return True


def do_say_paid_and_pay(world, debtor, company, **_detail):
    """Say with a proof that it is paid; the money arrives a day later."""
    rows = overdue(world, debtor, company)[:1]
    if not rows or rows[0][0] in world.disputed:
        return
    if visit(world, debtor, company, lambda page: _say_paid_on(world, page, rows), "paid"):
        world.disputed[rows[0][0]] = "said_paid"
        world.note("said_paid", debtor, move=rows[0][0], company=company)
        world.plan(2, debtor, "transfer", company=company)


def _say_paid_on(world, browser, rows):
    page = browser.page("/paid")
    items = tick(browser, page, rows)[:1]
    if not items:
        return False
    day = world.day - timedelta(days=1)
    browser.send_from(
        page, "/paid", files=PROOF, item=items, date=day.isoformat(), reference="VIR 0815"
    )
    return True


# === SCHEDULES === #


def do_schedule(world, debtor, company, **_detail):
    """Ask for instalments, and sign what is offered at once."""
    rows = overdue(world, debtor, company)
    if rows and visit(
        world, debtor, company, lambda page: _ask_on(world, debtor, page, rows), "schedule"
    ):
        do_sign(world, debtor, company)


def _ask_on(world, debtor, browser, rows):
    page = browser.page("/schedule")
    items = tick(browser, page, [row for row in rows if row[3] == rows[0][3]])
    if not items or not page.xpath("//input[@name='count']"):
        return False
    first = world.day + timedelta(days=debtor.chance.randint(8, 20))
    browser.send_from(
        page, "/schedule", item=items, count=str(MONTHS), first_date=first.isoformat()
    )
    return True


def do_sign(world, debtor, company, attempt=1):
    """Sign the schedule that is offered on the page; look again later if it is not yet."""
    signed = visit(world, debtor, company, lambda page: _sign_on(world, debtor, page), "sign")
    if signed:
        after_signature(world, debtor, company, signed)
    elif attempt < ATTEMPTS:
        world.plan(SIGN_AGAIN, debtor, "sign", company=company, attempt=attempt + 1)


def _sign_on(world, debtor, browser):
    page = browser.page("/schedule")
    forms = page.xpath("//form[contains(@class, 'o_collection_sign')]/@action")
    if not forms:
        return 0
    path = forms[0].removeprefix(browser.base)
    schedule = int(path.split("/")[2])
    (row,) = world.rows("SELECT amount_total FROM collection_schedule WHERE id = %s", schedule)
    browser.send_from(
        page, path, agreed="1", typed_amount=in_words(float(row[0])), signer_name=debtor.name
    )
    return schedule


def after_signature(world, debtor, company, schedule):
    """Note what was agreed on, and let the debtor plan what he will pay of it."""
    lines = world.rows(
        "SELECT due_date, amount FROM collection_instalment WHERE schedule_id = %s "
        "ORDER BY due_date, id",
        schedule,
    )
    plan = [(due, float(amount)) for due, amount in lines]
    world.note("schedule_signed", debtor, schedule=schedule, lines=plan, company=company)
    world.react(debtor, SIGNED, company, schedule=schedule, lines=plan)


def do_pay_all_instalments(world, debtor, company, schedule, lines, **_detail):
    """Pay each instalment in time."""
    for due, amount in lines:
        _plan_instalment(world, debtor, company, schedule, due, amount)


def do_pay_first_instalment(world, debtor, company, schedule, lines, **_detail):
    """Pay the first instalment, and no other."""
    _plan_instalment(world, debtor, company, schedule, *lines[0])


def _plan_instalment(world, debtor, company, schedule, due, amount):
    world.plan(
        (due - world.day).days - 3,
        debtor,
        "transfer_instalment",
        company=company,
        schedule=schedule,
        amount=amount,
        currency="EUR",
    )


def do_pay_instalments_online(world, debtor, company, schedule, lines, **_detail):
    """Pay each instalment on the page, the day before it is due."""
    for due, _amount in lines:
        days = (due - world.day).days - 1
        world.plan(days, debtor, "instalment_online", company=company, schedule=schedule)


def do_instalment_online(world, debtor, company, schedule):
    """Pay the next instalment online."""

    def pay(browser):
        path = f"/schedule/{schedule}/pay"
        values = browser.pay(browser.send(path, source="/schedule"))
        _note_online(world, debtor, values, [])

    visit(world, debtor, company, pay, "pay instalment")


def in_words(amount):
    """Return an amount of euros as a French debtor writes it."""
    whole, cents = divmod(round(amount * 100), 100)
    text = f"{num2words(whole, lang='fr')} euros"
    return f"{text} et {num2words(cents, lang='fr')} centimes" if cents else text


# === ADDRESSES === #


def do_move(world, debtor, company, **_detail):
    """Give a new address on the page."""
    street = f"{debtor.chance.randint(1, 90)} avenue du Parc"

    def change(browser):
        page = browser.page("/contact")
        country = page.xpath("//select[@name='country_id']/option[@selected]/@value")
        browser.send_from(
            page,
            "/contact",
            street=street,
            street2="",
            zip=debtor.zip,
            city=debtor.city,
            country_id=country[0] if country else "",
            email=debtor.email,
            phone=debtor.phone,
            lang=debtor.lang,
        )
        return True

    if visit(world, debtor, company, change, "contact"):
        debtor.street = street
        world.note("moved", debtor, street=street)
