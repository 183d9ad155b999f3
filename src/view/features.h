/* The tables of what this kernel and these privileges allow. */
#ifndef NSCTL_VIEW_FEATURES_H
#define NSCTL_VIEW_FEATURES_H

#include "query/features.h"
#include "view/table.h"

enum features_column {
	FEATURES_INTERFACE,
	FEATURES_SINCE,
	FEATURES_PRESENT,
	FEATURES_PERMITTED,
	FEATURES_NOTE,
	FEATURES_COUNT,
};

extern const struct column features_columns[FEATURES_COUNT];

/* Prints the kernel, the interfaces and, as text or as JSON, the sources.  Returns 0 or a negative errno. */
int view_features(const struct features *features, const struct view_options *options, struct error *err);

#endif
