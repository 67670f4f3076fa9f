"""Elementary functions and quantiles with the same bits on every machine (see `elementary`)."""

from bpmnmap.functions.elementary import exp, log, power
from bpmnmap.functions.gamma import inverse_gamma, log_gamma
from bpmnmap.functions.normal import inverse_normal
from bpmnmap.functions.student import t_quantile

__all__ = ["exp", "inverse_gamma", "inverse_normal", "log", "log_gamma", "power", "t_quantile"]
