from werkzeug.exceptions import Forbidden, abort

from odoo.http import content_disposition, request

HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
)


class CollectionPortalAnswers:
    """How the debtor's page answers: pages, files, refusals, none of them kept by a browser."""

    def _page(self, visit, template, path="", **values):
        """Return a page of the debtor's, in the company's name.

        :param str path: where the page stands below the account, for its other languages
        """
        case = visit.case
        today = case.company_id._collection_today()
        base = f"/my/collection/{case.id}"
        return self._render(
            template,
            {
                "visit": visit,
                "case": case,
                "company": case.company_id,
                "debtor": case.partner_id,
                "contact": self._get_contact(case),
                "base": base,
                "languages": self._get_languages(base + path),
                "page_name": "collection",
                "errors": [],
                "today": today,
                **values,
            },
        )

    def _render(self, template, values, status=200):
        """Return a page that no browser keeps."""
        response = request.render(f"recouvrement_creances.{template}", values)
        response.status_code = status
        response.headers.extend(HEADERS)
        return response

    def _form_page(self, visit, template, path, is_payable=False, **values):
        """Return a page with a form on open documents: those, and what was typed before.

        :param bool is_payable: only documents that may be paid or agreed on are to be ticked
        """
        page = request.env["collection.portal.page"]
        today = visit.case.company_id._collection_today()
        return self._page(
            visit,
            template,
            path,
            **{
                "account": page._get_account(visit.case, today, is_payable),
                "ticked": set(self._read_ids("item")),
                "typed": {},
                "done": request.params.get("done"),
                **values,
            },
        )

    def _get_contact(self, case):
        correspondence = request.env["collection.correspondence"].sudo()
        return correspondence._get_contact(case, case.company_id)

    def _get_languages(self, path):
        """Return [(code, name, address of a page, is present)] of the languages to choose."""
        http = request.env["ir.http"]
        languages = request.env["res.lang"]._get_frontend()
        return [
            (
                code.replace("_", "-"),
                language.name.split("/")[-1].strip(),
                http._url_localized(path, lang_code=code, force_default_lang=True),
                code == request.env.lang,
            )
            for code, language in languages.items()
        ]

    def _go(self, visit, path="", done=""):
        """Return to a page of the debtor's after a form, so that a reload sends nothing again."""
        query = f"?done={done}" if done else ""
        return request.redirect(f"/my/collection/{visit.case.id}{path}{query}", code=303)

    def _speak(self, lang):
        """Answer in the language of a person, else of the browser, else of the company.

        Pages that are refused stand below no language: nobody has gone in.
        """
        languages = request.env["res.lang"]._get_frontend()
        browser = request.env["ir.http"].get_nearest_lang(request.best_lang)
        company = request.env.company.sudo().partner_id.lang
        code = next((one for one in (lang, browser, company) if one in languages), None)
        if code:
            request.update_context(lang=code)
            request.lang = languages[code]

    def _go_in(self, lang, path):
        """Go to a page in the language of a person, when it is installed.

        :param str lang: code of the person's language, may be empty
        """
        languages = request.env["res.lang"]._get_frontend()
        lang = lang if lang in languages else request.env.lang
        path = request.env["ir.http"]._url_lang(path, lang_code=lang)
        response = request.redirect(path, code=303)
        response.set_cookie("frontend_lang", lang)
        response.headers.extend(HEADERS)
        return response

    def _send_file(self, visit, name, content, mimetype="application/pdf"):
        """Return a file to download; no content is an id that is not the debtor's."""
        if not content:
            self._check_limit()
            self._note_refusal("foreign", request.httprequest.path, visit.access, visit.case)
            return self._refuse("foreign", 403, visit)
        return self._download(name, content, mimetype)

    def _download(self, name, content, mimetype):
        """Return a file that no browser keeps."""
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                *HEADERS,
            ],
        )

    def _refuse(self, reason, status, visit=None):
        """End the request: nothing is shown, and nothing says whether anything is there."""
        if request.dispatcher.routing_type != "http":
            raise Forbidden()
        return self._end(self._get_refusal(reason, status, visit))

    def _end(self, response):
        """End the request with a page."""
        # The page is made now: what an error leaves behind is rolled back.
        response.flatten()
        abort(response)

    def _get_refusal(self, reason, status, visit=None):
        return self._render(
            "portal_refused",
            {
                "reason": reason,
                "company": visit.case.company_id if visit else request.env.company.sudo(),
                "base": f"/my/collection/{visit.case.id}" if visit else "",
                "languages": [],
            },
            status,
        )
