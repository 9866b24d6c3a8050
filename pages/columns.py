from crm_metrics.ui.shell import require_shell

require_shell()
