"""Channel metrics, A/B tests and CRM data from the exports of any tool; see docs/architecture.md."""
