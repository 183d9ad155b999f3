#include "cmd/enter_options.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/enter_habits.h"
#include "target/target.h"

enum {
	OPTION_PRESERVE_CREDENTIALS = 0x100,
	OPTION_KEEP_CAPS,
	OPTION_USER_PARENT,
	OPTION_PRESERVE_FDS,
	OPTION_MOUNT_PROC,
	OPTION_KILL_CHILD,
	OPTION_INIT_GROUPS,
	OPTION_MOUNT_SYS,
	OPTION_DNS,
};

#define SHORT_OPTIONS "ahVt:m::u::i::n::N:p::C::U::T::S:G:r::w::W::ecFZ"
#define NSENTER_LONG_OPTIONS                                                                                 \
	{"all", no_argument, NULL, 'a'}, {"help", no_argument, NULL, 'h'},                                   \
	    {"version", no_argument, NULL, 'V'}, {"target", required_argument, NULL, 't'},                   \
	    {"mount", optional_argument, NULL, 'm'}, {"uts", optional_argument, NULL, 'u'},                  \
	    {"ipc", optional_argument, NULL, 'i'}, {"net", optional_argument, NULL, 'n'},                    \
	    {"net-socket", required_argument, NULL, 'N'}, {"pid", optional_argument, NULL, 'p'},             \
	    {"user", optional_argument, NULL, 'U'}, {"cgroup", optional_argument, NULL, 'C'},                \
	    {"time", optional_argument, NULL, 'T'}, {"setuid", required_argument, NULL, 'S'},                \
	    {"setgid", required_argument, NULL, 'G'}, {"root", optional_argument, NULL, 'r'},                \
	    {"wd", optional_argument, NULL, 'w'}, {"wdns", optional_argument, NULL, 'W'},                    \
	    {"env", no_argument, NULL, 'e'}, {"no-fork", no_argument, NULL, 'F'},                            \
	    {"join-cgroup", no_argument, NULL, 'c'}, {"follow-context", no_argument, NULL, 'Z'},             \
	    {"preserve-credentials", no_argument, NULL, OPTION_PRESERVE_CREDENTIALS},                        \
	    {"keep-caps", no_argument, NULL, OPTION_KEEP_CAPS},                                              \
	{                                                                                                    \
		"user-parent", no_argument, NULL, OPTION_USER_PARENT                                         \
	}

static const struct option nsenter_options[] = {NSENTER_LONG_OPTIONS, {0}};
const struct option enter_long_options[] = {
    NSENTER_LONG_OPTIONS,
    {"preserve-fds", required_argument, NULL, OPTION_PRESERVE_FDS},
    {"mount-proc", no_argument, NULL, OPTION_MOUNT_PROC},
    {"mount-sys", no_argument, NULL, OPTION_MOUNT_SYS},
    {"dns", no_argument, NULL, OPTION_DNS},
    {"kill-child", optional_argument, NULL, OPTION_KILL_CHILD},
    {"init-groups", no_argument, NULL, OPTION_INIT_GROUPS},
    {0},
};

/* -m=FILE, as people write it, is -mFILE and not a file named "=FILE". */
static const char *without_equals(const char *argument)
{
	return argument && argument[0] == '=' ? argument + 1 : argument;
}

static bool type_of_option(int option, enum ns_type *type)
{
	static const struct {
		int option;
		enum ns_type type;
	} letters[] = {{'C', NS_CGROUP}, {'i', NS_IPC},  {'m', NS_MNT},  {'n', NS_NET},
		       {'p', NS_PID},    {'T', NS_TIME}, {'U', NS_USER}, {'u', NS_UTS}};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].option == option) {
			*type = letters[i].type;
			return true;
		}
	}
	return false;
}

static void take_type(struct enter_options *options, enum ns_type type, const char *file)
{
	options->has_type = true;
	if (file) {
		options->request.files[type] = without_equals(file);
		options->has_file = true;
	} else {
		options->request.wanted |= 1U << type;
	}
}

static void take_directory(struct directory_choice *choice, const char *path)
{
	choice->wanted = true;
	choice->path = without_equals(path);
}

