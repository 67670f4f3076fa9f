"""The one lowering of BPMN into a Program of a few primitive operations. No clock, no chance."""
