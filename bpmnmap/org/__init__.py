"""Who works where and when: units, resource pools and calendars, outliving any one map."""
