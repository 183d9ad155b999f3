/* The columns and words that descriptions of processes and of namespaces share. */
#ifndef NSCTL_VIEW_FACTS_H
#define NSCTL_VIEW_FACTS_H

#include "query/describe.h"
#include "view/table.h"

enum fact_column {
	FACT_LINK,
	FACT_TYPE,
	FACT_NS,
	FACT_NSID,
	FACT_CALLER,
	FACT_OWNER,
	FACT_PARENT,
	FACT_COUNT
};
extern const struct column fact_columns[FACT_COUNT];

/* One row: name stands in the LINK column. */
int facts_add_row(struct table *table, const char *name, const struct ns_facts *facts, struct error *err);

/* What stands where a value may not be had: "denied", "none", "unknown". */
const char *facts_reason(int reason);

/* Whether it is for want of permission that the value is not there. */
bool facts_is_denied(int reason);

/* One line, "  key  value" with the values in a column of their own. */
void facts_print_field(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "0 100000 65536", ranges apart by commas. */
void facts_print_map(const char *key, const struct id_map *map, int reason);

/* [{"inside": 0, "outside": 100000, "count": 65536}], or null where there is a reason. */
json_t *facts_map_to_json(const struct id_map *map, int reason);

/* A sentence for the warnings array; object has to be new. */
int facts_add_warning(json_t *object, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
