#include "cmd/cmd.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmd/list_options.h"
#include "target/target.h"

int cmd_fail(char **argv, const struct error *err, int status)
{
	fflush(stdout);
	error_print(err, argv[0]);
	return status;
}

int cmd_refuse(char **argv, const char *format, ...)
{
	struct error err;
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_set(&err, EINVAL, "%s", message);
	error_hint(&err, "%s --help", argv[0]);
	return cmd_fail(argv, &err, EXIT_USAGE);
}

/* The word of an option that is unknown, without its dashes and value. */
static bool copy_long_name(const char *word, char *name, size_t size)
{
	size_t length;

	word += strspn(word, "-");
	length = strcspn(word, "=");
	if (length >= size)
		return false;
	memcpy(name, word, length);
	name[length] = '\0';
	return true;
}

/* The most long options that a command has is 27: enter's. */
#define OPTIONS_MAX 63

static const char *find_nearest_option(const char *name, const struct option *options)
{
	const char *names[OPTIONS_MAX + 1];
	size_t count = 0;

	for (; options[count].name && count < OPTIONS_MAX; count++)
		names[count] = options[count].name;
	names[count] = NULL;
	return text_nearest(name, names);
}

/* An option that the command does not have may be one of list's, which has most. */
static void suggest_long(const char *word, const struct option *options, struct error *err)
{
	const char *nearest;
	char name[64];

	if (!copy_long_name(word, name, sizeof(name)))
		return;
	nearest = find_nearest_option(name, options);
	if (nearest) {
		error_hint(err, "did you mean --%s?", nearest);
		return;
	}
	nearest = find_nearest_option(name, list_long_options);
	if (nearest)
		error_hint(err, "did you mean --%s of nsctl list?", nearest);
}

/* The options that begin with the word, after one another.  Returns how many these are. */
static size_t find_longer(const char *word, const struct option *options, char *found, size_t size)
{
	size_t length = strcspn(word, "=");
	size_t count = 0;

	for (size_t i = 0; options[i].name && length > 2; i++) {
		size_t used = strlen(found);

		if (strncmp(options[i].name, word + 2, length - 2) == 0)
			snprintf(found + used, size - used, "%s--%s", count++ ? " or " : "", options[i].name);
	}
	return count;
}

static int refuse_long(char **argv, const char *word, const struct option *options)
{
	char longer[512] = "";
	struct error err;

	error_set(&err, EINVAL, "unknown or ambiguous option '%.256s'", word);
	error_hint(&err, "%s --help", argv[0]);
	if (find_longer(word, options, longer, sizeof(longer)) > 1)
		error_hint(&err, "did you mean %s?", longer);
	else
		suggest_long(word, options, &err);
	return cmd_fail(argv, &err, EXIT_USAGE);
}

static const struct option *find_option(const struct option *options, int val)
{
	for (; options->name; options++) {
		if (options->val == val)
			return options;
	}
	return NULL;
}

/* -v for -V: it may be the other case that is meant, or an option of list. */
static int refuse_short(char **argv, int letter, const struct option *options)
{
	const struct option *other = isalpha(letter) ? find_option(options, letter ^ 0x20) : NULL;
	const struct option *of_list = find_option(list_long_options, letter);
	struct error err;

	error_set(&err, EINVAL, "unknown option -%c", letter);
	error_hint(&err, "%s --help", argv[0]);
	if (other)
		error_hint(&err, "did you mean -%c, --%s?", other->val, other->name);
	else if (of_list)
		error_hint(&err, "did you mean -%c, --%s, of nsctl list?", letter, of_list->name);
	return cmd_fail(argv, &err, EXIT_USAGE);
}

int cmd_other_option(char **argv, int found, const struct option *options)
{
	const char *word = argv[optind - 1];

	if (found == 'V') {
		puts("nsctl " NSCTL_VERSION);
		return 0;
	}
	if (found == 'J' || found == 'r')
		return cmd_refuse(argv, "mutually exclusive arguments: --json --raw");
	if (found == ':' && optopt < 0x100 && optopt > 0)
		return cmd_refuse(argv, "option -%c needs a value", optopt);
	if (found == ':')
		return cmd_refuse(argv, "option '%.256s' needs a value", word);
	if (optopt == 0)
		return refuse_long(argv, word, options);
	if (find_option(options, optopt))
		return cmd_refuse(argv, "option '%.256s' takes no value", word);
	return refuse_short(argv, optopt, options);
}

int cmd_check_engine(const char *name, const char *where, struct error *err)
{
	enum engine engine;

	if (engine_from_name(name, &engine))
		return 0;
	error_set(err, EINVAL, "unknown engine%s: '%.256s'", where, name);
	return error_hint(err, "auto, bpf or procfs");
}

int cmd_take_engine(const char *name, struct error *err)
{
	int ret = cmd_check_engine(name, "", err);

	if (ret < 0)
		return ret;
	if (setenv(ENGINE_VARIABLE, name, 1) < 0)
		return error_set_errno(err, errno, "cannot choose the engine");
	return 0;
}

enum engine cmd_engine(void)
{
	const char *name = getenv(ENGINE_VARIABLE);
	enum engine engine = ENGINE_AUTO;

	if (name)
		engine_from_name(name, &engine);
	return engine;
}

int cmd_check_targets(char **argv, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct target target;
		struct error err;

		if (target_parse(words[i], &target, &err) < 0)
			return cmd_fail(argv, &err, EXIT_USAGE);
	}
	return 0;
}
