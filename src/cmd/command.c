/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cmd/memlock.h"
#include "cmd/option_set.h"
#include "target/target.h"

int command_report(const struct invocation *invocation, const struct error *err, int status)
{
	fflush(stdout);
	error_print(err, invocation->program);
	return status;
}

int command_refuse(const struct invocation *invocation, struct error *err, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_set(err, EINVAL, "%s", message);
	return error_hint(err, "%s --help", invocation->program);
}

struct target *command_parse_targets(const char *const *words, size_t count, struct error *err)
{
	struct target *targets = calloc(count + 1, sizeof(*targets));

	if (!targets)
		error_set_errno(err, ENOMEM, "cannot read the targets");
	for (size_t i = 0; targets && i < count; i++) {
		if (target_parse(words[i], &targets[i], err) < 0) {
			free(targets);
			return NULL;
		}
	}
	return targets;
}

int command_check_targets(const char *const *words, size_t count, struct error *err)
{
	AUTO_FREE struct target *targets = command_parse_targets(words, count, err);

	return targets ? 0 : -err->number;
}

static int suggest_help(const struct invocation *invocation)
{
	fprintf(stderr, "Try '%s --help' for more information.\n", invocation->program);
	return EXIT_NO;
}

/* A command line that is wrong. */
static int refuse_usage(const struct invocation *invocation, const struct error *err)
{
	bool is_util_linux = invocation->command->util_linux_help != NULL;
	int status = command_report(invocation, err, is_util_linux ? EXIT_NO : EXIT_USAGE);

	return invocation->command->tries_help ? suggest_help(invocation) : status;
}

static void print_version(const struct command *command)
{
	if (command->util_linux_help)
		printf("%s from nsctl %s (the options of util-linux 2.42)\n", command->name, NSCTL_VERSION);
	else
		puts("nsctl " NSCTL_VERSION);
}

static void print_any_help(const struct invocation *invocation)
{
	if (invocation->command->util_linux_help)
		fputs(invocation->command->util_linux_help, stdout);
	else
		command_print_help(invocation->command, invocation->program);
}

static int list_columns(const struct invocation *invocation, const struct table_options *options)
{
	const struct table_layout *layout = invocation->command->layout;
	struct error err;
	int ret = invocation->command->util_linux_help ? table_list_columns_as_lsns(layout, options, &err)
						       : table_list_columns(layout, &err);

	return ret < 0 ? command_report(invocation, &err, EXIT_NO) : 0;
}

static int check_count(const struct invocation *invocation, struct error *err)
{
	const struct command *command = invocation->command;

	if (invocation->count < command->least)
		return command_refuse(invocation, err, "missing %s%s", command->word,
				      command->least > 1 ? ": two are needed, as in PID self" : "");
	if (invocation->count > command->most)
		return command_refuse(invocation, err, "unexpected argument '%.256s'",
				      invocation->words[command->most]);
	return 0;
}

static bool has_locale(void)
{
	locale_t locale = newlocale(LC_ALL_MASK, "", (locale_t)0);

	if (locale != (locale_t)0)
		freelocale(locale);
	return locale != (locale_t)0;
}

/*
 * For the width of characters and the branches of trees.  UTF-8 needs no
 * locale files in the C library, others do.  lsns(8) stays in the C locale
 * where one of the categories names a locale that does not exist.
 */
static void choose_locale(const struct command *command)
{
	if (command->util_linux_help && !has_locale())
		return;
	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* A terminal that TERM calls dumb shows escape sequences as they are. */
static bool has_color(enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0;
}

/* The layouts that libsmartcols 2.42 knows.  As lsns(8) does, ignores any other word. */
static enum json_layout read_json_layout(void)
{
	const char *layout = getenv("LIBSMARTCOLS_JSON");

	if (layout && strcmp(layout, "compact") == 0)
		return JSON_COMPACT;
	return layout && strcmp(layout, "lines") == 0 ? JSON_LINES : JSON_PRETTY;
}

static void read_columns_variable(const struct command *command, struct table_options *table)
{
	const char *columns = command->columns_variable ? getenv(command->columns_variable) : NULL;

	if (!columns || !columns[0] || table->output || table->all_columns)
		return;
	table->output = columns;
	table->output_from = command->columns_variable;
}

static int run_parsed(const struct invocation *invocation, void *options)
{
	struct common_options *common = options;
	struct error err;
	int ret;

	if (invocation->command->layout) {
		choose_locale(invocation->command);
		memlock_raise(NULL);
		read_columns_variable(invocation->command, &common->table);
		if (common->table.as_lsns)
			common->table.json_layout = read_json_layout();
		common->table.has_color = !invocation->command->util_linux_help && has_color(common->color);
	}
	if (common->table.list_columns && invocation->command->layout)
		return list_columns(invocation, &common->table);
	if (check_count(invocation, &err) < 0)
		return refuse_usage(invocation, &err);
	ret = invocation->command->run(invocation, options, &err);
	return ret < 0 ? command_report(invocation, &err, invocation->command->failed) : ret;
}

/* Takes all options.  Returns OPTIONS_TAKEN, or the exit status where there is nothing more to do. */
static int take_options(struct invocation *invocation, struct option_set *set, int argc, char **argv,
			void *options)
{
	struct error err;
	int found;

	optind = 0; /* getopt_long(3) starts anew */
	opterr = invocation->command->util_linux_help != NULL;
	while ((found = getopt_long(argc, argv, set->letters, set->options, NULL)) != -1) {
		if (found == 'h') {
			print_any_help(invocation);
			return 0;
		}
		if (found == 'V') {
			print_version(invocation->command);
			return 0;
		}
		if ((found == '?' || found == ':') && opterr)
			return suggest_help(invocation);
		if (found == '?' || found == ':') {
			option_set_refuse(set, found, argv[optind - 1], invocation->program, &err);
			return refuse_usage(invocation, &err);
		}
		if (option_set_take(set, found, optarg, options, &err) < 0)
			return refuse_usage(invocation, &err);
	}
	if (option_set_check(set, &err) < 0)
		return refuse_usage(invocation, &err);
	return OPTIONS_TAKEN;
}

int command_run(const struct command *command, int argc, char **argv, enum engine engine)
{
	struct invocation invocation = {.command = command, .program = argv[0]};
	AUTO_FREE struct common_options *options = calloc(1, command->options_size);
	struct option_set set;
	struct error err;
	int status;

	if (!options) {
		error_set_errno(&err, ENOMEM, "cannot read the options");
		return command_report(&invocation, &err, command->failed);
	}
	options->engine = engine;
	if (command->prepare)
		command->prepare(options);
	option_set_build(&set, command);
	status = take_options(&invocation, &set, argc, argv, options);
	if (status != OPTIONS_TAKEN)
		return status;
	invocation.words = argv + optind;
	invocation.count = (size_t)(argc - optind);
	return run_parsed(&invocation, options);
}
