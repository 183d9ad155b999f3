/* nsctl why NS: what keeps a namespace alive. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/cmd.h"
#include "cmd/scanned.h"
#include "proc/process.h"
#include "query/place.h"
#include "scan/scan.h"
#include "target/target.h"
#include "view/why.h"

static const char help[] =
    "Usage: nsctl why [OPTION]... NS\n"
    "Show what keeps a namespace alive, each holder in one line, and a command line\n"
    "that would release it.\n"
    "\n"
    " -a, --all            also copies of a mount in other mnt namespaces\n" CMD_ENGINE_HELP VIEW_HELP
    " -h, --help           this help\n"
    "\n"
    "NS is net:[INODE], INODE, :ID, netns:NAME or a namespace file.\n"
    "For more see nsctl-why(1).\n";

struct why_options {
	struct view_options view;
	bool with_copies;
};

/* nsctl itself is in it, or has it open. */
static int set_held_by_none(const struct snapshot *snapshot, const char *word, struct error *err)
{
	error_set(err, ENOENT, "nothing but nsctl itself is seen to hold namespace %.400s", word);
	if (snapshot->unreadable > 0)
		error_hint(err, "%zu of %zu processes could not be read", snapshot->unreadable,
			   snapshot->processes);
	return -ENOENT;
}

static int set_gone(const char *word, struct error *err)
{
	error_set(err, ENOENT, "namespace %.400s is gone: what held it let go just now", word);
	return -ENOENT;
}

/* Whether what was named may be a mount elsewhere, of whatever file system. */
static bool is_path(const struct target *target)
{
	return target->kind == TARGET_FILE || target->kind == TARGET_NETNS_NAME;
}

static char *join(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", strcmp(directory, "/") == 0 ? "" : directory, name) < 0 ? NULL : path;
}

/*
 * The path as mountinfo has it, which the caller frees.  What is mounted
 * elsewhere may not exist here, nor may its directory: it is as written then.
 */
static char *resolve(const struct target *target)
{
	bool is_name = target->kind == TARGET_NETNS_NAME;
	AUTO_FREE char *path = join(is_name ? "/run/netns" : "", target->name);
	AUTO_FREE char *directory = NULL;
	const char *written = is_name ? path : target->name;
	char *real = path ? realpath(written, NULL) : NULL;
	char *slash;

	if (real || !path)
		return real;
	slash = strrchr(path, '/');
	*slash = '\0';
	directory = realpath(is_name ? path : path + 1, NULL);
	*slash = '/';
	if (directory)
		return join(directory, slash + 1);
	return strdup(is_name ? path : target->name);
}

static bool is_own(const struct snapshot_ns *ns, const struct process_links *own)
{
	return own->ino[ns_type_link(ns->type)] == ns->ino;
}

/* What else is mounted at a path; where nothing is, err stays as it is.  Returns 0 or a negative errno. */
static int show_place(const struct snapshot *snapshot, const struct target *target,
		      const struct why_options *options, struct table *table, char **argv, struct error *err)
{
	AUTO_WHY_ROWS struct why_rows rows = {0};
	AUTO_FREE char *path = resolve(target);
	struct process_links own;
	struct error note;
	uint32_t own_mnt;
	int ret;

	process_read_own_links(&own);
	own_mnt = snapshot_find_ns(snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	if (!path || place_make_rows(snapshot, path, own_mnt, &rows) < 0 || rows.count == 0)
		return -err->number;
	ret = why_fill(table, snapshot, &rows, own_mnt, err);
	if (ret == 0)
		ret = scanned_print(table, &options->view, "holders", snapshot, argv, err);
	if (ret < 0)
		return ret;
	error_set(&note, EINVAL, "'%.400s' is not a namespace here", target->text);
	error_hint(&note, "these are the mounts at that path, in every mnt namespace");
	cmd_fail(argv, &note, 0);
	return 0;
}

static int show(const struct target *target, const struct why_options *options, struct table *table,
		char **argv, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_WHY_ROWS struct why_rows rows = {0};
	struct process_links own;
	struct scan_request everything = SCAN_EVERYTHING;
	struct found_target found = {0};
	struct why_request request;
	int ret;

	everything.engine = cmd_engine();
	ret = target_scan(target, 1, &everything, &snapshot, &found, err);
	if (ret < 0 && snapshot.ns_count > 0 && is_path(target))
		return show_place(&snapshot, target, options, table, argv, err);
	if (ret < 0)
		return ret;
	process_read_own_links(&own);
	request.own_mnt = snapshot_find_ns(&snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	/* JSON is for programs, which count for themselves. */
	request.with_copies = options->with_copies || options->view.json;
	if (why_make_rows(&snapshot, found.ns, &request, &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (rows.count == 0)
		return is_own(&snapshot.namespaces[found.ns], &own)
			   ? set_held_by_none(&snapshot, target->text, err)
			   : set_gone(target->text, err);
	ret = why_fill(table, &snapshot, &rows, request.own_mnt, err);
	return ret < 0 ? ret : scanned_print(table, &options->view, "holders", &snapshot, argv, err);
}

static int run(const char *word, const struct why_options *options, char **argv)
{
	struct target target;
	struct error err;
	AUTO_TABLE struct table *table = table_new(why_columns, WHY_COUNT, &options->view, &err);

	if (!table || target_parse(word, &target, &err) < 0)
		return cmd_fail(argv, &err, EXIT_USAGE);
	if (target.kind == TARGET_PROCESS) {
		error_set(&err, EINVAL, "'%.256s' is a process, not a namespace", word);
		error_hint(&err, "nsctl list --task %.256s lists its namespaces", word);
		return cmd_fail(argv, &err, EXIT_USAGE);
	}
	return show(&target, options, table, argv, &err) < 0 ? cmd_fail(argv, &err, EXIT_NO) : 0;
}

int cmd_why(int argc, char **argv)
{
	static const struct option long_options[] = {VIEW_LONG_OPTIONS,
						     CMD_ENGINE_OPTION,
						     {"all", no_argument, NULL, 'a'},
						     {"help", no_argument, NULL, 'h'},
						     {0}};
	struct why_options options = {.view = {.usual = "HOLDER,PID,RELEASE,WHAT"}};
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":ah" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option == CMD_OPTION_ENGINE) {
			if (cmd_take_engine(optarg, &err) < 0)
				return cmd_fail(argv, &err, EXIT_USAGE);
		} else if (option == 'a')
			options.with_copies = true;
		else if (!view_options_take(&options.view, option, optarg))
			return cmd_other_option(argv, option, long_options);
	}
	if (options.view.list_columns) {
		table_list_columns(why_columns, WHY_COUNT);
		return 0;
	}
	if (argc - optind != 1)
		return cmd_refuse(argv, argc == optind ? "an NS is missing" : "one NS at a time");
	return run(argv[optind], &options, argv);
}
