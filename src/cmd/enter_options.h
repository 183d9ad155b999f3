/* The options of nsctl enter and of nsenter: one parser, two front ends. */
#ifndef NSCTL_CMD_ENTER_OPTIONS_H
#define NSCTL_CMD_ENTER_OPTIONS_H

#include <getopt.h>

#include "base/error.h"
#include "enter/request.h"

enum enter_parsed {
	ENTER_PARSED,
	ENTER_HELP,
	ENTER_VERSION,
	ENTER_BAD_OPTION, /* *found is what getopt_long(3) returned; nsenter: it has printed already */
	ENTER_BAD_VALUE,  /* err says which */
};

/* What was parsed, and what the front ends decide on. */
struct enter_options {
	struct enter_request request;
	const char *target; /* -t */
	char pid[48];       /* as_nsenter: what target points at, where it was not written as a TARGET is */
	bool has_wd_inside; /* -W, with or without a directory */
	bool has_file;      /* a --TYPE=FILE was given */
	bool has_type;      /* any namespace was asked for */
	int found;
};

/* The long options of nsctl enter, for what is said of one that is unknown. */
extern const struct option enter_long_options[];

/* Leaves optind at the first word that is no option. */
enum enter_parsed enter_options_parse(int argc, char **argv, bool as_nsenter, struct enter_options *options,
				      struct error *err);

/* Makes the plan and carries it out; prints what goes wrong.  Returns the exit status. */
int enter_run(const struct enter_request *request, char **argv);

#endif
