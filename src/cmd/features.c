/* nsctl features: what this kernel and these privileges allow. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "view/features.h"

static const char help[] = "Usage: nsctl features [OPTION]...\n"
			   "Show which of the kernel's interfaces for namespaces there are, which of them\n"
			   "this caller may use, and what answers each question as a result.\n"
			   "\n" VIEW_HELP " -h, --help           this help\n"
			   "\n"
			   "For more see nsctl-features(1).\n";

int cmd_features(int argc, char **argv)
{
	static const struct option long_options[] = {
	    VIEW_LONG_OPTIONS, {"help", no_argument, NULL, 'h'}, {0}};
	struct view_options options = {0};
	struct features features;
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (!view_options_take(&options, option, optarg))
			return cmd_other_option(argv, option, long_options);
	}
	if (options.list_columns) {
		table_list_columns(features_columns, FEATURES_COUNT);
		return 0;
	}
	if (optind < argc)
		return cmd_refuse(argv, "'%.256s' is one word too many", argv[optind]);
	if (access("/proc/self/ns", F_OK) < 0) {
		error_set_errno(&err, errno, "cannot open '/proc/self/ns'");
		error_hint(&err, "is /proc mounted? mount -t proc proc /proc");
		return cmd_fail(argv, &err, EXIT_NO);
	}
	features_probe(cmd_engine(), &features);
	/* Only a column that is not there is EINVAL. */
	if (view_features(&features, &options, &err) < 0)
		return cmd_fail(argv, &err, err.number == EINVAL ? EXIT_USAGE : EXIT_NO);
	return 0;
}
