#include "cmd/list_options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "proc/process.h"
#include "view/list.h"

enum { OPTION_SORT = VIEW_OPTION_END };

#define SHORT_OPTIONS "hVlPp:t:T::WQ:" VIEW_SHORT_OPTIONS
#define LSNS_LONG_OPTIONS                                                                                    \
	{"task", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},                            \
	    {"persistent", no_argument, NULL, 'P'}, {"filter", required_argument, NULL, 'Q'},                \
	    {"nowrap", no_argument, NULL, 'W'}, {"list", no_argument, NULL, 'l'},                            \
	    {"type", required_argument, NULL, 't'}, {"tree", optional_argument, NULL, 'T'},                  \
	    VIEW_LONG_OPTIONS

static const struct option lsns_options[] = {LSNS_LONG_OPTIONS, {0}};
const struct option list_long_options[] = {
    LSNS_LONG_OPTIONS, {"sort", required_argument, NULL, OPTION_SORT}, CMD_ENGINE_OPTION, {0}};

/* lsns(8) takes one type, by the name that the kernel uses. */
static int take_types(struct list_options *options, const char *list, struct error *err)
{
	enum ns_type type;

	if (!options->as_lsns)
		return ns_type_parse_list(list, &options->types, err);
	if (!ns_type_from_name(list, strlen(list), &type))
		return ns_type_refuse(list, strlen(list), err);
	options->types |= 1U << type;
	return 0;
}

static int take_self(struct list_options *options, struct error *err)
{
	AUTO_PROCESS struct process self;
	int ret = process_open(getpid(), &self, err);

	options->task = self.pid;
	return ret;
}

bool list_parse_number(const struct list_options *options, const char *text, uint64_t max, uint64_t *number)
{
	return options->as_lsns ? text_parse_number_as_strtoul(text, max, number)
				: text_parse_number(text, max, number);
}

static int take_task(struct list_options *options, const char *text, struct error *err)
{
	uint64_t number;

	if (!options->as_lsns && strcmp(text, "self") == 0)
		return take_self(options, err);
	if (!list_parse_number(options, text, PROCESS_PID_MAX, &number) || number == 0)
		return error_set(err, EINVAL, "invalid PID argument: '%.256s'", text);
	options->task = (pid_t)number;
	return 0;
}

static int take_tree(struct list_options *options, const char *name, struct error *err)
{
	/* -T=owner, as people write it. */
	if (name && name[0] == '=')
		name++;
	if (!name || strcmp(name, "owner") == 0)
		options->tree = TREE_OWNER;
	else if (strcmp(name, "parent") == 0)
		options->tree = TREE_PARENT;
	else if (strcmp(name, "process") == 0)
		options->tree = TREE_PROCESS;
	else {
		error_set(err, EINVAL, "unknown tree type: '%.256s'", name);
		return error_hint(err, "process, parent or owner");
	}
	return 0;
}

/* Returns 0, a negative errno with err, or 1 where it is another option. */
static int take_option(struct list_options *options, int option, const char *value, struct error *err)
{
	switch (option) {
	case 'l':
		options->no_tree = true;
		return 0;
	case 'P':
		options->persistent = true;
		return 0;
	case 'W':
		options->view.no_wrap = true;
		return 0;
	case 'Q':
		options->view.filter = value;
		return 0;
	case OPTION_SORT:
		options->view.sort = value;
		return 0;
	case CMD_OPTION_ENGINE:
		return cmd_take_engine(value, err);
	case 'p':
		return take_task(options, value, err);
	case 't':
		return take_types(options, value, err);
	case 'T':
		return take_tree(options, value, err);
	default:
		return view_options_take(&options->view, option, value) ? 0 : 1;
	}
}

static int refuse_both(const char *one, const char *other, struct error *err)
{
	return error_set(err, EINVAL, "mutually exclusive arguments: %s %s", one, other);
}

static int check_combination(const struct list_options *options, struct error *err)
{
	if (options->persistent && options->task)
		return refuse_both("--persistent", "--task", err);
	if (options->no_tree && options->tree != TREE_NONE && !options->as_lsns)
		return refuse_both("--list", "--tree", err);
	if (options->task && options->word_count > 0)
		return error_set(err, EINVAL, "--task is mutually exclusive with <namespace>");
	return 0;
}

/* What lsns(8) takes where nothing else is asked for; a tree only beside its own columns. */
static void choose_as_lsns(struct list_options *options)
{
	bool has_own_columns = options->view.all_columns;
	bool is_net = options->types & 1U << NS_NET;

	options->view.as_lsns = true;
	if (options->word_count > 0)
		options->view.usual = "PID,PPID,USER,COMMAND";
	else if (is_net)
		options->view.usual = "NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND";
	else
		options->view.usual = "NS,TYPE,NPROCS,PID,USER,COMMAND";
	if (options->tree == TREE_NONE && !options->no_tree && (options->word_count > 0 || !has_own_columns))
		options->tree = TREE_PROCESS;
}

static void choose_defaults(struct list_options *options)
{
	options->view.no_wrap |= options->view.raw;
	if (options->as_lsns)
		choose_as_lsns(options);
	else
		options->view.usual = "NS,TYPE,NPROCS,PID,USER,HOLDERS,COMMAND";
	options->view.is_tree = options->tree != TREE_NONE;
	options->view.tree_column = options->tree == TREE_PROCESS ? LIST_COMMAND : LIST_NS;
}

enum list_parsed list_options_parse(int argc, char **argv, bool as_lsns, struct list_options *options,
				    int *found, struct error *err)
{
	int option;

	*options = (struct list_options){.as_lsns = as_lsns};
	opterr = as_lsns;
	while ((option = getopt_long(argc, argv, as_lsns ? SHORT_OPTIONS : ":" SHORT_OPTIONS,
				     as_lsns ? lsns_options : list_long_options, NULL)) != -1) {
		int ret;

		if (option == 'h')
			return LIST_HELP;
		ret = take_option(options, option, optarg, err);
		if (ret == 1) {
			*found = option;
			return LIST_OTHER_OPTION;
		}
		if (ret < 0)
			return LIST_BAD_VALUE;
	}
	options->words = argv + optind;
	options->word_count = (size_t)(argc - optind);
	choose_defaults(options);
	return check_combination(options, err) < 0 ? LIST_BAD_VALUE : LIST_PARSED;
}
