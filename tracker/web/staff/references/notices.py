"""The sentences with which the pages of this room can be asked to open (`?done=`)."""

from tracker.web.translation import gettext_noop

NOTICES = {
    "saved": gettext_noop("Saved."),
    "unchanged": gettext_noop("Nothing was changed."),
    "recorded": gettext_noop("Recorded."),
    "published": gettext_noop("Published: readers now see what stands here."),
    "applied": gettext_noop("Saved, and applied to what is public."),
    "restored": gettext_noop("Restored, as a new revision."),
    "restored_applied": gettext_noop("Restored as a new revision, and applied to what is public."),
    "merged": gettext_noop("The two records are one now."),
    "unmerged": gettext_noop("The merge was undone."),
    "partly": gettext_noop(
        "The merge was undone, but some incidents were changed since and still name the kept record. Look at its "
        "incidents below."
    ),
    "different": gettext_noop("Noted: they are different incidents."),
    "related": gettext_noop("The two incidents are linked as related."),
}
