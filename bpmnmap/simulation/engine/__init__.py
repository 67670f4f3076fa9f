"""Plan + seed → EventLog, on SimPy. The only package that knows SimPy."""
