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
	bool no_tree; /* asked for explicitly */
	bool persistent;
	bool as_lsns;
	char **words; /* namespaces; borrowed from argv */
	size_t word_count;
};

enum list_parsed {
	LIST_PARSED,
	LIST_HELP,
	LIST_VERSION,
	LIST_BAD_OPTION, /* as_lsns: getopt_long(3) has said so; else found is what it returned */
	LIST_BAD_VALUE,  /* err says what */
};

enum list_parsed list_options_parse(int argc, char **argv, bool as_lsns, struct list_options *options,
				    int *found, struct error *err);

/* Scans and prints.  Returns the exit status. */
int list_run(const struct list_options *options, char **argv);

#endif
