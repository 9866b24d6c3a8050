"""A file that two exports fit equally well: the page asks which it is."""

from __future__ import annotations

from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui.columns.table_choice import state_of
from tests.ui.test_upload_page import drop

# The columns that Meta's exports of Facebook and Instagram posts share, and one of Facebook's.
POSTS = b"""Post ID,Publish time,Permalink,Post type,Data comment,Reach,Comments,Title
18,09/27/2026 18:30,https://example.com/p/1,Photos,,980,10,Spring
19,09/28/2026 10:00,https://example.com/p/2,Photos,,180,1,Summer
"""
FACEBOOK = ("Meta Business Suite", "Facebook content (posts) export")


def only_dataset():
    (dataset,) = Workspace(default_folder()).datasets()
    return dataset


def test_one_of_two_exports_is_chosen_on_the_columns_page(open_app, home):
    at = drop(open_app(), ("posts.csv", POSTS))
    dataset = only_dataset()
    assert len(dataset.mapping.rivals) == 2
    assert "platform" not in dataset.mapping.constants
    assert state_of(dataset) == "asks"
    said = " ".join(str(item.value) for item in (*at.markdown, *at.caption))
    assert t("upload.state_waiting", "en") in said
    assert "“Meta Business Suite\\: Facebook posts”" in said
    at = at.switch_page("pages/columns.py").run()
    choice = at.radio(key=f"export_{dataset.id}")
    assert choice.label == t("columns.export", "en")
    assert choice.value is None
    assert set(choice.options) == {
        r"Meta Business Suite\: Facebook posts",
        r"Meta Business Suite\: Instagram posts and reels",
    }
    choice.set_value(FACEBOOK).run()
    assert not at.exception
    assert at.radio(key=f"export_{dataset.id}").value == FACEBOOK
    at.button(key="apply").click().run()
    assert not at.exception
    saved = only_dataset().mapping
    assert ((saved.system, saved.export), saved.rivals) == (FACEBOOK, ())
    assert saved.constants["platform"] == "facebook"
    assert saved.fields["text"].name == "Title"
    assert f"export_{dataset.id}" not in [item.key for item in at.radio]