/* What useradd(8) takes, in any script: no number, and nothing that has a meaning in passwd(5). */
static bool is_name(const char *text)
{
	if (strchr("+-0123456789", text[0]))
		return false; /* the empty name as well */
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || strchr(":,/\x7f", *text))
			return false;
	}
	return true;
}

static void take_wd_inside(struct enter_options *options, const char *path)
{
	options->has_wd_inside = true;
	options->request.wd_inside = without_equals(path);
}

/* nsenter(1) reads numbers as strtoul(3) does. */
static bool parse_number(const struct enter_options *options, const char *text, uint64_t max,
			 uint64_t *number)
{
	return options->request.as_nsenter ? text_parse_number_as_strtoul(text, max, number)
					   : text_parse_number(text, max, number);
}

/* PID or PID:INODE, in numbers that only nsenter(1) allows, written as a TARGET is. */
static bool rewrite_pid(const char *text, char *pid, size_t size)
{
	const char *colon = strchr(text, ':');
	char digits[32];
	uint64_t number;
	uint64_t inode = 0;

	if ((size_t)snprintf(digits, sizeof(digits), "%.*s",
			     colon ? (int)(colon - text) : (int)sizeof(digits), text) >= sizeof(digits) ||
	    !text_parse_number_as_strtoul(digits, PROCESS_PID_MAX, &number))
		return false;
	if (colon && !text_parse_number_as_strtoul(colon + 1, UINT64_MAX, &inode))
		return false;
	snprintf(pid, size, colon ? "%ju:%ju" : "%ju", (uintmax_t)number, (uintmax_t)inode);
	return true;
}

/* Of several the last one counts; as_nsenter each of them has to be a TARGET. */
static int take_target(struct enter_options *options, const char *text, struct error *err)
{
	struct target target;

	options->target = text;
	if (!options->request.as_nsenter)
		return 0;
	if (rewrite_pid(text, options->pid, sizeof(options->pid)))
		options->target = options->pid;
	return target_parse(options->target, &target, err);
}

static int take_id(const struct enter_options *options, const char *text, const char *option,
		   enum id_choice *choice, uint32_t *id, const char **name, struct error *err)
{
	uint64_t number;

	if (strcmp(text, "follow") == 0) {
		*choice = ID_FOLLOW;
		return 0;
	}
	if (!options->request.as_nsenter && is_name(text)) {
		*choice = ID_NAME;
		*name = text;
		return 0;
	}
	/* The largest number means "no id" to the kernel. */
	if (!parse_number(options, text, UINT32_MAX - 1, &number))
		return error_set(err, EINVAL, "%s '%.256s': neither a number%s nor 'follow'", option, text,
				 options->request.as_nsenter ? "" : ", a name");
	*choice = ID_NUMBER;
	*id = (uint32_t)number;
	return 0;
}

static int take_count(const struct enter_options *options, const char *text, const char *option, uint64_t max,
		      uint64_t *number, struct error *err)
{
	if (parse_number(options, text, max, number))
		return 0;
	return error_set(err, EINVAL, "%s '%.256s': not a number of descriptors", option, text);
}

/* "KILL", "SIGKILL" or "9". */
static int take_signal(const char *text, int *signal, struct error *err)
{
	const char *name = strncmp(text, "SIG", 3) == 0 ? text + 3 : text;
	uint64_t number;

	if (text_parse_number(text, NSIG - 1, &number) && number > 0) {
		*signal = (int)number;
		return 0;
	}
	for (int i = 1; i < NSIG; i++) {
		const char *abbreviation = sigabbrev_np(i);

		if (abbreviation && strcmp(abbreviation, name) == 0) {
			*signal = i;
			return 0;
		}
	}
	return error_set(err, EINVAL, "--kill-child '%.256s': not a signal", text);
}

/* Options with a value that can be wrong.  Returns 0, or -EINVAL with err; 1 where it is another option. */
static int take_value(struct enter_options *options, int option, const char *value, struct error *err)
{
	struct enter_request *request = &options->request;
	uint64_t number;
	int ret;

	switch (option) {
	case 't':
		return take_target(options, value, err);
	case 'S':
		return take_id(options, value, "--setuid", &request->uid_choice, &request->uid,
			       &request->user_name, err);
	case 'G':
		return take_id(options, value, "--setgid", &request->gid_choice, &request->gid,
			       &request->group_name, err);
	case 'N':
		ret = take_count(options, value, "--net-socket", INT32_MAX, &number, err);
		if (ret == 0) {
			request->net_socket = (int)number;
			options->has_type = true;
		}
		return ret;
	case OPTION_PRESERVE_FDS:
		ret = take_count(options, value, "--preserve-fds", 1U << 20, &number, err);
		if (ret == 0)
			request->preserve_fds = (unsigned int)number;
		return ret;
	case OPTION_KILL_CHILD:
		return value ? take_signal(value, &request->child_signal, err) : 0;
	default:
		return 1;
	}
}

