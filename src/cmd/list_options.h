/* The command line of list and of lsns. */
#ifndef NSCTL_CMD_LIST_OPTIONS_H
#define NSCTL_CMD_LIST_OPTIONS_H

#include "base/error.h"
#include "ns/type.h"
#include "query/rows.h"
#include "view/options.h"

struct list_options {
	struct view_options view;
	ns_type_set types; /* none asked for: all */
	pid_t task;        /* 0: all */
	enum tree tree;
	bool no_tree; /* asked for explicitly; as_lsns: --tree overrides it */
	bool persistent;
	bool as_lsns;
	char **words; /* namespaces; borrowed from argv */
	size_t word_count;
};

enum list_parsed {
	LIST_PARSED,
	LIST_HELP,
	LIST_OTHER_OPTION, /* found is what getopt_long(3) returned; as_lsns: it has printed what is wrong */
	LIST_BAD_VALUE,    /* err says what */
};

/* The long options of nsctl list, for what is said of one that is unknown. */
extern const struct option list_long_options[];

enum list_parsed list_options_parse(int argc, char **argv, bool as_lsns, struct list_options *options,
				    int *found, struct error *err);

/* Reads a number strictly, or as_lsns as lsns(8) does.  Returns false where it is none, or is larger than
 * max. */
bool list_parse_number(const struct list_options *options, const char *text, uint64_t max, uint64_t *number);

/* Scans and prints.  Returns the exit status. */
int list_run(const struct list_options *options, char **argv);

#endif
