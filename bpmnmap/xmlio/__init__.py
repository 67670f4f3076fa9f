"""BPMN 2.0 XML and the model; the only package that imports lxml."""