static bool take_switch(struct enter_options *options, int option)
{
	struct enter_request *request = &options->request;

	switch (option) {
	case 'a':
		request->all = true;
		options->has_type = true;
		return true;
	case 'e':
		request->environment = true;
		return true;
	case 'c':
		request->join_cgroup = true;
		return true;
	case 'F':
		request->no_fork = true;
		return true;
	case 'Z':
		request->follow_context = true;
		return true;
	case OPTION_PRESERVE_CREDENTIALS:
		request->preserve_credentials = true;
		return true;
	case OPTION_INIT_GROUPS:
		request->init_groups = true;
		return true;
	case OPTION_KEEP_CAPS:
		request->keep_caps = true;
		return true;
	case OPTION_USER_PARENT:
		request->user_parent = true;
		options->has_type = true;
		return true;
	case OPTION_MOUNT_SYS:
		request->mount_sys = true;
		return true;
	case OPTION_DNS:
		request->dns = true;
		return true;
	case OPTION_MOUNT_PROC:
		request->mount_proc = true;
		return true;
	default:
		return false;
	}
}

static enum enter_parsed take_option(struct enter_options *options, int option, const char *value,
				     struct error *err)
{
	struct enter_request *request = &options->request;
	enum ns_type type;
	int ret;

	if (option == '?' || option == ':') {
		options->found = option;
		return ENTER_BAD_OPTION;
	}
	if (option == 'h')
		return ENTER_HELP;
	if (option == 'V')
		return ENTER_VERSION;
	if (option == 'r')
		take_directory(&request->root, value);
	else if (option == 'w')
		take_directory(&request->wd, value);
	else if (option == 'W')
		take_wd_inside(options, value);
	else if (type_of_option(option, &type))
		take_type(options, type, value);
	else if (!take_switch(options, option)) {
		ret = take_value(options, option, value, err);
		return ret < 0 ? ENTER_BAD_VALUE : ENTER_PARSED;
	}
	return ENTER_PARSED;
}

static enum enter_parsed check_combination(const struct enter_options *options, struct error *err)
{
	const struct enter_request *request = &options->request;

	if (request->wd.wanted &&
	    (request->as_nsenter ? options->has_wd_inside : request->wd_inside != NULL)) {
		error_set(err, EINVAL, "--wd and --wdns exclude each other");
		return ENTER_BAD_VALUE;
	}
	if (request->mount_proc && request->no_fork) {
		error_set(err, EINVAL, "--mount-proc and --no-fork exclude each other");
		return ENTER_BAD_VALUE;
	}
	if (request->init_groups && request->preserve_credentials) {
		error_set(err, EINVAL, "--init-groups and --preserve-credentials exclude each other");
		return ENTER_BAD_VALUE;
	}
	return ENTER_PARSED;
}

enum enter_parsed enter_options_parse(int argc, char **argv, bool as_nsenter, struct enter_options *options,
				      struct error *err)
{
	int option;

	*options = (struct enter_options){
	    .request = {.net_socket = -1,
			.engine = cmd_engine(),
			.as_nsenter = as_nsenter,
			.child_signal = SIGKILL},
	};
	opterr = as_nsenter;
	while ((option = getopt_long(argc, argv, as_nsenter ? "+" SHORT_OPTIONS : "+:" SHORT_OPTIONS,
				     as_nsenter ? nsenter_options : enter_long_options, NULL)) != -1) {
		enum enter_parsed parsed = take_option(options, option, optarg, err);

		if (parsed != ENTER_PARSED)
			return parsed;
	}
	if (!as_nsenter && enter_check_habits(options, argv + optind, err) < 0)
		return ENTER_BAD_VALUE;
	return check_combination(options, err);
}
