"""Where there is no connection, a sentence says why, and no secret is in it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.store import Workspace, configured, of_url
from crm_metrics.store.remote.connecting import connected, said_by
from crm_metrics.texts import error_text
from tests.store.remote.made import warehouse_file

SECRET = "geheim-17"


def refusal(call, *given) -> CrmMetricsError:
    with pytest.raises(CrmMetricsError) as caught:
        call(*given)
    for language in ("en", "ru"):
        assert SECRET not in error_text(caught.value, language)
    return caught.value


def test_no_driver_no_engine_no_file(tmp_path):
    assert refusal(connected, of_url(f"postgres://u:{SECRET}@h/db")).code == "backend_not_installed"
    assert refusal(connected, of_url(f"nosuch://u:{SECRET}@h/db")).code == "backend_unknown"
    for scheme in ("duckdb", "sqlite"):
        path = tmp_path / "none.db"
        assert refusal(connected, of_url(f"{scheme}://{path}")).code == "backend_no_file"
        assert not path.exists()


def test_what_is_no_data_base_does_not_answer(tmp_path):
    path = tmp_path / "page.duckdb"
    path.write_text("<html>" * 5000)
    found = refusal(connected, of_url(f"duckdb://{path}"))
    assert found.code == "backend_unreachable"


def test_what_the_environment_holds_is_taken_once_and_as_it_is(tmp_path, monkeypatch):
    monkeypatch.delenv("CRM_METRICS_BACKEND", raising=False)
    password = "${HOME}@/:%41+"
    monkeypatch.setenv("SHOP_PASSWORD", password)
    address = "postgres://reader:${SHOP_PASSWORD}@db.example/shop"
    (tmp_path / "backend.toml").write_text(f'url = "{address}"\n')
    for found in (configured(tmp_path), of_url(address)):
        parts = urlsplit(found.url)
        assert (unquote(parts.password), parts.hostname, found.name) == (
            password,
            "db.example",
            "db.example",
        )
        assert password not in said_by(ValueError(f"no login with {password}"), found)


def test_secrets_are_taken_out_of_a_drivers_words():
    warehouse = of_url(f"postgres://u:{SECRET}@h/db?token=abcdefgh")
    assert SECRET not in repr(warehouse)
    words = said_by(ValueError(f"no login with {SECRET} or abcdefgh\nmore"), warehouse)
    assert words == "no login with *** or ***"


def test_an_unknown_table_never_reaches_the_engine(tmp_path):
    space = Workspace(tmp_path / "s", warehouse=of_url(f"duckdb://{warehouse_file(tmp_path)}"))
    assert refusal(space.take, 'mails"; DROP TABLE mails; --').code == "backend_no_table"
    assert space.datasets() == []


def test_the_configuration_is_a_file_or_a_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("CRM_METRICS_BACKEND", raising=False)
    assert configured(tmp_path) is None
    file = tmp_path / "backend.toml"
    file.write_text(
        'name = "Shop"\nurl = "postgres://u:${SHOP_PASSWORD}@db.example/shop"\nseconds = 5\n'
        '[options]\nsslmode = "require"\n'
    )
    found = refusal(configured, tmp_path)
    assert (found.code, found.params["problem"]) == ("backend_config", "${SHOP_PASSWORD}")
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    shop = configured(tmp_path)
    assert (shop.name, shop.scheme, shop.seconds) == ("Shop", "postgres", 5)
    assert shop.options == {"sslmode": "require"}
    monkeypatch.setenv("CRM_METRICS_BACKEND", "clickhouse://reader@events.example/db")
    assert configured(tmp_path).name == "events.example"


@pytest.mark.parametrize(
    "text", ["not toml", 'name = "no url"', 'url = "x"', 'url = "duckdb://a"\nnoise = 1', "url = 3"]
)
def test_a_wrong_configuration_says_so(tmp_path: Path, monkeypatch, text):
    monkeypatch.delenv("CRM_METRICS_BACKEND", raising=False)
    (tmp_path / "backend.toml").write_text(text)
    assert refusal(configured, tmp_path).code == "backend_config"
