from crm_metrics.ui.money_view import currencies
from crm_metrics.ui.samples import is_sample
from crm_metrics.ui.shell import boundary, lang, require_shell
from crm_metrics.ui.state import workspace
from crm_metrics.ui.together_view import together
from crm_metrics.ui.upload.dataset_card import dataset_card
from crm_metrics.ui.upload.outcomes import outcomes
from crm_metrics.ui.upload.reading import reading_status
from crm_metrics.ui.upload.remote import remote_tables
from crm_metrics.ui.upload.view import opening, way_on, ways_in
from crm_metrics.ui.zones_view import time_zones

require_shell()
language = lang()
datasets = workspace().datasets()

opening(language)
ways_in(language, datasets)
with boundary():
    remote_tables(language)
reading_status(language)
outcomes(language)
if datasets:
    way_on(language, datasets)
    with boundary():
        together(language, datasets)
    with boundary():
        currencies(language, datasets)
    with boundary():
        time_zones(language, datasets)
# What waits for an answer first, then one's own data before the sample's.
for dataset in sorted(datasets, key=lambda item: (item.facts is not None, is_sample(item))):
    with boundary():
        dataset_card(dataset, language)
