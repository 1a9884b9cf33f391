"""What an answer has to say of itself, whoever asks."""

from django.http import HttpResponse

# Where files that others sent are handed out, in which nothing runs at all.
FILES = {
    "desk:evidence_file",
    "portal:evidence_file",
    "desk:proceeding_file",
    "desk:obligation_file",
    "desk:meeting_paper",
    "desk:course_material",
    "desk:legal_text",
    "portal:legal_text_file",
    "desk:submitted_file",
    "desk:comment_file",
    "portal:public_comment_file",
    "desk:downloaded_report",
    "desk:word_template_file",
    "desk:submitted_translation",
    "portal:submitted_report_file",
    "portal:submitted_report_translation",
}


def faults(answer: HttpResponse, name: str = "") -> list[str]:
    """What an answer does not say and has to say: no foreign script, no frame."""
    policy = answer.headers.get("Content-Security-Policy", "")
    runs_nothing = policy.startswith("sandbox; default-src 'none';") and "script-src" not in policy
    runs_own_only = "script-src 'self'" in policy and "unsafe" not in policy
    data = {
        "a policy for scripts": runs_own_only or (runs_nothing and name in FILES),
        "no frames": answer.headers.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy,
        "no guessing of types": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "no address for others": answer.headers.get("Referrer-Policy") == "same-origin",
    }
    return [name for name, is_said in data.items() if not is_said]


def faults_signed_in(answer: HttpResponse, name: str = "") -> list[str]:
    kept = answer.headers.get("Cache-Control", "")
    return faults(answer, name) + ([] if "no-store" in kept and "public" not in kept else ["nothing kept"])
